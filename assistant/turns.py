"""Clauses that leave out their subject, or name the beginning or the end of an event: having chased it, it stops."""

from collections.abc import Iterator

from assistant.auxiliaries import AFTER_BE, AFTER_DO, AFTER_HAVE
from assistant.grammar import Phrases
from assistant.lexicon import Form
from assistant.pronouns import Pronoun
from assistant.readings import Reading
from assistant.sayings import Phrase
from assistant.steps import Event

STARTS = (
    *("starts", "start", "started", "begins", "begin", "began", "is about to start", "has started", "has begun"),
    *("commences", "commenced", "is starting", "first starts", "first begins"),
)
"""What a subject does whose activity begins."""
ENDS = (
    *("stops", "stop", "stopped", "finishes", "finish", "finished", "has finished", "has stopped", "is done"),
    *("was done", "had finished", "had stopped", "is finished", "was finished", "quits", "quit", "ceases", "ceased"),
    *("is through", "no longer is", "is no longer", "was no longer", "gets done", "got done", "is finished with"),
    *("is done with", "was done with", "is stopping", "ends", "ended"),
)
"""What a subject does whose activity ends."""
_DONE = ("done", "finished", "having finished", "having stopped", "finishing", "stopping", "done with", "through")


def asked_of(phrases: Phrases, subject: Phrase, at: int, forms: frozenset[Form] = AFTER_BE) -> Iterator[Reading]:
    """What is said of a subject, in the -ing form if nothing else is said, as an event."""
    for said in phrases.predications(at, forms):
        question = said.sayings[0].ask(subject.reference, False)
        if len(said.sayings) == 1 and isinstance(question, Event):
            yield Reading(said.stop, question, subject.cost + said.cost)


def subjectless(phrases: Phrases, at: int) -> Iterator[Reading]:
    """(Before) chasing the ball: the subject is that of the main clause."""
    done = phrases.after(at, _DONE)  # "once done chasing the ball"
    at = at if done is None else done
    for said in phrases.predications(at + 1 if phrases.word(at) == "being" else at, AFTER_BE):
        question = said.sayings[0].ask(Pronoun(), False)
        gerund = phrases.word(at).endswith("ing")
        if gerund and len(said.sayings) == 1 and not said.asks_only and isinstance(question, Event):
            yield Reading(said.stop, question, said.cost)
    if phrases.word(at) == "having":  # "after having chased the ball"
        for said in phrases.predications(at + 1, AFTER_HAVE):
            question = said.sayings[0].ask(Pronoun(), False)
            if len(said.sayings) == 1 and not said.asks_only and isinstance(question, Event):
                yield Reading(said.stop, question, said.cost)


def turning(phrases: Phrases, at: int, verbs: tuple[str, ...]) -> Iterator[Reading]:
    """(After) the dog stops chasing the ball: the event whose end is named."""
    for subject in phrases.things(at) if verbs else ():
        for start in phrases.literals(subject.stop, verbs):
            yield from asked_of(phrases, subject, start)
            if phrases.word(start) == "to":  # "begins to chase the ball"
                yield from asked_of(phrases, subject, start + 1, AFTER_DO)
