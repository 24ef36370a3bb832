"""From the class names of a network to the categories of a vocabulary."""

import re
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from jaxtyping import Int64

from scenegraph import InputError, SceneGraph, Vocabulary

UNNAMED = re.compile(r"LABEL_\d+")
"""What transformers calls a class whose name its config does not give."""

UNKNOWN = -1
_LISTED = 12


@cache
def coco_vocabulary() -> Vocabulary:
    """The 80 things and 53 stuff classes of COCO panoptic, in the order of their contiguous ids, from mmdet.

    >>> words = coco_vocabulary()
    >>> len(words.things), len(words.stuff), words.categories[0], words.categories[-1]
    (80, 53, 'person', 'rug-merged')
    """
    with redirect_stdout(sys.stderr):  # mmdet greets, and standard output is for results
        from mmdet.datasets import CocoPanopticDataset

    known = CocoPanopticDataset.METAINFO
    return Vocabulary(tuple(known["thing_classes"]), tuple(known["stuff_classes"]), ())


@dataclass(frozen=True)
class Naming:
    """Which category of a vocabulary every class of a network is.

    Attributes:
        vocabulary: the names that maps use.
        table: category by class; `UNKNOWN` for a class that is left out.
    """

    vocabulary: Vocabulary
    table: Int64[np.ndarray, " classes"]

    @classmethod
    def of(
        cls,
        classes: Sequence[str],
        vocabulary: Vocabulary | None,
        where: str,
        things: Sequence[str] | None = None,
        drop_unknown: bool = False,
    ) -> "Naming":
        """Look every class name up.

        Args:
            classes: names of the network's classes, in the order of its outputs.
            vocabulary: the names that maps shall use. None takes the network's own, whose things are
                `things`, or what COCO calls things.
            where: the network's name, for messages.
            things: those of `classes` that are things, where the network says so.
            drop_unknown: leave out classes that the vocabulary lacks instead of refusing them.

        Raises:
            InputError: the network gives no names, or classes are unknown to the vocabulary.

        >>> words = Vocabulary(("dog", "person"), ("grass",), ())
        >>> Naming.of(["person", "grass"], words, "a network").table.tolist()
        [1, 2]
        """
        classes = _named(list(classes), where)
        if vocabulary is None:
            vocabulary = _own(classes, things, where)
        known = {name: position for position, name in enumerate(vocabulary.categories)}
        unknown = [name for name in classes if name not in known]
        if unknown and (not drop_unknown or len(unknown) == len(classes)):
            raise InputError(
                f"{where}: the vocabulary lacks {len(unknown)} of its {len(classes)} classes: {_few(unknown)}; "
                f"it has: {_few(vocabulary.categories)}. Use a segmenter and a model of the same data set"
                + ("" if drop_unknown else ", or leave unknown classes out (drop_unknown=True, --drop-unknown)")
            )
        return cls(vocabulary, np.array([known.get(name, UNKNOWN) for name in classes], dtype=np.int64))

    def renamed(self, graph: SceneGraph) -> SceneGraph:
        """The nodes of a graph whose categories are the network's classes; without those that are left out."""
        categories = self.table[np.array([node.category for node in graph.nodes], dtype=np.int64)].tolist()
        pairs = zip(graph.nodes, categories, strict=True)
        nodes = tuple(replace(node, category=category) for node, category in pairs if category != UNKNOWN)
        return SceneGraph(graph.source, nodes, (), self.vocabulary)


def _named(classes: list[str], where: str) -> list[str]:
    if not classes:
        raise InputError(f"{where}: has no classes")
    if not all(UNNAMED.fullmatch(name) for name in classes):
        return classes
    coco = coco_vocabulary().categories
    if len(classes) == len(coco):  # published EoMT weights: contiguous ids of COCO panoptic, names left out
        return list(coco)
    raise InputError(
        f"{where}: does not name its {len(classes)} classes ({_few(classes)}); write the names as `id2label` into its "
        "config.json"
    )


def _own(classes: list[str], things: Sequence[str] | None, where: str) -> Vocabulary:
    if things is None:
        coco = coco_vocabulary()
        unknown = [name for name in classes if name not in coco.categories]
        if unknown:
            raise InputError(
                f"{where}: {len(unknown)} of its {len(classes)} classes are not COCO's: {_few(unknown)}; give a "
                "vocabulary (--categories FILE), which says what is a thing and what is stuff"
            )
        things = coco.things
    is_thing = set(things)
    return Vocabulary(
        tuple(name for name in classes if name in is_thing), tuple(name for name in classes if name not in is_thing), ()
    )


def _few(names: Sequence[str]) -> str:
    more = f", ... ({len(names) - _LISTED} more)" if len(names) > _LISTED else ""
    return ", ".join(names[:_LISTED]) + more
