"""The command line: ``bazafarin plan | check | town``.

main        runs a command and turns every error into one message and an exit code
arguments   the words of the command
run         what each command does
said        what a person reads when it is done
progress    progress of long work
exit_codes  one table from errors to exit codes
"""

from bazafarin.cli.main import main

__all__ = ["main"]
