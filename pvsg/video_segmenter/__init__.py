"""Segments of a clip of frames at once: queries that belong to all of its frames, and clips that are linked."""
