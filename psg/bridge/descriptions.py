"""Configs of the published architectures, from which a converted checkpoint's model is built again.

They say only what differs from the defaults of the parts, which are the published ones; a test holds
them against `configs/_base_/models`.
"""

from typing import Any

from scenegraph import Vocabulary

PIPELINE = [
    {"type": "LoadScene"},
    {"type": "Resize", "scale": (1333, 800), "keep_ratio": True},
    {"type": "PackScene"},
]
"""From a picture to the model's input, as published."""


def psgtr(depth: int, queries: int, vocabulary: Vocabulary) -> dict[str, Any]:
    """PSGTR on a ResNet of 50 or 101 layers."""
    return _one_stage(depth, vocabulary) | {
        "type": "PSGTR",
        "triplet_decoder": {"type": "TripletDecoder", "num_queries": queries},
    }


def psgformer(depth: int, queries: int, vocabulary: Vocabulary) -> dict[str, Any]:
    """PSGFormer on a ResNet of 50 or 101 layers."""
    return _one_stage(depth, vocabulary) | {
        "type": "PSGFormer",
        "object_decoder": {"type": "DETRObjectDecoder", "num_queries": queries},
        "relation_head": {"type": "RelationQueryDecoder", "num_queries": queries, "ends": "same"},
    }


def two_stage(kind: str, depth: int, vocabulary: Vocabulary, segmenter: str | None) -> dict[str, Any]:
    """IMP, Motifs, VCTree or GPSNet; its features come from what the published code makes of pairs."""
    return {
        "type": "TwoStage",
        "vocabulary": vocabulary.names,
        "data_preprocessor": {"type": "ScenePreprocessor", "pad_size_divisor": 32},
        "backbone": _resnet(depth),
        "neck": {"type": "FPN", "in_channels": [256, 512, 1024, 2048], "out_channels": 256, "num_outs": 5},
        "head": {"type": "RelationTrunk", "reasoning": {"type": kind}, "published": True},
        "mode": "sgdet",
        "segmenter": segmenter,
        "frozen": True,
    }


def _one_stage(depth: int, vocabulary: Vocabulary) -> dict[str, Any]:
    return {
        "vocabulary": vocabulary.names,
        "data_preprocessor": {"type": "ScenePreprocessor", "pad_size_divisor": 1},
        "backbone": _resnet(depth),
        "neck": {"type": "DETREncoder"},
    }


def _resnet(depth: int) -> dict[str, Any]:
    return {
        "type": "ResNet",
        "depth": depth,
        "num_stages": 4,
        "out_indices": (0, 1, 2, 3),
        "frozen_stages": 1,
        "norm_cfg": {"type": "BN", "requires_grad": False},
        "norm_eval": True,
        "style": "pytorch",
        "init_cfg": None,
    }
