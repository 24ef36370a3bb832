"""The golden sets `main`, `edge` and `dist` as arrays (see golden/psg/README.md)."""

import json
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from scenegraph import Mask, Segment
from scenegraph.arrays import GraphArrays


@dataclass(frozen=True)
class Picture:
    """One picture: truth, and predictions by mode ("sgdet", "predcls")."""

    name: str
    truth: GraphArrays
    predictions: dict[str, GraphArrays]


def read(path: Path):
    return json.loads(path.read_text())


@cache
def expected(folder: Path):
    return read(folder / "expected_sgg.json")


def num_predicates(folder: Path) -> int:
    """Taken from the length of a per-predicate list; every set has one."""
    return len(expected(folder)["main"]["sgdet"]["sgdet"]["images_with_predicate_in_gt"])


def arrays(labels, segments, triplets) -> GraphArrays:
    """Golden triplets are (subject, object, predicate, ...)."""
    rows = np.array([[row[0], row[2], row[1]] for row in triplets], dtype=np.int64).reshape(-1, 3)
    return GraphArrays(
        categories=np.array(labels, dtype=np.int64),
        node_scores=np.ones(len(labels)),
        crowd=np.zeros(len(labels), dtype=bool),
        segments=tuple(segments),
        triples=rows,
        scores=np.array([row[3] if len(row) > 3 else 1.0 for row in triplets], dtype=np.float64),
    )


def with_rows(nodes: GraphArrays, rows) -> GraphArrays:
    """The same nodes with other (subject, predicate, object) rows, best first."""
    return replace(nodes, triples=rows, scores=np.ones(len(rows)))


@cache
def mask_set(folder: Path, name: str) -> tuple[Picture, ...]:
    """`main` or `edge`."""
    pictures = []
    with np.load(folder / f"{name}.npz") as stored:
        for image in read(folder / f"{name}.json")["images"]:
            key = image["id"]
            true = _masks(stored[f"{key}_gt_masks"])
            truth = arrays(image["gt_labels"], true, image["gt_triplets"])
            predictions = {"sgdet": arrays([], [], [])}
            if image.get("sgdet"):
                masks = _masks(stored[f"{key}_pred_masks"])
                predictions["sgdet"] = arrays(image["sgdet"]["labels"], masks, image["sgdet"]["triplets"])
            if image.get("predcls"):
                predictions["predcls"] = arrays(image["gt_labels"], true, image["predcls"]["triplets"])
            pictures.append(Picture(image.get("name", key), truth, predictions))
    return tuple(pictures)


@dataclass(frozen=True)
class Distributions:
    """One picture of `dist`: for each mode node labels and boxes, pairs, probabilities without background, scores."""

    truth: GraphArrays
    nodes: dict[str, GraphArrays]
    pairs: dict[str, np.ndarray]
    probabilities: dict[str, np.ndarray]
    scores: dict[str, np.ndarray]


@cache
def box_set(folder: Path) -> tuple[Distributions, ...]:
    pictures = []
    with np.load(folder / "dist.npz") as stored:
        for image in read(folder / "dist.json")["images"]:
            key = image["id"]
            true = _boxes(stored[f"{key}_gt_boxes"])
            predicted = _boxes(stored[f"{key}_pred_boxes"])
            pictures.append(
                Distributions(
                    truth=arrays(image["gt_labels"], true, image["gt_triplets"]),
                    nodes={
                        "sgdet": arrays(image["sgdet_labels"], predicted, []),
                        "predcls": arrays(image["gt_labels"], true, []),
                    },
                    pairs={mode: stored[f"{key}_{mode}_pairs"] for mode in ("sgdet", "predcls")},
                    probabilities={mode: stored[f"{key}_{mode}_rel_dist"][:, 1:] for mode in ("sgdet", "predcls")},
                    scores={mode: stored[f"{key}_{mode}_obj_scores"] for mode in ("sgdet", "predcls")},
                )
            )
    return tuple(pictures)


def _masks(stack) -> list[Segment]:
    return [Segment(Mask.from_array(mask.astype(bool))) for mask in stack]


def _boxes(boxes) -> list[Segment]:
    # The picture size plays no part in comparing boxes; it only has to hold them.
    return [Segment.from_box(tuple(map(float, box)), 1 << 16, 1 << 16) for box in boxes]
