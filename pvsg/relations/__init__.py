"""Stage two: relations between tracks over time."""
