"""Yes/no questions and statements, each read into a program."""

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.grammar import AFTER_BE, AFTER_DO, BE, DO, FINITE, Phrases
from assistant.lexicon import Form, Noun
from assistant.programs import AllOf, AnyOf, Not
from assistant.sayings import Phrase, ask, is_a, there_is
from assistant.steps import Extreme, Find, Question

SEE = ("do you see", "can you see", "can we see", "can i see", "could you see", "do we see", "do i see", "you see")
SHOWS = ("show", "shows", "contain", "contains", "include", "includes", "depict", "depicts", "have", "has")
PICTURE = ("picture", "image", "photo", "photograph", "scene", "video", "clip", "graph", "it", "this", "frame")
PRESENT = ("there", "visible", "present", "shown", "seen", "here", "depicted", "pictured", "featured", "displayed")


@dataclass(frozen=True)
class Reading:
    """A question read up to word `stop`; the lower the cost, the more natural the reading."""

    stop: int
    question: Question
    cost: float = 0.0


_NEGATIVE = {"nobody": "person", "noone": "person", "nothing": "thing"}


class YesNo:
    """Reads yes/no questions and statements with the phrases of `grammar`."""

    def __init__(self, phrases: Phrases) -> None:
        self.phrases = phrases
        self.word, self.literal = phrases.word, phrases.literal

    def questions(self, at: int) -> Iterator[Reading]:
        """Every yes/no question that starts at a word."""
        if self.word(at) in BE and self.word(at + 1) == "there":
            yield from self.existence(at + 2)
        elif self.word(at) in BE:
            yield from self._is_it(at + 1)
        elif self.word(at) in DO or self.word(at) in ("has", "have", "can", "could"):
            yield from self._does_it(at + 1)
        elif self.word(at) in ("any", "anybody", "anyone"):
            yield from self.existence(at)
        for opening in SEE:
            if (stop := self.literal(at, opening)) is not None:
                yield from self.existence(stop)
        for opening in ("does", "do", "is"):
            start = self.literal(at, opening)
            subject = None if start is None else self.picture(start)
            if subject is not None and self.word(subject) in SHOWS:
                yield from self.existence(subject + 1)

    def picture(self, at: int) -> int | None:
        """The place after "the picture" (image, scene ...), None if it does not stand there."""
        start = at + 1 if self.word(at) in ("the", "this", "that") else at
        if self.word(start) in PICTURE:
            return start + 1
        return start if start > at and self.word(start) in SHOWS else None

    def existence(self, at: int) -> Iterator[Reading]:
        """What may follow "is there": (no) things, joined by "and" or "or"."""
        negated = self.word(at) in ("no", "not")
        start = at + 1 if negated else at
        paired = self.word(start) in ("both", "either")  # "both a dog and a cat"
        for phrases in self.phrases.joined(start + 1 if paired else start):
            if paired and len(phrases) == 1:
                continue
            if any(isinstance(phrase.nodes, Extreme) for phrase in phrases):
                continue  # the leftmost car is there wherever it lies: that says nothing
            parts = [there_is(phrase) for phrase in phrases]
            either = any(self.word(phrase.stop) == "or" for phrase in phrases[:-1])
            question = parts[0] if len(parts) == 1 else AnyOf(tuple(parts)) if either else AllOf(tuple(parts))
            stop = phrases[-1].stop
            if self.word(stop) in PRESENT:
                stop += 1
            yield Reading(stop, Not(question) if negated else question, sum(phrase.cost for phrase in phrases))

    def _is_it(self, at: int) -> Iterator[Reading]:
        start = at + 1 if self.word(at) == "not" else at  # "isn't the dog on the grass?" asks whether it is
        for reading in self.existence(start):  # "is a dog (visible)", after "in the picture" was dropped
            yield Reading(reading.stop, reading.question, reading.cost + 0.5)
        for stop, subject in self._negative(start):
            for reading in self._said(subject, stop, AFTER_BE):
                yield Reading(reading.stop, Not(reading.question), reading.cost)
        for subject in self.phrases.noun_phrases(start):
            negated = self.word(subject.stop) == "not"
            after = subject.stop + 1 if negated else subject.stop
            for reading in self._said(subject, after, AFTER_BE):
                yield Reading(reading.stop, Not(reading.question) if negated else reading.question, reading.cost)

    def _negative(self, at: int) -> Iterator[tuple[int, Phrase]]:
        """Nobody, no one, nothing: (place after, the phrase that is denied)."""
        word, stop = self.word(at), at + 1
        if word == "no" and self.word(at + 1) in ("one", "body"):
            word, stop = "nobody", at + 2
        for _, entry in self.phrases.lexicon.at([_NEGATIVE.get(word, "")], 0):
            if isinstance(entry, Noun):
                yield stop, Phrase(stop, Find(entry.categories, word=entry.word), entry)

    def _does_it(self, at: int) -> Iterator[Reading]:
        start = at + 1 if self.word(at) == "not" else at
        for subject in self.phrases.noun_phrases(start):
            negated = self.word(subject.stop) == "not"
            after = subject.stop + 1 if negated else subject.stop
            for reading in self._asked(subject, after, AFTER_DO):
                yield Reading(reading.stop, Not(reading.question) if negated else reading.question, reading.cost)

    def _asked(self, subject: Phrase, at: int, forms: frozenset[Form]) -> Iterator[Reading]:
        for said in self.phrases.predications(at, forms):
            question = ask(subject, said)
            if question is not None:
                yield Reading(said.stop, question, subject.cost + said.cost)

    def _said(self, subject: Phrase, at: int, forms: frozenset[Form]) -> Iterator[Reading]:
        """What a yes/no question or a statement says of its subject after "is"."""
        yield from self._asked(subject, at, forms)
        if self.word(at) in ("a", "an") or subject.plural:
            for stop, noun in self.phrases.kinds(at):
                yield Reading(stop, is_a(subject, noun), subject.cost)

    def statements(self, at: int) -> Iterator[Reading]:
        """Everything that may be claimed from a word on: "a man rides a horse", "there is no cat"."""
        if self.word(at) == "there" and self.word(at + 1) in BE:
            yield from self.existence(at + 2)
            return
        for stop, denied in self._negative(at):
            if self.word(stop) in BE:
                for reading in self._said(denied, stop + 1, AFTER_BE):
                    yield Reading(reading.stop, Not(reading.question), reading.cost)
        for subject in self.phrases.noun_phrases(at):
            after = subject.stop
            negated = self.word(after + 1) == "not"
            start = after + 2 if negated else after + 1
            if self.word(after) in BE:
                readings = [*self._said(subject, start, AFTER_BE)]
            elif self.word(after) in DO:
                readings = [*self._asked(subject, start, AFTER_DO)]
            else:
                negated = False
                readings = [*self._asked(subject, after, FINITE)]
            for reading in readings:
                yield Reading(reading.stop, Not(reading.question) if negated else reading.question, reading.cost)
