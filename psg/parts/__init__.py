"""The parts that models are built from: backbones, necks, object decoders, relation heads, matching."""

from psg.parts.compact import CompactPyramid, CompactResNet
from psg.parts.masked_objects import MaskedObjectDecoder
from psg.parts.pair_relations import PairRelationHead

__all__ = ["CompactPyramid", "CompactResNet", "MaskedObjectDecoder", "PairRelationHead"]
