"""All that segments RGB-D frames: importing this makes the names known to configs and checkpoints."""

from psg.segmentation import PanopticSegmenter
from psg4d.rgbd.preprocessor import RGBDPreprocessor
from psg4d.rgbd.streams import TwoStreams
from psg4d.rgbd.transforms import LoseDepth, ResizeRGBD, StackDepth

__all__ = ["LoseDepth", "PanopticSegmenter", "RGBDPreprocessor", "ResizeRGBD", "StackDepth", "TwoStreams"]
