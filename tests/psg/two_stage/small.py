"""Small two-stage models on the striped pictures of tests/psg/models.py, and a segmenter that sees stripes."""

import numpy as np
import torch
from mmdet.registry import MODELS

import psg.two_stage.model  # noqa: F401 - registers the model
from scenegraph import Mask, Node, SceneGraph, Segment, Source
from scenegraph.panoptic import masks_from_ids
from tests import factories
from tests.psg import models
from tests.psg.quiet import quiet

REASONING = {
    "IMP": {"hidden": 16},
    "Motifs": {"hidden": 16, "pooled": 32, "words": 8, "positions": 8},
    "VCTree": {"hidden": 16, "pooled": 32, "words": 8, "positions": 8},
    "GPSNet": {"messages": 16, "words": 8, "positions": 8},
}
KINDS = list(REASONING)
HEAD = {"type": "RelationTrunk", "strides": (4, 8, 16), "channels": 16, "side": 4, "finest": 16.0, "hidden": 32}


def settings(kind="Motifs", mode="predcls", head=None):
    """The config of a small model in float32."""
    return {
        "type": "TwoStage",
        "backbone": {"type": "CompactResNet", "widths": (8, 16, 16, 32), "depths": (1, 1, 1)},
        "neck": {"type": "FPN", "in_channels": [8, 16, 16, 32], "out_channels": 16, "start_level": 1, "num_outs": 3},
        "head": HEAD | {"reasoning": {"type": kind} | REASONING[kind]} | (head or {}),
        "vocabulary": models.VOCABULARY,
        "mode": mode,
        "autocast": "off",
    }


def build(kind="Motifs", mode="predcls", seed=0, head=None, **changes):
    """A small model with fixed weights; in SGDet with a segmenter that sees stripes."""
    torch.manual_seed(seed)
    with quiet():
        model = MODELS.build(settings(kind, mode, head) | changes)
        model.init_weights()
    if mode == "sgdet":
        model.segmenter = Stripes()
    return model


class Stripes:
    """A segmenter. It sees `count` stripes of classes 0, 1, 2, ... where `models.sample` draws that many."""

    def __init__(self, count=4):
        self.count = count

    def segment_many(self, images, names):
        self.seen = images
        return [self.found(*image.shape[:2]) for image in images]

    def found(self, height, width):
        edges = torch.linspace(0, width, self.count + 1).int().numpy()
        ids = np.repeat(np.digitize(np.arange(width), edges)[None] - 1, height, axis=0)
        ids[: height // 4] = -1
        return Found(ids, np.arange(self.count) % len(factories.VOCABULARY.categories))


class Found:
    """What a segmenter returns."""

    def __init__(self, ids, categories):
        masks = masks_from_ids(ids, np.arange(len(categories)))
        self.nodes = tuple(
            Node(place, int(category), Segment(mask), 0.9)
            for place, (mask, category) in enumerate(zip(masks, categories, strict=True))
        )
        self.size = ids.shape

    def graph(self):
        return SceneGraph(Source("image", "", *self.size), self.nodes, (), factories.VOCABULARY)


def with_truth(item):
    """The sample also knows its true graph, as in validation; ids of nodes are not their places."""
    sample = item["data_samples"]
    masks = sample.gt_instances.masks.numpy()
    labels = sample.gt_instances.labels.tolist()
    nodes = [
        Node(10 + place, label, Segment(Mask.from_array(mask)))
        for place, (mask, label) in enumerate(zip(masks, labels, strict=True))
    ]
    source = Source("image", "stripes", *sample.ori_shape[:2])
    sample.graph = SceneGraph(source, tuple(nodes), (), factories.VOCABULARY)
    return item
