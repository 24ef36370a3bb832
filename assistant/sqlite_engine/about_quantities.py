"""Questions about quantities, space, values and options."""

from __future__ import annotations

from typing import Any

from assistant.adjectives import ATTRIBUTE_OF, spelling
from assistant.answering_layout import PART
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
from assistant.names import plain, shown_names, spoken
from assistant.outcomes import Measured, Outcome, Sight
from assistant.programs import Alike, ChoosePart, ChooseValue, Common
from assistant.sqlite_engine.amounts import ordered
from assistant.sqlite_engine.nodes import Gap, Picked, first_gap
from assistant.sqlite_engine.placing import lying_in
from assistant.sqlite_engine.run import Run
from assistant.sqlite_engine.space import as_measures, centres, directed, distances, each_nearest, latest, quantity
from assistant.steps import Question
from assistant.text import NUMBERS
from scenegraph import SceneGraph

_ITEMS = """
SELECT DISTINCT node, name, value FROM item WHERE NOT empty AND name <> 'kind'
AND node IN (SELECT id FROM picked WHERE step = ?1) UNION
SELECT id, 'kind', category FROM node WHERE id IN (SELECT id FROM picked WHERE step = ?1)
"""
_PLACES = ("left", "right", "top", "bottom", "middle", *(f"{side} half" for side in ("left", "right", "top", "bottom")))
_CORNERS = tuple(f"{edge} {side}" for edge in ("top", "bottom") for side in ("left", "right"))
_NOBODY = ("nothing", "nobody", "none", "no one")


def measure(run: Run, question: Measure) -> Outcome:
    """How much has each?"""
    picked = run.picker.pick(question.nodes)
    if picked.gap is not None:
        return run.absent(question, picked.gap)
    values = quantity(run.picker, picked.number, question.quantity)
    measures = tuple(Measured(node, None, question.quantity, *value) for node, value in values.items())
    return _told(run, question, picked, measures)


def coordinates(run: Run, question: Coordinates) -> Outcome:
    """Where are they?"""
    picked = run.picker.pick(question.nodes)
    if picked.gap is not None:
        return run.absent(question, picked.gap)
    places = centres(run.picker, picked.number, question.view, question.facing)
    return _told(run, question, picked, as_measures(places))


def distance(run: Run, question: Distance) -> Outcome:
    """How far apart are they?"""
    near, far = run.picker.pick(question.nodes), run.picker.pick(question.others)
    lengths = distances(run.picker, near, far)
    gap = first_gap(near.gap, far.gap)
    if gap is not None:
        return run.absent(question, gap)
    measures = tuple(Measured(a, b, "distance", *value) for (a, b), value in lengths.items())
    outcome = _told(run, question, near, measures)
    several = far.singular and len(run.picker.ids(far)) > 1
    return run.ambiguous(outcome, run.picker.ids(far)) if outcome.status is Status.ANSWERED and several else outcome


def bearing(run: Run, question: Bearing) -> Outcome:
    """How far away and in which direction are they?"""
    near = run.picker.pick(question.nodes)
    far = None if question.others is None else run.picker.pick(question.others)
    gap = first_gap(near.gap, None if far is None else far.gap)
    if gap is not None:
        return run.absent(question, gap)
    outcome = _told(run, question, near, tuple(latest(run.picker, near, far, question.view)))
    several = far is not None and far.singular and len(run.picker.ids(far)) > 1
    if outcome.status is Status.ANSWERED and far is not None and several:
        return run.ambiguous(outcome, run.picker.ids(far))
    return outcome


def compare(run: Run, question: Compare) -> Outcome:
    """Have the nodes more than the others?"""
    sides = run.picker.pick(question.nodes), run.picker.pick(question.others)
    gap = first_gap(*(side.gap for side in sides))
    if gap is not None:
        return run.absent(question, gap)
    ids = [run.picker.ids(side) for side in sides]
    values = [quantity(run.picker, side.number, question.quantity) for side in sides]
    if any(len(own) < len(value) for own, value in zip(values, ids, strict=True)):
        return run.absent(question, Gap(Reason.NOT_MEASURED))
    known = {**values[1], **values[0]}
    order = dict.fromkeys(node for own in values for node in own)
    measures = tuple(Measured(node, None, question.quantity, *known[node]) for node in order)
    return _compared(run, question, ids, values, measures)


