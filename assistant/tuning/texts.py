"""What a language model reads of a graph and says of it, as plain text: the graph, answers, their parts."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.encoding import declared, shown_spans
from assistant.forms import FORMS, write
from assistant.index import GraphIndex
from scenegraph import InputError, Relation, SceneGraph

SENTENCES = "sentences"

NONE = "none"
"""The answer that refuses: what the question asks about is not there."""

_BEFORE_NUMBER = re.compile(r"\s+(?=-\d)")
_AROUND_MARK = re.compile(r"\s*([(),|=]|~(?=\s))\s*")
_LABEL = re.compile(r"[\w' .-]*?\b([A-Za-z][\w'.-]*(?: [A-Za-z][\w'.-]*)*-\d+)$")


@dataclass(frozen=True)
class Asked:
    """A question about a graph and the answer that a model shall learn to give.

    Attributes:
        question: English.
        answer: what the model learns to write.
        family: what kind of question it is, for reports.
        answerable: False where the right answer refuses.
    """

    question: str
    answer: str
    family: str = ""
    answerable: bool = True


@dataclass(frozen=True)
class World:
    """A graph with questions about it, the unit that is packed into one training sequence."""

    graph: SceneGraph
    asked: tuple[Asked, ...]


def graph_text(graph: SceneGraph, form: str = SENTENCES) -> str:
    """The graph as text.

    Args:
        graph: of any kind.
        form: "sentences" repeats names in every line (`person-1 riding horse-1`), which a small model can
            look up in one step; the others are those of `assistant.forms`, which large ones are given.

    Raises:
        InputError: there is no such form.
    """
    if form in FORMS:
        return write(declared(GraphIndex(graph)), form)
    if form != SENTENCES:
        raise InputError(f"graph text {form!r}; expected {SENTENCES} or one of {', '.join(FORMS)}")
    nodes = (" ".join((graph.label(node.id), *_words(node.recorded.values()))) for node in graph.nodes)
    return "\n".join((*map(_line, nodes), *(_sentence(graph, relation) for relation in graph.relations)))


def _sentence(graph: SceneGraph, relation: Relation) -> str:
    frames = f" frames {shown_spans(relation.spans, ' ')}" if relation.spans else ""
    return _line(f"{graph.sentence(relation)}{frames}")


def _line(text: str) -> str:
    """A text on one line: no name or value from data can begin another."""
    return " ".join(text.split())


def _words(values: Iterable[object]) -> list[str]:
    return [str(value) for value in values]


def canonical(text: str) -> str:
    """A text without the spaces that a word-level tokenizer adds.

    >>> canonical("related ( find ( dog ) , beside | ~ beside , ~ on )")
    'related(find(dog), beside|~beside, ~on)'
    >>> canonical("which ( related ( find ( dog ) , on , find ( grass ) ) )"), canonical("looking at person -2")
    ('which(related(find(dog), on, find(grass)))', 'looking at person-2')
    """
    joined = _BEFORE_NUMBER.sub("", " ".join(text.split()))
    return _AROUND_MARK.sub(r"\1", joined).replace(",", ", ")


def parts(answer: str) -> frozenset[str]:
    """The items of an answer, in any order.

    >>> sorted(parts("looking at person -1 , on grass -1"))
    ['looking at person-1', 'on grass-1']
    """
    return frozenset(part.strip() for part in canonical(answer).lower().split(",") if part.strip())


def named(answer: str, labels: Sequence[str]) -> frozenset[str]:
    """The labels that an answer names, those of the graph and any other text that has the form of a label.

    >>> sorted(named("riding horse-1, dog-7", ["horse-1", "person-1"]))
    ['dog-7', 'horse-1']
    """
    known = sorted((label.lower() for label in labels), key=len, reverse=True)
    found = set()
    for part in parts(answer):
        label = next((label for label in known if part == label or part.endswith(f" {label}")), None)
        if label is not None:
            found.add(label)
        elif (other := _LABEL.fullmatch(part)) is not None:
            found.add(other[1])
    return frozenset(found)
