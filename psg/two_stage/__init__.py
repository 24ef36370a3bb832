"""Two-stage models: relations among segments that are given, or that any segmenter finds."""
