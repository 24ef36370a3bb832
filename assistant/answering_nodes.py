"""Questions about given nodes: what they are, their attributes, what they do, where they are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Bool, Int64

from assistant.adjectives import spelling
from assistant.answers import Reason, Status, Verdict
from assistant.outcomes import Failure, Measured, Option, Outcome, first_failure
from assistant.programs import AttributeOf, Between, Describe, Doing, HasAttribute, IsA, Locate
from assistant.selecting import having
from assistant.selection import Selection
from assistant.steps import Question, The, View

if TYPE_CHECKING:
    from assistant.executor import Run


def is_a(run: Run, question: IsA) -> Outcome:
    """Are the nodes of these categories?"""
    selection = run.selector.select(question.nodes)
    if selection.failure is not None:
        return run.absent(question, selection.failure)
    if not any(map(run.index.has_category, question.categories)):
        return run.absent(question, Failure(question, Reason.ABSENT_OBJECT, known=False))
    fits = run.index.of_categories(question.categories)
    return _judged(run, question, selection, fits, ~fits)


def has_attribute(run: Run, question: HasAttribute) -> Outcome:
    """Does an attribute of the nodes have this value?"""
    selection = run.selector.select(question.nodes)
    if selection.failure is not None:
        return run.absent(question, selection.failure)
    recorded, matches = having(run.index, question.value, question.attribute)
    other = recorded & ~matches if question.attribute is not None else np.zeros_like(recorded)
    outcome = _judged(run, question, selection, matches, other)
    return _with_values(run, outcome, selection, question.attribute)


def attribute_of(run: Run, question: AttributeOf) -> Outcome:
    """What is the value of the attribute?"""
    selection = run.selector.select(question.nodes)
    if selection.failure is not None:
        return run.absent(question, selection.failure)
    outcome = given(run, question, selection)
    outcome = _with_values(run, outcome, selection, question.attribute)
    if not outcome.values:
        failure = Failure(question, Reason.ATTRIBUTE_NOT_RECORDED)
        return run.absent(question, failure, nodes=outcome.nodes, assumed=selection.assumed)
    if is_singular(selection) and len(outcome.nodes) > 1 and len({str(value) for _, _, value in outcome.values}) > 1:
        return ambiguous(outcome)
    return outcome


def doing(run: Run, question: Doing) -> Outcome:
    """The relations of which the nodes are the subject, activities only where there are any."""
    selection = run.selector.select(question.nodes)
    if selection.failure is not None:
        return run.absent(question, selection.failure)
    outgoing = _among(run, selection.mask[run.index.subjects])
    acts = outgoing & activities(run)
    outcome = given(run, question, selection, acts)
    if is_singular(selection) and len(outcome.nodes) > 1:
        return ambiguous(outcome)
    if not acts.any():
        failure = Failure(question, Reason.ABSENT_RELATION)
        return run.absent(
            *(question, failure),
            nodes=outcome.nodes,
            relations=tuple(run.selector.in_order(np.flatnonzero(outgoing))),
            assumed=selection.assumed,
        )
    return outcome


def locate(run: Run, question: Locate) -> Outcome:
    """The relations that say where the nodes are; wording adds the part of the picture.

    Of nodes that no picture shows come the places in metres.
    """
    selection = run.selector.select(question.nodes)
    if selection.failure is not None:
        return run.absent(question, selection.failure)
    index = run.index
    outgoing = _among(run, selection.mask[index.subjects])
    incoming = _among(run, selection.mask[index.objects])
    spatial = outgoing & index.spatial
    chosen = next((group for group in (spatial, incoming | outgoing) if group.any()), spatial)
    outcome = given(run, question, selection, chosen)
    if is_singular(selection) and len(outcome.nodes) > 1:
        return ambiguous(outcome)
    unlocated = np.array([at for at in selection.positions if not index.nodes[at].located], dtype=np.int64)
    measures = coordinates_of(run, unlocated, "world", None)
    if not chosen.any() and not measures and np.isnan(index.areas(selection.positions, run.window)).all():
        return run.absent(question, Failure(question, Reason.NOT_MEASURED))
    return outcome.with_(measures=measures)


def coordinates_of(
    run: Run, at: Int64[np.ndarray, " n"], view: View, facing: Int64[np.ndarray, " k"] | None
) -> tuple[Measured, ...]:
    """Where nodes are in metres in a view, those that are measured."""
    centres, errors = run.index.space.places(at, view, run.window, facing)
    return tuple(
        Measured(int(run.index.ids[node]), None, axis, float(value), float(error) if error > 0 else None)
        for node, centre, error in zip(at, centres, errors, strict=True)
        if not np.isnan(centre).any()
        for axis, value in zip("xyz", centre, strict=True)
    )


def between(run: Run, question: Between) -> Outcome:
    """The relations that join the two sets, in either direction."""
    first, second = run.selector.select(question.nodes), run.selector.select(question.others)
    failure = first_failure(first.failure, second.failure)
    if failure is not None:
        return run.absent(question, failure)
    index = run.index
    ahead = first.mask[index.subjects] & second.mask[index.objects]
    back = second.mask[index.subjects] & first.mask[index.objects]
    joined = _among(run, ahead | back)
    nodes = tuple(index.ids[first.mask | second.mask].tolist())
    assumed = tuple(dict.fromkeys((*first.assumed, *second.assumed)))
    if not joined.any():
        return run.absent(question, Failure(question, Reason.ABSENT_RELATION), nodes=nodes, assumed=assumed)
    relations = tuple(run.selector.in_order(np.flatnonzero(joined)))
    tied = [index.ids[ends].tolist() for at in relations for ends in (index.subjects[at], index.objects[at])]
    return Outcome(
        *(question, Status.ANSWERED),
        nodes=tuple(sorted(set(tied))),
        relations=relations,
        assumed=assumed,
        window=run.window,
    )


def describe(run: Run, question: Describe) -> Outcome:
    """Everything recorded of the nodes."""
    selection = run.selector.select(question.nodes)
    if selection.failure is not None:
        return run.absent(question, selection.failure)
    index = run.index
    touching = _among(run, selection.mask[index.subjects] | selection.mask[index.objects])
    outcome = given(run, question, selection, touching)
    if is_singular(selection) and len(outcome.nodes) > 1:
        return ambiguous(outcome)
    return _with_values(run, outcome, selection, None)


def activities(run: Run) -> Bool[np.ndarray, " relations"]:
    """The relations that say what somebody does, within the stretch of time."""
    return _among(run, run.index.activities)


def _judged(
    run: Run,
    question: Question,
    selection: Selection,
    fits: Bool[np.ndarray, " nodes"],
    differs: Bool[np.ndarray, " nodes"],
) -> Outcome:
    """Yes if it fits all nodes, no if one differs; if one is meant of several, it is asked back which."""
    outcome = given(run, question, selection)
    some = not isinstance(selection.step, The)  # "is a car blue?" asks for one of them, "the cars" for all
    yes, every = bool((fits & selection.mask).any()), bool((fits | ~selection.mask).all())
    no = bool((differs | ~selection.mask).all() if some else (differs & selection.mask).any())
    if every or (yes and some):
        return _decided(outcome, Verdict.SUPPORTED)
    if yes and is_singular(selection):
        return ambiguous(outcome)
    if no:
        return _decided(outcome, Verdict.CONTRADICTED)
    failure = Failure(question, Reason.ATTRIBUTE_NOT_RECORDED)
    return run.absent(question, failure, nodes=outcome.nodes, assumed=outcome.assumed)


def given(
    run: Run, question: Question, selection: Selection, relations: Bool[np.ndarray, " relations"] | None = None
) -> Outcome:
    """An answered outcome about the nodes: these relations first, then what singled the nodes out."""
    evidence = run.selector.evidence(selection, selection.mask)
    first = [] if relations is None else run.selector.in_order(np.flatnonzero(relations))
    return Outcome(
        *(question, Status.ANSWERED),
        nodes=tuple(run.index.ids[selection.positions].tolist()),
        relations=tuple(dict.fromkeys((*first, *evidence.relations))),
        context=tuple(run.index.ids[evidence.context].tolist()),
        number=None if relations is None else len(first),
        assumed=selection.assumed,
        window=run.window,
    )


def _decided(outcome: Outcome, verdict: Verdict) -> Outcome:
    return replace(outcome, verdict=verdict)


def ambiguous(outcome: Outcome, meant: tuple[int, ...] | None = None) -> Outcome:
    """The outcome where it is asked back which of several nodes is meant, by default which of the answer's."""
    return replace(
        outcome,
        status=Status.AMBIGUOUS,
        reason=Reason.AMBIGUOUS_REFERENT,
        options=tuple(Option(node) for node in (outcome.nodes if meant is None else meant)),
    )


def _with_values(run: Run, outcome: Outcome, selection: Selection, attribute: str | None) -> Outcome:
    index = run.index
    values: list[tuple[int, str, Any]] = [
        (int(index.ids[rows[at][0]]), name, rows[at][1])
        for name, rows in sorted(index.attributes.items())
        if attribute is None or name == spelling(attribute)
        for at in np.flatnonzero(selection.mask[index.recorded[name]])
    ]
    return replace(outcome, values=tuple(values))


def is_singular(selection: Selection) -> bool:
    """Whether one node is meant ("the dog")."""
    return isinstance(selection.step, The) and not selection.step.plural


def _among(run: Run, relations: Bool[np.ndarray, " relations"]) -> Bool[np.ndarray, " relations"]:
    return relations & (run.index.believed if run.selector.active is None else run.selector.active)
