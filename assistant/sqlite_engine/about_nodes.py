"""Questions about nodes: is there, how many, which, what kind, what value, doing what, where."""

from __future__ import annotations

from typing import Any

from assistant.adjectives import spelling
from assistant.answers import Reason, Status, Verdict
from assistant.outcomes import Option, Outcome, Sight
from assistant.programs import (
    AttributeOf,
    Between,
    Describe,
    Doing,
    HasAttribute,
    IsA,
    Locate,
    Path,
    Summarise,
    Which,
)
from assistant.sqlite_engine.nodes import Gap, Picked, first_gap
from assistant.sqlite_engine.run import Run
from assistant.sqlite_engine.space import as_measures, centres, measures_of
from assistant.steps import InSpace, Pick, Placed, Question, The

_SUBJECT = "tie.subject IN (SELECT id FROM picked WHERE step = {})"
_OBJECT = "tie.object IN (SELECT id FROM picked WHERE step = {})"
_HOPS = """
WITH RECURSIVE edge AS (
  SELECT tie.id, subject AS a, object AS b FROM tie JOIN active ON active.tie = tie.id AND active.w = ?1
  UNION ALL
  SELECT tie.id, object, subject FROM tie JOIN active ON active.tie = tie.id AND active.w = ?1),
hops (node, n) AS (
  SELECT id, 0 FROM picked WHERE step = ?2
  UNION
  SELECT edge.b, hops.n + 1 FROM hops JOIN edge ON edge.a = hops.node WHERE hops.n < ?3)
SELECT node, min(n) FROM hops GROUP BY node
"""
_MAX_HOPS = 8


def which(run: Run, question: Which) -> Outcome:
    """Which are they?"""
    picked = run.picker.pick(question.nodes)
    if picked.gap is not None:
        return run.absent(question, picked.gap)
    if picked.claimed:
        return run.unrecorded(question, picked)
    return found(run, question, picked)


def summarise(run: Run, question: Summarise) -> Outcome:
    """Everything in the stretch of time."""
    if run.window == 0:
        nodes = run.data.column("SELECT id FROM node ORDER BY id")
    else:
        nodes = run.data.column("SELECT node FROM geometry WHERE w = ? ORDER BY node", run.window)
    if not nodes:
        return run.absent(question, Gap(Reason.ABSENT_OBJECT, False))
    return Outcome(question, Status.ANSWERED, nodes=tuple(nodes), relations=tuple(sorted(run.active("1"))))


def is_a(run: Run, question: IsA) -> Outcome:
    """Are they of these kinds?"""
    picked = run.picker.pick(question.nodes)
    if picked.gap is not None:
        return run.absent(question, picked.gap)
    known = any(run.data.value("SELECT 1 FROM category WHERE name = ?", name) for name in question.categories)
    if not known:
        return run.absent(question, Gap(Reason.ABSENT_OBJECT, False))
    fits = {
        node for name in question.categories for node in run.data.column("SELECT id FROM node WHERE category = ?", name)
    }
    return _judged(run, question, picked, fits, set(run.picker.ids(picked)) - fits)


def has_attribute(run: Run, question: HasAttribute) -> Outcome:
    """Have they this value?"""
    picked = run.picker.pick(question.nodes)
    if picked.gap is not None:
        return run.absent(question, picked.gap)
    name = None if question.attribute is None else spelling(question.attribute)
    fits = set(
        run.data.column(
            "SELECT node FROM item WHERE (?1 IS NULL OR name = ?1) AND value = ?2", name, spelling(question.value)
        )
    )
    differs = set(run.data.column("SELECT node FROM attribute WHERE name = ?", name)) - fits
    outcome = _judged(run, question, picked, fits, differs)
    return outcome.with_(values=_values(run, picked, name))


def attribute_of(run: Run, question: AttributeOf) -> Outcome:
    """Which value have they?"""
    picked = run.picker.pick(question.nodes)
    if picked.gap is not None:
        return run.absent(question, picked.gap)
    values = _values(run, picked, spelling(question.attribute))
    outcome = run.told(question, picked, values=values)
    if not values:
        return run.absent(question, Gap(Reason.ATTRIBUTE_NOT_RECORDED), nodes=outcome.nodes)
    several = len({shown for _, _, shown in values}) > 1
    return run.ambiguous(outcome) if picked.singular and len(outcome.nodes) > 1 and several else outcome


