"""Given nodes of which the picture, the metres or their kinds tell that none is such as was asked for.

A step that finds nothing leaves a question open as a rule, for the graph may lack nodes and relations. Where the step
narrows given nodes ("the dog", nodes by id) by what was measured of every one of them, nothing is lacking.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Bool

from assistant.answering_events import is_placed
from assistant.answering_measured import each_nearest, is_in_space
from assistant.answering_most import not_the_most
from assistant.answering_sets import found
from assistant.answers import Reason, Status, Verdict
from assistant.bounded_steps import OPPOSITE, Exceeding, Measuring
from assistant.measured_programs import IsInSpace
from assistant.outcomes import Failure, Halfway, Outcome
from assistant.programs import IsPlaced
from assistant.selecting_measured import apart, halfway_ends
from assistant.selection import Selection
from assistant.steps import (
    Except,
    Find,
    InBetween,
    InPicture,
    InSpace,
    Intersection,
    Moved,
    Nodes,
    Pick,
    Placed,
    Question,
    The,
    Within,
)

if TYPE_CHECKING:
    from assistant.executor import Run


def none_of(run: Run, question: Question, step: Nodes, failure: Failure) -> Outcome | None:
    """The outcome that contradicts `exists(step)`: its nodes are the given ones; None where the graph may lack some.

    Of directions in space it may be that nobody can tell within the error of measurement.
    """
    tell = _TOLD.get(type(step))
    base = step.parts[0] if isinstance(step, Intersection) else getattr(step, "nodes", None)
    if tell is None or not isinstance(base, The | Pick) or failure.step != step:
        return None
    return None if failure.reason is Reason.NOT_MEASURED else tell(run, question, step)


def none_by_kind(run: Run, step: Nodes) -> tuple[int, ...] | None:
    """The given nodes of which none is of the kind that was asked for; None where it is not their kinds that tell."""
    if not isinstance(step, Intersection) or len(step.parts) != 2:
        return None
    wanted, given = step.parts
    if not isinstance(wanted, Find) or not isinstance(given, Pick) or given.categories is not None:
        return None
    if wanted.categories is not None and not any(map(run.index.has_category, wanted.categories)):
        return None
    there = run.index.positions(given.nodes)
    fits = slice(None) if wanted.categories is None else run.index.of_categories(wanted.categories)
    of_kind = np.zeros(len(run.index.ids), dtype=bool)
    of_kind[fits] = True
    if len(there) < len(set(given.nodes)) or of_kind[there].any():
        return None
    return tuple(run.index.ids[there].tolist())


def _contradicted(run: Run, question: Question, base: Selection, **told: Any) -> Outcome:
    outcome = found(run, question, base, verdict=Verdict.CONTRADICTED)
    return outcome.with_(**{name: (*getattr(outcome, name), *more) for name, more in told.items()})


def _turned(run: Run, question: Question, step: Moved | InPicture | Measuring) -> Outcome | None:
    """All of them stayed, lie elsewhere, or do not measure so much."""
    return _all_of(run, question, _opposite(step))


def _all_of(
    run: Run, question: Question, opposite: Nodes, beside: Bool[np.ndarray, " nodes"] | None = None
) -> Outcome | None:
    """The opposite is so of all of the given nodes, but for the one thing that they are held against."""
    other = run.selector.select(opposite)
    if other.failure is not None or other.claimed or other.base is None:
        return None
    asked = other.base.mask if beside is None else other.base.mask & ~beside
    return _contradicted(run, question, other) if np.array_equal(other.mask, asked) else None


def _opposite(step: Moved | InPicture | Measuring) -> Nodes:
    """What keeps the nodes of which it is not so."""
    match step:
        case Moved():
            return replace(step, still=not step.still)
        case InPicture():
            return replace(step, outside=not step.outside)
        case Measuring():
            return replace(step, how=OPPOSITE[step.how])


def _not_exceeding(run: Run, question: Question, step: Exceeding) -> Outcome | None:
    """None of them has more than one of given others; or than each of some, whatever further ones there are.

    Of relations the graph may lack more: they are not measured.
    """
    given = step.every or isinstance(step.others, The | Pick)
    if not given or step.quantity == "relations":
        return None
    others = run.selector.select(step.others).mask
    return _all_of(run, question, step.opposite, others if others.sum() == 1 else None)


def _directed(run: Run, question: Question, step: Placed | InSpace) -> Outcome | None:
    """None of them lies in that direction of given others."""
    if not isinstance(step.others, The | Pick):
        return None
    if isinstance(step, Placed):
        outcome = is_placed(run, IsPlaced(step.nodes, step.direction, step.others))
    else:
        outcome = is_in_space(run, IsInSpace(step.nodes, step.direction, step.others, step.view, step.facing))
    decided = outcome.status is Status.ANSWERED or outcome.reason is Reason.WITHIN_ERROR
    return outcome.with_(question=question) if decided else None


def _farther(run: Run, question: Question, step: Within) -> Outcome | None:
    """All of them are farther away from given others: each is told by the nearest of these."""
    if not isinstance(step.others, The | Pick):
        return None
    sides = apart(run.selector, step, step.nodes, step.others)
    measures = each_nearest(run, *sides)
    if measures is None:
        return None
    return _contradicted(run, question, sides[0], measures=measures, context=tuple(each.other for each in measures))


def _not_between(run: Run, question: Question, step: InBetween) -> Outcome | None:
    """None of them lies between given others, by the centres of all; each with the first two it may lie between."""
    if not isinstance(step.first, The | Pick) or not isinstance(step.second, The | Pick):
        return None
    ends = halfway_ends(run.selector, step)
    if ends is None:
        return None
    base = run.selector.select(step.nodes)
    placements = tuple(
        (node, Halfway(second, True, not run.index.space.measured), first) for node, first, second in ends
    )
    context = tuple(dict.fromkeys(end for _, first, second in ends for end in (first, second)))
    return _contradicted(run, question, base, placements=placements, context=context)


def _elsewhere(run: Run, question: Question, step: Intersection | Except) -> Outcome | None:
    """None of them is among nodes by id, or all are where none was to be; each has a place in the picture."""
    given = step.parts[1:] if isinstance(step, Intersection) else (step.others,)
    if isinstance(step, Intersection) and len(given) == 1 and not isinstance(given[0], Pick):
        return not_the_most(run, question, step)
    if len(given) != 1 or not isinstance(given[0], Pick):
        return None
    base = run.selector.select(step.parts[0] if isinstance(step, Intersection) else step.nodes)
    unseen = np.isnan(run.index.boxes(base.positions, run.window)).any()
    return None if unseen or base.failure is not None else _contradicted(run, question, base)


_TOLD: dict[type[Nodes], Callable[..., Outcome | None]] = {
    Moved: _turned,
    InPicture: _turned,
    Measuring: _turned,
    Exceeding: _not_exceeding,
    Placed: _directed,
    InSpace: _directed,
    Within: _farther,
    InBetween: _not_between,
    Intersection: _elsewhere,
    Except: _elsewhere,
}
"""What tells, of each step over given nodes, that it finds none of them: (run, question, step) -> outcome."""
