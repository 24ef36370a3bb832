"""A small simulated 3-D world that writes real-format data sets with exact relations."""
