"""All models: importing this makes their names known to configs and checkpoints."""

from psg.pairflash import PairFlash
from psg.psgformer import PSGFormer
from psg.psgtr import PSGTR
from psg.segmentation import PanopticSegmenter
from psg.two_stage.model import TwoStage

__all__ = ["PSGTR", "PSGFormer", "PairFlash", "PanopticSegmenter", "TwoStage"]
