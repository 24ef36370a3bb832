"""The forms of English questions, each read into a program."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.adjectives import spelling
from assistant.commands import commands
from assistant.grammar import AFTER_BE, AFTER_DO, BE, DO, FINITE, Phrases
from assistant.lexicon import Noun
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
from assistant.space_views import space_views
from assistant.steps import Find, Nodes, Pick, Placed, Question, Related
from assistant.timed_questions import timed_questions
from assistant.yes_no import PRESENT, SEE, SHOWS, Reading, YesNo

_ATTRIBUTES = ("colour", "size", "material", "shape", "age", "state", "pattern", "height", "weight", "name", "gender")
_HOW_ADJECTIVES = {"big": "size", "large": "size", "old": "age", "tall": "height", "heavy": "weight"}
_KEPT = ("located", "situated", "placed", "positioned", "found", "kept")
_SEEN = ("can be seen", "can be found", "can you find", "do we find", "do you find", "can we find", "is to be seen")


@dataclass(frozen=True)
class _Wh:
    """Who, what, which animal: the place after it and the nodes that may be the answer."""

    stop: int
    nodes: Nodes
    asks_anything: bool = False
    cost: float = 0.0


class Questions:
    """Reads whole questions with the phrases of `grammar`."""

    def __init__(self, phrases: Phrases, attributes: frozenset[str]) -> None:
        self.phrases = phrases
        self.attributes = frozenset({*_ATTRIBUTES, *attributes})
        self.yes_no = YesNo(phrases)
        self.word, self.literal = phrases.word, phrases.literal

    def readings(self, at: int = 0) -> Iterator[Reading]:
        """Every question that starts at a word."""
        yield from self.yes_no.questions(at)
        yield from self._wh(at)
        yield from self._where(at)
        yield from self._how(at)
        yield from timed_questions(self.phrases, self.yes_no, at)
        yield from space_views(self.phrases, at)
        yield from commands(self.phrases, self.yes_no, at)

    # Who, what, which

    def _wh(self, at: int) -> Iterator[Reading]:
        for opening in ("on", "in", "at", "to", "with", "from", "by", "under", "over", "behind"):
            if self.word(at) == opening and self.word(at + 1) in ("what", "which", "who", "whom"):
                yield from self._fronted(at, opening)
        for asked in self._whs(at):
            yield from self._about_subject(asked)
            yield from self._about_object(asked)
            yield from self._bare(asked)
        if self.word(at) in ("what", "whats") and self.word(at + 1) in (*BE, *DO, "happens", "happened"):
            yield from self._activities(at)
        yield from self._attributes(at)
        yield from self._of(at)

    def _whs(self, at: int) -> Iterator[_Wh]:
        word = self.word(at)
        if word in ("who", "whom"):
            for rank, kind in enumerate(("person", "animal")):
                noun = next(e for _, e in self.phrases.lexicon.at([kind], 0) if isinstance(e, Noun))
                yield _Wh(at + 1, Find(noun.categories, word="person" if rank == 0 else "animal"), cost=0.2 * rank)
        if word not in ("what", "which"):
            return
        if word == "what":
            yield _Wh(at + 1, Find(None), asks_anything=True)
        if (stop := self.literal(at + 1, "one of") or self.literal(at + 1, "ones of")) is not None:
            for phrase in self.phrases.noun_phrases(stop):
                yield _Wh(phrase.stop, phrase.reference, cost=phrase.cost)
        start = next((s for k in ("kind", "type", "sort") if (s := self.literal(at + 1, f"{k} of"))), at + 1)
        if self.word(at + 1) == "of":
            for phrase in self.phrases.noun_phrases(at + 2):
                yield _Wh(phrase.stop, phrase.reference, cost=phrase.cost)
        for phrase in (*self.phrases.cores(start), *self.phrases.named(start)):
            if not phrase.definite and phrase.number is None and self.word(start) not in ("a", "an"):
                yield _Wh(phrase.stop, phrase.nodes)

    def _about_subject(self, asked: _Wh) -> Iterator[Reading]:
        """Who is riding the horse? Who rides the horse?"""
        at = asked.stop
        starts = [(at, FINITE), (at, AFTER_BE)]
        if self.word(at) in BE:  # "who is that on the horse?", "what is located on the table?"
            idle = self.word(at + 1) in ("that", "this", "there", *_KEPT, *PRESENT)
            starts = [(at + 1, AFTER_BE), *([(at + 2, AFTER_BE)] if idle else [])]
        for opening in (*SEE, *_SEEN):
            if (stop := self.literal(at, opening)) is not None:
                starts.append((stop, AFTER_BE))
        for start, forms in starts:
            for said in self.phrases.predications(start, forms):
                if said.asks_only:
                    continue
                yield Reading(said.stop, Which(said.narrow(asked.nodes)), asked.cost + said.cost)

    def _about_object(self, asked: _Wh) -> Iterator[Reading]:
        """What is the person holding? Which horse does the person ride? (Tell me) what the person is holding."""
        at = asked.stop
        auxiliary = self.word(at) in BE or self.word(at) in DO
        for subject in self.phrases.noun_phrases(at + 1 if auxiliary else at):
            after = subject.stop
            forms = AFTER_DO if self.word(at) in DO else AFTER_BE if auxiliary else FINITE
            if not auxiliary and self.word(after) in BE:
                after, forms = after + 1, AFTER_BE
            cost = asked.cost + subject.cost
            for gap in self.phrases.gaps(after, forms):
                nodes = Related(asked.nodes, gap.predicate.flipped(), gap.narrow(subject.reference))
                yield Reading(gap.stop, Which(nodes), cost)
            for stop, direction in self.phrases.direction_gaps(after) if forms is AFTER_BE else ():
                opposite = {"left of": "right of", "right of": "left of", "above": "below", "below": "above"}
                nodes_there = Placed(asked.nodes, opposite[direction], subject.reference)  # type: ignore[arg-type]
                yield Reading(stop, Which(nodes_there), cost)

    def _bare(self, asked: _Wh) -> Iterator[Reading]:
        """Who is there? Which animals can you see? Who is the person on the horse?"""
        at = asked.stop
        whole: Question = Summarise() if asked.asks_anything else Which(asked.nodes)
        for opening in SEE:
            if (stop := self.literal(at, opening)) is not None:
                yield Reading(stop, whole, asked.cost)
        if self.word(at) in DO:
            picture = self.yes_no.picture(at + 1)
            if picture is not None and self.word(picture) in SHOWS:
                yield Reading(picture + 1, whole, asked.cost)
        if self.word(at) in BE:
            stop = at + 2 if self.word(at + 1) in PRESENT else at + 1
            yield Reading(stop, whole, asked.cost + 0.5)
            for phrase in self.phrases.noun_phrases(at + 1):
                named: Question = Describe(phrase.nodes) if isinstance(phrase.nodes, Pick) else Which(phrase.reference)
                yield Reading(phrase.stop, named, asked.cost + phrase.cost + 0.5)

    def _fronted(self, at: int, particle: str) -> Iterator[Reading]:
        """On what is the person sitting?"""
        for asked in self._whs(at + 1):
            if self.word(asked.stop) not in (*BE, *DO):
                continue
            forms = AFTER_DO if self.word(asked.stop) in DO else AFTER_BE
            for subject in self.phrases.noun_phrases(asked.stop + 1):
                for gap in Phrases((particle,), self.phrases.lexicon, {}).gaps(0, AFTER_BE):  # "on which table is it?"
                    nodes = Related(asked.nodes, gap.predicate.flipped(), subject.reference)
                    yield Reading(subject.stop, Which(nodes), asked.cost + subject.cost)
                verb = (self.word(subject.stop), particle)
                for gap in Phrases(verb, self.phrases.lexicon, {}).gaps(0, forms):
                    if gap.stop == 2:
                        nodes = Related(asked.nodes, gap.predicate.flipped(), gap.narrow(subject.reference))
                        yield Reading(subject.stop + 1, Which(nodes), asked.cost + subject.cost)

    def _activities(self, at: int) -> Iterator[Reading]:
        """What is the person doing (to the ball)? What happens (in a picture)?"""
        second = self.word(at + 1)
        if second in ("happens", "happened"):
            yield Reading(at + 2, Summarise(), 0.2)
        for phrase in ("happening", "going on", "up"):
            if second in BE and (stop := self.literal(at + 2, phrase)) is not None:
                yield Reading(stop, Summarise())
        for subject in self.phrases.noun_phrases(at + 2):
            after = self.word(subject.stop)
            if after not in ("doing", "up", "do", "busy"):
                continue
            stop = subject.stop + 2 if self.word(subject.stop + 1) in ("to", "with") else subject.stop + 1
            if (after in ("doing", "do") and stop == subject.stop + 1) or (after == "up" and stop == subject.stop + 2):
                yield Reading(stop, Doing(subject.reference), subject.cost)
                for said in self.phrases.predications(stop, AFTER_BE):  # "doing on the couch": the one on the couch
                    if said.asks_only:
                        continue
                    there = replace(subject, nodes=said.narrow(subject.nodes))
                    yield Reading(said.stop, Doing(there.reference), subject.cost + said.cost + 0.1)
            for other in self.phrases.noun_phrases(stop) if after in ("doing", "do") else ():
                question = Between(subject.reference, other.reference)
                yield Reading(other.stop, question, subject.cost + other.cost)

    def _attributes(self, at: int) -> Iterator[Reading]:
        """What colour is the ball? What is the colour of the ball? What is the table made of?"""
        if self.word(at) not in ("what", "which"):
            return
        name = spelling(self.word(at + 1))
        yield from self._possessed(at + 2 if self.word(at + 1) in BE else at)
        if name in self.attributes and self.word(at + 2) in BE:
            for subject in self.phrases.noun_phrases(at + 3):
                yield Reading(subject.stop, AttributeOf(subject.reference, name), subject.cost)
        start = at + 3 if self.word(at + 2) in ("the", "a") else at + 2
        name = spelling(self.word(start))
        if self.word(at + 1) in BE and name in self.attributes and self.word(start + 1) == "of":
            for subject in self.phrases.noun_phrases(start + 2):
                yield Reading(subject.stop, AttributeOf(subject.reference, name), subject.cost)
        if self.word(at + 1) in BE:
            for subject in self.phrases.noun_phrases(at + 2):
                if (stop := self.literal(subject.stop, "made of")) is not None:
                    yield Reading(stop, AttributeOf(subject.reference, "material"), subject.cost)

    def _possessed(self, at: int) -> Iterator[Reading]:
        """(What is) the car's colour?"""
        for subject in self.phrases.noun_phrases(at):
            name = spelling(self.word(subject.stop + 1))
            if self.word(subject.stop) == "'s" and name in self.attributes:
                yield Reading(subject.stop + 2, AttributeOf(subject.reference, name), subject.cost)

    def _of(self, at: int) -> Iterator[Reading]:
        """(Tell me) the colour of the car."""
        start = at + 1 if self.word(at) == "the" else at
        name = spelling(self.word(start))
        if name in self.attributes and self.word(start + 1) == "of":
            for subject in self.phrases.noun_phrases(start + 2):
                yield Reading(subject.stop, AttributeOf(subject.reference, name), subject.cost)

    # Where, how many, how, when

    def _where(self, at: int) -> Iterator[Reading]:
        if self.word(at) != "where":
            return
        second = self.word(at + 1)
        can = next((s for p in ("can i find", "do you see", "can i see") if (s := self.literal(at + 1, p))), None)
        auxiliary = second in BE or second in DO
        start = can if can is not None else at + 2 if auxiliary else at + 1
        for subject in self.phrases.noun_phrases(start):
            stop = subject.stop if auxiliary or can is not None else subject.stop + 1
            if auxiliary or can is not None or self.word(subject.stop) in BE:
                end = stop + 1 if self.word(stop) in ("located", "situated", "positioned", "now", "at") else stop
                yield Reading(end, Locate(subject.reference), subject.cost)
            if not auxiliary and can is None and self.word(subject.stop) not in BE:
                continue
            forms = AFTER_DO if second in DO else AFTER_BE
            for said in self.phrases.predications(stop, forms):
                if said.asks_only:
                    continue
                narrowed = said.narrow(subject.reference)
                if isinstance(narrowed, Related) and narrowed.others == Find(None):  # "where is she sitting"
                    nodes = Related(Find(None), narrowed.predicate.flipped(), subject.reference)
                    yield Reading(said.stop, Which(nodes), subject.cost)

    def _how(self, at: int) -> Iterator[Reading]:
        start = next(
            (s for p in ("how many", "what number of", "what is the number of", "number of", "count", "the number of",
                         "count the", "count all", "count the number of", "what is the count of", "how much")
             if (s := self.literal(at, p)) is not None and (p != "count" or self.word(s) not in ("the", "all"))),
            None,
        )  # fmt: skip
        if start is not None:
            yield from self._counts(start)
        if self.word(at) == "how" and self.word(at + 1) in _HOW_ADJECTIVES and self.word(at + 2) in BE:
            for subject in self.phrases.noun_phrases(at + 3):
                attribute = _HOW_ADJECTIVES[self.word(at + 1)]
                yield Reading(subject.stop, AttributeOf(subject.reference, attribute), subject.cost)

    def _counts(self, at: int) -> Iterator[Reading]:
        for phrase in self.phrases.objects(at + 1 if self.word(at) == "of" else at):
            yield Reading(phrase.stop, Count(phrase.nodes), phrase.cost)
            after = self.word(phrase.stop)
            openings = (*SEE, *_SEEN, *(f"{verb} {word}" for verb in ("are", "is") for word in PRESENT), "are")
            for opening in openings:
                if (stop := self.literal(phrase.stop, opening)) is not None:
                    yield Reading(stop, Count(phrase.nodes), phrase.cost + 0.1)
            asked = _Wh(phrase.stop, phrase.nodes, cost=phrase.cost)
            for reading in (*self._about_subject(asked), *(self._about_object(asked) if after in (*BE, *DO) else ())):
                if isinstance(reading.question, Which):
                    yield Reading(reading.stop, Count(reading.question.nodes), reading.cost)
