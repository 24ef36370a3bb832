"""The steps that give sets of nodes, and what all steps of the program language share.

Steps are frozen and compare by what they compute; how the asker worded them (`word`) does not count.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any, Literal

MAX_DEPTH = 16
"""Levels of a program that is run: far above any question that people ask."""

_SHOWN = 3
"""Names of one list that the one-line form spells out."""

Direction = Literal["left of", "right of", "above", "below"]
Extremum = Literal["left", "right", "top", "bottom", "largest", "smallest"]


class Step:
    """Any operation of the language."""

    @classmethod
    def operation(cls) -> str:
        """The name of the operation in JSON and in one-line form: `IsPlaced` is `is_placed`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    def arguments(self) -> Iterator[tuple[str, Any]]:
        """Field names and values that matter for the result, in order."""
        for item in fields(self):  # type: ignore[arg-type]
            if item.compare:
                yield item.name, getattr(self, item.name)

    @property
    def line(self) -> str:
        """The readable one-line form."""
        shown = [_shown(value) for _, value in self.arguments()]
        while shown and shown[-1] == "":
            shown.pop()
        return f"{self.operation()}({', '.join(shown)})"


class Nodes(Step):
    """A step that gives a set of nodes."""


class Question(Step):
    """A step that gives an answer."""


class Event(Question):
    """A yes/no question about a relation, which may also be timed."""


class Window(Step):
    """A step that gives a stretch of time."""


@dataclass(frozen=True)
class Predicate:
    """Predicate names that count, read forwards or backwards.

    "behind" may be `Predicate(("behind",), converse=("in front of",))`: a is behind b if there is a
    relation (a, behind, b) or a relation (b, in front of, a). With no names at all the word is known
    but the vocabulary has no such predicate.
    """

    forward: tuple[str, ...] = ()
    converse: tuple[str, ...] = ()
    word: str = field(default="", compare=False)

    def flipped(self) -> "Predicate":
        """The same predicate read from the other end: riding becomes being ridden by.

        The word keeps track: `~riding` is what the other one is riding.
        """
        word = self.word[1:] if self.word.startswith("~") else f"~{self.word}"
        return Predicate(self.converse, self.forward, word)

    @property
    def line(self) -> str:
        """`behind|~in front of`; `~` marks names read backwards."""
        names = (*self.forward, *(f"~{name}" for name in self.converse))
        return _listed(names) if names else f"nothing called {self.word or 'that'}"


@dataclass(frozen=True)
class Find(Nodes):
    """Nodes of some categories; None means any node, () a known word that the vocabulary lacks."""

    categories: tuple[str, ...] | None = None
    word: str = field(default="", compare=False)

    @property
    def line(self) -> str:
        """`find(person)`, `find(anything)`."""
        if self.categories is None:
            return "find(anything)"
        missing = f"nothing called {self.word or 'that'}"
        return f"find({_listed(self.categories) or missing})"


@dataclass(frozen=True)
class Pick(Nodes):
    """Nodes named by id; where categories are given ("the dog (3)"), only those of them."""

    nodes: tuple[int, ...]
    categories: tuple[str, ...] | None = None


@dataclass(frozen=True)
class The(Nodes):
    """A definite description: it presupposes that there is such a node, and hopes for one only."""

    nodes: Nodes
    plural: bool = False


@dataclass(frozen=True)
class Called(Nodes):
    """Nodes that the asker calls by a word that says more than their category ("woman" for person).

    Nodes of which an attribute has that very value; all of them, as an assumption, where no such
    attribute is recorded.
    """

    nodes: Nodes
    name: str


@dataclass(frozen=True)
class Having(Nodes):
    """Nodes of which an attribute has a value; `attribute` None means any attribute."""

    nodes: Nodes
    value: str
    attribute: str | None = None


@dataclass(frozen=True)
class Related(Nodes):
    """Nodes that stand in a relation to one of the others."""

    nodes: Nodes
    predicate: Predicate
    others: Nodes


@dataclass(frozen=True)
class Placed(Nodes):
    """Nodes that lie in a direction of one of the others, in the picture as the viewer sees it."""

    nodes: Nodes
    direction: Direction
    others: Nodes


@dataclass(frozen=True)
class Extreme(Nodes):
    """The one node that lies furthest to a side of the picture, or covers most or fewest pixels."""

    nodes: Nodes
    which: Extremum


@dataclass(frozen=True)
class Union(Nodes):
    """Nodes of any part."""

    parts: tuple[Nodes, ...]


def children(step: Step) -> Iterator[Step]:
    """The steps directly below a step."""
    for _, value in step.arguments():
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Step):
                yield item


def depth(step: Step) -> int:
    """Levels of steps below and including a step."""
    return 1 + max((depth(child) for child in children(step)), default=0)


def _shown(value: Any) -> str:
    """An argument in one-line form; "" for a value that need not be shown."""
    if isinstance(value, Step | Predicate):
        return value.line
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, tuple):
        if value and isinstance(value[0], Step):
            return ", ".join(item.line for item in value)
        return _listed(value) or "nothing"
    return f"{value:g}" if isinstance(value, float) else "" if value is None else str(value)


def _listed(names: tuple[Any, ...]) -> str:
    """Names joined by `|`; of many, the first and how many more (the JSON form has them all)."""
    shown = [str(name) for name in names]
    return "|".join(shown if len(shown) <= _SHOWN else [*shown[:_SHOWN], f"+{len(shown) - _SHOWN}"])
