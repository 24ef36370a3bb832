"""The published models with the weights of the fixtures' rule, and the fixtures' batch."""

import importlib.util
import json
from contextlib import contextmanager

import numpy as np
import torch
from mmdet.registry import MODELS
from mmengine.config import Config
from mmengine.structures import InstanceData

import psg.psgformer
import psg.psgtr  # noqa: F401 - registers the models
from psg.bridge.one_stage_names import our_name
from psg.parts.detr_head import Readings
from psg.parts.truth import Truth
from psg.samples import SceneGraphSample
from tests.psg.conftest import ROOT
from tests.psg.quiet import quiet

SIZES = ((128, 160), (90, 120))
ORIGINAL_SIZES = ((96, 120), (60, 80))
NAMES = {
    kind: [f"{kind} {i}" for i in range(number)]
    for kind, number in {"things": 80, "stuff": 53, "predicates": 56}.items()
}


def rule(folder):
    """The function that gives the weights of a published parameter."""
    spec = importlib.util.spec_from_file_location("golden_weights", folder / "weights.py")
    weights = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(weights)
    return weights.rule


def build(name, **changes):
    """A model of configs/_base_/models with the number of names of the public data, without special weights."""
    config = Config.fromfile(ROOT / f"configs/_base_/models/{name}_detr_r50.py").model
    config.update(vocabulary=NAMES, autocast="off", **changes)
    return built(config)


def built(config):
    """A model, without what it says when it is built."""
    with quiet():
        return MODELS.build(config)


def model(name, folder, **changes):
    """A published model with the weights of the fixtures."""
    made, weights = build(name, **changes).eval(), rule(folder)
    state = {}
    for entry in json.loads((folder / f"keys_{name}.json").read_text())["keys"]:
        ours, shape = our_name(entry["key"], triplets=name == "psgtr"), tuple(entry["shape"])
        if ours is not None:
            whole = "int" in entry["dtype"]
            state[ours] = torch.tensor(0) if whole else torch.from_numpy(weights(entry["key"], shape))
    made.load_state_dict(state)
    return made


def batch(folder):
    """Normalised pictures and samples with their truth."""
    inputs = np.load(folder / "inputs.npz")
    samples = []
    for picture, (size, original) in enumerate(zip(SIZES, ORIGINAL_SIZES, strict=True)):
        factor = (size[1] / original[1], size[0] / original[0])
        meta = {"img_id": str(picture), "img_shape": size, "ori_shape": original, "scale_factor": factor}
        sample = SceneGraphSample(metainfo=meta)
        sample.gt_instances = InstanceData(
            labels=torch.from_numpy(inputs[f"gt_labels{picture}"]).long(),
            bboxes=torch.from_numpy(inputs[f"gt_bboxes{picture}"]).float(),
            masks=torch.from_numpy(inputs[f"gt_masks{picture}"]).bool(),
        )
        subject, other, predicate = torch.from_numpy(inputs[f"gt_rels{picture}"]).long().unbind(1)
        sample.gt_relations = torch.stack((subject, predicate - 1, other), 1)
        samples.append(sample)
    return torch.from_numpy(inputs["img"]), samples


def truth(pictures):
    """The truth of `batch`."""
    return Truth.of(pictures[1], SIZES[0])


def feature_arrays(model, pictures):
    """What the fixtures keep of the backbone and of the encoder, and the features."""
    maps = model.backbone(pictures[0])
    features = model.neck(maps, SIZES, SIZES[0])
    arrays = {"memory": features.memory.numpy()}
    for level, (values, step) in enumerate(zip(maps, (4, 4, 1, 1), strict=True), start=2):
        arrays[f"feat{level}_sub"] = values[:, ::64, ::step, ::step].numpy()
        arrays[f"feat{level}_l2"] = values.flatten(1).double().norm(dim=1).numpy()
    return arrays, features


def close(ours, expected):
    """Every array is that of the fixtures, at the tolerances of golden/forward/README.md, section 7."""
    for name, values in ours.items():
        # Norms of whole maps, not single values.
        tolerance = {"rtol": 1e-5} if name.endswith("_l2") else {"rtol": 0, "atol": 1e-4 if name == "memory" else 3e-4}
        np.testing.assert_allclose(values, expected[name], **tolerance, err_msg=name)


@contextmanager
def states_of(decoder):
    """A dict that holds the states after the first and the last layer, once the decoder has run."""
    seen = {}
    hook = decoder.register_forward_hook(lambda *call: seen.update(first=call[2][0], last=call[2][-1]))
    try:
        yield seen
    finally:
        hook.remove()


def truth_of_boxes(size, labels, boxes, relations):
    """The truth of one picture, of which nothing looks at the masks."""
    sample = SceneGraphSample(metainfo={"img_shape": size})
    masks = torch.zeros(len(labels), *size, dtype=torch.bool)
    sample.gt_instances = InstanceData(labels=labels, bboxes=boxes, masks=masks)
    sample.gt_relations = relations
    return Truth.of([sample], size)


def readings(class_logits, boxes, size):
    """One layer's classes and boxes of one picture."""
    return Readings(class_logits[None, None], boxes[None, None], torch.tensor([size], dtype=torch.float32), 4)
