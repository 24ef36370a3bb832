"""What the grammar finds: noun phrases, and what is said of them."""

from collections.abc import Callable
from dataclasses import dataclass

from assistant.lexicon import Adjective, Noun
from assistant.programs import AllOf, CountIs, Exists, HasAttribute, Holds, IsA, IsPlaced
from assistant.steps import Direction, Having, Nodes, Placed, Predicate, Question, Related, The, Union


@dataclass(frozen=True)
class Phrase:
    """A noun phrase that ends before word `stop`."""

    stop: int
    nodes: Nodes
    noun: Noun | None = None
    definite: bool = False
    plural: bool = False
    universal: bool = False
    number: int | None = None
    cost: float = 0.0

    @property
    def reference(self) -> Nodes:
        """The nodes, marked as presupposed where the phrase is definite."""
        return The(self.nodes, self.plural) if self.definite else self.nodes


@dataclass(frozen=True)
class Saying:
    """One thing said of a subject: how to narrow nodes by it, and how to ask whether it is so."""

    narrow: Callable[[Nodes], Nodes]
    ask: Callable[[Nodes, bool], Question]


@dataclass(frozen=True)
class Predication:
    """What is said of a subject, up to word `stop`; several sayings are joined by "and"."""

    stop: int
    sayings: tuple[Saying, ...]
    cost: float = 0.0

    def narrow(self, nodes: Nodes) -> Nodes:
        """The nodes of which all of it is true."""
        for saying in self.sayings:
            nodes = saying.narrow(nodes)
        return nodes


@dataclass(frozen=True)
class Gap:
    """A verb whose object (or agent) is what is asked for; `sayings` are true of its subject as well."""

    stop: int
    predicate: Predicate
    sayings: tuple[Saying, ...] = ()

    def narrow(self, nodes: Nodes) -> Nodes:
        """The subjects of which the sayings are true, as definite as before."""
        definite, inner = (nodes, nodes.nodes) if isinstance(nodes, The) else (None, nodes)
        for saying in self.sayings:
            inner = saying.narrow(inner)
        return inner if definite is None else The(inner, definite.plural)


def related(predicate: Predicate, objects: Nodes) -> Saying:
    """The subject stands in a relation to the objects."""
    return Saying(
        lambda nodes: Related(nodes, predicate, objects),
        lambda nodes, every: Holds(nodes, predicate, objects, every),
    )


def placed(direction: Direction, others: Nodes) -> Saying:
    """The subject lies in a direction of the others."""
    return Saying(
        lambda nodes: Placed(nodes, direction, others),
        lambda nodes, every: IsPlaced(nodes, direction, others),
    )


def valued(adjective: Adjective) -> Saying:
    """The subject has a value of an attribute."""
    value, attribute = adjective.value, adjective.attribute
    return Saying(
        lambda nodes: Having(nodes, value, attribute),
        lambda nodes, every: HasAttribute(nodes, value, attribute),
    )


def is_a(subject: Phrase, noun: Noun) -> Question:
    """The question whether a phrase names something of a kind."""
    if noun.narrower:
        return HasAttribute(subject.reference, noun.word)
    return IsA(subject.reference, noun.categories or (), word=noun.word)


def ask(subject: Phrase, said: Predication) -> Question:
    """The yes/no question whether something is true of a subject."""
    questions = tuple(saying.ask(subject.reference, subject.universal) for saying in said.sayings)
    return questions[0] if len(questions) == 1 else AllOf(questions)


def there_is(phrase: Phrase) -> Question:
    """The question whether what a phrase describes is there, and that often where it says a number."""
    nodes = phrase.nodes if not isinstance(phrase.nodes, The | Union) else phrase.reference
    return Exists(nodes) if phrase.number is None else CountIs(nodes, phrase.number)
