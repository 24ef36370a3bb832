"""What a graph must have for a program to be true of it: cheap to look up in columns, before the program is run."""

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.bounded_steps import Exceeding, ManyRelated, Measuring
from assistant.programs import (
    AllOf,
    AttributeOf,
    Between,
    ChoosePart,
    ChooseValue,
    Count,
    CountIs,
    Describe,
    Doing,
    During,
    Exists,
    HasAttribute,
    Holds,
    IsA,
    IsPlaced,
    Locate,
    Which,
    While,
)
from assistant.steps import (
    Called,
    Except,
    Extreme,
    Find,
    Having,
    InPicture,
    InSpace,
    Intersection,
    MostRelated,
    Moved,
    Nearest,
    Nodes,
    Placed,
    Predicate,
    Related,
    Sharing,
    Step,
    Superlative,
    The,
    Union,
    Within,
    walk,
)
from assistant.timed_programs import Always

Names = frozenset[str] | None
"""Category names; None: any."""

Value = tuple[str, str | None]
"""What an attribute must be, and the name of the attribute, or None for any."""

_KEEPING = (
    *(The, Called, Related, Having, Except, Placed, Extreme, Superlative, MostRelated, Nearest, Within),
    *(InSpace, Moved, InPicture, Sharing, Measuring, ManyRelated, Exceeding),
)
"""Steps that keep some of their nodes."""


@dataclass(frozen=True)
class Need:
    """A relation of which the graph must hold one; with no predicates, a node of the subject's categories.

    With a `value`, such a node of which an attribute is recorded as that.
    """

    subject: Names
    forward: frozenset[str]
    converse: frozenset[str]
    object: Names
    value: Value | None = None

    @property
    def is_relation(self) -> bool:
        """Whether a relation is needed rather than a node."""
        return bool(self.forward or self.converse)


def needs_of(program: Step) -> list[Need]:
    """What every graph that the program is true of must have; nothing where the program denies or leaves a choice.

    A rider needs the relation, and both ends of it:

    >>> rider = Related(Find(("person",)), Predicate(("riding",)), Find(("horse",)))
    >>> [need.is_relation for need in needs_of(Exists(rider))]
    [True, False, False]
    """
    return list(dict.fromkeys(_needs(program)))


def values_of(program: Step) -> list[Value]:
    """The values of attributes that a program asks for, also where it denies them."""
    return list(
        dict.fromkeys((step.value, step.attribute) for step in walk(program) if isinstance(step, Having | HasAttribute))
    )


def _needs(step: Step) -> Iterator[Need]:
    match step:
        case AllOf():
            for part in step.questions:
                yield from _needs(part)
        case During():
            yield from _needs(step.question)
            if isinstance(step.window, While):
                yield from _needs(step.window.event)
        case Holds():
            yield from _related(step.subjects, step.predicate, step.objects)
        case HasAttribute():
            yield from _of_nodes(Having(step.nodes, step.value, step.attribute))
        case Always():
            yield from _needs(step.event)
        case IsPlaced() | Between():
            yield from _of_nodes(step.nodes)
            yield from _of_nodes(step.others)
        case (
            Exists()
            | Which()
            | Count()
            | Doing()
            | Locate()
            | Describe()
            | IsA()
            | AttributeOf()
            | ChooseValue()
            | ChoosePart()
        ):
            yield from _of_nodes(step.nodes)
        case CountIs() if step.number > 0:
            yield from _of_nodes(step.nodes)


def _of_nodes(nodes: Nodes) -> Iterator[Need]:
    match nodes:
        case Having():
            yield Need(_names(nodes.nodes), frozenset(), frozenset(), None, (nodes.value, nodes.attribute))
            yield from _of_nodes(nodes.nodes)
        case Placed() | InSpace() | Nearest() | Within() | Sharing() | Exceeding():
            yield from _of_nodes(nodes.nodes)
            yield from _of_nodes(nodes.others)
        case (
            The()
            | Called()
            | Except()
            | Extreme()
            | Superlative()
            | Measuring()
            | MostRelated()
            | Moved()
            | InPicture()
        ):
            yield from _of_nodes(nodes.nodes)
        case Intersection():
            for part in nodes.parts:
                yield from _of_nodes(part)
        case Related() | ManyRelated():
            yield from _related(nodes.nodes, nodes.predicate, nodes.others)
        case Find() | Union() if (names := _names(nodes)) is not None:
            yield Need(names, frozenset(), frozenset(), None)


def _related(subjects: Nodes, predicate: Predicate, objects: Nodes) -> Iterator[Need]:
    yield Need(_names(subjects), frozenset(predicate.forward), frozenset(predicate.converse), _names(objects))
    yield from _of_nodes(subjects)
    yield from _of_nodes(objects)


def _names(nodes: Nodes) -> Names:
    """The categories that nodes of a step can have."""
    match nodes:
        case Find():
            return None if nodes.categories is None else frozenset(nodes.categories)
        case Union():
            parts = [_names(part) for part in nodes.parts]
            return None if None in parts else frozenset().union(*(part for part in parts if part))
    return _names(nodes.nodes) if isinstance(nodes, _KEEPING) else None
