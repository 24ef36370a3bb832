"""Questions about values and options: alike, in common, which value, which option."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, get_args

import numpy as np

from assistant.adjectives import ATTRIBUTE_OF, spelled, spelling
from assistant.answering_nodes import ambiguous, given, is_singular
from assistant.answers import Reason, Status, Verdict
from assistant.names import plain, shown_names, spoken
from assistant.outcomes import Failure, Outcome
from assistant.programs import (
    Alike,
    AttributeOf,
    Between,
    Choose,
    ChoosePart,
    ChooseValue,
    Common,
    Count,
    Doing,
    Happens,
    HowLong,
    HowOften,
    Locate,
    TimeBetween,
    Which,
    kind_of,
)
from assistant.selection import Selection
from assistant.steps import KIND, Part
from assistant.text import NUMBERS, says_none_fits

if TYPE_CHECKING:
    from assistant.executor import Run

NAMELESS = frozenset({"nothing", "nobody", "none", "no one"})
"""Options that say that there is no such node."""


def alike(run: Run, question: Alike) -> Outcome:
    """Have all of the nodes the same value of an attribute (all different values)?"""
    selection = run.selector.select(question.nodes)
    failure = selection.failure or (Failure(question, Reason.ABSENT_OBJECT) if selection.mask.sum() < 2 else None)
    if failure is not None:
        return run.absent(question, failure)
    attribute = spelling(question.attribute)
    table = _values(run, selection)
    values = [set(own.get(attribute, ())) for own in table.values()]
    recorded = [own for own in values if own]
    pairs = [bool(a & b) for at, a in enumerate(recorded) for b in recorded[at + 1 :]]
    complete = len(recorded) == len(values)
    if question.different:
        yes, no = complete and not any(pairs), any(pairs)
    else:
        yes, no = complete and bool(set.intersection(*values)), not all(pairs)
    outcome = given(run, question, selection)
    listed = tuple((node, attribute, value) for node, own in table.items() for value in own.get(attribute, ()))
    outcome = outcome.with_(values=listed)
    if yes or no:
        return outcome.with_(verdict=Verdict.SUPPORTED if yes else Verdict.CONTRADICTED)
    failure = Failure(question, Reason.ATTRIBUTE_NOT_RECORDED)
    return run.absent(question, failure, nodes=outcome.nodes, assumed=outcome.assumed)


def common(run: Run, question: Common) -> Outcome:
    """Which values do all of the nodes share?"""
    selection = run.selector.select(question.nodes)
    failure = selection.failure or (Failure(question, Reason.ABSENT_OBJECT) if selection.mask.sum() < 2 else None)
    if failure is not None:
        return run.absent(question, failure)
    table = _values(run, selection)
    owned = [{(name, value) for name, own in row.items() for value in own} for row in table.values()]
    shared = set.intersection(*owned)
    if not shared:
        nodes = tuple(table)
        return run.absent(question, Failure(question, Reason.ATTRIBUTE_NOT_RECORDED), nodes=nodes)
    values = tuple((node, name, value) for name, value in sorted(shared) for node in table)
    return given(run, question, selection).with_(values=values)


def choose_value(run: Run, question: ChooseValue) -> Outcome:
    """Which of these values does an attribute of the nodes have?"""
    selection = run.selector.select(question.nodes)
    if selection.failure is not None:
        return run.absent(question, selection.failure)
    wanted = {spelling(value) for value in question.values}
    name = None if question.attribute is None else spelling(question.attribute)
    rows = [
        (node, attribute, value)
        for node, own in _values(run, selection).items()
        for attribute, values in own.items()
        if attribute == name or (name is None and attribute != KIND)
        for value in values
    ]
    outcome = given(run, question, selection)
    if not rows:
        failure = Failure(question, Reason.ATTRIBUTE_NOT_RECORDED)
        return run.absent(question, failure, nodes=outcome.nodes, assumed=outcome.assumed)
    chosen = tuple(row for row in rows if row[2] in wanted)
    if not chosen:
        return outcome.with_(status=Status.UNANSWERABLE, reason=Reason.NO_CORRECT_OPTION, values=tuple(rows))
    outcome = outcome.with_(values=chosen)
    several = is_singular(selection) and len(outcome.nodes) > 1 and len({value for _, _, value in chosen}) > 1
    return ambiguous(outcome) if several else outcome


def choose(run: Run, question: Choose, inner: Outcome) -> Outcome:
    """Which of the options is what the inner question was answered with? `number` is its place."""
    if inner.status is not Status.ANSWERED:
        return inner.with_(question=question, verdict=None, number=None)
    options = [_normal(option) for option in question.options]
    kind, answers = _answers(run, inner)
    fitting = [at for at, option in enumerate(options) if option in answers]
    if len(fitting) == 1:
        return inner.with_(question=question, verdict=None, number=fitting[0], parts=(inner,))
    if len(fitting) > 1:
        status, reason = Status.AMBIGUOUS, Reason.AMBIGUOUS_REFERENT
    else:
        compatible = any(_is_of_kind(run, option, kind) for option in options)
        none_fits = [at for at, option in enumerate(question.options) if says_none_fits(option)]
        if compatible and len(none_fits) == 1:
            return inner.with_(question=question, verdict=None, number=none_fits[0], parts=(inner,))
        status = Status.UNANSWERABLE
        reason = Reason.NO_CORRECT_OPTION if compatible else Reason.INCOMPATIBLE_OPTIONS
    return inner.with_(
        question=question, status=status, reason=reason, verdict=None, number=None, failure=None, parts=(inner,)
    )


def _values(run: Run, selection: Selection) -> dict[int, dict[str, list[str]]]:
    """Node id to attribute to values, in one spelling, the category as `KIND`."""
    index = run.index
    names = index.graph.vocabulary.categories
    table: dict[int, dict[str, list[str]]] = {
        int(index.ids[at]): {KIND: [names[index.categories[at]]]} for at in selection.positions
    }
    for name, rows in sorted(index.attributes.items()):
        for at in np.flatnonzero(selection.mask[index.recorded[name]]):
            position, value = rows[at]
            own = table[int(index.ids[position])]
            if name != KIND and (listed := list(spelled(value))):
                own[name] = sorted({*own.get(name, ()), *listed})
    return table


def _normal(option: str) -> str:
    words = plain(option).strip(" .").split()
    while words and words[0] in ("a", "an", "the"):
        words.pop(0)
    return " ".join(words)


def _answers(run: Run, outcome: Outcome) -> tuple[str, set[str]]:
    """The kind of an answer and every way to say it that an option may use."""
    asked = kind_of(outcome.question)
    fps = run.index.graph.source.fps
    if outcome.verdict is not None:
        return "yes or no", {"yes" if outcome.verdict is Verdict.SUPPORTED else "no"}
    if issubclass(asked, Count | HowOften | HowLong | TimeBetween):
        number = outcome.number or 0
        said = {str(number), *(word for word, value in NUMBERS.items() if value == number)}
        timed = issubclass(asked, HowLong | TimeBetween) and fps is not None
        return "number", {*said, f"{number / fps:g}"} if timed and fps else said
    if issubclass(asked, AttributeOf | ChooseValue | Common):
        return "value", {spelling(each) for _, _, value in outcome.values for each in spelled(value)}
    if issubclass(asked, ChoosePart):
        return "part", {said for _, _, part in outcome.values for said in (part, part.removesuffix(" half"))}
    if issubclass(asked, Doing | Between | Happens | Locate):
        shown = () if outcome.failure is not None else outcome.relations[: outcome.number]
        return "relation", set(_relations_said(run, shown)) or set(NAMELESS)
    if issubclass(asked, Which):
        names = {_normal(name) for node in outcome.nodes for name in _names_of(run, node)}
        return "node", names or set(NAMELESS)
    return "other", set()


def _relations_said(run: Run, relations: tuple[int, ...]) -> Iterator[str]:
    graph = run.index.graph
    for at in relations:
        relation = graph.relations[at]
        predicate = _normal(graph.predicate_name(relation))
        yield predicate
        for name in _names_of(run, relation.object):
            yield f"{predicate} {_normal(name)}"
            yield _normal(name)


def _names_of(run: Run, node: int) -> tuple[str, ...]:
    graph = run.index.graph
    category = graph.node(node).category
    names = shown_names(graph.vocabulary)[category], graph.vocabulary.categories[category]
    return (*names, *spoken(names[1]), run.index.label(node), graph.label(node))


def _is_of_kind(run: Run, option: str, kind: str) -> bool:
    """Whether an option could be an answer of a kind at all."""
    vocabulary = run.index.graph.vocabulary
    if kind == "yes or no":
        return option in ("yes", "no")
    if kind == "number":
        return option in NUMBERS or option.replace(".", "", 1).isdigit()
    if kind == "value":
        said = spelling(option)
        return said in ATTRIBUTE_OF or any(said in values for values in run.index.owners.values())
    if kind == "part":
        return option in get_args(Part)
    words = {_normal(said) for name in vocabulary.categories for said in (name, *spoken(name))}
    named = option in words or option in NAMELESS or option in run.index.called
    if kind == "relation":
        return named or any(option.startswith(_normal(name)) for name in vocabulary.predicates)
    return kind == "node" and named
