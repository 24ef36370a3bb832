"""What the grammar finds: noun phrases, and what is said of them."""

from collections.abc import Callable
from dataclasses import dataclass

from assistant.lexicon import Adjective, Noun
from assistant.programs import AllOf, AnyOf, CountIs, Exists, HasAttribute, Holds, IsA, IsPlaced
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
    at_least: bool = False

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
    """What is said of a subject, up to word `stop`; several sayings are joined by "and".

    With `asks_only` it can be asked but cannot narrow a set of nodes ("holding two balls").
    """

    stop: int
    sayings: tuple[Saying, ...]
    cost: float = 0.0
    asks_only: bool = False

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


def related_to_many(predicate: Predicate, objects: Phrase) -> Saying:
    """The subject stands in a relation to that many objects."""
    number, at_least = objects.number or 0, objects.at_least
    return Saying(
        lambda nodes: Related(nodes, predicate, objects.nodes),
        lambda nodes, every: CountIs(Related(objects.nodes, predicate.flipped(), nodes), number, at_least),
    )


def placed(direction: Direction, others: Nodes) -> Saying:
    """The subject lies in a direction of the others."""
    return Saying(
        lambda nodes: Placed(nodes, direction, others),
        lambda nodes, every: IsPlaced(nodes, direction, others, every),
    )


def valued(*adjectives: Adjective) -> Saying:
    """The subject has a value of an attribute, or one of several values."""

    def narrow(nodes: Nodes) -> Nodes:
        kept = tuple(Having(nodes, one.value, one.attribute) for one in adjectives)
        return kept[0] if len(kept) == 1 else Union(kept)

    def ask_value(nodes: Nodes, every: bool) -> Question:
        meant = The(nodes, plural=True) if every and not isinstance(nodes, The) else nodes
        asked = tuple(HasAttribute(meant, one.value, one.attribute) for one in adjectives)
        return asked[0] if len(asked) == 1 else AnyOf(asked)

    return Saying(narrow, ask_value)


def is_a(subject: Phrase, noun: Noun) -> Question:
    """The question whether a phrase names something of a kind."""
    meant = The(subject.nodes, plural=True) if subject.universal else subject.reference
    if noun.narrower:
        return HasAttribute(meant, noun.word)
    return IsA(meant, noun.categories or (), word=noun.word)


def ask(subject: Phrase, said: Predication) -> Question | None:
    """The yes/no question whether something is true of a subject; None where no program can ask it."""
    if subject.number is not None and not subject.definite and not subject.universal:
        if said.asks_only:
            return None
        return CountIs(said.narrow(subject.nodes), subject.number, subject.at_least)
    if said.asks_only and subject.universal:
        return None
    # "are the people on the grass?" asks of all of them
    every = subject.universal or (subject.definite and subject.noun is not None and subject.noun.plural is True)
    questions = tuple(saying.ask(subject.reference, every) for saying in said.sayings)
    return questions[0] if len(questions) == 1 else AllOf(questions)


def there_is(phrase: Phrase) -> Question:
    """The question whether what a phrase describes is there, and that often where it says a number."""
    nodes = phrase.nodes if not isinstance(phrase.nodes, The | Union) else phrase.reference
    return Exists(nodes) if phrase.number is None else CountIs(nodes, phrase.number, phrase.at_least)
