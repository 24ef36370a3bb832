"""From a video to a panoptic scene graph over time."""
