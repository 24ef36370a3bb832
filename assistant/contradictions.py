"""Which relations of a graph contradict that another one holds.

Only what cannot be otherwise counts: the opposite of a one-way relation ("the horse rides the
person"), a state that excludes the one asked about, and a predicate that denies it ("not looking at"),
all the time that was asked about.
"""

import numpy as np
from jaxtyping import Bool, Int64

from assistant.index import GraphIndex
from assistant.names import denied, plain
from assistant.steps import Predicate
from assistant.verbs import EXCLUSIVE, EXCLUSIVE_FOR_A_PAIR, ONE_WAY, RESTING
from scenegraph.spans import Spans, covered

MAX_PAIRS = 16
"""Pairs for which contradictions are looked for: with more of them, some pair is always left open."""


def contradictions(
    index: GraphIndex,
    subjects: Int64[np.ndarray, " n"],
    predicate: Predicate,
    objects: Int64[np.ndarray, " m"],
    window: Spans | None,
) -> list[int]:
    """Positions of relations by which no subject can be in the relation to any object; [] if one can.

    Args:
        index: the graph.
        subjects: node positions.
        predicate: what was asked.
        objects: node positions.
        window: the frames that were asked about, None for all.
    """
    pairs = [(int(a), int(b)) for a in subjects for b in objects if a != b]
    if not pairs or len(pairs) > MAX_PAIRS:
        return []
    against: list[int] = []
    for first, second in pairs:
        found = [
            *_against_all(index, first, second, predicate.forward, window),
            *_against_all(index, second, first, predicate.converse, window),
        ]
        if not found:
            return []
        against.extend(found)
    return sorted(set(against))


def _against_all(
    index: GraphIndex, subject: int, object: int, names: tuple[str, ...], window: Spans | None
) -> list[int]:
    """Relations that exclude every one of these predicates for a pair; [] if one stays possible."""
    found: list[int] = []
    for name in names:
        against = _against(index, subject, object, plain(name), window)
        if not against:
            return []
        found.extend(against)
    return found


def _against(index: GraphIndex, subject: int, object: int, name: str, window: Spans | None) -> list[int]:
    same_subject = index.subjects == subject
    same_pair = same_subject & (index.objects == object)
    reverse = (index.subjects == object) & (index.objects == subject)
    found = _lasting(index, same_pair & index.of_predicates(_named(index, frozenset({denied(name)}))), window)
    if name in ONE_WAY or name in RESTING:
        opposite = RESTING if name in RESTING else frozenset({name})
        found += _lasting(index, reverse & index.of_predicates(_named(index, opposite)), window)
    for groups, where in ((EXCLUSIVE, same_subject), (EXCLUSIVE_FOR_A_PAIR, same_pair)):
        for group in groups:
            if name in group:
                found += _lasting(index, where & index.of_predicates(_named(index, group - {name})), window)
    return found


def _named(index: GraphIndex, names: frozenset[str]) -> list[str]:
    return [name for name in index.graph.vocabulary.predicates if plain(name) in names]


def _lasting(index: GraphIndex, relations: Bool[np.ndarray, " relations"], window: Spans | None) -> list[int]:
    """Those that hold during all of the window: a state that ends leaves time for another."""
    asked = index.whole if window is None else window
    return [int(at) for at in np.flatnonzero(relations) if covered(index.spans(int(at), asked)) == covered(asked)]