def compare_distances(run: Run, question: CompareDistances) -> Outcome:
    """Do they lie farther away?"""
    sides = [run.picker.pick(nodes) for nodes in (question.nodes, question.others)]
    target = run.picker.pick(question.target)
    nearest = [each_nearest(run.picker, side, target) for side in sides]
    gap = first_gap(*(side.gap for side in sides), target.gap)
    if gap is not None:
        return run.absent(question, gap)
    values: list[dict[int, tuple[float, float | None]]] = []
    measures: dict[tuple[int, int | None], Measured] = {}
    for own in nearest:
        if own is None:
            return run.absent(question, Gap(Reason.NOT_MEASURED))
        values.append({})
        for each in own:
            least, error = values[-1].get(each.node, (each.value, 0.0))
            values[-1][each.node] = min(least, each.value), max(error or 0.0, each.error or 0.0)
            measures.setdefault((each.node, each.other), each)
    targets = run.picker.ids(target)
    outcome = _compared(run, question, [run.picker.ids(side) for side in sides], values, tuple(measures.values()))
    outcome = outcome.with_(context=tuple(dict.fromkeys((*outcome.context, *targets))))
    several = target.singular and len(targets) > 1
    return run.ambiguous(outcome, targets) if outcome.status is Status.ANSWERED and several else outcome


def _compared(
    run: Run,
    question: Compare | CompareDistances,
    ids: list[tuple[int, ...]],
    values: list[dict[int, tuple[float, float | None]]],
    measures: tuple[Measured, ...],
) -> Outcome:
    """Whether all of the first have more than all of the second, by their values."""
    found = {ordered(one, other, question.how) for one in values[0].values() for other in values[1].values()}
    outcome = Outcome(
        *(question, Status.ANSWERED, None, Verdict.SUPPORTED), nodes=ids[0], context=ids[1], measures=measures
    )
    if found == {"yes"}:
        return outcome
    if "open" in found:
        return outcome.with_(status=Status.UNANSWERABLE, reason=Reason.WITHIN_ERROR, verdict=Verdict.NOT_IN_GRAPH)
    if found == {"no"}:
        return outcome.with_(verdict=Verdict.CONTRADICTED)
    return run.ambiguous(outcome.with_(verdict=None), ids[0] if len(ids[0]) > 1 else ids[1])


def compare_counts(run: Run, question: CompareCounts) -> Outcome:
    """Are there more of these than of those?"""
    sides = run.picker.pick(question.nodes), run.picker.pick(question.others)
    gap = first_gap(*(side.gap for side in sides))
    if gap is not None:
        return run.absent(question, gap)
    for side in sides:
        if side.claimed:
            return run.unrecorded(question, side)
    first, second = (run.picker.ids(side) for side in sides)
    order = (len(first) > len(second)) - (len(first) < len(second))
    yes = order == {"more": 1, "less": -1, "equal": 0}[question.how]
    verdict = Verdict.SUPPORTED if yes else Verdict.CONTRADICTED
    return Outcome(question, Status.ANSWERED, None, verdict, nodes=first, context=second)


def is_in_space(run: Run, question: IsInSpace) -> Outcome:
    """Do they lie in that direction in space?"""
    near, far = run.picker.pick(question.nodes), run.picker.pick(question.others)
    gap = first_gap(near.gap, far.gap)
    if gap is not None:
        return run.absent(question, gap)
    yes, no, known = directed(run.picker, near, far, question)
    if not known:
        return run.absent(question, Gap(Reason.NOT_MEASURED))
    nodes = run.picker.ids(near)
    met = {a for a, _ in yes}
    comparable = {a for a, _ in known}
    barred = {a for a in comparable if all(pair in no for pair in known if pair[0] == a)}
    quantifier: Any = all if question.every else any
    opposite: Any = any if question.every else all
    if quantifier(node in met for node in nodes):
        sight = Sight(question.direction, question.view)
        placements = tuple((a, sight, b) for a, b in yes)
        kept, offsets = tuple(node for node in nodes if node in met), tuple(known[pair] for pair in yes)
        return Outcome(
            *(question, Status.ANSWERED, None, Verdict.SUPPORTED), nodes=kept, placements=placements, measures=offsets
        )
    offsets = tuple(known.values())
    if opposite(node in barred for node in nodes):
        return Outcome(question, Status.ANSWERED, None, Verdict.CONTRADICTED, nodes=nodes, measures=offsets)
    unsure = (question, Status.UNANSWERABLE, Reason.WITHIN_ERROR, Verdict.NOT_IN_GRAPH)
    return Outcome(*unsure, nodes=nodes, measures=offsets)


