"""What the second of two events that are compared leaves out: than (it spent) touching the ball, than the dog did."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.auxiliaries import AFTER_BE, AFTER_DO, AFTER_HAVE, BE, DO, FINITE, HAVE
from assistant.constructions import Fill, Filled
from assistant.lexicon import Noun
from assistant.programs import Holds, IsPlaced
from assistant.pronouns import Pronoun, rebuilt
from assistant.slots_timed import says_more
from assistant.steps import Event, Find, Nodes, The, walk
from assistant.timed_programs import Seen
from assistant.timed_questions import events, presence, spent
from assistant.turns import asked_of

if TYPE_CHECKING:
    from assistant.grammar import Phrases
    from assistant.slots import Context

_AUXILIARIES = frozenset({*BE, *DO, *HAVE})
_SPENT = frozenset({"spends", "spent", "spend", "did", "does", "do", "is", "was", "are", "were"})
_THAT = frozenset({"that", "when", "if", "for"})
_LATER = 0.1
"""What it costs to take a name alone for what is compared, and more where it says more ("than the person holding it");
it is saved where "by" names who does it."""


@dataclass(frozen=True)
class Another:
    """What an event is compared with.

    Attributes:
        event: whole, or with pronouns for what it takes from the other one.
        thing: alone: the subject, the agent or the object of the same event.
        link: the word before the thing: the preposition of its verb, "by", or the auxiliary behind a subject.
        living: the categories of those that act.
    """

    event: Event | None = None
    thing: Nodes | None = None
    link: str = ""
    living: frozenset[str] = frozenset()

    def beside(self, one: Event) -> Event | None:
        """The whole event, with what it takes from the one that it is compared with; None where it does not fit."""
        found = self._whole(one) if self.event is not None else self._of_thing(one)
        return None if found == one else found

    def _whole(self, one: Event) -> Event | None:
        found = self.event
        if isinstance(found, Holds) and isinstance(found.objects, Pronoun):
            if not isinstance(one, Holds):
                return None
            found = replace(found, objects=one.objects)  # "than the dog kicked it"
        elif isinstance(found, IsPlaced) and isinstance(found.others, Pronoun):
            if not isinstance(one, IsPlaced):
                return None
            found = replace(found, others=one.others)
        subject = _subject(one)
        for pronoun in [step for step in walk(found) if isinstance(step, Pronoun)] if found is not None else ():
            if subject is None or isinstance(subject, Pronoun) or found is None:
                return None
            found = rebuilt(found, pronoun, subject)
        return found

    def _of_thing(self, one: Event) -> Event | None:
        assert self.thing is not None
        if isinstance(one, Holds) and self.link == "by":
            return replace(one, objects=self.thing) if one.predicate.converse else None
        if self.link and self.link not in _AUXILIARIES:  # "looked at the cup than at the ball"
            named = isinstance(one, Holds) and any(said.endswith(f" {self.link}") for said in one.predicate.forward)
            return replace(one, objects=self.thing) if isinstance(one, Holds) and named else None
        if self.link or not isinstance(one, Holds) or (self._acts(self.thing) and not self._acts(one.objects)):
            return _with_subject(one, self.thing)
        return replace(one, objects=self.thing)

    def _acts(self, nodes: Nodes) -> bool:
        """Whether nodes are of the kinds that do something: "than the dog" after "kick the ball" names who kicks it."""
        kind = next((step for step in walk(nodes) if isinstance(step, Find)), None)
        return kind is not None and not self.living.isdisjoint(kind.categories or ())


def _subject(event: Event) -> Nodes | None:
    match event:
        case Holds(subjects=nodes) | IsPlaced(nodes=nodes) | Seen(nodes=nodes):
            return nodes
    return None


def _with_subject(event: Event, nodes: Nodes) -> Event | None:
    match event:
        case Holds():
            return replace(event, subjects=nodes)
        case IsPlaced() | Seen():
            return replace(event, nodes=nodes)
    return None


def _living(phrases: Phrases) -> frozenset[str]:
    """The categories of persons and animals."""
    nouns = (entry for kind in ("person", "animal") for _, entry in phrases.lexicon.at([kind], 0))
    return frozenset(name for noun in nouns if isinstance(noun, Noun) for name in noun.categories or ())


def _another(context: Context, at: int) -> Filled:
    """(Longer than) the dog kicked it, the dog (did), it spent touching the ball, touching it, by the dog."""
    phrases = context.phrases
    start = at + 1 if phrases.word(at) in _THAT else at
    for reading in (*events(phrases, context.yes_no, start), *context.yes_no.questions(start)):
        if isinstance(reading.question, Event):
            stop = reading.stop + (phrases.word(reading.stop) in (*BE, *DO))
            yield stop, Another(reading.question), reading.cost
    yield from _left_out(phrases, start)
    living = _living(phrases)
    linked = phrases.word(start) in ("by", "at", "on", "in", "to", "with")
    for thing in phrases.things(start + linked):
        if not isinstance(thing.reference, The | Pronoun) and phrases.word(start + linked) in ("a", "an", "the"):
            continue
        link = phrases.word(start) if linked else ""
        if not isinstance(thing.nodes, Pronoun):
            later = -_LATER if link == "by" else _LATER * (5 if says_more(thing.nodes) else 1)
            yield thing.stop, Another(thing=thing.reference, link=link, living=living), thing.cost + later
        if linked or phrases.word(thing.stop) not in _SPENT | _AUXILIARIES:
            continue
        if not isinstance(thing.nodes, Pronoun):
            auxiliary = Another(thing=thing.reference, link=phrases.word(thing.stop))
            yield thing.stop + (1 if auxiliary.link in _AUXILIARIES else 0), auxiliary, thing.cost
        begin = thing.stop + 1 + (phrases.word(thing.stop + 1) in ("on", "with"))
        for reading in asked_of(phrases, thing, begin) if phrases.word(begin).endswith("ing") else ():
            if isinstance(reading.question, Event):
                yield reading.stop, Another(reading.question), reading.cost


def _left_out(phrases: Phrases, at: int) -> Filled:
    """Touching it, (did it) touch it, (has it) touched it, behind it: what leaves out its subject."""
    start = at + 1 if phrases.word(at) in ("on", "with") and phrases.word(at + 1).endswith("ing") else at
    for forms in (AFTER_BE, AFTER_DO, AFTER_HAVE, FINITE):
        for said in phrases.predications(start, forms):
            question = said.sayings[0].ask(Pronoun(), False)
            if len(said.sayings) == 1 and not said.asks_only and isinstance(question, Event):
                yield said.stop, Another(question), said.cost


def _lasting(context: Context, at: int) -> Filled:
    """(How much longer) did the dog kick the ball, did it spend kicking it, is it visible."""
    asked = context.phrases.word(at) in (*BE, *DO)
    seen = presence(context.phrases, at) if asked else ()
    for reading in (*context.yes_no.questions(at), *spent(context.phrases, at), *seen):
        if isinstance(reading.question, Event):
            yield reading.stop, reading.question, reading.cost


SLOTS_COMPARED: dict[str, Fill] = {"another": _another, "lasting": _lasting}
"""By the kind of slot."""
