"""From an image to a panoptic scene graph."""