def doing(run: Run, question: Doing) -> Outcome:
    """What do they do?"""
    picked = run.picker.pick(question.nodes)
    if picked.gap is not None:
        return run.absent(question, picked.gap)
    acts = run.active(f"predicate.activity AND {_SUBJECT.format('?')}", picked.number)
    outcome = run.told(question, picked, acts)
    if picked.singular and len(outcome.nodes) > 1:
        return run.ambiguous(outcome)
    if acts:
        return outcome
    others = run.active(_SUBJECT.format("?"), picked.number)
    return run.absent(question, Gap(Reason.ABSENT_RELATION), nodes=outcome.nodes, relations=tuple(sorted(others)))


def locate(run: Run, question: Locate) -> Outcome:
    """Where are they?"""
    picked = run.picker.pick(question.nodes)
    if picked.gap is not None:
        return run.absent(question, picked.gap)
    ties = run.active(f"predicate.spatial AND {_SUBJECT.format('?')}", picked.number)
    if not ties:
        touching = f"({_SUBJECT.format('?')} OR {_OBJECT.format('?')})"
        ties = run.active(touching, picked.number, picked.number)
    outcome = run.told(question, picked, ties)
    if picked.singular and len(outcome.nodes) > 1:
        return run.ambiguous(outcome)
    nowhere = run.data.nowhere() & set(outcome.nodes)
    places = centres(run.picker, run.picker.put(nowhere), "world", None)
    if not ties and not places and not run.picker.boxed(picked):
        return run.absent(question, Gap(Reason.NOT_MEASURED))
    return outcome.with_(measures=as_measures(places))


def between(run: Run, question: Between) -> Outcome:
    """Which relations join them?"""
    one, two = run.picker.pick(question.nodes), run.picker.pick(question.others)
    gap = first_gap(one.gap, two.gap)
    if gap is not None:
        return run.absent(question, gap)
    ends = f"{_SUBJECT.format('?')} AND {_OBJECT.format('?')}"
    ties = run.active(f"(({ends}) OR ({ends}))", one.number, two.number, two.number, one.number)
    if not ties:
        nodes = tuple(sorted({*run.picker.ids(one), *run.picker.ids(two)}))
        return run.absent(question, Gap(Reason.ABSENT_RELATION), nodes=nodes)
    statement = "SELECT subject, object FROM tie WHERE id = ?"
    nodes = tuple(sorted({node for tie in ties for row in run.data.rows(statement, tie) for node in row}))
    relations = tuple(sorted(ties))
    return Outcome(question, Status.ANSWERED, nodes=nodes, relations=relations, context=relations)


def describe(run: Run, question: Describe) -> Outcome:
    """What is recorded of them?"""
    picked = run.picker.pick(question.nodes)
    if picked.gap is not None:
        return run.absent(question, picked.gap)
    touching = f"({_SUBJECT.format('?')} OR {_OBJECT.format('?')})"
    outcome = run.told(question, picked, run.active(touching, picked.number, picked.number))
    if picked.singular and len(outcome.nodes) > 1:
        return run.ambiguous(outcome)
    return outcome.with_(values=_values(run, picked, None))


def path(run: Run, question: Path) -> Outcome:
    """Over which shortest chain are they tied?"""
    near, far = run.picker.pick(question.nodes), run.picker.pick(question.others)
    gap = first_gap(near.gap, far.gap)
    if gap is not None:
        return run.absent(question, gap)
    ahead, back = (dict(run.data.rows(_HOPS, run.window, side.number, _MAX_HOPS)) for side in (near, far))
    lengths = [ahead[node] for node in run.picker.ids(far) if node in ahead]
    if not lengths:
        return run.absent(question, Gap(Reason.ABSENT_RELATION))
    length, beyond = min(lengths), _MAX_HOPS + 1
    chained = set()
    for tie, a, b in run.data.rows(
        "SELECT tie.id, subject, object FROM tie JOIN active ON active.tie = tie.id AND active.w = ?", run.window
    ):
        for one, other in ((a, b), (b, a)):
            if ahead.get(one, beyond) + 1 + back.get(other, beyond) == length:
                chained.add(tie)
    nodes = tuple(sorted(node for node in ahead if ahead[node] + back.get(node, beyond) == length))
    return Outcome(question, Status.ANSWERED, nodes=nodes, relations=tuple(sorted(chained)), number=length)


