"""Measures: pure vectorised functions, Series and GeoSeries in, Series out on the same index."""
