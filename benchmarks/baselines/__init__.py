"""Plain implementations that the benchmarks measure against."""
