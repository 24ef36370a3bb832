"""Given nodes of which none is such as was asked for, by the tables: see `answering_none` for the rule in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assistant.answers import Reason, Status, Verdict
from assistant.bounded_steps import OPPOSITE, Exceeding, Measuring
from assistant.measured_programs import IsInSpace
from assistant.outcomes import Halfway, Outcome
from assistant.programs import IsPlaced
from assistant.sqlite_engine.about_events import is_placed
from assistant.sqlite_engine.about_nodes import found
from assistant.sqlite_engine.about_quantities import is_in_space
from assistant.sqlite_engine.most import not_the_most
from assistant.sqlite_engine.nodes import Picked
from assistant.sqlite_engine.run import Run
from assistant.sqlite_engine.space import centred, each_nearest, in_metres
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


def none_of(run: Run, question: Question, step: Nodes, picked: Picked) -> Outcome | None:
    """The outcome that says no of a step that found nothing, with the given nodes; None where it is open."""
    if type(step) not in _TOLD or picked.gap is None or picked.gap.reason is Reason.NOT_MEASURED:
        return None
    base, *others = _sets(step)
    if isinstance(step, Intersection):  # a place in which nothing lies is no gap
        others = [each for each in others if each != Pick(())]
    if not isinstance(base, Pick | The) or any(run.picker.pick(each).gap for each in (base, *others)):
        return None
    return _TOLD[type(step)](run, question, step)


def none_by_kind(run: Run, step: Nodes) -> bool:
    """Whether given nodes that are all there have other kinds than the one asked for."""
    if not isinstance(step, Intersection) or len(step.parts) != 2:
        return False
    wanted, given = step.parts
    if not isinstance(wanted, Find) or not isinstance(given, Pick) or given.categories is not None:
        return False
    kinds = [run.data.value("SELECT category FROM node WHERE id = ?", node) for node in given.nodes]
    known = wanted.categories is None or any(
        run.data.value("SELECT 1 FROM category WHERE name = ?", name) for name in wanted.categories
    )
    return known and all(kind is not None and kind not in (wanted.categories or (kind,)) for kind in kinds)


def _sets(step: Any) -> tuple[Nodes, ...]:
    """The sets that a step names, the one that it narrows first."""
    match step:
        case Intersection():
            return tuple(step.parts)
        case InBetween():
            return step.nodes, step.first, step.second
        case Moved() | InPicture() | Measuring():
            return (step.nodes,)
    return step.nodes, step.others


def _no(run: Run, question: Question, base: Picked, **told: Any) -> Outcome:
    outcome = found(run, question, base, verdict=Verdict.CONTRADICTED)
    return outcome.with_(**{name: (*getattr(outcome, name), *more) for name, more in told.items()})


def _otherwise(run: Run, question: Question, step: Any) -> Outcome | None:
    """All of them stayed, lie elsewhere, or do not measure so much."""
    other: Nodes
    if isinstance(step, Moved):
        other = Moved(step.nodes, not step.still)
    elif isinstance(step, InPicture):
        other = InPicture(step.nodes, step.part, not step.outside)
    else:
        other = Measuring(step.nodes, step.quantity, OPPOSITE[step.how], step.amount)
    return _all_are(run, question, other)


def _all_are(run: Run, question: Question, other: Nodes, beside: tuple[int, ...] = ()) -> Outcome | None:
    """A step that keeps all of the given nodes, but for some beside them."""
    picked = run.picker.pick(other)
    if picked.gap is not None or picked.claimed or picked.base is None:
        return None
    same = set(run.picker.ids(picked)) == set(run.picker.ids(picked.base)).difference(beside)
    return _no(run, question, picked) if same else None


def _not_exceeding(run: Run, question: Question, step: Exceeding) -> Outcome | None:
    if step.quantity == "relations" or not (step.every or isinstance(step.others, Pick | The)):
        return None
    other = Exceeding(step.nodes, step.quantity, OPPOSITE[step.how], step.others, not step.every)
    others = run.picker.ids(run.picker.pick(step.others))
    return _all_are(run, question, other, others if len(others) == 1 else ())


def _directed(run: Run, question: Question, step: Any) -> Outcome | None:
    if not isinstance(step.others, Pick | The):
        return None
    if isinstance(step, Placed):
        outcome = is_placed(run, IsPlaced(step.nodes, step.direction, step.others))
    else:
        outcome = is_in_space(run, IsInSpace(step.nodes, step.direction, step.others, step.view, step.facing))
    told = outcome.status is Status.ANSWERED or outcome.reason is Reason.WITHIN_ERROR
    return outcome.with_(question=question) if told else None


def _farther(run: Run, question: Question, step: Within) -> Outcome | None:
    if not isinstance(step.others, Pick | The):
        return None
    base = run.picker.pick(step.nodes)
    measures = each_nearest(run.picker, base, run.picker.pick(step.others))
    return None if measures is None else _no(run, question, base, measures=tuple(measures))


def _not_between(run: Run, question: Question, step: InBetween) -> Outcome | None:
    if not isinstance(step.first, Pick | The) or not isinstance(step.second, Pick | The):
        return None
    sides = [run.picker.pick(each) for each in (step.nodes, step.first, step.second)]
    ids = [run.picker.ids(side) for side in sides]
    if any(len(centred(run.picker, side)) < len(own) for side, own in zip(sides, ids, strict=True)):
        return None
    placements = []
    for node in ids[0]:
        ends = [(one, two) for one in ids[1] for two in ids[2] if len({node, one, two}) == 3]
        if not ends:
            return None
        placements.append((node, Halfway(min(ends)[1], True, not in_metres(run.picker)), min(ends)[0]))
    return _no(run, question, sides[0], placements=tuple(placements))


def _elsewhere(run: Run, question: Question, step: Intersection | Except) -> Outcome | None:
    base, *others = map(run.picker.pick, _sets(step))
    if isinstance(step, Intersection) and len(others) == 1 and not isinstance(others[0].step, Pick):
        return not_the_most(run, question, step)
    if len(others) != 1 or not isinstance(others[0].step, Pick):
        return None
    return _no(run, question, base) if run.picker.boxed(base) == set(run.picker.ids(base)) else None


_TOLD: dict[type[Nodes], Callable[..., Outcome | None]] = {
    Moved: _otherwise,
    InPicture: _otherwise,
    Measuring: _otherwise,
    Exceeding: _not_exceeding,
    Placed: _directed,
    InSpace: _directed,
    Within: _farther,
    InBetween: _not_between,
    Intersection: _elsewhere,
    Except: _elsewhere,
}
