"""All that segments RGB-D frames: importing this makes the names known to configs and checkpoints."""

from psg.segmentation import PanopticSegmenter
from psg4d.metric import PointSegmentationMetric
from psg4d.points.model import PointSegmenter
from psg4d.points.transforms import PackPoints
from psg4d.rgbd.preprocessor import RGBDPreprocessor
from psg4d.rgbd.streams import TwoStreams
from psg4d.rgbd.transforms import LoseDepth, ResizeRGBD, StackDepth

__all__ = [
    "LoseDepth",
    "PackPoints",
    "PanopticSegmenter",
    "PointSegmentationMetric",
    "PointSegmenter",
    "RGBDPreprocessor",
    "ResizeRGBD",
    "StackDepth",
    "TwoStreams",
]
