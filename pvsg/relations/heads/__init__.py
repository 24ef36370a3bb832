"""Relation heads: from a pair of tracks over time to predicates and spans, a file each."""
