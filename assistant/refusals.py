"""Sentences where there is no answer: what the graph does not show, what it shows instead, what is asked back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from assistant.adjectives import spelling
from assistant.answers import Reason, Status, Verdict
from assistant.describing import described, said_of
from assistant.measured_programs import Compare, CompareCounts, CompareDistances, Distance, IsInSpace, Measure
from assistant.names import plain, printable
from assistant.outcomes import Failure, Outcome, Sight
from assistant.phrasing import direction_clause, listed, times
from assistant.programs import (
    Alike,
    AllOf,
    AnyOf,
    AttributeOf,
    Between,
    Choose,
    Common,
    CountIs,
    Doing,
    ExactlyOneOf,
    HasAttribute,
    Holds,
    IsA,
    IsPlaced,
    MoreBy,
    Not,
    Path,
    Summarise,
    rests_on_absence,
)
from assistant.sentences_events import events_told
from assistant.steps import Event, Find, Having, Nodes, Pick, Question, Related, Sharing, Step, The, YesNoQuestion
from assistant.timed_programs import (
    After,
    Allen,
    AllenOf,
    Always,
    Amid,
    Before,
    First,
    Frames,
    Happens,
    HowLong,
    HowOften,
    Longest,
    Occurrence,
    Seconds,
    Seen,
    TimeBetween,
    When,
    inner,
)

if TYPE_CHECKING:
    from assistant.wording import Draft

_JOINED = (
    *(Not, AllOf, AnyOf, ExactlyOneOf, MoreBy, Choose, Always, When, HowLong, HowOften, First, Longest),
    *(Allen, AllenOf, TimeBetween),
)
MAX_SHOWN_INSTEAD = 3
"""Relations that are told where the one asked for is not shown."""


def refusal(draft: Draft, closed_world: bool) -> tuple[str, str]:
    """Text and short answer of an outcome without an answer."""
    outcome = draft.outcome
    if outcome.status is Status.AMBIGUOUS:
        return _ask_back(draft, inner(outcome.question)), "which one?"
    question = inner(outcome.question)
    match outcome.reason:
        case Reason.TIME_NOT_RECORDED:
            kind = draft.index.graph.source.kind
            why = "it describes a single picture" if kind == "image" else "no frame rate is known"
            return f"The graph does not record time: {why}.", "time not recorded"
        case Reason.OUTSIDE_TIME_RANGE:
            return _outside(draft), "outside the time range"
        case Reason.NOT_MEASURED:
            return (
                f"The graph does not hold the measures for this: {asked(draft, draft.outcome, question)}.",
                "not measured",
            )
        case Reason.WITHIN_ERROR:
            told = listed(draft.cite_measures()) or "the places are too close to each other"
            return f"This cannot be told: the difference lies within the error of measurement ({told}).", "too close"
        case Reason.NO_CORRECT_OPTION | Reason.INCOMPATIBLE_OPTIONS:
            return _no_option(draft, question)
        case Reason.TOO_MANY:
            return "There are too many nodes to compare one by one; name fewer of them.", "too many to compare"
        case Reason.TIED:
            return _tied(draft, question), "tied"
        case Reason.ATTRIBUTE_NOT_RECORDED:
            return _unrecorded(draft, question), "not recorded"
        case _:
            return _not_shown(draft, question), "not shown"


def asked(draft: Draft, outcome: Outcome, question: Question) -> str:
    """What was asked, as a noun phrase: "person-1 riding horse-1", "a cat", "3 dogs"."""
    question = inner(question)
    if isinstance(question, _JOINED):
        return _parts_asked(draft, outcome, question)
    if isinstance(question, Holds):
        subject = _one(draft, outcome.nodes, question.subjects)
        named = question.subjects.nodes if isinstance(question.subjects, The) else question.subjects
        if question.every and isinstance(named, Pick):
            subject = f"all of {described(The(named, plural=True), draft.label)}"
        elif question.every:
            subject = f"every {described(The(named), draft.label).removeprefix('the ')}"
        return said_of(subject, question.predicate, _one(draft, outcome.context, question.objects))
    if isinstance(question, IsPlaced):
        subject = _one(draft, outcome.nodes, question.nodes)
        return direction_clause(subject, question.direction, _one(draft, outcome.context, question.others))
    if isinstance(question, CountIs):
        return described(question.nodes, draft.label, question.number)
    if isinstance(question, IsA):
        return f"{_one(draft, outcome.nodes, question.nodes)} as {question.word or listed(question.categories, 'or')}"
    if isinstance(question, HasAttribute):
        return f"{_one(draft, outcome.nodes, question.nodes)} as {question.value}"
    if isinstance(question, Between | Path):
        ends = described(question.nodes, draft.label), described(question.others, draft.label)
        tie = "a relation" if isinstance(question, Between) else "a chain of relations"
        return f"{tie} between {ends[0]} and {ends[1]}"
    return _nodes_asked(draft, outcome, question)


def _nodes_asked(draft: Draft, outcome: Outcome, question: Question) -> str:
    """What questions asked that name nodes and nothing else."""
    if isinstance(question, Doing):
        return f"{_one(draft, outcome.nodes, question.nodes)} doing anything"
    if isinstance(question, CompareDistances):
        steps = question.nodes, question.others, question.target
        one, other, target = (described(step, draft.label) for step in steps)
        return f"the distances of {one} and {other} from {target}"
    if isinstance(question, Compare | CompareCounts | Distance):
        ends = described(question.nodes, draft.label), described(question.others, draft.label)
        what = {Compare: f"the {getattr(question, 'quantity', '')} of ", Distance: "the distance between "}
        return f"{what.get(type(question), '')}{ends[0]} and {ends[1]}"
    if isinstance(question, Measure):
        return f"the {question.quantity} of {_one(draft, outcome.nodes, question.nodes)}"
    if isinstance(question, IsInSpace):
        subject = _one(draft, outcome.nodes, question.nodes)
        sight = Sight(question.direction, question.view)
        return direction_clause(subject, sight, _one(draft, outcome.context, question.others))
    if isinstance(question, Seen):
        return f"{described(question.nodes, draft.label)} being seen"
    if isinstance(question, Happens):
        return "anything happening" if question.nodes == Find(None) else described(question.nodes, draft.label)
    nodes = getattr(question, "nodes", None)
    return described(nodes, draft.label) if isinstance(nodes, Nodes) else "anything"


def _parts_asked(draft: Draft, outcome: Outcome, question: Question) -> str:
    """What questions asked that are made of others."""
    if isinstance(question, When | HowLong | HowOften | Always):
        event = asked(draft, outcome, question.event)
        return f"{event} all the time" if isinstance(question, Always) else event
    if isinstance(question, First | Longest):
        return listed([asked(draft, outcome, event) for event in question.events], "or")
    if isinstance(question, Allen | AllenOf | TimeBetween):
        return listed([asked(draft, outcome, event) for event in (question.first, question.second)])
    if isinstance(question, MoreBy):
        return listed([asked(draft, Outcome(part, outcome.status), part) for part in (question.first, question.second)])
    if isinstance(question, Not | Choose):
        return asked(draft, outcome.parts[0] if outcome.parts else outcome, question.question)
    joint = "and" if isinstance(question, AllOf) else "or"
    return listed([asked(draft, part, part.question) for part in outcome.parts], joint)


def _one(draft: Draft, nodes: tuple[int, ...], step: Nodes) -> str:
    """The label of the one node that is meant, else the description."""
    return draft.label(nodes[0]) if len(nodes) == 1 else described(step, draft.label)


def _not_shown(draft: Draft, question: Question) -> str:
    outcome = draft.outcome
    failure = outcome.failure
    if isinstance(question, YesNoQuestion) and failure is None and rests_on_absence(question):
        found = listed(draft.cite_nodes(outcome.nodes))
        draft.claim(asked(draft, outcome, question), Verdict.NOT_IN_GRAPH)
        return f"The graph cannot tell: it shows nothing against {found}, but it may lack relations."
    missing = asked(draft, outcome, question) if failure is None else _missing(draft, failure.step, question)
    draft.claim(missing, Verdict.NOT_IN_GRAPH, _triple(outcome, question))
    told = [f"The graph does not show {missing}{_why(draft, failure)}."]
    if isinstance(question, CountIs) and outcome.number:
        fewer = "fewer than" if question.at_least else "not"
        told = [
            f"The graph shows {outcome.number}, {fewer} {question.number}: {listed(draft.cite_nodes(outcome.nodes))}."
        ]
    instead = _instead(draft, question)
    if instead:
        told.append(f"It shows: {listed(instead)}.")
    return " ".join(told)


def _tied(draft: Draft, question: Question) -> str:
    """Which nodes are equal, so that it is not settled which is the second, or which are the first two."""
    failure = draft.outcome.failure
    missing = asked(draft, draft.outcome, question) if failure is None else _missing(draft, failure.step, question)
    draft.claim(missing, Verdict.NOT_IN_GRAPH)
    equal = listed(draft.cite_nodes([option.node for option in draft.outcome.options]))
    told = listed(draft.cite_measures())
    return f"The graph does not settle {missing}: {equal} are tied{f' ({told})' if told else ''}."


def _missing(draft: Draft, step: Step, question: Question) -> str:
    """What was looked for in vain: the answer itself, or what the question takes for granted."""
    if step is not question and isinstance(step, Nodes):
        return described(step, draft.label)
    if isinstance(step, TimeBetween | Amid):
        first, second = (asked(draft, Outcome(each, Status.UNANSWERABLE), each) for each in (step.first, step.second))
        return f"{second} after {first}"
    if isinstance(step, Occurrence):
        often = f"{abs(step.number)} time{'' if abs(step.number) == 1 else 's'}"
        return f"{asked(draft, Outcome(step.event, Status.UNANSWERABLE), step.event)} {often}"
    if step is not question and isinstance(step, Event):
        return asked(draft, Outcome(step, Status.UNANSWERABLE), step)
    return asked(draft, draft.outcome, question)


def _why(draft: Draft, failure: Failure | None) -> str:
    if failure is None or failure.known:
        return ""
    step = failure.step
    if isinstance(step, Pick):
        ids = draft.index.ids
        return f"; its node ids are {int(ids[0])} to {int(ids[-1])}" if len(ids) else "; it has no nodes"
    if isinstance(step, Find):
        return "" if "-" in step.word else "; its vocabulary has no such category"
    if isinstance(step, Related | Holds):
        return "; its vocabulary has no such relation"
    return "; it is empty" if isinstance(step, Summarise) else "; its vocabulary has no such category"


def _triple(outcome: Outcome, question: Question) -> tuple[int | None, str | None, int | None]:
    """The triple that was asked about, where both ends are settled."""
    if not isinstance(question, Holds) or len(outcome.nodes) != 1 or len(outcome.context) != 1:
        return None, None, None
    if question.predicate.forward:
        return outcome.nodes[0], question.predicate.forward[0], outcome.context[0]
    if question.predicate.converse:
        return outcome.context[0], question.predicate.converse[0], outcome.nodes[0]
    return None, None, None


def _instead(draft: Draft, question: Question) -> list[str]:
    """What the graph does show about the nodes of a question that it does not answer."""
    outcome, index = draft.outcome, draft.index
    if outcome.window is not None and outcome.failure is not None and isinstance(outcome.failure.step, Find):
        return _at_other_times(draft, outcome.failure.step)
    if isinstance(question, Always) and outcome.timings:
        return events_told(draft, question)[:MAX_SHOWN_INSTEAD]
    if outcome.relations:
        return draft.cite_relations(outcome.relations[:MAX_SHOWN_INSTEAD])
    if not isinstance(question, Holds) or not outcome.nodes or len(outcome.nodes) > MAX_SHOWN_INSTEAD:
        return []
    subjects, objects = index.positions(outcome.nodes), index.positions(outcome.context)
    from_subject = np.isin(index.subjects, subjects) & index.believed
    to_subject = np.isin(index.objects, subjects) & index.believed
    joining = (from_subject & np.isin(index.objects, objects)) | (to_subject & np.isin(index.subjects, objects))
    now = index.believed if outcome.window is None else index.active(outcome.window)
    for group in (joining & now, joining, from_subject & now):  # of another time only what joins the two
        if group.any():
            return draft.cite_relations(_ordered(draft, group)[:MAX_SHOWN_INSTEAD])
    return []


def _at_other_times(draft: Draft, kind: Find) -> list[str]:
    """When nodes of a kind are seen of which a stretch of time shows none."""
    index, told = draft.index, []
    found = np.flatnonzero(index.of_categories(kind.categories or ()))[:MAX_SHOWN_INSTEAD]
    for at, label in zip(found.tolist(), draft.cite_nodes(index.ids[found].tolist()), strict=True):
        told.append(f"{label} is seen {times(index.presence(at), index.graph.source.fps)}")
        draft.claim(told[-1], Verdict.SUPPORTED, citations=draft.citations.node(int(index.ids[at])))
    return told


def _no_option(draft: Draft, question: Question) -> tuple[str, str]:
    """None of the options is right: because another answer is, or because none could be."""
    draft.cite_relations(draft.outcome.relations[:MAX_SHOWN_INSTEAD])
    nodes = listed(draft.cite_nodes(draft.outcome.nodes))
    if draft.outcome.reason is Reason.INCOMPATIBLE_OPTIONS:
        return "None of the options can be an answer to this question.", "no option fits"
    values = dict.fromkeys(printable(str(value)) for _, _, value in draft.outcome.values)
    shown = listed(list(values)) or nodes
    return "None of the options is right." + (f" The graph shows: {shown}." if shown else ""), "none of them"


def _ordered(draft: Draft, group: np.ndarray) -> list[int]:
    found = np.flatnonzero(group)
    return found[np.argsort(draft.index.rank[found])].tolist()


def _unrecorded(draft: Draft, question: Question) -> str:
    outcome = draft.outcome
    if outcome.assumed and not isinstance(question, AttributeOf):
        shown = draft.cite_relations(outcome.relations) or draft.cite_nodes(outcome.nodes)
        word = outcome.assumed[0]
        draft.claim(f"{listed(draft.cite_nodes(outcome.nodes))} being a {word}", Verdict.NOT_IN_GRAPH)
        return f"The graph does not record whether anybody or anything is a {word}. It shows: {listed(shown)}."
    if isinstance(question, AttributeOf | Alike):
        attribute = question.attribute
    elif isinstance(question, HasAttribute):
        attribute = question.attribute or f"property ({question.value})"
    else:
        step = outcome.failure.step if outcome.failure is not None else None
        attribute = "attribute" if not isinstance(step, Having | Sharing) else step.attribute or ""
        attribute = attribute or getattr(step, "value", "")
    labels = draft.cite_nodes(outcome.nodes)
    if isinstance(question, Alike):  # some of them may have one
        having = {draft.index.shown[at] for at, _ in draft.index.attributes.get(spelling(attribute), ())}
        labels = [label for label in labels if label not in having] or labels
    about = f" of {listed(labels)}" if labels else ""
    missing = f"the {attribute}{about}"
    if isinstance(question, Common):
        missing = f"anything that {listed(labels)} have in common"
    draft.claim(missing, Verdict.NOT_IN_GRAPH)
    recorded = [
        f"{printable(name)} (of {listed([draft.index.shown[position] for position, _ in rows])})"
        for name, rows in sorted(draft.index.attributes.items())
    ]
    known = f" It records: {listed(recorded)}." if recorded else " It records no attributes."
    return f"The graph does not record {missing}.{known}"


def _outside(draft: Draft) -> str:
    source = draft.index.graph.source
    length = "" if source.fps is None else f" ({source.num_frames / source.fps:g} s)"
    has = f"frames 0-{source.num_frames - 1}{length}"
    step = None if draft.outcome.failure is None else draft.outcome.failure.step
    if isinstance(step, After | Before):
        way = "after it ends" if isinstance(step, After) else "before it begins"
        return f"There is no time {way} within what is asked about; the source has {has}."
    if isinstance(step, Frames | Seconds) and step.stop is not None and step.stop < step.start:
        return f"That time ends before it begins; the source has {has}."
    return f"That time is outside the source, which has {has}."


def _ask_back(draft: Draft, question: Question) -> str:
    options = draft.outcome.options
    told = []
    if isinstance(question, Choose) and not options:
        shown = draft.cite_relations(draft.outcome.relations) or draft.cite_nodes(draft.outcome.nodes)
        return f"More than one of the options says the answer{': ' if shown else ''}{listed(shown)}."
    for option in options[:MAX_SHOWN_INSTEAD]:
        answer = [draft.label(node) for node in option.answer]
        told.append(f"{draft.label(option.node)} ({listed(answer)})" if answer else _singled_out(draft, option.node))
    told += [draft.label(option.node) for option in options[MAX_SHOWN_INSTEAD:]]
    draft.cite_relations(draft.outcome.relations)
    draft.cite_nodes([option.node for option in options])
    answers = any(option.answer for option in options)
    hint = " The answer for each stands in brackets." if answers else ""
    return f"Which one do you mean: {listed(told, 'or')}?{hint}"


def _singled_out(draft: Draft, node: int) -> str:
    """A label with something that tells it from its like."""
    graph = draft.index.graph
    own = [tie for at in draft.index.relations_of(node) if (tie := graph.relations[at]).subject == node]
    if not own:
        return draft.label(node)
    best = max(own, key=lambda relation: (relation.score, -relation.predicate, -relation.object))
    return f"{draft.label(node)} ({plain(draft.index.graph.predicate_name(best))} {draft.label(best.object)})"
