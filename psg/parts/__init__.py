"""The parts that models are built from: backbones, necks, object decoders, relation heads, matching."""

from psg.parts.compact import CompactPyramid, CompactResNet
from psg.parts.detr_encoder import DETREncoder
from psg.parts.detr_objects import DETRObjectDecoder
from psg.parts.eomt import EomtBackbone, EomtNeck, EomtObjectDecoder
from psg.parts.masked_objects import MaskedObjectDecoder
from psg.parts.pair_relations import PairRelationHead
from psg.parts.pairflash_head import PairFlashHead
from psg.parts.relation_queries import RelationQueryDecoder
from psg.parts.stages import StemResNet

__all__ = [
    "CompactPyramid",
    "CompactResNet",
    "DETREncoder",
    "DETRObjectDecoder",
    "EomtBackbone",
    "EomtNeck",
    "EomtObjectDecoder",
    "MaskedObjectDecoder",
    "PairFlashHead",
    "PairRelationHead",
    "RelationQueryDecoder",
    "StemResNet",
]
