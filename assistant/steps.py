"""The steps that give sets of nodes, and what all steps of the program language share.

Steps are frozen and compare by what they compute; how the asker worded them (`word`) does not count.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from functools import cache
from typing import Any, Literal, TypeVar

from assistant.quoting import quoted

MAX_DEPTH = 16
"""Levels of a program that is run: far above any question that people ask."""

MAX_STEPS = 64
"""Steps of a program that is run: far above any question, far below what hurts."""

Direction = Literal["left of", "right of", "above", "below", "overlapping"]
SpaceDirection = Literal["left of", "right of", "above", "below", "in front of", "behind"]
Extremum = Literal["left", "right", "top", "bottom", "largest", "smallest"]
# fmt: off
Part = Literal[
    "left", "right", "top", "bottom", "middle", "top left", "top right", "bottom left", "bottom right",
    "left half", "right half", "top half", "bottom half",
]
Quantity = Literal[
    "area", "box width", "box height", "relations", "frames seen",
    "width", "height", "depth", "length", "volume", "distance", "speed", "path length", "displacement",
]
# fmt: on
View = Literal["camera", "world", "facing", "from"]

METRIC: dict[str, str] = {
    **dict.fromkeys(("width", "height", "depth", "length", "distance", "path length", "displacement"), "m"),
    "volume": "m3",
    "speed": "m/s",
}
"""Quantities that need positions in metres, and their units."""

EXTENTS: tuple[str, ...] = ("width", "height", "depth", "length", "volume")
"""Quantities of the box around a thing in space; its length is the longest side."""


class Step:
    """Any operation of the language."""

    @classmethod
    @cache
    def operation(cls) -> str:
        """The name of the operation in JSON and in one-line form: `IsPlaced` is `is_placed`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    @classmethod
    @cache
    def fields(cls) -> tuple[Field[Any], ...]:
        """The arguments of the operation that matter for its result, in order."""
        return tuple(item for item in fields(cls) if item.compare)  # type: ignore[arg-type]

    def arguments(self) -> Iterator[tuple[str, Any]]:
        """Field names and values that matter for the result, in order."""
        for item in self.fields():
            yield item.name, getattr(self, item.name)

    @property
    def line(self) -> str:
        """The readable one-line form, which `program_line.from_line` reads back."""
        return self.written({})

    def written(self, names: "Mapping[Step, str]") -> str:
        """The one-line form, with names in place of the steps that have one.

        Arguments that have their usual value are left out; those after them are written `name=value`.
        """
        shown, skipped = [], False
        for item in self.fields():
            value = getattr(self, item.name)
            if item.default is not MISSING and value == item.default:
                skipped = True
                continue
            text = _shown(value, names)
            shown.append(f"{item.name}={text}" if skipped else text)
        return f"{self.operation()}({', '.join(shown)})"


class Nodes(Step):
    """A step that gives a set of nodes."""


class Question(Step):
    """A step that gives an answer."""


class YesNoQuestion(Question):
    """A question that is answered by yes or no, or that the graph leaves open."""


class Event(YesNoQuestion):
    """A yes/no question that holds in some frames, so that it may also be timed."""


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
        names = (*map(quoted, self.forward), *(f"~{quoted(name)}" for name in self.converse))
        return "|".join(names) if names else f"nothing called {quoted(self.word or 'that')}"


@dataclass(frozen=True)
class Find(Nodes):
    """Nodes of some categories; None means any node, () a known word that the vocabulary lacks."""

    categories: tuple[str, ...] | None = None
    word: str = field(default="", compare=False)

    def written(self, names: Mapping[Step, str]) -> str:
        """`find(person)`, `find(anything)`."""
        if self.categories is None:
            return "find(anything)"
        missing = f"nothing called {quoted(self.word or 'that')}"
        return f"find({'|'.join(map(quoted, self.categories)) or missing})"


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
    """Nodes that lie in a direction of one of the others, in the picture as the viewer sees it, or overlap one."""

    nodes: Nodes
    direction: Direction
    others: Nodes


@dataclass(frozen=True)
class Extreme(Nodes):
    """The nodes that lie furthest to a side of the picture, or cover most or fewest pixels; several where equal.

    See `ranked_steps` for `rank` and `number`.
    """

    nodes: Nodes
    which: Extremum
    rank: int = 1
    number: int = 1


@dataclass(frozen=True)
class InPicture(Nodes):
    """Nodes that lie in a part of the picture (with `outside`: elsewhere in it), by the centre of their box.

    Sides and corners are the outer thirds of the picture, the middle is its middle ninth.
    """

    nodes: Nodes
    part: Part
    outside: bool = False


