"""Words that stand for a phrase of the same sentence: "what does the dog do after *it* chases the ball".

A pronoun is resolved only where one phrase alone can be meant; otherwise the sentence is not read.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import TypeVar

from assistant.steps import Find, Nodes, Pick, Step, The, children, walk
from assistant.timed_programs import During

PERSONAL = frozenset({"he", "she", "him", "her"})
NEUTRAL = frozenset({"it"})
PLURAL = frozenset({"they", "them"})
PRONOUNS = PERSONAL | NEUTRAL | PLURAL

_Step = TypeVar("_Step", bound=Step)


@dataclass(frozen=True)
class Pronoun(Nodes):
    """A pronoun that is not resolved yet; without a word, the subject that "before jumping" leaves out."""

    word: str = ""


def resolved(question: Step, subject: Nodes | None, people: frozenset[str]) -> Step | None:
    """A question about a stretch of time with the pronouns of the stretch replaced; None where one stays open.

    Args:
        question: with or without pronouns.
        subject: of the main clause, which "before jumping" takes for granted.
        people: categories that are persons.
    """
    open_ones = [step for step in walk(question) if isinstance(step, Pronoun)]
    if not open_ones:
        return question
    if not isinstance(question, During):
        return None
    main, window = question.question, question.window
    if any(isinstance(step, Pronoun) for step in walk(main)):
        return None
    for pronoun in open_ones:
        meant = subject if not pronoun.word else _meant(pronoun.word, main, window, people)
        if meant is None:
            return None
        window = rebuilt(window, pronoun, meant)
    return During(main, window)


def _meant(word: str, main: Step, window: Step, people: frozenset[str]) -> Nodes | None:
    """The one phrase of the main clause that a pronoun can stand for; not one that its own clause names."""
    beside = {step for step in walk(window) if isinstance(step, The | Pick)}
    fitting = dict.fromkeys(step for step in _named(main) if step not in beside and _fits(word, step, people))
    return next(iter(fitting)) if len(fitting) == 1 else None


def _named(step: Step) -> Iterator[Nodes]:
    """The definite phrases of a clause."""
    for child in children(step):
        if isinstance(child, The | Pick):
            yield child
        yield from _named(child)


def _fits(word: str, phrase: Nodes, people: frozenset[str]) -> bool:
    plural = isinstance(phrase, The) and phrase.plural
    if word in PLURAL and not plural:  # "the child ... they": one person
        found = next((step for step in walk(phrase) if isinstance(step, Find)), None)
        return found is not None and bool(found.categories) and people.issuperset(found.categories or ())
    if plural:
        return word in PLURAL and plural
    found = next((step for step in walk(phrase) if isinstance(step, Find)), None)
    if found is None or found.categories is None:
        return True  # a label may name a person or a thing
    personal = {name in people for name in found.categories}
    return (word in PERSONAL) in personal


def rebuilt(step: _Step, old: Step, new: Step) -> _Step:
    """A program with every step that equals one replaced by another."""
    changes: dict[str, object] = {}
    for item in fields(step):  # type: ignore[arg-type]
        value = getattr(step, item.name)
        if isinstance(value, Step):
            changes[item.name] = new if value == old else rebuilt(value, old, new)
        elif isinstance(value, tuple) and any(isinstance(each, Step) for each in value):
            changes[item.name] = tuple(
                new if each == old else rebuilt(each, old, new) if isinstance(each, Step) else each for each in value
            )
    return replace(step, **changes) if changes else step  # type: ignore[type-var]
