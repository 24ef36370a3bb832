"""Sentences for answered questions, one function a family: (draft, closed world) -> (text, short)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from assistant.answers import Status, Verdict
from assistant.describing import described
from assistant.layout import part_of_picture
from assistant.measured_programs import Compare, CompareCounts, CompareDistances, IsInSpace
from assistant.names import plain, printable, shown_names
from assistant.outcomes import Spot
from assistant.phrasing import MAX_LISTED, PARTS, article, direction_clause, listed
from assistant.prepositions import before_object
from assistant.programs import (
    Alike,
    AllOf,
    AnyOf,
    AttributeOf,
    Between,
    Choose,
    ChoosePart,
    ChooseValue,
    Common,
    Count,
    CountIs,
    Describe,
    Doing,
    ExactlyOneOf,
    Exists,
    HasAttribute,
    IsA,
    IsPlaced,
    Locate,
    MoreBy,
    Not,
    Path,
    Summarise,
    Which,
    kind_of,
)
from assistant.refusals import asked
from assistant.sentences_events import events_told
from assistant.sentences_measured import MEASURED_SENTENCES, compared, coordinates, lengths, of_rank
from assistant.sentences_none import count_of_none, lies_otherwise, none_of
from assistant.sentences_timed import TIMED_SENTENCES, counted_frames, orders
from assistant.steps import Question, Related, The
from assistant.timed_programs import (
    Allen,
    Always,
    First,
    Happens,
    HowLong,
    HowOften,
    Longest,
    Seen,
    When,
    inner,
)

if TYPE_CHECKING:
    from assistant.wording import Draft


def sentences_of(draft: Draft, closed_world: bool) -> tuple[str, str]:
    """Text and short answer of an answered outcome."""
    question = inner(draft.outcome.question)
    if draft.outcome.verdict is not None:
        return _yes_no(draft, question)
    tell = _nothing if draft.outcome.failure is not None else _OPEN[type(question)]
    text, short = tell(draft, question)
    return sentence(text), short


def sentence(*parts: str) -> str:
    """Parts as sentences, each with a capital letter unless it starts with a label, and a full stop.

    >>> sentence("yes", "person-1 is on grass-1")
    'Yes. person-1 is on grass-1.'
    """
    shown = []
    for part in parts:
        if part:
            first = part.split()[0]
            shown.append(f"{part if '-' in first else part[0].upper() + part[1:]}.")
    return " ".join(shown)


def _yes_no(draft: Draft, question: Question) -> tuple[str, str]:
    outcome = draft.outcome
    short = "yes" if outcome.verdict is Verdict.SUPPORTED else "no"
    return sentence(short, listed(list(dict.fromkeys(_facts(draft, question))))), short


def _facts(draft: Draft, question: Question) -> list[str]:
    """What the graph shows about one yes/no question; nothing of parts that it leaves open."""
    outcome = draft.outcome
    if isinstance(question, Not | AllOf | AnyOf | ExactlyOneOf):
        parts = [replace(draft, outcome=part) for part in outcome.parts if part.status is Status.ANSWERED]
        return [fact for part in parts for fact in _facts(part, inner(part.outcome.question))]
    if outcome.failure is not None:  # a complete graph that does not show it
        told = events_told(draft, question) if isinstance(question, Always) else []
        return [draft.cite_absence(asked(draft, outcome, question)), *told]
    if isinstance(question, CountIs) and outcome.number == 0 and outcome.nodes:  # given nodes, none of which is so
        return none_of(draft, question.nodes)
    if isinstance(question, CountIs) and not outcome.nodes:
        return [draft.cite_absence(described(question.nodes, draft.label))]
    if outcome.verdict is Verdict.CONTRADICTED:
        return _against(draft, question)
    if isinstance(question, HasAttribute | Alike):
        return draft.cite_values()
    if isinstance(question, IsA):
        return _kinds(draft)
    if isinstance(question, Compare | CompareDistances | CompareCounts):
        return compared(draft, question)
    if isinstance(question, Allen):
        return orders(draft, question)
    if isinstance(question, Always):
        return events_told(draft, question)
    clauses = draft.cite_relations(outcome.relations) + draft.cite_placements() + lengths(draft)
    if isinstance(question, Exists | CountIs | Seen) or not clauses:
        labels = draft.cite_nodes(outcome.nodes)
        draft.claim(
            f"there is {listed(labels)}", Verdict.SUPPORTED, citations=tuple(range(len(draft.citations.listed)))
        )
        shown = f"the graph shows {listed(labels)}"
        return [shown if not clauses else f"{shown}: {listed(clauses)}"]
    draft.cite_nodes((*outcome.nodes, *outcome.context))
    return clauses


def _against(draft: Draft, question: Question) -> list[str]:
    outcome = draft.outcome
    if isinstance(question, Compare | CompareDistances | CompareCounts):
        return compared(draft, question)
    if isinstance(question, Allen):
        return orders(draft, question)
    claim = asked(draft, outcome, question)
    if isinstance(question, IsInSpace | IsPlaced):
        return lies_otherwise(draft, question)
    if isinstance(question, CountIs):
        labels = draft.cite_nodes(outcome.nodes)
        draft.claim(claim, Verdict.CONTRADICTED, citations=tuple(range(len(draft.citations.listed))))
        return [f"the graph shows {outcome.number}: {listed(labels)}"]
    if isinstance(question, HasAttribute | Alike):
        draft.claim(
            claim,
            Verdict.CONTRADICTED,
            citations=tuple(at for node in outcome.nodes for at in draft.citations.node(node)),
        )
        return draft.cite_values()
    if isinstance(question, IsA):
        kinds = _kinds(draft)
        draft.claim(claim, Verdict.CONTRADICTED, citations=tuple(range(len(draft.citations.listed))))
        return kinds
    if isinstance(question, Exists):
        return none_of(draft, question.nodes)
    clauses = draft.cite_relations(outcome.opposing)
    if isinstance(question, Always):
        by_boxes = [] if clauses else [f"by their boxes in the picture, {claim.replace(' is ', ' is not ', 1)}"]
        clauses += [*by_boxes, *events_told(draft, question)]
        draft.cite_nodes((*outcome.nodes, *outcome.context))
    draft.claim(claim, Verdict.CONTRADICTED, citations=tuple(range(len(draft.citations.listed))))
    return clauses


def _kinds(draft: Draft) -> list[str]:
    """What each node is ("dog-1 is a dog"), claimed and cited."""
    names = shown_names(draft.index.graph.vocabulary)
    clauses = []
    for node in draft.outcome.nodes:
        words = f"{draft.label(node)} is {article(names[draft.index.graph.node(node).category])}"
        draft.claim(words, Verdict.SUPPORTED, (node, "is a", None), draft.citations.node(node))
        clauses.append(words)
    return clauses


def _nothing(draft: Draft, question: Question) -> tuple[str, str]:
    """What a complete graph does not show is not so."""
    told = draft.cite_absence(asked(draft, draft.outcome, question))
    if isinstance(question, Choose) and draft.outcome.number is not None:  # the option that says so: "0"
        word = short = question.options[draft.outcome.number]
    elif isinstance(question, Count):
        word, short = "none", "0"
    elif isinstance(question, When | HowLong | HowOften | First | Longest | Happens):
        word, short = "never", "never"
    else:
        word = short = "nobody" if isinstance(question, Which) and _asks_for_people(question) else "nothing"
    return f"{word}: {told}", short


def _count(draft: Draft, question: Count) -> tuple[str, str]:
    outcome = draft.outcome
    number = outcome.number or 0
    words = described(question.nodes, draft.label, number)
    if not number:
        return count_of_none(draft, question, words), "0"
    clauses = draft.cite_relations(outcome.relations) + draft.cite_placements() + lengths(draft)
    labels = draft.cite_nodes(outcome.nodes)
    cited = tuple(at for node in outcome.nodes[:MAX_LISTED] for at in draft.citations.node(node))
    draft.claim(f"there are {words}" if number != 1 else f"there is {words}", Verdict.SUPPORTED, citations=cited)
    told = f": {listed(clauses)}" if clauses else f": {listed(labels)}"
    return f"the graph shows {words}{told}", str(number)


def _which(draft: Draft, question: Which) -> tuple[str, str]:
    outcome = draft.outcome
    main, further = _main(draft, question)
    clauses = draft.cite_relations(main) + draft.cite_placements()
    rests_on = draft.cite_relations(further) + lengths(draft)
    labels = draft.cite_nodes(outcome.nodes)
    draft.cite_nodes(outcome.context)
    short = listed(labels)
    if not clauses:
        cited = tuple(at for node in outcome.nodes for at in draft.citations.node(node))
        told = of_rank(draft, question, short) or f"the graph shows {short}"
        draft.claim(told, Verdict.SUPPORTED, citations=cited)
        return (f"{told}: {listed(rests_on)}" if rests_on else told), short
    return listed(clauses) + (f". {sentence(f'this rests on: {listed(rests_on)}')[:-1]}" if rests_on else ""), short


def _main(draft: Draft, question: Which) -> tuple[list[int], list[int]]:
    """Relations that say the answer itself, and those that single out the nodes it is about."""
    step = question.nodes.nodes if isinstance(question.nodes, The) else question.nodes
    relations = draft.outcome.relations
    if not isinstance(step, Related):
        return [], list(relations)
    names = {*step.predicate.forward, *step.predicate.converse}
    answer, graph = set(draft.outcome.nodes), draft.index.graph
    main = [
        at
        for at in relations
        if graph.predicate_name(graph.relations[at]) in names
        and (graph.relations[at].subject in answer or graph.relations[at].object in answer)
    ]
    return main, [at for at in relations if at not in set(main)]


def _asks_for_people(question: Which) -> bool:
    step = question.nodes
    while isinstance(step, Related):
        step = step.nodes
    return getattr(step, "word", "") == "person"


def _summary(draft: Draft, question: Summarise) -> tuple[str, str]:
    outcome, graph = draft.outcome, draft.index.graph
    categories = draft.index.categories[np.searchsorted(draft.index.ids, np.array(outcome.nodes, dtype=np.int64))]
    found, first, counts = np.unique(categories, return_index=True, return_counts=True)
    names = shown_names(graph.vocabulary)
    order = np.argsort(first)
    by_name = {names[category]: int(count) for category, count in zip(found[order], counts[order], strict=True)}
    things = [name if count == 1 else f"{name} ({count})" for name, count in by_name.items()]
    relations = np.array(outcome.relations, dtype=np.int64)
    telling = relations[np.argsort(-draft.index.relation_scores[relations], kind="stable")][:MAX_LISTED].tolist()
    clauses = draft.cite_relations(telling)
    draft.cite_nodes(outcome.nodes)
    more = len(outcome.relations) - len(telling)
    told = (
        f". {sentence(listed([*clauses, *([f'{more} more relations'] if more > 0 else [])]))[:-1]}" if clauses else ""
    )
    return f"the graph shows {len(outcome.nodes)} nodes: {listed(things)}{told}", listed(things)


def _doing(draft: Draft, question: Doing) -> tuple[str, str]:
    outcome = draft.outcome
    first = outcome.relations[: outcome.number]
    clauses = draft.cite_relations(first)
    draft.cite_relations(outcome.relations[outcome.number or 0 :])
    graph = draft.index.graph
    short = [
        f"{before_object(plain(graph.predicate_name(graph.relations[at])))} {draft.label(graph.relations[at].object)}"
        for at in first
    ]
    return listed(clauses), listed(short)


def _locate(draft: Draft, question: Locate) -> tuple[str, str]:
    outcome, index = draft.outcome, draft.index
    first = outcome.relations[: outcome.number]
    clauses = draft.cite_relations(first)
    draft.cite_relations(outcome.relations[outcome.number or 0 :])
    labels = draft.cite_nodes(outcome.nodes)
    positions = np.array([index.position(node) for node in outcome.nodes[:MAX_LISTED]], dtype=np.int64)
    located = [
        (label, node, part_of_picture(box, *index.graph.source.size))
        for label, node, box in zip(labels, outcome.nodes, index.boxes(positions, outcome.window), strict=False)
        if not np.isnan(box).any()
    ]
    for label, node, place in located:
        draft.claim(f"{label} is {place}", Verdict.SUPPORTED, citations=draft.citations.node(node))
    told = [listed(clauses)] if clauses else []
    told += [listed([f"{label} is {place}" for label, _, place in located])] if located else []
    shorts = clauses or [place for *_, place in located]
    if outcome.measures:
        text, short = coordinates(draft, "world")
        told, shorts = [*told, text], shorts or [short]
    return ". ".join([told[0], *(sentence(text)[:-1] for text in told[1:])]), listed(shorts)


def _between(draft: Draft, question: Between) -> tuple[str, str]:
    clauses = draft.cite_relations(draft.outcome.relations)
    graph = draft.index.graph
    names = dict.fromkeys(plain(graph.predicate_name(graph.relations[at])) for at in draft.outcome.relations)
    return listed(clauses), listed(list(names))


def _describe(draft: Draft, question: Describe) -> tuple[str, str]:
    outcome = draft.outcome
    _kinds(draft)
    clauses = draft.cite_values() + draft.cite_relations(outcome.relations)
    return f"the graph shows {listed(draft.cite_nodes(outcome.nodes))}" + (
        f": {listed(clauses)}" if clauses else " and records nothing else of it"
    ), listed(clauses or draft.cite_nodes(outcome.nodes))


def _attribute(draft: Draft, question: AttributeOf | ChooseValue | Common) -> tuple[str, str]:
    values = dict.fromkeys(printable(str(value)) for _, _, value in draft.outcome.values)
    clauses = draft.cite_values()
    draft.cite_relations(draft.outcome.relations)
    return listed(clauses), listed(list(values))


def _part(draft: Draft, question: ChoosePart) -> tuple[str, str]:
    told, parts = [], dict.fromkeys(part for _, _, part in draft.outcome.values)
    for node, _, part in draft.outcome.values:
        words = direction_clause(draft.label(node), Spot(part), "")
        draft.claim(words, Verdict.SUPPORTED, (node, PARTS[part], None), draft.citations.node(node))
        told.append(words)
    draft.cite_relations(draft.outcome.relations)
    return listed(told), listed([part.removesuffix(" half") for part in parts])


def _path(draft: Draft, question: Path) -> tuple[str, str]:
    outcome = draft.outcome
    clauses = draft.cite_relations(outcome.relations)
    labels = draft.cite_nodes(outcome.nodes)
    if not clauses:
        return f"both are {listed(labels)}", "0 relations"
    number = outcome.number or 0
    steps = f"{number} relation{'' if number == 1 else 's'}"
    return f"they are tied over {steps}: {listed(clauses)}", steps


def _choice(draft: Draft, question: Choose) -> tuple[str, str]:
    """The option, and the answer that makes it right."""
    outcome = draft.outcome
    option = printable(question.options[outcome.number or 0])
    chosen = replace(outcome.parts[0], window=outcome.window)
    told, _ = sentences_of(replace(draft, outcome=chosen), False)
    return f"{option}. {told[:-1]}", option


def _more_by(draft: Draft, question: MoreBy) -> tuple[str, str]:
    """A difference of two numbers, and what they are the numbers of."""
    outcome, told = draft.outcome, []
    for part, counted in zip(outcome.parts, (question.first, question.second), strict=True):
        tell = _nothing if part.failure is not None else _OPEN[type(inner(counted))]
        told.append(tell(replace(draft, outcome=part), inner(counted))[0])
    number = outcome.number or 0
    short = counted_frames(draft, abs(number)) if kind_of(question) is HowLong else str(abs(number))
    if number < 0:
        return f"{short} {'less' if kind_of(question) is HowLong else 'fewer'}: {listed(told)}", f"-{short}"
    return f"{short} more: {listed(told)}", short


_OPEN: dict[type[Question], Callable[..., tuple[str, str]]] = {
    Count: _count,
    Which: _which,
    Summarise: _summary,
    Doing: _doing,
    Locate: _locate,
    Between: _between,
    Describe: _describe,
    AttributeOf: _attribute,
    ChooseValue: _attribute,
    ChoosePart: _part,
    Common: _attribute,
    Path: _path,
    Choose: _choice,
    MoreBy: _more_by,
    **MEASURED_SENTENCES,
    **TIMED_SENTENCES,
}
"""Families whose answer is not yes or no."""