def alike(run: Run, question: Alike) -> Outcome:
    """Have they the same (different) values?"""
    picked = run.picker.pick(question.nodes)
    nodes = run.picker.ids(picked)
    if picked.gap is not None or len(nodes) < 2:
        return run.absent(question, picked.gap or Gap(Reason.ABSENT_OBJECT))
    name = spelling(question.attribute)
    rows = [row for row in run.data.rows(_ITEMS, picked.number) if row[1] == name]
    owned = {node: {row[2] for row in rows if row[0] == node} for node in nodes}
    recorded = [values for values in owned.values() if values]
    sharing = [bool(a & b) for at, a in enumerate(recorded) for b in recorded[:at]]
    complete = len(recorded) == len(nodes)
    if question.different:
        yes, no = complete and True not in sharing, True in sharing
    else:
        yes, no = complete and bool(set.intersection(*owned.values())), False in sharing
    if not yes and not no:
        return run.absent(question, Gap(Reason.ATTRIBUTE_NOT_RECORDED), nodes=nodes)
    verdict = Verdict.SUPPORTED if yes else Verdict.CONTRADICTED
    return run.told(question, picked, verdict=verdict, values=tuple(rows))


def common(run: Run, question: Common) -> Outcome:
    """What do they share?"""
    picked = run.picker.pick(question.nodes)
    nodes = run.picker.ids(picked)
    if picked.gap is not None or len(nodes) < 2:
        return run.absent(question, picked.gap or Gap(Reason.ABSENT_OBJECT))
    rows = run.data.rows(
        f"WITH own AS ({_ITEMS}) SELECT node, name, value FROM own WHERE (name, value) IN "
        "(SELECT name, value FROM own GROUP BY name, value HAVING count(DISTINCT node) = ?2)",
        *(picked.number, len(nodes)),
    )
    if not rows:
        return run.absent(question, Gap(Reason.ATTRIBUTE_NOT_RECORDED), nodes=nodes)
    return run.told(question, picked, values=tuple(rows))


def choose_value(run: Run, question: ChooseValue) -> Outcome:
    """Which of these values have they?"""
    picked = run.picker.pick(question.nodes)
    if picked.gap is not None:
        return run.absent(question, picked.gap)
    name = None if question.attribute is None else spelling(question.attribute)
    rows = [
        row for row in run.data.rows(_ITEMS, picked.number) if row[1] == name or (name is None and row[1] != "kind")
    ]
    outcome = run.told(question, picked)
    if not rows:
        return run.absent(question, Gap(Reason.ATTRIBUTE_NOT_RECORDED), nodes=outcome.nodes)
    wanted = set(map(spelling, question.values))
    chosen = [row for row in rows if row[2] in wanted]
    if not chosen:
        return outcome.with_(status=Status.UNANSWERABLE, reason=Reason.NO_CORRECT_OPTION, values=tuple(rows))
    outcome = outcome.with_(values=tuple(chosen))
    several = picked.singular and len(outcome.nodes) > 1 and len({row[2] for row in chosen}) > 1
    return run.ambiguous(outcome) if several else outcome


def choose_part(run: Run, question: ChoosePart) -> Outcome:
    """In which of these parts do they lie?"""
    picked = run.picker.pick(question.nodes)
    if picked.gap is not None:
        return run.absent(question, picked.gap)
    if not run.picker.boxed(picked):
        return run.absent(question, Gap(Reason.NOT_MEASURED), nodes=run.picker.ids(picked))
    values = {(node, PART, part) for part in question.parts for node in lying_in(run.picker, picked.number, part)}
    outcome = run.told(question, picked, values=tuple(values))
    if not values:
        return outcome.with_(status=Status.UNANSWERABLE, reason=Reason.NO_CORRECT_OPTION)
    several = len({part for _, _, part in values}) > 1
    return run.ambiguous(outcome) if picked.singular and len(outcome.nodes) > 1 and several else outcome


