"""What a trained two-stage model takes the pairs of the training pictures for.

A line a picture is kept in a file, so that the pass can be interrupted, and be used again for other shares.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Bool, Float, Int64
from mmdet.structures.bbox import bbox_overlaps
from mmengine.dataset import pseudo_collate
from torch import Tensor
from tqdm import tqdm

from psg.dataset import PSGDataset
from psg.loading import TrainedModel
from psg.long_tail.transfer import Annotated, Unannotated, possible
from scenegraph import InputError
from scenegraph.formats.journal import Journal

_DIGITS = 5
"""Of probabilities in the file."""


def measure(trained: TrainedModel, dataset: PSGDataset, path: Path, batch_size: int = 8) -> None:
    """Ask a model about all pairs of true segments, those that it was not asked about before.

    The file has a line for every picture: its record (`index`); for every relation that joins two segments its row
    (`relations`) and `scores`, the probabilities of the predicates; and the unannotated pairs of segments whose
    boxes meet and whose classes some training relation joins: `free` rows [subject, possible predicate, object]
    with the probability of no relation, `background`.

    Args:
        trained: a two-stage model; it is told the true categories (PredCls), whatever it was trained for.
        dataset: the training pictures, without augmentation and with their true graphs.
        path: the file that keeps the answers; one of the same checkpoint and pictures is continued.
        batch_size: pictures at a time.

    Raises:
        InputError: the model is no two-stage model or has other names, `path` holds other answers, or a
            picture is broken.
    """
    model = trained.model
    if not hasattr(model, "pair_probabilities"):
        raise InputError(
            f"{trained.path}: {type(model).__name__} finds its own segments; data transfer asks a model about the "
            "true segments: train one of configs/two_stage"
        )
    if model.vocabulary != dataset.file.vocabulary:
        raise InputError(f"{trained.path}: was trained with other names than those of {dataset.file.path}")
    model.mode = model.head.mode = "predcls"
    indices = dataset.record_indices()
    journal = Journal(path, _header(trained.path, dataset.file.path, indices))
    done = {json.loads(line)["index"] for line in journal.lines}
    waiting = [place for place, index in enumerate(indices) if index not in done]
    known = predicates_of_pairs(dataset, indices)
    try:
        with tqdm(total=len(indices), initial=len(done), desc="pairs of training pictures", unit="picture") as bar:
            for start in range(0, len(waiting), batch_size):
                places = waiting[start : start + batch_size]
                for entry in _asked(trained, dataset, places, indices, known):
                    journal.add(entry)
                    bar.update()
    finally:
        journal.close()


def predicates_of_pairs(dataset: PSGDataset, indices: Sequence[int]) -> Bool[np.ndarray, "pairs p"]:
    """Which predicates the training relations have between two classes; row = subject * categories + object."""
    words = dataset.file.vocabulary
    known = np.zeros((len(words.categories) ** 2, len(words.predicates)), dtype=bool)
    for index in indices:
        categories, rows = classes_and_relations(dataset, index)
        known[categories[rows[:, 0]] * len(words.categories) + categories[rows[:, 2]], rows[:, 1]] = True
    return known


def classes_and_relations(dataset: PSGDataset, index: int) -> tuple[Int64[np.ndarray, " n"], Int64[np.ndarray, "r 3"]]:
    """Categories of the segments of a record, and its relations (subject, predicate, object), each once."""
    graph = dataset.file.graph(index, masks=False, unique_relations=True)
    categories = np.array([node.category for node in graph.nodes], dtype=np.int64)
    triples = np.array([relation.triple for relation in graph.relations], dtype=np.int64)
    return categories, triples.reshape(-1, 3)


def gathered(path: Path, dataset: PSGDataset) -> tuple[Annotated, Unannotated]:
    """What `measure` wrote as arrays, in the order of the records."""
    categories, predicates = len(dataset.file.vocabulary.categories), len(dataset.file.vocabulary.predicates)
    parts = []
    with path.open("rb") as lines:
        next(lines)  # says whose answers they are
        for entry in map(json.loads, lines):
            classes = classes_and_relations(dataset, entry["index"])[0]
            rows = np.array(entry["relations"], dtype=np.int64).reshape(-1, 3)
            free = np.array(entry["free"], dtype=np.int64).reshape(-1, 3)
            picture = [np.full(len(each), entry["index"]) for each in (rows, free)]
            pair = classes[rows[:, 0]] * categories + classes[rows[:, 2]]
            annotated = (picture[0], *rows.T, pair, np.array(entry["scores"], dtype=np.float32).reshape(-1, predicates))
            unannotated = (picture[1], *free.T, np.array(entry["background"], dtype=np.float32))
            parts.append((entry["index"], annotated + unannotated))
    parts.sort(key=itemgetter(0))
    columns = [np.concatenate(column) for column in zip(*(part for _, part in parts), strict=True)]
    return Annotated(*columns[:6]), Unannotated(*columns[6:])


def digest_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _header(checkpoint: Path, annotations: Path, indices: Sequence[int]) -> dict[str, Any]:
    pictures = hashlib.sha256(np.array(indices, dtype=np.int64).tobytes()).hexdigest()
    return {
        "format": "pair scores/1",
        "checkpoint": digest_of(checkpoint),
        "annotations": digest_of(annotations),
        "pictures": pictures,
    }


@torch.inference_mode()
def _asked(
    trained: TrainedModel,
    dataset: PSGDataset,
    places: Sequence[int],
    indices: Sequence[int],
    known: Bool[np.ndarray, "pairs p"],
) -> Iterator[dict[str, Any]]:
    """The lines of some pictures."""
    model = trained.model
    data = model.data_preprocessor(pseudo_collate([dataset[place] for place in places]))
    found = model.pair_probabilities(data["inputs"], data["data_samples"])
    for place, (boxes, pairs, probabilities) in zip(places, found, strict=True):
        yield {"index": indices[place], **_line(dataset, indices[place], boxes, pairs, probabilities, known)}


def _line(
    dataset: PSGDataset,
    index: int,
    boxes: Float[Tensor, "n 4"],
    pairs: Int64[Tensor, "m 2"],
    probabilities: Float[Tensor, "m p1"],
    known: Bool[np.ndarray, "pairs p"],
) -> dict[str, Any]:
    classes, rows = classes_and_relations(dataset, index)
    rows = rows[rows[:, 0] != rows[:, 2]]  # what is related to itself is no pair
    subject, other = pairs.cpu().numpy().T
    said = probabilities.double().cpu().numpy()
    place = np.zeros((len(classes), len(classes)), dtype=np.int64)
    place[subject, other] = np.arange(len(subject))
    scores = said[place[rows[:, 0], rows[:, 2]], 1:]
    scores = scores / np.maximum(scores.sum(axis=1, keepdims=True), 1e-12)
    free = (bbox_overlaps(boxes, boxes) > 0).cpu().numpy()
    free[rows[:, 0], rows[:, 2]] = False
    allowed = known[classes[subject] * len(dataset.file.vocabulary.categories) + classes[other]]
    wanted = free[subject, other] & allowed.any(axis=1)
    predicate, background = possible(said[wanted], allowed[wanted])
    return {
        "relations": rows.tolist(),
        "scores": scores.round(_DIGITS).tolist(),
        "free": np.stack((subject[wanted], predicate, other[wanted]), axis=1).tolist(),
        "background": background.round(_DIGITS).tolist(),
    }
