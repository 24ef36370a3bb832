"""Yes/no questions and statements, each read into a program."""

from collections.abc import Iterator
from dataclasses import replace

from assistant.auxiliaries import AFTER_BE, AFTER_DO, AFTER_HAVE, BE, DO, FINITE, HAVE, NOT
from assistant.bounded_steps import Exceeding, ManyRelated, Measuring
from assistant.comparing import said_by_comparing
from assistant.counting import compared_numbers
from assistant.grammar import Phrases
from assistant.is_the_most import is_the_most
from assistant.lexicon import Form, Verb
from assistant.lifeless import may_live
from assistant.object_limits import HELD
from assistant.predicating import sharing
from assistant.programs import AllOf, AnyOf, Exists, Not, Which
from assistant.readings import IN_VIEW, PICTURE, SHOWS, Reading, viewing
from assistant.sayings import Phrase, ask, is_a, there_is
from assistant.spots import MARKS
from assistant.steps import (
    Extreme,
    Find,
    InBetween,
    MostRelated,
    Nearest,
    Pick,
    Question,
    Related,
    Superlative,
    The,
    Union,
    Within,
    walk,
)

_COMPARED = ("more", "fewer", "less")
"""After "not" and "no" these begin a number: not more than three."""
_TORN = 0.4
"""What it costs to tear the last of some alternatives from what stands before them."""
_DESCRIBED = 0.1
"""What it costs to take "is the dog on the bench and ..." for a dog that is described, as another clause may follow."""
_OF_ALL = ("all", "every", "each", "everyone", "everybody", "everything", "most")
_FRAGMENTS = ("no", "more", "at", "fewer", "exactly", "only", "just", "some")


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
        elif self.word(at) in DO or self.word(at) in (*HAVE, "can", "could"):
            yield from self._does_it(at + 1)
        elif self.word(at) in ("any", "anybody", "anyone", "anything", "someone", "somebody", "something"):
            yield from self.existence(at)
        elif self.word(at) in _OF_ALL:
            yield from self._of_all(at)
        elif self.word(at) in _FRAGMENTS:  # "no dogs?", "at least two cats?"
            for reading in self.existence(at):
                yield replace(reading, cost=reading.cost + 0.5)
        for stop in viewing(self.phrases, at):
            yield from self.existence(stop)
        if self.word(at) in ("does", "do", "is"):
            subject = self.picture(at + 1)
            if subject is not None and self.word(subject) in SHOWS:
                yield from self.existence(subject + 1)

    def _of_all(self, at: int) -> Iterator[Reading]:
        """Everyone sitting? All dogs brown?"""
        for subject in self.phrases.noun_phrases(at):
            if subject.universal or subject.most:
                yield from self._asked(subject, subject.stop, AFTER_BE)

    def picture(self, at: int) -> int | None:
        """The place after "the picture" (image, scene ...), None if it does not stand there."""
        start = at + 1 if self.word(at) in ("the", "this", "that") else at
        if self.word(start) in PICTURE:
            return start + 1
        return start if start > at and self.word(start) in SHOWS else None

    def existence(self, at: int) -> Iterator[Reading]:
        """What may follow "is there": (no) things, joined by "and", "or", "but", "neither ... nor"."""
        yield from compared_numbers(self.phrases, at)
        if self.word(at) == "neither":
            yield from self._joint(at + 1, ("nor",), denied=True)
            return
        if self.word(at) == "not" and self.word(at + 1) not in _COMPARED:  # "isn't there a dog?"
            at += 1
        elif self.word(at) == "no" and self.word(at + 1) not in _COMPARED:
            yield from self._joint(at + 1, ("or", "and", "nor"), denied=True)
            yield from self._joint(at, ("but",))
            return
        paired = self.word(at) in ("both", "either")  # "both a dog and a cat"
        yield from self._joint(at + 1 if paired else at, ("and", "or", "but"), paired=paired)

    def _joint(self, at: int, links: tuple[str, ...], denied: bool = False, paired: bool = False) -> Iterator[Reading]:
        named = self.phrases.joined(at, links)
        for phrases in (*named, *self._all_there(at, named)):
            if paired and len(phrases) == 1:
                continue
            if any(isinstance(phrase.nodes, Extreme | Superlative | MostRelated | Nearest) for phrase in phrases):
                continue  # the leftmost car is there wherever it lies: that says nothing
            if any(phrase.universal or phrase.most for phrase in phrases):
                continue  # "is there every dog on the bench" asks for nothing
            parts = tuple(there_is(phrase) for phrase in phrases)
            either = any(self.word(phrase.stop) in ("or", "nor") for phrase in phrases[:-1])
            question = parts[0] if len(parts) == 1 else AnyOf(parts) if either else AllOf(parts)
            stop = phrases[-1].stop
            torn = self._tears(at, phrases) if either else self._takes_from(phrases)
            cost = sum(phrase.cost for phrase in phrases) + _TORN * (torn or self._leaves_one(at, phrases))
            stop = self.phrases.after(stop, IN_VIEW) or stop
            yield Reading(stop, Not(question) if denied else question, cost)

    def _all_there(self, at: int, named: list[tuple[Phrase, ...]]) -> Iterator[tuple[Phrase, ...]]:
        """A dog or a cat on the couch: each of them there."""
        for phrases in named:
            stop = phrases[-1].stop
            if len(phrases) > 1 and self._place_at(stop) and all(self._plain(at, phrases)):
                for said in self.phrases.predications(stop, AFTER_BE):
                    there = (replace(one, nodes=said.narrow(one.nodes), cost=one.cost) for one in phrases)
                    if not said.asks_only:
                        *first, last = there
                        yield (*first, replace(last, stop=said.stop, cost=last.cost + said.cost))

    def _leaves_one(self, at: int, phrases: tuple[Phrase, ...]) -> bool:
        """Whether only the last of several is said to be at a place."""
        if len(phrases) == 1 or phrases[-1].definite:
            return False
        *first, last = self._plain(at, phrases)
        ends = (core.stop for core in self.phrases.cores(phrases[-2].stop + 1))
        return all(first) and not last and any(map(self._place_at, ends))

    def _plain(self, at: int, phrases: tuple[Phrase, ...]) -> list[bool]:
        """Whether each of some phrases is "a dog", with nothing said behind it."""
        starts = [at, *(phrase.stop + 1 for phrase in phrases[:-1])]
        cores = (self.phrases.cores(start) for start in starts)
        return [not one.definite and one in those for one, those in zip(phrases, cores, strict=True)]

    def _place_at(self, at: int) -> bool:
        """Whether a place is named at a word: on the couch."""
        states = (isinstance(entry, Verb) and entry.form == "state" for _, entry in self.phrases.entries(at))
        return self.word(at) != "with" and any(states)

    def _takes_from(self, phrases: tuple[Phrase, ...]) -> bool:
        """Whether a thing is taken from who has it: is there somebody holding a cup and an umbrella?"""
        said, last = phrases[0].nodes, phrases[-1]
        if len(phrases) == 1 or not isinstance(said, Related) or HELD.isdisjoint(said.predicate.forward):
            return False
        return not isinstance(said.others, The | Pick) and not may_live(self.phrases, last.noun)

    def _tears(self, at: int, phrases: tuple[Phrase, ...]) -> bool:
        """Whether alternatives may be meant of what is held: is there somebody holding a cup or a ball?"""
        said, last = phrases[0].nodes, phrases[-1].stop
        if len(phrases) == 1 or not isinstance(said, Related) or isinstance(said.others, The | Pick):
            return False
        return said.others != Find(None) and any(core.stop == last for core in self.phrases.cores(phrases[-2].stop + 1))

    def _is_it(self, at: int) -> Iterator[Reading]:
        start = at + 1 if self.word(at) == "not" else at  # "isn't the dog on the grass?" asks whether it is
        there = [one for one in self.existence(start) if not (self._describes(start, one) or _lengths_apart(one))]
        for reading in there:  # "is a dog (visible)", after "in the picture" was dropped
            yield Reading(reading.stop, reading.question, reading.cost + 0.5)
        yield from self._nobody_is(start)
        for subject in self.phrases.noun_phrases(start):
            negated = self.word(subject.stop) in NOT
            after = subject.stop + 1 if negated else subject.stop
            for said_not in said_by_comparing(self.phrases, subject.stop) if negated else ():  # "is not as big as"
                question = ask(subject, said_not)
                if question is not None:
                    yield Reading(said_not.stop, question, subject.cost + said_not.cost - 0.1)
            some = _is_any(subject) or _is_several(subject)
            for reading in self._said(subject, after, AFTER_BE):
                said = reading.question
                if negated and some:  # "is any dog not running", "are two not running": is there one, are there two
                    continue
                if start > at and subject.universal:  # "is not every dog running?" denies it
                    said = Not(said)
                yield Reading(reading.stop, self._denied(said) if negated else said, reading.cost)
            yield from self._some_do_not(subject, AFTER_BE) if negated and some else ()
        yield from self._several(start, AFTER_BE)
        yield from self._share(start, AFTER_BE)
        yield from self._cleft(start)

    def _some_do_not(self, subject: Phrase, forms: frozenset[Form]) -> Iterator[Reading]:
        """(Is any dog) not running, (do two dogs) not run: whether there is one, are two, of which it is not so."""
        for denied in self.phrases.predications(subject.stop, forms):
            if not denied.asks_only:
                question = there_is(replace(subject, nodes=denied.narrow(subject.nodes)))
                yield Reading(denied.stop, question, subject.cost + denied.cost)

    def _nobody_is(self, at: int) -> Iterator[Reading]:
        """(Is) nobody riding the horse?"""
        for subject in self.phrases.nobody(at):
            for reading in self._said(subject, subject.stop, AFTER_BE):
                yield Reading(reading.stop, Not(reading.question), reading.cost)

    def _describes(self, at: int, reading: Reading) -> bool:
        """Whether "the dog with the cat" would be taken for a thing that is there: "is the dog with the cat"."""
        question = reading.question.questions[0] if isinstance(reading.question, AllOf) else reading.question
        nodes = question.nodes if isinstance(question, Exists) else None
        nodes = nodes.nodes if isinstance(nodes, The) else nodes
        named = self.word(at) in ("the", "this", "that") and self.word(reading.stop - 1) not in IN_VIEW
        return named and isinstance(nodes, Related | Within | InBetween | ManyRelated | Measuring | Exceeding)

    def _cleft(self, at: int) -> Iterator[Reading]:
        """(Is) it the dog that is chasing the ball? (Is) it the ball that the dog is chasing?"""
        if self.word(at) != "it":
            return
        yield from self._cleft_of_two(at + 1)
        for subject in self.phrases.things(at + 1):
            if self.word(subject.stop) not in ("who", "that", "which"):
                for said in self.phrases.relative_objects(subject.stop):
                    yield Reading(said.stop, said.sayings[0].ask(subject.reference, False), subject.cost + said.cost)
                continue
            be = self.word(subject.stop + 1) in BE
            yield from self._asked(subject, subject.stop + 1 + be, AFTER_BE if be else FINITE)
            yield from is_the_most(self.phrases, subject, subject.stop + 2) if be else ()
            for said in self.phrases.relative_objects(subject.stop + 1):
                yield Reading(said.stop, said.sayings[0].ask(subject.reference, False), subject.cost + said.cost)

    def _cleft_of_two(self, at: int) -> Iterator[Reading]:
        """(Is it) the dog or the cat that is chasing the ball?"""
        for subjects in self.phrases.joined(at, ("or",)):
            stop = subjects[-1].stop
            if len(subjects) == 1 or self.word(stop) not in ("who", "that", "which"):
                continue
            union = Union(tuple(subject.reference for subject in subjects))
            be = self.word(stop + 1) in BE
            said = self.phrases.predications(stop + 1 + be, AFTER_BE if be else FINITE)
            for one in (*said, *self.phrases.relative_objects(stop + 1)):
                if not one.asks_only:
                    yield Reading(one.stop, Which(one.narrow(union)), one.cost)

    def _several(self, at: int, forms: frozenset[Form]) -> Iterator[Reading]:
        """Are the dog and the cat (both) running? Is the dog or the cat running?"""
        for subjects in self.phrases.joined(at + 1 if self.word(at) in ("both", "either") else at, ("and", "or")):
            links = {self.word(subject.stop) for subject in subjects[:-1]}
            if len(links) != 1 or any(subject.number is not None or subject.none for subject in subjects):
                continue
            stop = subjects[-1].stop
            first_at = at + (self.word(at) in ("both", "either"))
            plain = any(core.stop == subjects[0].stop for core in self.phrases.cores(first_at))
            clauses = self.word(at) == "either" or self.word(subjects[0].stop - 1) in MARKS
            clauses = clauses or self.word(at - 1) in ("is", "was")  # "is the dog on the bench and the cat in the car"
            cost = _DESCRIBED * (clauses and not plain) + sum(subject.cost for subject in subjects)
            for said in self.phrases.predications(stop + (self.word(stop) in ("both", "all", "each")), forms):
                asked = tuple(question for subject in subjects if (question := ask(subject, said)) is not None)
                if len(asked) == len(subjects):
                    question = AllOf(asked) if links == {"and"} else AnyOf(asked)
                    yield Reading(said.stop, question, said.cost + cost)

    def _share(self, at: int, forms: frozenset[Form]) -> Iterator[Reading]:
        """Are the man and the woman riding the same horse?"""
        for first in self.phrases.things(at):
            for second in self.phrases.things(first.stop + 1) if self.word(first.stop) == "and" else ():
                start = second.stop + (self.word(second.stop) in ("both", "all", "each"))
                for stop, shared, predicate in sharing(self.phrases, start, forms):
                    of_first = Related(shared, predicate.flipped(), first.reference)
                    question = Exists(Related(of_first, predicate.flipped(), second.reference))
                    yield Reading(stop, question, first.cost + second.cost)

    def _several_do(self, at: int) -> Iterator[Reading]:
        """(Both) the dog and the cat are running, run, do not run."""
        start = at + 1 if self.word(at) in ("both", "either", "neither") else at
        link = {"either": "or", "neither": "nor"}.get(self.word(at), "and")
        for subjects in self.phrases.joined(start, (link,)) if link in self.phrases.tokens else ():
            if len(subjects) == 1 or any(subject.number is not None or subject.none for subject in subjects):
                continue
            after = subjects[-1].stop
            auxiliary = self.word(after) in (*BE, *DO)
            forms = AFTER_BE if self.word(after) in BE else AFTER_DO if auxiliary else FINITE
            negated = auxiliary and self.word(after + 1) == "not"
            verb_at = after + auxiliary + negated
            for said in self.phrases.predications(verb_at + (self.word(verb_at) in ("both", "all", "each")), forms):
                asked = tuple(question for subject in subjects if (question := ask(subject, said)) is not None)
                if len(asked) < len(subjects) or (negated and link != "and"):
                    continue
                parts = tuple(map(Not, asked)) if negated or link == "nor" else asked
                question = AnyOf(parts) if link == "or" else AllOf(parts)
                yield Reading(said.stop, question, said.cost + sum(subject.cost for subject in subjects))

    def _does_it(self, at: int) -> Iterator[Reading]:
        start = at + 1 if self.word(at) == "not" else at
        able = self.word(at - 1) in ("can", "could")
        for subject in self.phrases.noun_phrases(start):
            if able:
                continue  # "can dogs swim", "could the dog jump over it" ask what dogs are able to
            negated = self.word(subject.stop) in NOT
            after = subject.stop + 1 if negated else subject.stop
            forms, start_at = AFTER_DO, after
            if self.word(at - 1) in HAVE:
                been = self.word(after) == "been"
                forms, start_at = (AFTER_BE, after + 1) if been else (AFTER_HAVE, after)
                if self.word(after) == "got":  # "has he got a hat"
                    forms, start_at = AFTER_DO, after
            some = _is_any(subject) or _is_several(subject)
            if some and self.word(subject.stop) == "not":  # "does any dog not run", "do two not run"
                yield from self._some_do_not(subject, AFTER_HAVE if forms is AFTER_HAVE else AFTER_DO)
                continue
            for reading in (*self._asked(subject, start_at, forms), *self._asked(subject, after, AFTER_DO)):
                yield Reading(
                    reading.stop, self._denied(reading.question) if negated else reading.question, reading.cost
                )
        for subject in self.phrases.nobody(start):
            for reading in self._asked(subject, subject.stop, AFTER_HAVE if self.word(at - 1) in HAVE else AFTER_DO):
                yield Reading(reading.stop, Not(reading.question), reading.cost)
        yield from self._several(start, AFTER_DO)
        yield from self._share(start, AFTER_DO)

    def _denied(self, asked: Question) -> Question:
        """The opposite: "not red and not on the bench" denies each, "not on the bench but in the car" the first."""
        if not isinstance(asked, AllOf):
            return Not(asked)
        if "but" in self.phrases.tokens or any(isinstance(part, Not) for part in asked.questions[1:]):
            return AllOf((Not(asked.questions[0]), *asked.questions[1:]))
        return Not(asked)

    def _asked(self, subject: Phrase, at: int, forms: frozenset[Form]) -> Iterator[Reading]:
        if self.word(at) == "with" and forms is AFTER_BE:
            return  # "is the dog with the cat" asks for company, not for what it holds
        for said in self.phrases.predications(at, forms):
            question = ask(subject, said)
            if question is not None:
                yield Reading(said.stop, question, subject.cost + said.cost)

    def _said(self, subject: Phrase, at: int, forms: frozenset[Form]) -> Iterator[Reading]:
        """What a yes/no question or a statement says of its subject after "is"."""
        yield from self._asked(subject, at, forms)
        yield from is_the_most(self.phrases, subject, at)
        if self.word(at) in ("a", "an") or subject.plural:
            for stop, noun in self.phrases.kinds(at):
                absent = 0.6 if noun.categories == () else 0.0  # "are there dogs present" names no gift
                yield Reading(stop, is_a(subject, noun), subject.cost + absent)

    def statements(self, at: int) -> Iterator[Reading]:
        """Everything that may be claimed from a word on: "a man rides a horse", "there is no cat"."""
        if self.word(at) == "there" and self.word(at + 1) in BE:
            absent = self.word(at + 2) == "not" and self.word(at + 3) not in _COMPARED
            for reading in self.existence(at + 2):
                yield replace(reading, question=Not(reading.question)) if absent else reading
            return
        for denied in self.phrases.nobody(at):
            if self.word(denied.stop) in BE:
                denials = self._said(denied, denied.stop + 1, AFTER_BE)
            else:
                denials = self._asked(denied, denied.stop, FINITE)
            for reading in denials:
                yield Reading(reading.stop, Not(reading.question), reading.cost)
        yield from self._several_do(at)
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
                yield Reading(
                    reading.stop, self._denied(reading.question) if negated else reading.question, reading.cost
                )


def _lengths_apart(reading: Reading) -> bool:
    """Whether a length is torn from the second thing that it is said of: is it within 2 m of the car, and a tree?"""
    joined = reading.question
    parts = joined.questions[:-1] if isinstance(joined, AllOf | AnyOf) else ()
    return any(isinstance(step, Within) for part in parts for step in walk(part))


def _is_any(subject: Phrase) -> bool:
    """Whether a phrase names any of its kind, without counting."""
    counted = subject.number is not None or subject.most or subject.none
    return subject.some or not (subject.definite or subject.universal or counted)


def _is_several(subject: Phrase) -> bool:
    """Whether a phrase counts any of its kind: two dogs."""
    return subject.number is not None and not (subject.universal or subject.definite or subject.some)
