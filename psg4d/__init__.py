"""From an RGB-D video to a panoptic scene graph in space and time."""
