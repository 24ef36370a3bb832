"""The published heads with the weights of the fixtures' rule, and the fixtures' batch."""

import importlib.util
import json

import numpy as np
import torch

import psg  # noqa: F401 - stands in for mmcv's compiled operations
from psg.two_stage import gpsnet, imp, motifs, vctree  # noqa: F401 - registers them
from psg.two_stage.nodes import Nodes, PictureNodes
from psg.two_stage.published_names import HEAD, our_name
from psg.two_stage.trunk import RelationTrunk
from scenegraph import Vocabulary

KINDS = {"imp": "IMP", "motifs": "Motifs", "vctree": "VCTree", "gpsnet": "GPSNet"}
SIZES = ((256, 320), (200, 300))
VOCABULARY = Vocabulary(
    *(tuple(f"{kind} {i}" for i in range(n)) for kind, n in (("thing", 80), ("stuff", 53), ("predicate", 56)))
)


def weights(folder):
    """The module with the rule."""
    spec = importlib.util.spec_from_file_location("golden_weights", folder / "weights.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def head(folder, name):
    """A published head for PredCls; all its parameters are set, none is left over."""
    trunk = RelationTrunk(VOCABULARY, {"type": KINDS[name]}, published=True).eval()
    rule, state = weights(folder).rule, {}
    for entry in json.loads((folder / "two_stage" / f"keys_{name}.json").read_text())["keys"]:
        key, shape, dtype = (entry[name] for name in ("key", "shape", "dtype"))
        if key.startswith(HEAD) and (ours := our_name(KINDS[name], key.removeprefix(HEAD))) is not None:
            state[ours] = torch.tensor(0) if "int" in dtype else torch.from_numpy(rule(key, tuple(shape)))
    trunk.load_state_dict(state)
    return trunk


def batch(folder):
    """Feature maps, nodes and relations."""
    inputs = np.load(folder / "two_stage" / "inputs.npz")
    maps = [torch.from_numpy(inputs[f"fpn{level}"]).float() for level in range(4)]
    pictures, relations = [], []
    for picture in range(2):
        boxes, labels = torch.from_numpy(inputs[f"boxes{picture}"]), torch.from_numpy(inputs[f"labels{picture}"]) - 1
        pictures.append(PictureNodes(boxes, labels))
        subject, other, predicate = torch.from_numpy(inputs[f"gt_rels{picture}"]).unbind(1)
        relations.append(torch.stack((subject, predicate - 1, other), 1))
    return maps, Nodes.join(pictures, SIZES, 133), relations
