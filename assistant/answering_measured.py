"""Questions about quantities and about space."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float64

from assistant.answering_nodes import ambiguous, coordinates_of, given, is_singular
from assistant.answering_sets import unrecorded
from assistant.answers import Reason, Status, Verdict
from assistant.measured_programs import (
    Bearing,
    Compare,
    CompareCounts,
    CompareDistances,
    Coordinates,
    Distance,
    IsInSpace,
    Measure,
)
from assistant.outcomes import Failure, Measured, Outcome, Sight, first_failure
from assistant.quantities import TOLERANCE, measured, order
from assistant.selecting_measured import apart, error_of, faced, refuse_crowds, space_pairs
from assistant.selection import Selection
from assistant.steps import METRIC, Question
from scenegraph.spans import Span

if TYPE_CHECKING:
    from assistant.executor import Run


def measure(run: Run, question: Measure) -> Outcome:
    """How much of a quantity has each of the nodes?"""
    selection = run.selector.select(question.nodes)
    if selection.failure is not None:
        return run.absent(question, selection.failure)
    at = selection.positions
    values, errors = measured(run.index, at, question.quantity, run.window)
    measures = tuple(
        Measured(int(run.index.ids[node]), None, question.quantity, float(value), error_of(error))
        for node, value, error in zip(at, values, errors, strict=True)
        if not np.isnan(value)
    )
    return _told(run, question, selection, measures)


def coordinates(run: Run, question: Coordinates) -> Outcome:
    """Where in metres are the nodes?"""
    selection = run.selector.select(question.nodes)
    if selection.failure is not None:
        return run.absent(question, selection.failure)
    facing = faced(run.selector, question.facing)
    return _told(run, question, selection, coordinates_of(run, selection.positions, question.view, facing))


def distance(run: Run, question: Distance) -> Outcome:
    """How many metres lie between the nodes?"""
    near, far, lengths, errors = apart(run.selector, question, question.nodes, question.others)
    failure = first_failure(near.failure, far.failure)
    if failure is not None:
        return run.absent(question, failure)
    ids = run.index.ids
    measures = tuple(
        Measured(int(ids[near.positions[a]]), int(ids[far.positions[b]]), "distance", float(length), error_of(error))
        for (a, b), length, error in zip(np.ndindex(lengths.shape), lengths.flat, errors.flat, strict=True)
        if not np.isnan(length)
    )
    outcome = _told(run, question, near, measures)
    if outcome.status is Status.ANSWERED and is_singular(far) and len(far.positions) > 1:
        return ambiguous(outcome, tuple(ids[far.positions].tolist()))
    return outcome


def bearing(run: Run, question: Bearing) -> Outcome:
    """How far away and in which direction are the nodes, from the camera or from the others?"""
    near = run.selector.select(question.nodes)
    far = None if question.others is None else run.selector.select(question.others)
    failure = first_failure(near.failure, None if far is None else far.failure)
    if failure is not None:
        return run.absent(question, failure)
    others = None if far is None else far.positions
    refuse_crowds(run.selector, len(near.positions) * (1 if others is None else len(others)), question)
    frames, ways, errors = run.index.space.latest(near.positions, others, question.view, run.window)
    ids, measures = run.index.ids, []
    for a, b in np.argwhere(frames >= 0).tolist():
        ends = int(ids[near.positions[a]]), None if others is None else int(ids[others[b]])
        spans, error = (Span(int(frames[a, b]), int(frames[a, b]) + 1),), error_of(errors[a, b])
        length = float(np.sqrt((ways[a, b] ** 2).sum()))
        measures.append(Measured(*ends, "distance", length, error, spans))
        measures += [
            Measured(*ends, axis, float(way), error, spans) for axis, way in zip("xyz", ways[a, b], strict=True)
        ]
    outcome = _told(run, question, near, tuple(measures))
    several = far is not None and is_singular(far) and len(far.positions) > 1
    if outcome.status is Status.ANSWERED and far is not None and several:
        return ambiguous(outcome, tuple(ids[far.positions].tolist()))
    return outcome


def framed(run: Run, measures: tuple[Measured, ...]) -> tuple[Measured, ...]:
    """Measures in metres with the frames that they rest on."""
    space, index = run.index.space, run.index
    return tuple(
        each
        if each.frames or each.quantity not in (*METRIC, "x", "y", "z")
        else each._replace(
            frames=space.frames(
                index.position(each.node),
                None if each.other is None else index.position(each.other),
                each.quantity,
                run.window,
            )
        )
        for each in measures
    )


def compare(run: Run, question: Compare) -> Outcome:
    """Have the nodes more (less, equally much) of a quantity than the others?"""
    sides = run.selector.select(question.nodes), run.selector.select(question.others)
    failure = first_failure(*(side.failure for side in sides))
    if failure is not None:
        return run.absent(question, failure)
    (first, first_errors), (second, second_errors) = (
        measured(run.index, side.positions, question.quantity, run.window) for side in sides
    )
    if np.isnan(first).any() or np.isnan(second).any():
        return run.absent(question, Failure(question, Reason.NOT_MEASURED))
    ids = run.index.ids
    measures: dict[int, Measured] = {}  # one a node, though it may stand on both sides
    for side, values, spread in zip(sides, (first, second), (first_errors, second_errors), strict=True):
        for node, value, error in zip(ids[side.positions].tolist(), values, spread, strict=True):
            measures.setdefault(node, Measured(node, None, question.quantity, float(value), error_of(error)))
    return _compared(run, question, sides, tuple(measures.values()), (first, first_errors), (second, second_errors))


def compare_distances(run: Run, question: CompareDistances) -> Outcome:
    """Are the nodes farther from the nearest target than the others?"""
    apart_from = [apart(run.selector, question, nodes, question.target) for nodes in (question.nodes, question.others)]
    (first, target, *_), (second, *_) = apart_from
    failure = first_failure(first.failure, second.failure, target.failure)
    if failure is not None:
        return run.absent(question, failure)
    values: list[tuple[np.ndarray, np.ndarray]] = []
    measures: dict[tuple[int, int | None], Measured] = {}  # one a pair, though a node may stand on both sides
    for sides in apart_from:
        nearest = each_nearest(run, *sides)
        if nearest is None:
            return run.absent(question, Failure(question, Reason.NOT_MEASURED))
        least: dict[int, float] = {}
        spread: dict[int, float] = {}
        for each in nearest:
            least[each.node] = min(each.value, least.get(each.node, each.value))
            spread[each.node] = max(each.error or 0.0, spread.get(each.node, 0.0))
            measures.setdefault((each.node, each.other), each)
        values.append((np.array(list(least.values())), np.array(list(spread.values()))))
    outcome = _compared(run, question, (first, second, target), tuple(measures.values()), *values)
    targets = tuple(run.index.ids[target.positions].tolist())
    several = is_singular(target) and len(targets) > 1
    return ambiguous(outcome, targets) if outcome.status is Status.ANSWERED and several else outcome


def each_nearest(
    run: Run, base: Selection, other: Selection, lengths: Float64[np.ndarray, "n m"], errors: Float64[np.ndarray, "n m"]
) -> tuple[Measured, ...] | None:
    """How far each of some nodes is from the nearest of the others; None where not all distances are known."""
    known = np.isfinite(lengths)
    same = base.positions[:, None] == other.positions[None, :]
    if not (known | same).all() or not known.any(axis=1).all():
        return None
    ids, nearest = run.index.ids, np.nanmin(lengths, axis=1, keepdims=True)
    return tuple(
        Measured(
            *(int(ids[base.positions[row]]), int(ids[other.positions[column]]), "distance"),
            *(float(lengths[row, column]), error_of(errors[row, column])),
        )
        for row, column in np.argwhere(lengths <= nearest + TOLERANCE).tolist()
    )


def compare_counts(run: Run, question: CompareCounts) -> Outcome:
    """Are there more (fewer, equally many) of the nodes than of the others, of those that the graph shows?"""
    sides = run.selector.select(question.nodes), run.selector.select(question.others)
    failure = first_failure(*(side.failure for side in sides))
    if failure is not None:
        return run.absent(question, failure)
    for side in sides:
        if side.claimed:
            return unrecorded(run, question, side)
    first, second = (int(side.mask.sum()) for side in sides)
    yes = {"more": first > second, "less": first < second, "equal": first == second}[question.how]
    return Outcome(
        *(question, Status.ANSWERED, None, Verdict.SUPPORTED if yes else Verdict.CONTRADICTED),
        nodes=tuple(run.index.ids[sides[0].positions].tolist()),
        context=tuple(run.index.ids[sides[1].positions].tolist()),
        assumed=tuple(dict.fromkeys((*sides[0].assumed, *sides[1].assumed))),
        window=run.window,
    )


def is_in_space(run: Run, question: IsInSpace) -> Outcome:
    """Does one of the nodes (every one of them) lie in that direction of one of the others in space?"""
    near, far = run.selector.select(question.nodes), run.selector.select(question.others)
    failure = first_failure(near.failure, far.failure)
    if failure is not None:
        return run.absent(question, failure)
    pairs = space_pairs(run.selector, near, far, question)
    if not pairs.known.any():
        return run.absent(question, Failure(question, Reason.NOT_MEASURED))
    met, barred = pairs.yes.any(axis=1), (pairs.no | ~pairs.known).all(axis=1) & pairs.known.any(axis=1)
    yes = bool(met.all() if question.every else met.any())
    no = bool(barred.any() if question.every else barred.all())
    ids = run.index.ids
    sight = Sight(question.direction, question.view)
    rows, columns = np.nonzero(pairs.yes)
    return Outcome(
        question,
        Status.ANSWERED if yes or no else Status.UNANSWERABLE,
        None if yes or no else Reason.WITHIN_ERROR,
        Verdict.SUPPORTED if yes else Verdict.CONTRADICTED if no else Verdict.NOT_IN_GRAPH,
        nodes=tuple(ids[near.positions[met] if yes else near.positions].tolist()),
        context=tuple(ids[far.positions].tolist()),
        placements=tuple(
            (int(ids[near.positions[a]]), sight, int(ids[far.positions[b]])) for a, b in zip(rows, columns, strict=True)
        )
        if yes
        else (),
        measures=pairs.measures(ids, near, far, pairs.yes if yes else pairs.known),
        assumed=tuple(dict.fromkeys((*near.assumed, *far.assumed))),
        window=run.window,
    )


def _told(run: Run, question: Question, selection: Selection, measures: tuple[Measured, ...]) -> Outcome:
    """The measures; asked back where one of several nodes is meant; not measured where there are none."""
    if not measures:
        return run.absent(question, Failure(question, Reason.NOT_MEASURED))
    outcome = given(run, question, selection)
    if is_singular(selection) and len(outcome.nodes) > 1:
        return ambiguous(outcome)
    others = tuple(dict.fromkeys(each.other for each in measures if each.other is not None))
    context = tuple(dict.fromkeys((*outcome.context, *others)))
    return outcome.with_(measures=measures, context=context)


def _compared(
    run: Run,
    question: Compare | CompareDistances,
    sides: tuple[Selection, ...],
    measures: tuple[Measured, ...],
    one: tuple[np.ndarray, np.ndarray],
    other: tuple[np.ndarray, np.ndarray],
) -> Outcome:
    """Yes if so for all pairs, no if for none; open within the error; else it is asked back which are meant.

    The two sides that are compared come with their values and standard deviations; further sides are told.
    """
    errors = np.hypot(np.nan_to_num(one[1])[:, None], np.nan_to_num(other[1])[None, :])
    order_of = order(one[0][:, None] - other[0][None, :], errors)
    yes = {"more": order_of.more, "less": order_of.less, "equal": order_of.equal}[question.how]
    first, second, *rest = (tuple(run.index.ids[side.positions].tolist()) for side in sides)
    outcome = Outcome(
        *(question, Status.ANSWERED, None, Verdict.SUPPORTED),
        nodes=first,
        context=tuple(dict.fromkeys((*second, *(node for nodes in rest for node in nodes)))),
        measures=measures,
        assumed=tuple(dict.fromkeys(step for side in sides for step in side.assumed)),
        window=run.window,
    )
    if yes.all():
        return outcome
    if order_of.open.any():
        return outcome.with_(status=Status.UNANSWERABLE, reason=Reason.WITHIN_ERROR, verdict=Verdict.NOT_IN_GRAPH)
    if not yes.any():
        return outcome.with_(verdict=Verdict.CONTRADICTED)
    return ambiguous(outcome.with_(verdict=None), first if len(first) > 1 else second)
