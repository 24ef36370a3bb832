"""What a graph must have for a program to be true of it: cheap to look up in columns, before the program is run."""

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.programs import AllOf, Count, CountIs, During, Exists, Holds, Which, While
from assistant.steps import Called, Except, Find, Having, Intersection, Nodes, Predicate, Related, Step, The

Names = frozenset[str] | None
"""Category names; None: any."""


@dataclass(frozen=True)
class Need:
    """A relation of which the graph must hold one; with no predicates, a node of the subject's categories."""

    subject: Names
    forward: frozenset[str]
    converse: frozenset[str]
    object: Names

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
        case Exists() | Which() | Count():
            yield from _of_nodes(step.nodes)
        case CountIs() if step.number > 0:
            yield from _of_nodes(step.nodes)


def _of_nodes(nodes: Nodes) -> Iterator[Need]:
    match nodes:
        case The() | Called() | Having() | Except():
            yield from _of_nodes(nodes.nodes)
        case Intersection():
            for part in nodes.parts:
                yield from _of_nodes(part)
        case Related():
            yield from _related(nodes.nodes, nodes.predicate, nodes.others)
        case Find() if nodes.categories is not None:
            yield Need(frozenset(nodes.categories), frozenset(), frozenset(), None)


def _related(subjects: Nodes, predicate: Predicate, objects: Nodes) -> Iterator[Need]:
    yield Need(_names(subjects), frozenset(predicate.forward), frozenset(predicate.converse), _names(objects))
    yield from _of_nodes(subjects)
    yield from _of_nodes(objects)


def _names(nodes: Nodes) -> Names:
    """The categories that nodes of a step can have."""
    match nodes:
        case Find():
            return None if nodes.categories is None else frozenset(nodes.categories)
        case The() | Called() | Related() | Having() | Except():
            return _names(nodes.nodes)
    return None
