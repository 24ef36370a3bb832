"""What the grammar finds: noun phrases, and what is said of them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

from assistant.bounded_steps import Exceeding, ManyRelated, Measuring
from assistant.lexicon import Adjective, Noun
from assistant.measured_programs import IsInSpace
from assistant.programs import (
    AllOf,
    AnyOf,
    CompareCounts,
    CountIs,
    Exists,
    HasAttribute,
    Holds,
    IsA,
    IsPlaced,
    Not,
)
from assistant.steps import (
    Called,
    Direction,
    Except,
    Extreme,
    Find,
    Having,
    InSpace,
    MostRelated,
    Nearest,
    Nodes,
    Pick,
    Placed,
    Predicate,
    Question,
    Related,
    SpaceDirection,
    Superlative,
    The,
    Union,
    View,
    Within,
)


@dataclass(frozen=True)
class Phrase:
    """A noun phrase that ends before word `stop`; the other fields are as in `determiners.Determiner`."""

    stop: int
    nodes: Nodes
    noun: Noun | None = None
    definite: bool = False
    plural: bool = False
    universal: bool = False
    number: int | None = None
    cost: float = 0.0
    at_least: bool = False
    below: bool = False
    most: bool = False
    none: bool = False
    some: bool = False

    @property
    def reference(self) -> Nodes:
        """The nodes, marked as presupposed where the phrase is definite."""
        return The(self.nodes, self.plural) if self.definite else self.nodes

    @property
    def meant(self) -> Nodes:
        """What the phrase asks for: "the largest dog" is one in any case, "the dog" is taken to be one."""
        picks = isinstance(self.nodes, Extreme | Superlative | MostRelated | Nearest)
        return self.nodes if picks else self.reference


@dataclass(frozen=True)
class Saying:
    """One thing said of a subject: how to narrow nodes by it, how to ask whether it is so, what says its opposite.

    `of_any` is said instead of things that are not named, of any or of all of a kind, where that is asked otherwise.
    """

    narrow: Callable[[Nodes], Nodes]
    ask: Callable[[Nodes, bool], Question]
    opposite: "Saying | None" = None
    of_any: "Saying | None" = None


def asking(question: Callable[[Nodes], Question]) -> Saying:
    """What can be asked of nodes, and does not narrow them."""
    return Saying(lambda nodes: nodes, lambda nodes, every: question(nodes))


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

    def held_by(self, subject: Nodes, objects: Nodes | None = None) -> Holds:
        """That the subject stands in the relation to some of the objects."""
        return Holds(self.narrow(subject), self.predicate, Find(None) if objects is None else objects)

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
    many = each(lambda nodes: ManyRelated(nodes, predicate, objects.nodes, objects.number or 1, _or_more(objects)))
    if objects.number == 0:
        many = denied(Predication(0, (related(predicate, objects.nodes),)))
    elif objects.below:
        many = denied(Predication(0, (many,)))

    def ask_many(nodes: Nodes, every: bool) -> Question:
        if isinstance(nodes, The | Pick):  # of one that is named the number itself tells yes or no
            return counted(objects, Related(objects.nodes, predicate.flipped(), nodes))
        return many.ask(nodes, every) if every else Exists(many.narrow(nodes))

    return Saying(many.narrow, ask_many)


def tied(predicate: Predicate, thing: Phrase) -> Saying:
    """The subject stands in a relation to the thing, or to as many of its kind as the phrase says."""
    counted_out = thing.number is not None and not thing.definite and not thing.universal
    return related_to_many(predicate, thing) if counted_out else related(predicate, thing.reference)


def held(gap: Gap, subject: Phrase) -> Saying:
    """The subject of a verb stands in its relation to what is asked for: two people hold it."""
    return tied(gap.predicate.flipped(), replace(subject, nodes=gap.narrow(subject.nodes)))


def _or_more(phrase: Phrase) -> bool:
    """Whether a phrase asks for a number or more of its nodes; for "fewer than" it is denied."""
    return phrase.at_least or phrase.below


def counted(phrase: Phrase, nodes: Nodes) -> Question:
    """The question whether there are as many nodes as a phrase says."""
    count = CountIs(nodes, phrase.number or 0, _or_more(phrase))
    return Not(count) if phrase.below else count


def denied(said: Predication) -> Saying:
    """The opposite of all that is said: "not riding a horse"; that of "moved" is measured by itself."""
    if len(said.sayings) == 1 and said.sayings[0].opposite is not None:
        return said.sayings[0].opposite
    return Saying(
        lambda nodes: Except(nodes, said.narrow(described(nodes))),
        lambda nodes, every: Not(_all(said, nodes, every)),
        of_any=denied(_of_any(said)) if any(saying.of_any for saying in said.sayings) else None,
    )


def either(*said: Predication) -> Saying:
    """At least one of several things: "riding a horse or holding a ball"."""
    return Saying(
        lambda nodes: Union(tuple(one.narrow(nodes) for one in said)),
        lambda nodes, every: AnyOf(tuple(_all(one, nodes, every) for one in said)),
        of_any=either(*map(_of_any, said)) if any(saying.of_any for one in said for saying in one.sayings) else None,
    )


def among(narrow: Callable[[Nodes], Nodes]) -> Saying:
    """What picks nodes out by comparing them ("the tallest"); one is among them if it is left."""
    return Saying(narrow, lambda nodes, every: Exists(narrow(nodes)))


def each(narrow: Callable[[Nodes], Nodes]) -> Saying:
    """What is true of each by itself ("within 2 metres of the car"): of all of them, if none is left out."""
    return Saying(narrow, lambda nodes, every: _each(narrow, nodes) if every else Exists(narrow(nodes)))


def _each(narrow: Callable[[Nodes], Nodes], nodes: Nodes) -> Question:
    return Not(Exists(Except(nodes, narrow(described(nodes.nodes if isinstance(nodes, The) else nodes)))))


def _of_any(said: Predication) -> Predication:
    """What is said, as it is asked of things that are not named."""
    return replace(said, sayings=tuple(saying.of_any or saying for saying in said.sayings))


def _all(said: Predication, nodes: Nodes, every: bool) -> Question:
    questions = tuple(saying.ask(nodes, every) for saying in said.sayings)
    return questions[0] if len(questions) == 1 else AllOf(questions)


_SAID = Related | Having | Placed | InSpace | Within | Except | ManyRelated | Measuring | Exceeding


def described(nodes: Nodes) -> Nodes:
    """What nodes are called, without what is said of them."""
    while isinstance(nodes, _SAID):
        nodes = nodes.nodes
    return nodes


def placed(direction: Direction, others: Nodes) -> Saying:
    """The subject lies in a direction of the others."""
    return Saying(
        lambda nodes: Placed(nodes, direction, others),
        lambda nodes, every: IsPlaced(nodes, direction, others, every),
    )


@dataclass(frozen=True)
class Vantage:
    """From where places in space are seen: the camera, the axes of the world, one who faces some nodes or stands there.

    With `looks_at` it is said at what such a one looks: places are then told beside that, and nothing else.
    """

    view: View = "camera"
    facing: Nodes | None = None
    looks_at: Nodes | None = None


def in_space(direction: SpaceDirection, others: Nodes, vantage: Vantage) -> Saying:
    """The subject lies, in space, in a direction of the others."""
    return Saying(
        lambda nodes: InSpace(nodes, direction, others, vantage.view, vantage.facing),
        lambda nodes, every: IsInSpace(nodes, direction, others, vantage.view, vantage.facing, every),
    )


@runtime_checkable
class Viewed(Protocol):
    """Words that are meant as seen from a vantage, in a graph that holds metres or not."""

    measured: bool
    vantage: Vantage | None


def directed(direction: SpaceDirection, others: Nodes, viewed: Viewed) -> Saying:
    """The subject lies in a direction of the others: in space where a view is named, else in the picture.

    What is farther away lies higher in a picture: where there are metres, what is above is so along the vertical.
    """
    vantage = viewed.vantage or (Vantage("world") if viewed.measured and direction in ("above", "below") else None)
    if vantage is not None:
        return in_space(direction, others, vantage)
    return placed(direction, others)  # type: ignore[arg-type]


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
        return counted(subject, said.narrow(subject.nodes))
    if said.asks_only and (subject.universal or subject.most):
        return None
    said = _of_any(said) if _is_unnamed(subject) else said
    if subject.most:
        so = said.narrow(subject.nodes)
        return CompareCounts(so, "more", Except(subject.nodes, so))
    # "are the people on the grass?" asks of all of them
    plural = subject.definite and subject.noun is not None and subject.noun.plural is True
    every = (subject.universal or plural) and not subject.some
    question = _all(said, subject.reference, every and not subject.none)
    anyone = not (subject.definite or subject.universal or isinstance(subject.nodes, Pick))
    if anyone and isinstance(question, AllOf | Not):  # "is anyone on the bench and holding a cup": one does both
        if said.asks_only:
            return None
        question = Exists(said.narrow(subject.nodes))
    if (subject.some or subject.none) and isinstance(question, HasAttribute | AllOf | AnyOf):
        question = Exists(said.narrow(subject.nodes))  # "none of the cups is red": it is enough that one is
    return Not(question) if subject.none else question


def _is_unnamed(subject: Phrase) -> bool:
    """Whether a phrase names any or all of a kind, and no thing in particular: a dog, every dog, anybody."""
    of_a_kind = not subject.definite and isinstance(described(subject.nodes), Find | Called)
    return subject.universal or subject.some or subject.none or of_a_kind


def there_is(phrase: Phrase) -> Question:
    """The question whether what a phrase describes is there, and that often where it says a number."""
    nodes = phrase.nodes if not isinstance(phrase.nodes, The | Union) else phrase.reference
    question = Exists(nodes) if phrase.number is None else counted(phrase, nodes)
    return Not(question) if phrase.none else question
