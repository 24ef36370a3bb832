"""The forms of English questions, each read into a program."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from assistant.adjectives import spelling
from assistant.among import which_is_more
from assistant.auxiliaries import AFTER_BE, AFTER_DO, AFTER_HAVE, BE, DO, FINITE, HAVE, NOT
from assistant.commands import commands
from assistant.comparing import picked_by_comparing
from assistant.connections import connections
from assistant.construction_table import CONSTRUCTIONS
from assistant.constructions import constructed
from assistant.counting import count_comparisons, how_many_more
from assistant.directions import OPPOSITE, placing
from assistant.exclusions import excluded
from assistant.extraposed import further_said, said_of_subject
from assistant.fronting import Wh, fronted
from assistant.grammar import Phrases
from assistant.lexicon import Noun
from assistant.likeness import likeness, pair
from assistant.object_limits import does_idly, first_gap, identified, limited
from assistant.predicating import direction_gaps, places
from assistant.programs import (
    AttributeOf,
    Between,
    Count,
    Describe,
    Doing,
    Locate,
    Summarise,
    Which,
)
from assistant.readings import PRESENT, SHOWS, Reading, seeing, viewing
from assistant.sayings import Phrase, directed
from assistant.slots import SLOTS, Context
from assistant.space_questions import space_questions
from assistant.space_views import space_views
from assistant.steps import Except, Find, Pick, Question, Related, Union
from assistant.timed_questions import timed_questions
from assistant.yes_no import YesNo

_ATTRIBUTES = ("colour", "size", "material", "shape", "age", "state", "pattern", "height", "weight", "gender")
_HOW_ADJECTIVES = {"big": "size", "large": "size", "old": "age", "tall": "height", "heavy": "weight"}
_FRONTED = ("on", "in", "at", "to", "with", "from", "by", "under", "over", "behind")
_LIES = ("lies", "lie", "stands", "stand", "sits", "sit")
_COUNTING = (
    *("how many", "what number of", "what is the number of", "number of", "count", "the number of", "count the"),
    *("count all", "count the number of", "what is the count of", "how much"),
)
_KEPT = ("located", "situated", "placed", "positioned", "found", "kept")
_SEEN = ("can be seen", "can be found", "can you find", "do we find", "do you find", "can we find", "is to be seen")
_SHOWN = (*_SEEN, *BE, "there are", "there is")


@cache
def _all_attributes(recorded: frozenset[str]) -> frozenset[str]:
    """The attributes that can be asked for, recorded or not."""
    return frozenset({*_ATTRIBUTES, *recorded})


class Questions:
    """Reads whole questions with the phrases of `grammar`."""

    def __init__(self, phrases: Phrases, attributes: frozenset[str]) -> None:
        self.phrases = phrases
        self.recorded = attributes
        self.attributes = _all_attributes(attributes)
        self.yes_no = YesNo(phrases)
        self.word, self.literal = phrases.word, phrases.literal

    def readings(self, at: int = 0) -> Iterator[Reading]:
        """Every question that starts at a word; constructions are for what the grammar does not read to its end."""
        whole = False
        for reading in self._grammatical(at):
            whole = whole or (reading.stop == len(self.phrases.tokens) and reading.cost <= 0)
            yield reading
        if not whole:
            yield from self.constructed(at)

    def _grammatical(self, at: int) -> Iterator[Reading]:
        """Every question that the grammar finds at a word."""
        yield from self.yes_no.questions(at)
        yield from self._wh(at)
        yield from self._where(at)
        yield from self._how(at)
        yield from timed_questions(self.phrases, self.yes_no, at)
        yield from space_views(self.phrases, at)
        yield from commands(self.phrases, self.yes_no, at)
        yield from connections(self.phrases, at)
        yield from likeness(self.phrases, at, self.attributes)
        yield from space_questions(self.phrases, at, self.recorded)
        yield from count_comparisons(self.phrases, at)
        yield from how_many_more(self.phrases, at)
        yield from which_is_more(self.phrases, at)

    def constructed(self, at: int) -> Iterator[Reading]:
        """Every question that a construction finds at a word."""
        context = Context(self.phrases, self.yes_no, self.attributes)
        yield from constructed(CONSTRUCTIONS, SLOTS, context, self.phrases.tokens, at)

    # Who, what, which

    def _wh(self, at: int) -> Iterator[Reading]:
        if self.word(at) in _FRONTED and self.word(at + 1) in ("what", "which", "who", "whom"):
            yield from fronted(self.phrases, self.word(at), self._whs(at + 1))
        if self.literal(at, "by how many") is not None:  # "by how many people is the ball held"
            agents = (Wh(phrase.stop, phrase.nodes, cost=phrase.cost) for phrase in self.phrases.cores(at + 3))
            for reading in fronted(self.phrases, "by", agents):
                yield replace(reading, question=Count(reading.question.nodes))  # type: ignore[attr-defined]
        for asked in self._whs(at):
            yield from self._about_subject(asked)
            yield from self._about_object(asked)
            yield from self._about_both(asked)
            yield from self._bare(asked)
        if self.word(at) in ("what", "whats"):
            yield from self._activities(at)
        if self.word(at) == "whose":
            yield from (Reading(asked.stop, Which(asked.nodes), asked.cost) for asked in self._whs(at))
        yield from self._attributes(at)
        yield from self._of(at)

    def _whs(self, at: int) -> Iterator[Wh]:
        for asked in self._plain_whs(at):
            yield asked
            for other in excluded(self.phrases, asked.stop):
                yield replace(
                    asked, stop=other.stop, nodes=Except(asked.nodes, other.reference), asks_anything=False, whole=False
                )

    def _plain_whs(self, at: int) -> Iterator[Wh]:
        word = self.word(at)
        if word in ("who", "whom"):
            for rank, kind in enumerate(("person", "animal")):
                noun = next(e for _, e in self.phrases.lexicon.at([kind], 0) if isinstance(e, Noun))
                yield Wh(at + 1, Find(noun.categories, word="person" if rank == 0 else "animal"), cost=0.2 * rank)
        having = self.phrases.verbs("with") if word == "whose" else []
        for thing in self.phrases.cores(at + 1) if having else ():  # "whose cup is red": who has it
            be = self.word(thing.stop) in BE
            for said in self.phrases.predications(thing.stop + be, AFTER_BE if be else FINITE):
                people = Find(self.phrases.people, word="person")
                nodes = Related(people, having[0].predicate, said.narrow(thing.nodes))
                yield Wh(said.stop, nodes, cost=said.cost)
        if word not in ("what", "which"):
            return
        if word == "what":
            yield Wh(at + 1, Find(None), asks_anything=True)
        elif self.word(at + 1) in ("one", "ones") and self.word(at + 2) != "of":
            yield Wh(at + 2, Find(None), cost=0.2)
        elif self.word(at + 1) in BE or not self.phrases.cores(at + 1):  # "which is red?", "which went farther?"
            yield Wh(at + 1, Find(None), cost=0.2)
        if (stop := self.phrases.after(at + 1, ("one of", "ones of"))) is not None:
            for phrase in self.phrases.things(stop):
                yield Wh(phrase.stop, phrase.nodes, cost=phrase.cost)
        yield from self._of_a_kind(at)

    def _of_a_kind(self, at: int) -> Iterator[Wh]:
        """Which dog, what kind of animal, which of the dogs, which person with a hat."""
        start = self.phrases.after(at + 1, ("kind of", "type of", "sort of")) or at + 1
        if self.word(at + 1) == "of":
            for phrase in self.phrases.things(at + 2):
                yield Wh(phrase.stop, phrase.nodes, cost=phrase.cost, whole=False)
        for phrase in (*self.phrases.cores(start), *self.phrases.named(start)):
            if not phrase.definite and phrase.number is None and self.word(start) not in ("a", "an"):
                yield Wh(phrase.stop, phrase.nodes, whole=False)
        for phrase in self.phrases.things(start):  # "which person with a hat is running"
            plain = not phrase.definite and phrase.number is None and self.word(start) not in ("a", "an")
            if plain and self.word(phrase.stop) in (*BE, *DO, *HAVE):
                yield Wh(phrase.stop, phrase.nodes, cost=phrase.cost + 0.1, whole=False)

    def _about_subject(self, asked: Wh) -> Iterator[Reading]:
        """Who is riding the horse? Who rides the horse?"""
        at = asked.stop
        starts = [(at, FINITE), (at, AFTER_BE)]
        if self.word(at) in BE:  # "who is that on the horse?", "what is located on the table?"
            idle = self.word(at + 1) in ("that", "this", "there", *_KEPT, *PRESENT)
            idle = idle or (self.word(at + 1) == "it" and not self.word(at + 2).endswith("ing"))  # "what is it holding"
            starts = [(at + 1, AFTER_BE), *([(at + 2, AFTER_BE)] if idle else [])]
        seen = (*viewing(self.phrases, at), *self.phrases.literals(at, _SEEN))
        starts += [(stop, AFTER_BE) for stop in seen]
        starts = [(start, forms) for start, forms in starts if self.word(start) != "with" or start == at]
        found = [said for start, forms in starts for said in self.phrases.predications(start, forms)]
        lying = self.word(at) in _LIES
        if self.word(at) in BE or lying:
            start = at + 2 if not lying and self.word(at + 1) in _KEPT else at + 1
            found += [*picked_by_comparing(self.phrases, start)]
            found += [*places(self.phrases, start)] if lying else []
        pointed = self.word(at) in BE and self.word(at + 1) in ("it", "that", "this")
        for said in found:
            nodes = None if said.asks_only else said.narrow(asked.nodes)
            if nodes is not None and not (pointed and does_idly(nodes)):  # "what is it chasing" asks what "it" chases
                yield Reading(said.stop, Which(nodes), asked.cost + said.cost)

    def _about_object(self, asked: Wh) -> Iterator[Reading]:
        """What is the person holding? Which horse does the person ride? (Tell me) what the person is holding."""
        at = asked.stop
        perfect = self.word(at) in HAVE
        auxiliary = self.word(at) in BE or self.word(at) in DO or perfect
        denied = auxiliary and self.word(at + 1) in NOT  # "which ball isn't the dog touching"
        start = at + 1 + denied if auxiliary else at
        no_such = [phrase for phrase in self.phrases.noun_phrases(start) if phrase.none]  # "which does no dog chase"
        nobody = [*self.phrases.nobody(start), *no_such]
        for subject in (*self.phrases.things(start), *nobody):
            after = subject.stop
            forms = AFTER_DO if self.word(at) in DO else AFTER_BE if auxiliary else FINITE
            if (not auxiliary and self.word(after) in BE) or (perfect and self.word(after) == "been"):
                after, forms = after + 1, AFTER_BE
            elif perfect:
                forms = AFTER_HAVE
            plain = asked.cost + subject.cost
            said_not = (auxiliary or forms is AFTER_BE) and (self.word(after) in NOT or denied)
            negated = said_not or subject in nobody
            for gap, opens in first_gap(self.phrases, after + (said_not and not denied), forms):
                for stop, nodes, more in said_of_subject(self.phrases, gap, subject, asked.nodes):
                    yield Reading(stop, Which(Except(asked.nodes, nodes) if negated else nodes), asked.cost + more)
                cost = plain + (0.1 if placing(gap.predicate) else 0.0)
                for stop, nodes in limited(self.phrases, gap, opens, asked.nodes, subject, forms):
                    if negated and opens:
                        continue
                    meant = Except(asked.nodes, nodes) if negated else nodes
                    yield Reading(stop, Which(meant), cost)
                    for end, there, more in further_said(self.phrases, Phrase(stop, meant)):
                        yield Reading(end, Which(there), cost + more)
            for stop, direction in direction_gaps(self.phrases, after) if forms is AFTER_BE else ():
                nodes_there = directed(OPPOSITE[direction], subject.reference, self.phrases).narrow(asked.nodes)
                yield Reading(stop, Which(nodes_there), plain)

    def _about_both(self, asked: Wh) -> Iterator[Reading]:
        """What do the dog and the cat (both) chase?"""
        auxiliary = self.word(asked.stop)
        if auxiliary not in (*BE, *DO):
            return
        forms = AFTER_DO if auxiliary in DO else AFTER_BE
        for stop, first, second in pair(self.phrases, asked.stop + 1):
            start = stop + (self.word(stop) in ("both", "each"))
            for gap in self.phrases.gaps(start, forms):
                of_first = Related(asked.nodes, gap.predicate.flipped(), gap.narrow(first.reference))
                nodes = Related(of_first, gap.predicate.flipped(), gap.narrow(second.reference))
                yield Reading(gap.stop, Which(nodes), asked.cost + first.cost + second.cost)

    def _bare(self, asked: Wh) -> Iterator[Reading]:
        """Who is there? Which animals can you see? Who is the person on the horse?"""
        at = asked.stop
        whole: Question = Summarise() if asked.asks_anything else Which(asked.nodes)
        yield from (Reading(stop, whole, asked.cost) for stop in viewing(self.phrases, at))
        if self.word(at) in DO:
            picture = self.yes_no.picture(at + 1)
            if picture is not None and self.word(picture) in SHOWS:
                yield Reading(picture + 1, whole, asked.cost)
        if self.word(at) in BE:
            stop = at + 2 if self.word(at + 1) in PRESENT else at + 1
            yield Reading(stop, whole, asked.cost + 0.5)
            for phrase in identified(self.phrases, at + 1, asked.asks_anything) if asked.whole else ():
                named: Question = (
                    Describe(phrase.nodes)
                    if isinstance(phrase.nodes, Pick)
                    else Which(phrase.nodes if phrase.universal else phrase.meant)
                )
                yield Reading(phrase.stop, named, asked.cost + phrase.cost + 0.5)

    def _activities(self, at: int) -> Iterator[Reading]:
        """What is the person doing (to the ball)? What happens (in a picture)?"""
        second = self.word(at + 1)
        if second in ("happens", "happened"):
            yield Reading(at + 2, Summarise(), 0.2)
        for stop in self.phrases.literals(at + 2, ("happening", "going on", "up")) if second in BE else ():
            yield Reading(stop, Summarise())
        if second in (*BE, *DO):
            for subject in self.phrases.things(at + 2):
                yield from self._deeds(subject, subject.stop)
            return
        for subject in self.phrases.things(at + 1):  # "tell me what the dog is doing"
            if self.word(subject.stop) in BE:
                yield from self._deeds(subject, subject.stop + 1)
            elif self.word(subject.stop) in DO:
                yield Reading(subject.stop + 1, Doing(subject.reference), subject.cost)

    def _deeds(self, subject: Phrase, at: int) -> Iterator[Reading]:
        """(What is the person) doing, up to, doing with the ball."""
        verb = self.word(at)
        if verb not in ("doing", "up", "do", "busy"):
            return
        stop = at + 2 if self.word(at + 1) in ("to", "with") else at + 1
        if (verb in ("doing", "do") and stop == at + 1) or (verb == "up" and stop == at + 2):
            yield Reading(stop, Doing(subject.reference), subject.cost)
            for said in self.phrases.predications(stop, AFTER_BE):  # "doing on the couch": the one on the couch
                if not said.asks_only:
                    there = replace(subject, nodes=said.narrow(subject.nodes))
                    yield Reading(said.stop, Doing(there.reference), subject.cost + said.cost + 0.1)
        for other in self.phrases.things(stop) if verb in ("doing", "do") else ():
            yield Reading(other.stop, Between(subject.reference, other.reference), subject.cost + other.cost)

    def _attributes(self, at: int) -> Iterator[Reading]:
        """What colour is the ball? What is the colour of the ball? What is the table made of?"""
        if self.word(at) not in ("what", "which"):
            return
        name = spelling(self.word(at + 1))
        yield from self._possessed(at + 2 if self.word(at + 1) in BE else at)
        if name in self.attributes and self.word(at + 2) in BE:
            for subject in self.phrases.things(at + 3):
                yield Reading(subject.stop, AttributeOf(subject.reference, name), subject.cost)
        elif name in self.attributes:  # "tell me what colour the car is"
            for subject in self.phrases.things(at + 2):
                if self.word(subject.stop) in (*BE, "has"):
                    yield Reading(subject.stop + 1, AttributeOf(subject.reference, name), subject.cost)
        start = at + 3 if self.word(at + 2) in ("the", "a") else at + 2
        name = spelling(self.word(start))
        if self.word(at + 1) in BE and name in self.attributes and self.word(start + 1) == "of":
            for subject in self.phrases.things(start + 2):
                yield Reading(subject.stop, AttributeOf(subject.reference, name), subject.cost)
        if self.word(at + 1) in BE:
            for subject in self.phrases.things(at + 2):
                if (stop := self.literal(subject.stop, "made of")) is not None:
                    yield Reading(stop, AttributeOf(subject.reference, "material"), subject.cost)

    def _possessed(self, at: int) -> Iterator[Reading]:
        """(What is) the car's colour?"""
        for subject in self.phrases.things(at):
            name = spelling(self.word(subject.stop + 1))
            if self.word(subject.stop) == "'s" and name in self.attributes:
                yield Reading(subject.stop + 2, AttributeOf(subject.reference, name), subject.cost)

    def _of(self, at: int) -> Iterator[Reading]:
        """(Tell me) the colour of the car."""
        start = at + 1 if self.word(at) == "the" else at
        name = spelling(self.word(start))
        if name in self.attributes and self.word(start + 1) == "of":
            for subject in self.phrases.things(start + 2):
                yield Reading(subject.stop, AttributeOf(subject.reference, name), subject.cost)

    # Where, how many, how, when

    def _where(self, at: int) -> Iterator[Reading]:
        if self.word(at) != "where":
            return
        second = self.word(at + 1)
        can = self.phrases.after(at + 1, ("can i find", "do you see", "can i see"))
        auxiliary = second in BE or second in DO
        start = can if can is not None else at + 2 if auxiliary else at + 1
        for subject in self.phrases.things(start):
            stop = subject.stop if auxiliary or can is not None else subject.stop + 1
            if auxiliary or can is not None or self.word(subject.stop) in BE:
                end = stop + 1 if self.word(stop) in ("located", "situated", "positioned", "now", "at") else stop
                yield Reading(end, Locate(subject.reference), subject.cost)
            if not auxiliary and can is None and self.word(subject.stop) not in BE:
                continue
            forms = AFTER_DO if second in DO else AFTER_BE
            for said in self.phrases.predications(stop, forms):
                if said.asks_only or self.word(stop) == "go":  # "where did it go" asks where it is
                    continue
                narrowed = said.narrow(subject.reference)
                if isinstance(narrowed, Related) and narrowed.others == Find(None):  # "where is she sitting"
                    nodes = Related(Find(None), narrowed.predicate.flipped(), subject.reference)
                    yield Reading(said.stop, Which(nodes), subject.cost)

    def _how(self, at: int) -> Iterator[Reading]:
        start = next(
            (stop for stop, said in self.phrases.standing(at, _COUNTING)
             if said != "count" or self.word(stop) not in ("the", "all")),
            None,
        )  # fmt: skip
        if start is not None:
            yield from self._counts(start)
        if self.word(at) == "how" and self.word(at + 1) in _HOW_ADJECTIVES and self.word(at + 2) in BE:
            for subject in self.phrases.things(at + 3):
                attribute = _HOW_ADJECTIVES[self.word(at + 1)]
                yield Reading(subject.stop, AttributeOf(subject.reference, attribute), subject.cost)

    def _counts(self, at: int) -> Iterator[Reading]:
        for joined in self.phrases.joined(at, ("and",)):  # "dogs and cats in total": all of them
            if len(joined) > 1 and all(one.plural and one.number is None for one in joined):
                nodes = Union(tuple(one.nodes for one in joined))
                cost = 0.2 + sum(one.cost for one in joined)
                for stop in (joined[-1].stop, *seeing(self.phrases, joined[-1].stop)):
                    yield Reading(stop, Count(nodes), cost)
        for phrase in self.phrases.objects(at + 1 if self.word(at) == "of" else at):
            if phrase.number is not None and not phrase.definite:
                continue  # "count three dogs" does not ask for their number
            yield Reading(phrase.stop, Count(phrase.nodes), phrase.cost)
            for seen in seeing(self.phrases, phrase.stop):
                yield Reading(seen, Count(phrase.nodes), phrase.cost + 0.1)
                for other in excluded(self.phrases, seen):
                    yield Reading(other.stop, Count(Except(phrase.nodes, other.reference)), phrase.cost + 0.1)
            shown = self.phrases.literals(phrase.stop, _SHOWN)
            for stop in (*viewing(self.phrases, phrase.stop), *shown):
                yield Reading(stop, Count(phrase.nodes), phrase.cost + 0.1)
            asked = Wh(phrase.stop, phrase.nodes, cost=phrase.cost)
            for reading in (*self._about_subject(asked), *self._about_object(asked)):
                if isinstance(reading.question, Which):
                    yield Reading(reading.stop, Count(reading.question.nodes), reading.cost)