def placements_of(run: Run, picked: Picked, kept: int | None = None) -> set[tuple[int, Any, int]]:
    """The placements by which the nodes of a set (those in the set number `kept`) were singled out."""
    kept = picked.number if kept is None else kept
    found: set[tuple[int, Any, int]] = set()
    if picked.placements:
        near = set(run.picker.ids(kept))
        found |= {each for each in picked.placements if each[0] in near}
    if picked.linked and picked.other is not None:
        inside = "FROM link WHERE step = ? AND near IN (SELECT id FROM picked WHERE step = ?)"
        pairs = run.data.rows(f"SELECT near, far {inside}", picked.number, kept)
        if isinstance(picked.step, Placed):
            found |= {(a, picked.step.direction, b) for a, b in pairs}
        if isinstance(picked.step, InSpace):
            found |= {(a, Sight(picked.step.direction, picked.step.view), b) for a, b in pairs}
        found |= placements_of(run, picked.other, run.picker.put({far for _, far in pairs}))
    for part in picked.parts:
        inside_both = set(run.picker.ids(kept)) & set(run.picker.ids(part))
        found |= placements_of(run, part, run.picker.put(inside_both))
    return found | placements_of(run, picked.base, kept) if picked.base is not None else found


def found(
    run: Run, question: Question, picked: Picked, verdict: Verdict | None = None, number: int | None = None
) -> Outcome:
    """The nodes and what they rest on; asked back where "the horse" may mean several and it matters which."""
    outcome = run.told(
        question,
        picked,
        verdict=verdict,
        number=number,
        placements=tuple(placements_of(run, picked)),
        measures=tuple(measures_of(run.picker, picked)),
    )
    options = _meant(run, picked) if verdict is None else ()
    if len(options) < 2:
        return outcome
    return outcome.with_(status=Status.AMBIGUOUS, reason=Reason.AMBIGUOUS_REFERENT, options=options)


def _meant(run: Run, picked: Picked) -> tuple[Option, ...]:
    """Nodes that "the horse" may mean, where the answer depends on which."""
    other = picked.other
    if not picked.linked or other is None or not other.singular:
        return ()
    assert isinstance(other.step, The)
    if isinstance(other.step.nodes, Pick):
        return ()
    answers: dict[int, set[int]] = {}
    for near, far in run.data.rows("SELECT near, far FROM link WHERE step = ?", picked.number):
        answers.setdefault(far, set()).add(near)
    if len(set(map(frozenset, answers.values()))) < 2:
        return ()
    return tuple(Option(far, tuple(sorted(near))) for far, near in sorted(answers.items()))


def _judged(run: Run, question: Question, picked: Picked, fits: set[int], differs: set[int]) -> Outcome:
    """Yes if it fits all of them, no if one differs; with one meant of several, asked back."""
    nodes = set(run.picker.ids(picked))
    outcome = run.told(question, picked)
    named = isinstance(picked.step, The)
    if nodes <= fits or (nodes & fits and not named):
        return outcome.with_(verdict=Verdict.SUPPORTED)
    if nodes & fits and picked.singular:
        return run.ambiguous(outcome)
    if (nodes & differs) if named else nodes <= differs:
        return outcome.with_(verdict=Verdict.CONTRADICTED)
    return run.absent(question, Gap(Reason.ATTRIBUTE_NOT_RECORDED), nodes=outcome.nodes)


def _values(run: Run, picked: Picked, name: str | None) -> tuple[tuple[int, str, Any], ...]:
    statement = (
        "SELECT node, name, shown FROM attribute WHERE (?1 IS NULL OR name = ?1) "
        "AND node IN (SELECT id FROM picked WHERE step = ?2)"
    )
    return tuple(run.data.rows(statement, name, picked.number))