class Options:
    """Which of the options of a multiple-choice question says what was answered.

    Args:
        graph: the graph, for the names of its nodes.
        run: the question.
    """

    def __init__(self, graph: SceneGraph, run: Run) -> None:
        self.graph, self.run = graph, run

    def fitting(self, kind: str, inner: Outcome, options: tuple[str, ...]) -> tuple[list[int], bool]:
        """Places of the options that are right, and whether any could be."""
        said = [self._bare(option) for option in options]
        right = self._ways(kind, inner)
        return [at for at, option in enumerate(said) if option in right], any(self._fits(kind, one) for one in said)

    def _ways(self, kind: str, inner: Outcome) -> set[str]:
        if inner.verdict is not None:
            return {"yes"} if inner.verdict is Verdict.SUPPORTED else {"no"}
        if kind in ("number", "frames"):
            number = inner.number or 0
            fps = self.run.data.fps if kind == "frames" else None
            ways = {str(number)} | {word for word in NUMBERS if NUMBERS[word] == number}
            return ways | ({f"{number / fps:g}"} if fps else set())
        if kind == "value":
            if isinstance(inner.question, Common | ChooseValue):
                return {spelling(str(value)) for _, _, value in inner.values}
            owners = {(node, name) for node, name, _ in inner.values}
            rows = self.run.data.rows("SELECT node, name, value FROM item WHERE NOT empty")
            return {value for node, name, value in rows if (node, name) in owners}
        if kind == "part":
            return {way for _, _, part in inner.values for way in (part, part.replace(" half", ""))}
        if kind == "node":
            return {name for node in inner.nodes for name in self._names(node)} or set(_NOBODY)
        if kind != "relation":
            return set()
        ways = set()
        for tie in inner.context:
            predicate, other = self.run.data.rows("SELECT predicate, object FROM tie WHERE id = ?", tie)[0]
            names = self._names(other)
            verb = self._bare(predicate)
            ways |= {verb, *names, *(f"{verb} {name}" for name in names)}
        return ways or set(_NOBODY)

    def _names(self, node: int) -> set[str]:
        category = self.graph.node(node).category
        name = self.graph.vocabulary.categories[category]
        shown = shown_names(self.graph.vocabulary)[category]
        number = self.graph.label(node).rsplit("-", 1)[1]
        return {self._bare(one) for one in (name, shown, *spoken(name), f"{shown}-{number}", f"{name}-{number}")}

    def _fits(self, kind: str, option: str) -> bool:
        if kind == "yes or no":
            return option in ("yes", "no")
        if kind in ("number", "frames"):
            return option in NUMBERS or option.replace(".", "", 1).isdigit()
        if kind == "value":
            recorded = self.run.data.value("SELECT 1 FROM item WHERE value = ? AND NOT empty", spelling(option))
            return spelling(option) in ATTRIBUTE_OF or bool(recorded)
        if kind == "part":
            return option in _PLACES or option in _CORNERS
        names = {self._bare(way) for name in self.graph.vocabulary.categories for way in (name, *spoken(name))}
        labels = {label.lower() for node in self.graph.nodes for label in self._labels(node.id)}
        named = option in names or option in labels or option in _NOBODY
        verbs = tuple(self._bare(name) for name in self.graph.vocabulary.predicates)
        return (named or option.startswith(verbs)) if kind == "relation" else kind == "node" and named

    def _labels(self, node: int) -> tuple[str, str]:
        label = self.graph.label(node)
        shown = shown_names(self.graph.vocabulary)[self.graph.node(node).category]
        return label, f"{shown}-{label.rsplit('-', 1)[1]}"

    @staticmethod
    def _bare(text: str) -> str:
        words = plain(text).strip(" .").split()
        while words and words[0] in ("a", "an", "the"):
            del words[0]
        return " ".join(words)


def _told(run: Run, question: Question, picked: Picked, measures: tuple[Measured, ...]) -> Outcome:
    if not measures:
        return run.absent(question, Gap(Reason.NOT_MEASURED))
    outcome = run.told(question, picked)
    if picked.singular and len(outcome.nodes) > 1:
        return run.ambiguous(outcome)
    return outcome.with_(measures=measures)
