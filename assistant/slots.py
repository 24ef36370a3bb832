"""What fills the slots of constructions: noun phrases, attributes of something, events, numbers of things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.adjectives import spelling
from assistant.auxiliaries import AFTER_BE, AFTER_DO, BE, DO, FINITE
from assistant.constructions import Fill, Filled
from assistant.corners import listed_parts
from assistant.counting import sets
from assistant.determiners import determiner
from assistant.dimensions import EXTREMES, MORE, MOST, NOUNS, Dimension
from assistant.grammar import Phrases
from assistant.lexicon import Adjective, Form
from assistant.likeness import several
from assistant.predicating import gaps
from assistant.sayings import ask
from assistant.slots_compared import SLOTS_COMPARED
from assistant.slots_measured import MEASURED_SLOTS
from assistant.slots_timed import SLOTS_TIMED
from assistant.steps import Event, Find, Nodes, Related
from assistant.timed_questions import events, moments
from assistant.turns import subjectless, turning
from assistant.yes_no import YesNo


@dataclass(frozen=True)
class Context:
    """The grammar over the words of one question, for the slots."""

    phrases: Phrases
    yes_no: YesNo
    attributes: frozenset[str]


@dataclass(frozen=True)
class Quality:
    """An attribute or a dimension of something: the colour of the car, the car's height."""

    nodes: Nodes
    name: str


def _thing(context: Context, at: int) -> Filled:
    for phrase in context.phrases.things(at):
        if (phrase.number is None or phrase.definite) and not phrase.some:
            yield phrase.stop, phrase.reference, phrase.cost


def _phrase(context: Context, at: int) -> Filled:
    yield from ((phrase.stop, phrase, phrase.cost) for phrase in context.phrases.things(at))


def _noun_phrase(context: Context, at: int) -> Filled:
    """A thing, or how many there are of it: at least two dogs, no dog."""
    yield from ((phrase.stop, phrase, phrase.cost) for phrase in context.phrases.noun_phrases(at))


def _set(context: Context, at: int) -> Filled:
    yield from ((phrase.stop, phrase.nodes, phrase.cost) for phrase in sets(context.phrases, at))


def _owners(context: Context, at: int) -> Filled:
    """Who has a thing."""
    having = context.phrases.verbs("with")
    for stop, nodes, cost in _thing(context, at) if having else ():
        yield stop, Related(Find(context.phrases.people, word="person"), having[0].predicate, nodes), cost


def _plural(context: Context, at: int) -> Filled:
    """A kind in the plural, without what follows it."""
    for phrase in context.phrases.cores(at):
        if phrase.plural and phrase.number is None and not phrase.definite:
            yield phrase.stop, phrase.nodes, phrase.cost


def _group(context: Context, at: int) -> Filled:
    yield from ((phrase.stop, phrase.nodes, phrase.cost) for phrase in several(context.phrases, at))


def _kind(context: Context, at: int) -> Filled:
    for phrase in context.phrases.cores(at):
        if not phrase.definite and phrase.number is None:
            yield phrase.stop, phrase.nodes, phrase.cost


def _kind_word(context: Context, at: int) -> Filled:
    """What a kind is called."""
    for phrase in context.phrases.cores(at):
        if phrase.noun is not None and phrase.noun.categories and not phrase.definite and phrase.number is None:
            yield phrase.stop, phrase.noun.word, phrase.cost


def _attribute(context: Context, at: int) -> Filled:
    name = spelling(context.phrases.word(at))
    if name in context.attributes:
        yield at + 1, name, 0.0


def _value(context: Context, at: int) -> Filled:
    for stop, entry in context.phrases.entries(at):
        if isinstance(entry, Adjective):
            yield stop, entry, 0.0


def _named_quality(context: Context, at: int, names: Mapping[str, Any] | frozenset[str]) -> Filled:
    """The colour of the car; the car's colour; the colour (that) the car has."""
    phrases = context.phrases
    for start, name in _names(phrases, at + 1 if phrases.word(at) == "the" else at, names):
        linked = phrases.word(start) == "of"
        shown = start + 1 if phrases.word(start) in ("that", "which") else start
        for stop, nodes, cost in _thing(context, start + 1 if linked else shown):
            if linked:
                yield stop, Quality(nodes, name), cost
            elif phrases.word(stop) in ("has", "have", "is", "are"):
                yield stop + 1, Quality(nodes, name), cost
    for owner, nodes, cost in _thing(context, at):
        for stop, name in _names(phrases, owner + 1, names) if phrases.word(owner) == "'s" else ():
            yield stop, Quality(nodes, name), cost


def _names(phrases: Phrases, at: int, names: Mapping[str, Any] | frozenset[str]) -> list[tuple[int, str]]:
    """The names of qualities that stand at a word: (place after the name, the name)."""
    said = phrases.standing(at, names)
    spelt = spelling(phrases.word(at))
    return said if spelt not in names or (at + 1, spelt) in said else [*said, (at + 1, spelt)]


def _quality(context: Context, at: int) -> Filled:
    yield from _named_quality(context, at, context.attributes)


def _measured(context: Context, at: int) -> Filled:
    for stop, quality, cost in _named_quality(context, at, NOUNS):
        quantity = NOUNS[quality.name].quantity(context.phrases.measured)
        yield stop, Quality(quality.nodes, quantity), cost


def _moment(context: Context, at: int) -> Filled:
    yield from ((stop, window, 0.0) for stop, window in moments(context.phrases, at))


def _quantity(context: Context, at: int) -> Filled:
    for stop, quantity, _ in _dimension(context, at):
        yield stop, quantity, 0.0


def _extreme(context: Context, at: int) -> Filled:
    word = context.phrases.word(at)
    if word in EXTREMES:
        yield at + 1, EXTREMES[word], 0.0


