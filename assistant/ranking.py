"""Which of some nodes have a rank, or are the first few, by a value of each."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float64

from assistant.answers import Reason
from assistant.outcomes import Failure, Measured
from assistant.ranked_steps import Ranked


class Ranks(NamedTuple):
    """Of some nodes: those that a step picks, those before them, those that leave open which to pick.

    `enough` tells whether so many are known that some have the rank or share one before it.
    """

    chosen: Bool[np.ndarray, " n"]
    ahead: Bool[np.ndarray, " n"]
    tied: Bool[np.ndarray, " n"]
    enough: bool


def ranks(values: Float64[np.ndarray, " n"], step: Ranked, tolerance: float) -> Ranks:
    """What a step picks of nodes by their values, the largest of which come first; what is not finite is not known.

    Values closer than `tolerance` are equal.
    """
    known = values[np.isfinite(values)]
    last = max(step.rank, step.number)
    nobody = np.zeros(len(values), dtype=bool)
    if len(known) < last:
        return Ranks(nobody, nobody, nobody, False)
    first = np.partition(known, len(known) - last)[len(known) - last :]
    level, before = first[0], first[1:].min(initial=np.inf)
    reached = np.isfinite(values) & (values + tolerance >= level)
    chosen = reached if step.number > 1 else reached & (values + tolerance < before)
    if chosen.sum() > step.number > 1 or not chosen.any():
        return Ranks(nobody, nobody, reached & (values <= level + tolerance), True)
    return Ranks(chosen, reached & ~chosen, nobody, True)


def unsettled(
    step: Ranked, ranked: Ranks, all_known: bool, tied: tuple[int, ...], measures: tuple[Measured, ...] = ()
) -> Failure:
    """Why a step picks nothing.

    Args:
        step: what picks.
        ranked: what it found.
        all_known: no further node might have a rank, if only its value were known.
        tied: ids of the nodes that leave open which to pick.
        measures: what tells that these are equal.
    """
    if ranked.enough:
        return Failure(step, Reason.TIED, measures=measures, tied=tied)
    return Failure(step, Reason.ABSENT_OBJECT if all_known else Reason.NOT_MEASURED)
