"""Given nodes of which none is the most of some: the tallest animal, the leftmost person, the thing nearest to the car.

The graph may lack some to choose from, but what it shows to be taller stays taller.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Int64

from assistant.answering_measured import each_nearest
from assistant.answering_sets import found
from assistant.answers import Verdict
from assistant.outcomes import Measured, Outcome
from assistant.programs import Which
from assistant.quantities import measured
from assistant.ranked_steps import Ranked
from assistant.selecting_measured import apart, error_of
from assistant.selection import Selection
from assistant.steps import Intersection, Nearest, Pick, Quantity, Question, Superlative, The

if TYPE_CHECKING:
    from assistant.executor import Run


def not_the_most(run: Run, question: Question, step: Intersection) -> Outcome | None:
    """Others of those to choose from have more than the given nodes, all of which were measured; None if it is open.

    What has more is in the only part of the outcome, as the answer to the question which that is.
    """
    given, most = step.parts
    if not isinstance(most, Ranked):
        return None
    base, best, choice = map(run.selector.select, (given, most, most.nodes))
    if base.failure is not None or best.claimed or (base.mask & ~choice.mask).any():
        return None
    if best.ahead is not None and (base.mask & best.ahead).any():  # the graph may lack what puts them second
        return None
    measures = _measured_all(run, most, base, best)
    if measures is None:
        return None
    which = found(run, Which(most), best, verdict=Verdict.SUPPORTED).with_(verdict=None)
    outcome, chosen = found(run, question, base, Verdict.CONTRADICTED), run.selector.evidence(choice, base.mask)
    ids = run.index.ids
    singled_out = (*which.measures, *chosen.measures)
    known = {each[:3] for each in singled_out}  # in a sum over other pairs the last digits of a float may differ
    told = {
        "relations": (*which.relations, *chosen.relations),
        "context": (*which.nodes, *which.context, *ids[chosen.context].tolist()),
        "placements": (*which.placements, *((int(ids[a]), way, int(ids[b])) for a, way, b in chosen.placements)),
        "measures": (*singled_out, *(each for each in measures if each[:3] not in known)),
        "assumed": which.assumed,
    }
    gathered = {name: tuple(dict.fromkeys((*getattr(outcome, name), *more))) for name, more in told.items()}
    return outcome.with_(parts=(which,), **gathered)


def _measured_all(run: Run, most: Ranked, base: Selection, best: Selection) -> tuple[Measured, ...] | None:
    """What tells that given nodes have less than the best; None where some of them were not measured.

    Sides of the picture are told without a measure.
    """
    if isinstance(most, Nearest):
        if not isinstance(most.others, The | Pick):
            return None
        of_best, of_given = (
            each_nearest(run, *apart(run.selector, most, nodes, most.others)) for nodes in (most, base.step)
        )
        return None if of_best is None else of_given  # how far the best is was measured when it was picked
    if isinstance(most, Superlative):  # further relations may be lacking: they are not measured
        return None if most.quantity == "relations" else _values(run, base.positions, most.quantity)
    at = np.concatenate((best.positions, base.positions))
    areas = _values(run, at, "area")
    return areas if areas is None or most.which in ("largest", "smallest") else ()


def _values(run: Run, at: Int64[np.ndarray, " n"], quantity: Quantity) -> tuple[Measured, ...] | None:
    """A quantity of each node; None where it is not known of all."""
    values, errors = measured(run.index, at, quantity, run.window)
    if np.isnan(values).any():
        return None
    return tuple(
        Measured(int(node), None, quantity, float(value), error_of(error))
        for node, value, error in zip(run.index.ids[at], values, errors, strict=True)
    )
