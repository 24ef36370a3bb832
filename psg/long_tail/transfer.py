"""Which relations are moved from common to informative predicates, and which pairs get one that had none.

Zhang et al., "Fine-Grained Scene Graph Generation with Data Transfer", ECCV 2022 (IETrans), on arrays. A
trained model says what it takes every training pair for; `psg.long_tail.pair_scores` asks it and
`psg.long_tail.transferred` writes the result.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int64

from scenegraph import InputError


@dataclass(frozen=True)
class Annotated:
    """The r relations of the training pictures.

    `pair` numbers the pair of classes (subject category * categories + object category). `scores` are a
    trained model's probabilities of the predicates for the relation's pair of segments, the background
    left out: rows sum to 1.
    """

    picture: Int64[np.ndarray, " r"]
    subject: Int64[np.ndarray, " r"]
    predicate: Int64[np.ndarray, " r"]
    object: Int64[np.ndarray, " r"]
    pair: Int64[np.ndarray, " r"]
    scores: Float[np.ndarray, "r p"]


@dataclass(frozen=True)
class Unannotated:
    """The u pairs of segments without relation that a relation might join; see `possible`.

    `background` is the model's probability of no relation, `predicate` the most probable of the possible
    predicates.
    """

    picture: Int64[np.ndarray, " u"]
    subject: Int64[np.ndarray, " u"]
    predicate: Int64[np.ndarray, " u"]
    object: Int64[np.ndarray, " u"]
    background: Float[np.ndarray, " u"]


def attraction(counts: Int64[np.ndarray, "k p"]) -> Float[np.ndarray, "k p"]:
    """How much a predicate belongs to a class pair: the share of all its relations that join this pair.

    Common predicates join everything, so that each pair has a small share of them; the attraction factor of
    Zhang et al. 2022, section 3.2.

    >>> attraction(np.array([[30, 0], [10, 5]])).tolist()
    [[0.75, 0.0], [0.25, 1.0]]
    """
    total = counts.sum(axis=0)
    return counts / np.maximum(total, 1)


def internal_transfer(relations: Annotated, share: float) -> Int64[np.ndarray, " r"]:
    """The predicates after moving relations to more informative predicates of the same class pair.

    Zhang et al. 2022, section 3.2. A type of relation is a class pair with a predicate r. Its parents are the
    predicates q for which the model, averaged over the relations of the type, has a higher score than for r
    itself (it takes the rare predicate for the common one), which also occur with the class pair, and to which
    the pair is less attractive than to r. The relations of the parents are ranked by their score for r, and
    the best `share` of them (rounded down) get the predicate r. One that several types want goes to the most
    attracted (of equals the first predicate). None becomes a relation that its picture has already.

    Args:
        relations: of the training pictures.
        share: 0 moves nothing; Zhang et al. take 0.7.

    Returns:
        For every relation its predicate, old or new.

    Raises:
        InputError: `share` is not in 0 to 1.
    """
    _check("internal", share)
    count, predicates = relations.scores.shape
    if not count:
        return relations.predicate.copy()
    pairs, pair = np.unique(relations.pair, return_inverse=True)
    counts = _tally(pair, relations.predicate, len(pairs), predicates)
    attracted = attraction(counts)
    types, of_type = np.unique(pair * predicates + relations.predicate, return_inverse=True)
    sums = np.zeros((len(types), predicates))
    np.add.at(sums, of_type, relations.scores)
    kind, own = np.divmod(types, predicates)
    rows = np.arange(len(types))
    above = sums > sums[rows, own][:, None]  # means of one row have one divisor
    parents = above & (counts[kind] > 0) & (attracted[kind] < attracted[kind, own][:, None])
    type_of = np.full((len(pairs), predicates), len(types))
    type_of[kind, own] = rows
    parents = np.concatenate((parents, np.zeros((1, predicates), dtype=bool)))  # of what is no type
    offered = parents[type_of[pair], relations.predicate[:, None]] & ~_existing(relations)
    relation, target = np.nonzero(offered)
    chosen = _best(type_of[pair[relation], target], relations.scores[relation, target], share)
    relation, target = relation[chosen], target[chosen]
    order = np.lexsort((target, -attracted[pair[relation], target], relation))
    moved, first = np.unique(relation[order], return_index=True)
    result = relations.predicate.copy()
    result[moved] = target[order][first]
    return _without_repetitions(relations, result)


def external_transfer(pairs: Unannotated, share: float) -> Int64[np.ndarray, " chosen"]:
    """Which unannotated pairs get their `predicate`: the best `share` of them (rounded down).

    Zhang et al. 2022, section 3.3: those for which the model has the lowest probability of no relation, of
    equals the first.

    Raises:
        InputError: `share` is not in 0 to 1.
    """
    _check("external", share)
    best = _best(np.zeros(len(pairs.background), dtype=np.int64), -pairs.background, share)
    return np.flatnonzero(best)


def possible(
    probabilities: Float[np.ndarray, "m p1"], known: Bool[np.ndarray, "m p"]
) -> tuple[Int64[np.ndarray, " m"], Float[np.ndarray, " m"]]:
    """The most probable predicate of pairs, and the probability of none, among what training relations know.

    Args:
        probabilities: background first.
        known: predicates that some training relation has between these classes; one at least in a row.

    >>> found = possible(np.array([[0.2, 0.6, 0.1, 0.1]]), np.array([[False, True, False]]))
    >>> found[0].tolist(), found[1].round(3).tolist()
    ([1], [0.667])
    """
    left = np.where(known, probabilities[:, 1:], -1.0)
    total = probabilities[:, 0] + np.where(known, probabilities[:, 1:], 0).sum(axis=1)
    return left.argmax(axis=1), probabilities[:, 0] / np.maximum(total, 1e-12)


def _check(name: str, share: float) -> None:
    if not 0 <= share <= 1:  # false for NaN too
        raise InputError(f"{name}={share}: expected a share of what could be transferred, 0 to 1")


def _tally(
    rows: Int64[np.ndarray, " r"], columns: Int64[np.ndarray, " r"], height: int, width: int
) -> Int64[np.ndarray, "{height} {width}"]:
    return np.bincount(rows * width + columns, minlength=height * width).reshape(height, width)


def _best(group: Int64[np.ndarray, " n"], scores: Float[np.ndarray, " n"], share: float) -> Bool[np.ndarray, " n"]:
    """Which entries are among the best `share` of their group; of equal scores the first."""
    order = np.lexsort((-scores, group))  # stable
    sizes = np.bincount(group)
    starts = np.cumsum(sizes) - sizes
    place = np.empty(len(group), dtype=np.int64)
    place[order] = np.arange(len(group)) - starts[group[order]]
    return place < np.floor(sizes * share + 1e-9)[group]


def _ends(relations: Annotated) -> Int64[np.ndarray, " r"]:
    """A number for every (picture, subject, object)."""
    keys = np.stack((relations.picture, relations.subject, relations.object), axis=1)
    return np.unique(keys, axis=0, return_inverse=True)[1].reshape(-1)


def _existing(relations: Annotated) -> Bool[np.ndarray, "r p"]:
    """The predicates that a relation's two segments have already."""
    ends = _ends(relations)
    table = np.zeros((ends.max(initial=-1) + 1, relations.scores.shape[1]), dtype=bool)
    table[ends, relations.predicate] = True
    return table[ends]


def _without_repetitions(relations: Annotated, predicates: Int64[np.ndarray, " r"]) -> Int64[np.ndarray, " r"]:
    """Where two relations of the same segments would become one, the second keeps its predicate."""
    changed = predicates != relations.predicate
    keys = np.stack((_ends(relations), predicates), axis=1)
    order = np.lexsort((np.arange(len(keys)), changed))  # what was there before comes first
    _, first = np.unique(keys[order], axis=0, return_index=True)
    kept = np.zeros(len(keys), dtype=bool)
    kept[order[first]] = True
    return np.where(changed & ~kept, relations.predicate, predicates)
