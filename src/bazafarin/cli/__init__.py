"""The command line: ``bazafarin plan | check | town``."""