_MATERIALS = {"wood": "wooden", "metallic": "metal"} | {
    name: name
    for name in ("fabric", "rubber", "steel", "iron", "wool", "ceramic", "marble", "clay", "cloth", "cardboard", "silk")
}


def _material(context: Context, at: int) -> Filled:
    entries = [entry for _, entry in context.phrases.entries(at) if isinstance(entry, Adjective)]
    known = [entry.value for entry in entries if entry.attribute in ("material", None)]
    value = known[0] if known else _MATERIALS.get(context.phrases.word(at))
    if value is not None:
        yield at + 1, value, 0.0


def _turned(verbs: tuple[str, ...]) -> Fill:
    """The cat (to) stop chasing the ball: the event that ends, or begins."""

    def fill(context: Context, at: int) -> Filled:
        for reading in turning(context.phrases, at, verbs):
            yield reading.stop, reading.question, reading.cost

    return fill


def _doing(context: Context, at: int) -> Filled:
    """The dog chasing the ball: a clause after "is" that another one follows."""
    for subject in context.phrases.cores(at) + context.phrases.named(at):
        if context.phrases.word(subject.stop).endswith("ing"):
            for said in context.phrases.predications(subject.stop, AFTER_BE):
                question = ask(subject, said)
                if isinstance(question, Event) and not said.asks_only:
                    yield said.stop, question, subject.cost + said.cost


def _dimension(context: Context, at: int) -> Filled:
    for stop, name in context.phrases.standing(at, NOUNS):
        yield stop, NOUNS[name].quantity(context.phrases.measured), 0.0


def _in_order(table: Mapping[str, Dimension]) -> Fill:
    def fill(context: Context, at: int) -> Filled:
        dimension = table.get(context.phrases.word(at))
        if dimension is not None:
            yield at + 1, (dimension.quantity(context.phrases.measured), dimension.least), 0.0

    return fill


def _number(context: Context, at: int) -> Filled:
    amount = determiner(context.phrases.tokens, at)
    if amount.number is not None:
        yield amount.stop, amount, 0.0


def _event(context: Context, at: int) -> Filled:
    for reading in events(context.phrases, context.yes_no, at):
        if isinstance(reading.question, Event):
            yield reading.stop, reading.question, reading.cost


def _asked(context: Context, at: int) -> Filled:
    """An event in the order of a question: "did the dog chase the ball"."""
    for reading in context.yes_no.questions(at):
        if isinstance(reading.question, Event):
            yield reading.stop, reading.question, reading.cost


def _yes_no(context: Context, at: int) -> Filled:
    """A question that is answered with yes or no."""
    if context.phrases.word(at) in (*BE, *DO):
        yield from ((one.stop, one.question, one.cost) for one in context.yes_no.questions(at))


def _act(context: Context, at: int) -> Filled:
    """Chasing the ball: an event whose subject stands elsewhere."""
    yield from ((reading.stop, reading.question, reading.cost) for reading in subjectless(context.phrases, at))


def _by_people(forms: frozenset[Form]) -> Fill:
    """(Who was the first to) chase the ball."""

    def fill(context: Context, at: int) -> Filled:
        people = Find(context.phrases.people, word="person")
        be = forms is FINITE and context.phrases.word(at) in BE
        for said in context.phrases.predications(at + be, AFTER_BE if be else forms):
            question = said.sayings[0].ask(people, False)
            if len(said.sayings) == 1 and isinstance(question, Event):
                yield said.stop, question, said.cost

    return fill


def _said(forms: frozenset[Form]) -> Fill:
    def fill(context: Context, at: int) -> Filled:
        for said in context.phrases.predications(at, forms):
            if not said.asks_only:
                yield said.stop, said, said.cost

    return fill


def _deed(context: Context, at: int) -> Filled:
    """Chasing the ball, whoever does it."""
    if context.phrases.word(at).endswith("ing"):
        yield from _said(AFTER_BE)(context, at)


def _gap(forms: frozenset[Form]) -> Fill:
    def fill(context: Context, at: int) -> Filled:
        yield from ((gap.stop, gap, 0.0) for gap in gaps(context.phrases, at, forms))

    return fill


SLOTS: dict[str, Fill] = {
    **SLOTS_TIMED,
    **SLOTS_COMPARED,
    "thing": _thing,
    "phrase": _phrase,
    "noun_phrase": _noun_phrase,
    "set": _set,
    "owners": _owners,
    "plural": _plural,
    "group": _group,
    "kind": _kind,
    "kind_word": _kind_word,
    "attribute": _attribute,
    "value": _value,
    "quality": _quality,
    "measured": _measured,
    "dimension": _dimension,
    "quantity": _quantity,
    "material": _material,
    "extreme": _extreme,
    "moment": _moment,
    "parts": listed_parts,
    "doing": _doing,
    "ending": _turned(("stop", "stops", "stopped", "finish", "finishes", "finished", "quit", "cease", "ceased")),
    "starting": _turned(("start", "starts", "started", "begin", "begins", "began")),
    "more": _in_order(MORE),
    "most": _in_order(MOST),
    "number": _number,
    "event": _event,
    "asked": _asked,
    "yes_no": _yes_no,
    "act": _act,
    "done_by_people": _by_people(AFTER_DO),
    "does_by_people": _by_people(FINITE),
    "being_by_people": _by_people(AFTER_BE),
    "being": _said(AFTER_BE),
    "deed": _deed,
    "done": _said(AFTER_DO),
    "does": _said(FINITE),
    "verb_ing": _gap(AFTER_BE),
    "verb": _gap(AFTER_DO),
    "verb_past": _gap(FINITE),
    **MEASURED_SLOTS,
}
"""By the kind of slot."""