KIND = "kind"
"""The attribute that every node has: its category."""


@dataclass(frozen=True)
class Sharing(Nodes):
    """Nodes, none of the others themselves, that have the same value of an attribute as one of the others."""

    nodes: Nodes
    others: Nodes
    attribute: str


@dataclass(frozen=True)
class Union(Nodes):
    """Nodes of any part."""

    parts: tuple[Nodes, ...]


@dataclass(frozen=True)
class Intersection(Nodes):
    """Nodes of every part."""

    parts: tuple[Nodes, ...]


@dataclass(frozen=True)
class Except(Nodes):
    """Nodes that are not among the others.

    Where the others are found by a relation, this rests on what the graph does not show.
    """

    nodes: Nodes
    others: Nodes


@dataclass(frozen=True)
class Superlative(Nodes):
    """The nodes with most (least) of a quantity; several where they are equal. See `ranked_steps` for the rest."""

    nodes: Nodes
    quantity: Quantity
    least: bool = False
    rank: int = 1
    number: int = 1


@dataclass(frozen=True)
class MostRelated(Nodes):
    """The nodes that stand in a relation to most of the others; several where they are equal."""

    nodes: Nodes
    predicate: Predicate
    others: Nodes


@dataclass(frozen=True)
class Nearest(Nodes):
    """The nodes that are nearest (farthest), in metres, to the nearest of the others; see `ranked_steps`."""

    nodes: Nodes
    others: Nodes
    farthest: bool = False
    rank: int = 1
    number: int = 1


@dataclass(frozen=True)
class Within(Nodes):
    """Nodes at most that many metres away from one of the others."""

    nodes: Nodes
    metres: float
    others: Nodes


@dataclass(frozen=True)
class InSpace(Nodes):
    """Nodes that lie, in space, in a direction of one of the others, as one who looks sees it.

    The view is the camera's, the world's axes, that of one who stands where the camera is and turns to
    face some nodes (`facing`), or that of one who stands where some nodes are and looks at the others
    (`from`).
    """

    nodes: Nodes
    direction: SpaceDirection
    others: Nodes
    view: View = "camera"
    facing: Nodes | None = None


@dataclass(frozen=True)
class InBetween(Nodes):
    """Nodes that lie between one of the first and one of the second: in space, without metres in the picture.

    Seen from such a node the two lie in nearly opposite directions: more than 120 degrees apart.
    """

    nodes: Nodes
    first: Nodes
    second: Nodes


@dataclass(frozen=True)
class Moved(Nodes):
    """Things that moved (with `still`: that did not), by more than the error of measurement."""

    nodes: Nodes
    still: bool = False


_Step = TypeVar("_Step", bound=Step)


def children(step: Step) -> Iterator[Step]:
    """The steps directly below a step."""
    for _, value in step.arguments():
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Step):
                yield item


def depth(step: Step) -> int:
    """Levels of steps below and including a step."""
    return 1 + max((depth(child) for child in children(step)), default=0)


def walk(step: Step) -> Iterator[Step]:
    """A step and all steps below it."""
    yield step
    for child in children(step):
        yield from walk(child)


def with_children(step: _Step, change: Callable[[Step], Step]) -> _Step:
    """A step with each step right below it as it is changed; itself where none of them is."""
    changes: dict[str, object] = {}
    for item in fields(step):  # type: ignore[arg-type]
        value = getattr(step, item.name)
        each = value if isinstance(value, tuple) else (value,)
        changed = tuple(change(part) if isinstance(part, Step) else part for part in each)
        if any(one is not other for one, other in zip(changed, each, strict=True)):
            changes[item.name] = changed if isinstance(value, tuple) else changed[0]
    return replace(step, **changes) if changes else step  # type: ignore[type-var]


def _shown(value: Any, names: Mapping[Step, str]) -> str:
    """An argument in one-line form."""
    if isinstance(value, Step):
        return names.get(value) or value.written(names)
    if isinstance(value, Predicate):
        return value.line
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        if value and isinstance(value[0], Step):
            return ", ".join(_shown(item, names) for item in value)
        return "|".join(quoted(item) if isinstance(item, str) else str(item) for item in value) or "nothing"
    if isinstance(value, float):
        short = f"{value:g}"
        return short if float(short) == value else repr(value)
    return quoted(value) if isinstance(value, str) else str(value)
