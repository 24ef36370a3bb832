"""Questions that need the turns before them: "and what is she holding?", "what about the dog?", "when?".

Pronouns are replaced by what they refer to, which is told in a note; what a short question leaves
out is taken from the program of the turn before. Where several nodes are meant equally well it asks back.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, TypeVar

from assistant.answers import GroundedAnswer, NodeCitation, RelationCitation, Status, Verdict
from assistant.lexicon import Adjective, Noun
from assistant.programs import (
    Count,
    Describe,
    During,
    Exists,
    Holds,
    HowLong,
    HowOften,
    IsPlaced,
    Locate,
    When,
    Which,
)
from assistant.regions import reference
from assistant.steps import Find, Nodes, Pick, Question, Related, Step, The, children
from assistant.text import words

if TYPE_CHECKING:
    from assistant.assistant import Assistant

REMEMBERED = 5
"""Turns in which a referent is looked for: people do not mean what was said long ago."""

_PERSONAL = ("he", "she", "him", "her", "his")
_NEUTRAL = ("it", "this one", "that one", "its")
_PLURAL = ("they", "them", "these", "those", "both of them", "their")
_POSSESSIVE = ("his", "her", "its", "their")
_PRONOUN = re.compile(
    rf"\b({'|'.join(sorted((*_PERSONAL, *_NEUTRAL, *_PLURAL), key=len, reverse=True))})\b(?!['’-])", re.IGNORECASE
)
_EXPLETIVE = re.compile(r"\s+(?:true|the case|correct|right|possible|raining|snowing|day|night|time)\b", re.IGNORECASE)
_LEADING = re.compile(r"^\s*(?:and|so|then|also|but|ok|okay|now|or|well)\b[\s,]*", re.IGNORECASE)
_ABOUT = re.compile(r"^\s*(?:and\s+)?(?:what|how) about\s+", re.IGNORECASE)

_Step = TypeVar("_Step", bound=Step)


@dataclass(frozen=True)
class FollowUp:
    """What a follow-up question amounts to.

    Exactly one of these is set: `text` (a question that stands by itself), `program`, or `options`
    (nodes that a pronoun may mean; the question has to be asked back).
    """

    text: str | None = None
    program: Question | None = None
    options: tuple[int, ...] = ()
    pronoun: str = ""
    notes: tuple[str, ...] = ()


def follow_up(assistant: "Assistant", question: str, turns: Sequence[GroundedAnswer]) -> FollowUp | None:
    """What a question means after these turns; None if it needs none of them."""
    if not turns or len(question) > 600:
        return None
    last = turns[-1]
    program = None if last.program is None else last.program.question
    short = _LEADING.sub("", question)
    if program is not None:
        shortened = _bare(words(short), program, last) or _elliptic(assistant, question, short, program)
        if shortened is not None:
            return FollowUp(program=shortened, notes=("what the question leaves out is taken from the one before",))
    return _without_pronouns(assistant, question, turns[-REMEMBERED:])


def _bare(asked: list[str], before: Question, answer: GroundedAnswer) -> Question | None:
    """When? where? how many? which ones? of what was asked before."""
    nodes = _asked_nodes(before)
    event = _event(before, answer)
    match " ".join(asked):
        case "when" | "since when" | "at what time":
            return None if event is None else When(event)
        case "how long" | "for how long":
            return None if event is None else HowLong(event)
        case "how often" | "how many times":
            return None if event is None else HowOften(event)
        case "where":
            meant = Pick(answer.nodes) if answer.nodes else nodes
            return None if meant is None else Locate(meant)
        case "how many":
            return None if nodes is None else Count(nodes)
        case "who" | "which" | "which one" | "which ones" | "what" | "who exactly":
            return None if nodes is None else Which(nodes)
    return None


def _asked_nodes(question: Question) -> Nodes | None:
    while isinstance(question, During):
        question = question.question
    return question.nodes if isinstance(question, Exists | Count | Which) else None


def _event(question: Question, answer: GroundedAnswer) -> Holds | IsPlaced | None:
    """The relation that a question was about, as something that can be timed."""
    while isinstance(question, During):
        question = question.question
    if isinstance(question, When | HowLong | HowOften) and isinstance(question.event, Holds | IsPlaced):
        return question.event
    if isinstance(question, Holds | IsPlaced):
        return question
    if isinstance(question, Which) and isinstance(question.nodes, Related) and answer.nodes:
        return Holds(Pick(answer.nodes), question.nodes.predicate, question.nodes.others)
    return None


def _elliptic(assistant: "Assistant", question: str, short: str, before: Question) -> Question | None:
    """The question before, of something else or of another time: "what about the dog?", "and at 3 seconds?"."""
    about = _ABOUT.match(question)
    rest = question[about.end() :] if about else short
    if not about and (rest == question.lstrip() or assistant.parser.question(rest).questions):
        return None  # neither short nor joined to what was said
    rest = rest.strip(" ?.!")
    if not rest:
        return None
    for read in assistant.parser.question(f"is there anything {rest}").questions:
        if isinstance(read, During):
            inner = before.question if isinstance(before, During) else before
            return During(inner, read.window)
    resolved = rest if _PRONOUN.search(rest) is None else None
    named = assistant.parser.question(f"describe {resolved}").questions if resolved else ()
    meant = next((read.nodes for read in named if isinstance(read, Describe)), None)
    if meant is None:
        return None
    replaced = next(_slots(before), None) or next(_named_finds(before), None)
    if replaced is None:
        return None
    return _rebuilt(before, replaced, meant if isinstance(replaced, The | Pick) else _open(meant))


def _open(nodes: Nodes) -> Nodes:
    """The nodes without the presupposition that there are some."""
    return nodes.nodes if isinstance(nodes, The) else nodes


def _slots(step: Step) -> Iterator[Nodes]:
    """Descriptions of single things, outermost and first first."""
    for child in children(step):
        if isinstance(child, The | Pick):
            yield child
        else:
            yield from _slots(child)


def _named_finds(step: Step) -> Iterator[Find]:
    for child in children(step):
        if isinstance(child, Find):
            if child.categories is not None:
                yield child
        else:
            yield from _named_finds(child)


def _rebuilt(step: _Step, old: Step, new: Step) -> _Step:
    """A program with one of its steps, found by identity, replaced."""
    changes: dict[str, object] = {}
    for item in fields(step):  # type: ignore[arg-type]
        value = getattr(step, item.name)
        if value is old:
            changes[item.name] = new
        elif isinstance(value, Step):
            rebuilt = _rebuilt(value, old, new)
            if rebuilt is not value:
                changes[item.name] = rebuilt
        elif isinstance(value, tuple) and any(isinstance(each, Step) for each in value):
            parts = tuple(new if each is old else _rebuilt(each, old, new) for each in value)
            if any(one is not other for one, other in zip(parts, value, strict=True)):
                changes[item.name] = parts
    return replace(step, **changes) if changes else step  # type: ignore[type-var]


def _without_pronouns(assistant: "Assistant", question: str, turns: Sequence[GroundedAnswer]) -> FollowUp | None:
    """The question with every pronoun replaced by the label of what it refers to."""
    text, at = "", 0
    notes: list[str] = []
    for match in _PRONOUN.finditer(question):
        pronoun = match[1].lower()
        following = words(question[match.end() :])[:1]
        if pronoun == "it" and _EXPLETIVE.match(question, match.end()):
            continue
        if pronoun in _POSSESSIVE and (pronoun != "her" or _is_owned(assistant, following)):
            continue  # "her umbrella": the grammar reads it as an umbrella
        if pronoun in ("these", "those") and _is_owned(assistant, following):
            continue
        meant = _referents(assistant, pronoun, turns)
        if not meant:
            continue
        if len(meant) > 1 and pronoun not in _PLURAL:
            return FollowUp(options=meant, pronoun=match[1])
        labels = [reference(assistant.index, node) for node in meant]
        text += question[at : match.start()] + " or ".join(labels)
        at = match.end()
        notes.append(f"'{match[1]}' was read as {', '.join(assistant.index.label(node) for node in meant)}")
    if not notes:
        return None
    return FollowUp(text=text + question[at:], notes=tuple(dict.fromkeys(notes)))


def _is_owned(assistant: "Assistant", following: list[str]) -> bool:
    return any(isinstance(entry, Noun | Adjective) for _, entry in assistant.lexicon.at(following, 0))


def _referents(assistant: "Assistant", pronoun: str, turns: Sequence[GroundedAnswer]) -> tuple[int, ...]:
    """What a pronoun may mean: the nodes of its kind in what was said last, the answer before its evidence."""
    people = {
        category
        for _, entry in assistant.lexicon.at(["person"], 0)
        if isinstance(entry, Noun)
        for category in entry.categories or ()
    }
    for answer in reversed(turns):
        for group in _mentioned(answer):
            fitting = [
                node
                for node in group
                if pronoun in _PLURAL
                or (assistant.graph.category_name(node) in people) == (pronoun in _PERSONAL)
            ]  # fmt: skip
            if fitting:
                return tuple(dict.fromkeys(fitting))
    return ()


def _mentioned(answer: GroundedAnswer) -> Iterator[tuple[int, ...]]:
    """Groups of nodes of an answer, the most prominent first."""
    if answer.status is Status.AMBIGUOUS:
        yield answer.options
    yield answer.nodes
    told = [claim for claim in answer.claims if claim.verdict is Verdict.SUPPORTED]
    related = [citation for citation in answer.citations if isinstance(citation, RelationCitation)]
    yield tuple(claim.subject for claim in told if claim.subject is not None and not related)
    yield tuple(citation.subject for citation in related)
    yield tuple(citation.object for citation in related)
    yield tuple(citation.node for citation in answer.citations if isinstance(citation, NodeCitation))
