"""What another did as well, said by an auxiliary alone: did the cat throw the cup before the person did?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from assistant.auxiliaries import BE, DO
from assistant.grammar import Phrases
from assistant.programs import Count, Exists, Holds, HowLong, HowOften, When, Which
from assistant.steps import Event, Nodes, Question, Related
from assistant.timed_programs import After, Before, While

_WINDOWS: dict[str, type[Before] | type[After] | type[While]] = {
    "before": Before,
    "until": Before,
    "after": After,
    "once": After,
    "while": While,
}
_AUXILIARIES = frozenset({*BE, *DO, "has", "had", "have"})


def same_deeds(phrases: Phrases) -> Iterator[tuple[tuple[str, ...], type[Before] | type[After] | type[While], Nodes]]:
    """Every "before the person did" that ends a question: (the words without it, kind of stretch, who did it)."""
    tokens = tuple(phrases.tokens)
    if len(tokens) < 4 or tokens[-1] not in _AUXILIARIES:
        return
    for at, token in enumerate(tokens[:-2]):
        for subject in phrases.things(at + 1) if at and token in _WINDOWS else ():
            if subject.stop == len(tokens) - 1:
                yield tokens[:at], _WINDOWS[token], subject.reference


def deed_of(question: Question, subject: Nodes) -> Event | None:
    """What a question asks of its subject, of another one; None where it does not ask what somebody does.

    >>> from assistant.steps import Find, Predicate, The
    >>> dog, cat, ball = (The(Find((name,))) for name in ("dog", "cat", "sports ball"))
    >>> deed_of(Holds(dog, Predicate(("chasing",)), ball), cat).line
    'holds(the(find(cat)), chasing, the(find(sports ball)))'
    """
    match question:
        case Holds(_, predicate, _) if predicate.forward and not predicate.converse:
            return replace(question, subjects=subject, every=False)
        case When(event) | HowLong(event) | HowOften(event):
            return deed_of(event, subject)
        case (
            Which(Related(_, predicate, others))
            | Count(Related(_, predicate, others))
            | Exists(Related(_, predicate, others))
        ) if predicate.forward and not predicate.converse:
            return Holds(subject, predicate, others)
    return None
