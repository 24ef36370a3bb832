"""Small models and batches for the tests of PSGFormer."""

import copy
import itertools

import torch
from mmdet.registry import MODELS
from mmengine.structures import InstanceData

import psg.psgformer  # noqa: F401 - registers the model
from psg.samples import SceneGraphSample
from tests import factories
from tests.psg.quiet import quiet

VOCABULARY = {kind: list(getattr(factories.VOCABULARY, kind)) for kind in ("things", "stuff", "predicates")}

ATTENTION = {"embed_dims": 128, "num_heads": 4, "dropout": 0.1, "batch_first": True}
FEED_FORWARD = {"embed_dims": 128, "feedforward_channels": 128, "num_fcs": 2, "ffn_drop": 0.1}
DECODER = {
    "num_layers": 2,
    "layer_cfg": {"self_attn_cfg": ATTENTION, "cross_attn_cfg": ATTENTION, "ffn_cfg": FEED_FORWARD},
}

COMPACT = {
    "backbone": {"type": "CompactResNet", "widths": (8, 16, 16, 32), "depths": (1, 1, 1)},
    "neck": {
        "type": "CompactPyramid",
        "in_channels": (8, 16, 16, 32),
        "width": 128,
        "fine_width": 16,
        "embedding": 8,
    },
    "object_decoder": {
        "type": "MaskedObjectDecoder",
        "fine_dims": 16,
        "embedding": 8,
        "num_centres": 6,
        "num_learned": 4,
    },
}
DETR = {
    "backbone": {
        "type": "ResNet",
        "depth": 18,
        "base_channels": 16,
        "out_indices": (0, 1, 2, 3),
        "norm_cfg": {"type": "BN", "requires_grad": True},
        "init_cfg": None,
    },
    "neck": {
        "type": "DETREncoder",
        "in_channels": 128,
        "dims": 128,
        "encoder": {"num_layers": 1, "layer_cfg": {"self_attn_cfg": ATTENTION, "ffn_cfg": FEED_FORWARD}},
    },
    "object_decoder": {
        "type": "DETRObjectDecoder",
        "num_queries": 10,
        "dims": 128,
        "heads": 8,
        "map_channels": (16, 32, 64),
        "decoder": DECODER,
    },
}
PAIRS = {"type": "PairRelationHead", "map_dims": 16}
FLASH = {
    "type": "PairFlashHead",
    "map_dims": 16,
    "glimpses": 2,
    "reach": 1,
    "window": {"map_dims": 8, "side": 4},
    "activity_weight": 1.0,
}
QUERIES = {"type": "RelationQueryDecoder", "num_queries": 12, "dims": 128, "decoder": DECODER}
VARIANTS = {
    "masked, pairs": COMPACT | {"relation_head": PAIRS},
    "masked, PairFlash": COMPACT | {"relation_head": FLASH},
    "masked, relation queries": COMPACT
    | {"relation_head": QUERIES | {"attend_objects": True, "choose_from": "all", "supervise": "every"}},
    "DETR, relation queries": DETR | {"relation_head": QUERIES | {"ends": "same"}},
    "DETR, pairs": DETR | {"relation_head": PAIRS},
    "DETR, PairFlash": DETR | {"relation_head": FLASH | {"window": None}},  # its maps have another width
}


def build(variant="masked, pairs", seed=0, **changes):
    """A small model with fixed weights, in float32."""
    torch.manual_seed(seed)
    # Building consumes the dicts of mmdet's layers.
    config = copy.deepcopy(VARIANTS[variant]) | {"type": "PSGFormer", "vocabulary": VOCABULARY, "autocast": "off"}
    with quiet():
        model = MODELS.build(config | changes)
        model.init_weights()
    return model


def sample(size=(64, 96), segments=4, relations=((0, 1, 1), (1, 0, 3), (0, 2, 1)), name="0", seed=0):
    """Stripes of classes 0, 1, 2, ... from left to right; relations of the segments that are there."""
    height, width = size
    edges = torch.linspace(0, width, segments + 1).int().tolist()
    masks = torch.zeros(segments, height, width, dtype=torch.bool)
    for position in range(segments):
        masks[position, height // 4 :, edges[position] : edges[position + 1]] = True
    boxes = [[left, height // 4, right, height] for left, right in itertools.pairwise(edges)]
    made = SceneGraphSample(metainfo={"img_id": name, "img_shape": size, "ori_shape": size})
    made.gt_instances = InstanceData(
        labels=torch.arange(segments) % len(factories.VOCABULARY.categories),
        bboxes=torch.tensor(boxes if segments else [], dtype=torch.float32).reshape(-1, 4),
        masks=masks,
    )
    kept = [row for row in relations if max(row[0], row[2]) < segments]
    made.gt_relations = torch.tensor(kept, dtype=torch.int64).reshape(-1, 3)
    noise = torch.randint(0, 40, (3, height, width), generator=torch.Generator().manual_seed(seed))
    shade = (masks * torch.arange(1, segments + 1)[:, None, None]).sum(0) * 40
    return {"inputs": (noise + shade).to(torch.uint8), "data_samples": made}


def batch(model, *items):
    """Arguments of the model's forward."""
    collated = {key: [copy.deepcopy(item[key]) for item in items] for key in ("inputs", "data_samples")}
    return model.data_preprocessor(collated, training=model.training)


def total(losses):
    """What training minimises."""
    return sum(losses.values())


def losses_of_steps(model, rate, steps):
    """The first and the last loss of some steps on two pictures."""
    items = sample(seed=1), sample(segments=3, seed=2)
    optimizer = torch.optim.AdamW(model.parameters(), rate)
    values = []
    for _ in range(steps):
        loss = total(model(**batch(model, *items), mode="loss"))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        values.append(loss.item())
    return values[0], values[-1]
