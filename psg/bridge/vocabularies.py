"""The names that published checkpoints mean but do not store.

Their files say how many classes and predicates there are, at most the names of the classes. Those of the
public PSG data (Yang et al. 2022) belong to the published weights and come with this package; others come
from the psg.json of the data set that the weights were trained on.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from scenegraph import InputError, Vocabulary
from scenegraph.formats.psg import PSGFile


@cache
def public_names() -> Vocabulary:
    """The 80 things, 53 stuff classes and 56 predicates of the public PSG data."""
    return Vocabulary.of_names(_stored())


@cache
def coco_ids() -> tuple[int, ...]:
    """COCO's number of every class of `public_names`."""
    return tuple(_stored()["coco_ids"])


def names_for(
    classes: int, predicates: int | None, meta: Mapping[str, Any], given: str | Path | None, path: Path
) -> Vocabulary:
    """The vocabulary of weights.

    Args:
        classes: how many the weights have.
        predicates: how many the weights have; None: they have none.
        meta: of the checkpoint; `CLASSES` must be the same names.
        given: a psg.json with the names.
        path: of the checkpoint, for messages.

    Raises:
        InputError: the numbers differ, or the checkpoint says other names.
    """
    words = PSGFile.open(Path(given)).vocabulary if given else public_names()
    known = len(words.categories), len(words.predicates)
    source = str(given) if given else "the public PSG data"
    if known != (classes, predicates if predicates is not None else known[1]):
        raise InputError(
            f"{path}: has {classes} classes and {predicates} predicates; {source} has {known[0]} and {known[1]}. "
            "Give the psg.json that it was trained with: --names psg.json"
        )
    _check_classes(meta.get("CLASSES"), words, source, path)
    return words


def _check_classes(stored: Any, words: Vocabulary, source: str, path: Path) -> None:
    if not isinstance(stored, Sequence) or isinstance(stored, str):
        return
    differing = [
        f"{place}: {theirs!r} instead of {ours!r}"
        for place, (theirs, ours) in enumerate(zip(stored, words.categories, strict=False))
        if theirs != ours
    ]
    if differing or len(stored) != len(words.categories):
        raise InputError(
            f"{path}: was trained on {len(stored)} classes, not those of {source}"
            + (f" (class {differing[0]})" if differing else "")
            + ". Give the psg.json that it was trained with: --names psg.json"
        )


def _stored() -> dict[str, Any]:
    return json.loads(files("psg.bridge").joinpath("psg_names.json").read_text(encoding="utf-8"))
