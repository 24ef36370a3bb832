"""Words that stand for a phrase of the same sentence: "what does the dog do after *it* chases the ball".

A pronoun is resolved only where one phrase alone can be meant; otherwise the sentence is not read.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from assistant.lexicon import Beings
from assistant.predicate_kinds import is_spatial
from assistant.programs import AllOf, AnyOf, Doing, ExactlyOneOf, Holds, IsPlaced, Not, Which
from assistant.steps import (
    Except,
    Find,
    Nodes,
    Pick,
    Question,
    Related,
    Step,
    The,
    Window,
    children,
    walk,
    with_children,
)
from assistant.timed_programs import During, Happens

PERSONAL = frozenset({"he", "she", "him", "her"})
NEUTRAL = frozenset({"it"})
PLURAL = frozenset({"they", "them"})
_ACTORS = frozenset({"he", "she", "they"})
PRONOUNS = PERSONAL | NEUTRAL | PLURAL

_Step = TypeVar("_Step", bound=Step)


@dataclass(frozen=True)
class Pronoun(Nodes):
    """A pronoun that is not resolved yet; without a word, the subject that "before jumping" leaves out."""

    word: str = ""


def resolved(question: Step, subject: Nodes | None, beings: Beings) -> Step | None:
    """A question about a stretch of time with the pronouns of the stretch replaced; None where one stays open.

    Args:
        question: with or without pronouns.
        subject: of the main clause, which "before jumping" takes for granted.
        beings: of whom he and she are said.
    """
    open_ones = list(dict.fromkeys(step for step in walk(question) if isinstance(step, Pronoun)))
    if not open_ones:
        return question
    twice = any(isinstance(step, Holds) and step.subjects == step.objects in open_ones for step in walk(question))
    if not isinstance(question, During):
        return None if len(open_ones) > 1 else _resolved_beside(question, open_ones[0], beings)
    if twice:  # "after it chases it"
        return None
    main, window = question.question, question.window
    ahead = [pronoun for pronoun in open_ones if pronoun in set(walk(main))]
    if ahead:
        return _resolved_ahead(main, window, ahead, beings) if ahead == open_ones else None
    for pronoun in open_ones:
        meant = subject if not pronoun.word else _meant(pronoun.word, main, window, beings)
        if meant is None and subject is not None and not _named_fit(pronoun.word, main, beings):
            meant = subject if _may_be_called(pronoun.word, subject, beings) and _acts(main, subject) else None
        both_act = subject is not None and _acts(main, subject) and _acts(window, pronoun)
        if meant is None and both_act and subject is not None and _fits(pronoun.word, subject, beings):
            meant = subject  # "does the cat chase the ball before it kicks the cup"
        if meant is None:
            return None
        window = rebuilt(window, pronoun, meant)
    return During(main, window)


def either(question: Step, beings: Beings) -> list[Step]:
    """What "was the cup on the table before the man held *it*" may ask, the more natural first.

    What is placed is held, and somebody sits on that on which it is placed; the graph tells which of them was.
    """
    open_ones = {step for step in walk(question) if isinstance(step, Pronoun)}
    if not isinstance(question, During) or len(open_ones) != 1 or not open_ones.isdisjoint(walk(question.question)):
        return []
    (pronoun,) = open_ones
    places = _places(question.question)
    match question.question:
        case Holds(first, _, second) | IsPlaced(first, _, second) if pronoun.word in NEUTRAL and places:
            beside = set(walk(question.window))
            named = [one for one in (first, second) if isinstance(one, The | Pick) and one not in beside]
            meant = named if len(named) == 2 and all(_fits(pronoun.word, one, beings) for one in named) else []
            if any(map(_places, walk(question.window))):
                meant.reverse()
            return [replace(question, window=rebuilt(question.window, pronoun, one)) for one in meant]
    return []


def _places(step: Step) -> bool:
    """Whether a clause says where somebody is: he sits on it."""
    names = (*step.predicate.forward, *step.predicate.converse) if isinstance(step, Holds) else ()
    return isinstance(step, IsPlaced) or any(map(is_spatial, names))


def _resolved_beside(question: Step, pronoun: Pronoun, beings: Beings) -> Step | None:
    """Is the dog chasing the ball and touching *it*? What else is done to the one object that was named before."""
    parts = _parts(question)
    subjects = {subject for subject, _ in parts}
    objects = [others for _, others in parts if others != pronoun]
    if len(subjects) != 1 or len(parts) == len(objects) or len(set(objects)) != 1:
        return None
    meant, named = objects[0], set(walk(next(iter(subjects))))
    if pronoun in named:
        return None
    return rebuilt(question, pronoun, meant) if _fits(pronoun.word, meant, beings) else None


def _parts(question: Step) -> list[tuple[Nodes, Nodes]]:
    """(Who, to whom) of everything that a question says of one subject; nothing where it says something else."""
    match question:
        case AllOf(questions) | AnyOf(questions) | ExactlyOneOf(questions):
            found = [_parts(each) for each in questions]
            return [part for parts in found for part in parts] if all(found) else []
        case Not(inner):
            return _parts(inner)
        case Holds(subject, _, The() | Pick() | Pronoun() as others):
            return [(subject, others)]
        case IsPlaced(subject, _, The() | Pick() | Pronoun() as others):
            return [(subject, others)]
        case Which(Except(Related(nodes, _, one), Related(same, _, other))) if nodes == same:
            return [(nodes, each) for each in (one, other) if isinstance(each, The | Pick | Pronoun)]
        case Which(Related(Related(nodes, _, one), _, other)):
            return [(nodes, each) for each in (one, other) if isinstance(each, The | Pick | Pronoun)]
    return []


def _resolved_ahead(main: Question, window: Window, open_ones: list[Pronoun], beings: Beings) -> Step | None:
    """After the child kicks the ball, does *she* hold *it*? Pronouns of the main clause, meant in the other."""
    for pronoun in open_ones:
        meant = _meant(pronoun.word, window, main, beings)
        acting = _acting(window)
        if meant is None and acting is not None and _acts(main, pronoun):
            called = _may_be_called(pronoun.word, acting, beings) and not _named_fit(pronoun.word, window, beings)
            meant = acting if called or _fits(pronoun.word, acting, beings) else None
        if meant is None:
            return None
        main = rebuilt(main, pronoun, meant)
    return During(main, window)


def _named_fit(word: str, clause: Step, beings: Beings) -> bool:
    """Whether a clause names something for which a pronoun usually stands."""
    return any(_fits(word, phrase, beings) for phrase in _named(clause))


def may_be(pronoun: Pronoun, subject: Nodes, beings: Beings) -> bool:
    """Whether one that acts may be meant where it acts again: closing it, (before) he closes it."""
    return not pronoun.word or (pronoun.word in PERSONAL and _may_be_called(pronoun.word, subject, beings))


def _may_be_called(word: str, subject: Nodes, beings: Beings) -> bool:
    """Whether people may call one that acts by a pronoun: an animal is he, she or they as well."""
    if word not in _ACTORS or (isinstance(subject, The) and subject.plural):
        return False
    found = _kind(subject)
    return found is None or found.categories is None or not beings.living.isdisjoint(found.categories)


def _acting(window: Window) -> Nodes | None:
    """The subject of the clause of a stretch of time, where a phrase alone is it."""
    event = getattr(window, "event", None)
    subjects = event.subjects if isinstance(event, Holds) else None
    return subjects if isinstance(subjects, The | Pick) else None


def _acts(main: Step, pronoun: Nodes) -> bool:
    """Whether a pronoun (or a phrase) is the subject of its clause: two subjects that follow each other are one."""
    for step in walk(main):
        match step:
            case Doing(nodes) | Happens(nodes) if nodes == pronoun:
                return True
            case Holds(nodes, predicate) if nodes == pronoun and predicate.forward:
                return True
            case Related(_, predicate, nodes) if nodes == pronoun and predicate.converse and not predicate.forward:
                return True
    return False


def _meant(word: str, main: Step, window: Step, beings: Beings) -> Nodes | None:
    """The one phrase of the main clause that a pronoun can stand for; not one that its own clause names."""
    beside = {step for step in walk(window) if isinstance(step, The | Pick)}
    fitting = dict.fromkeys(step for step in _named(main) if step not in beside and _fits(word, step, beings))
    return next(iter(fitting)) if len(fitting) == 1 else None


def _named(step: Step) -> Iterator[Nodes]:
    """The definite phrases of a clause."""
    for child in children(step):
        if isinstance(child, The | Pick):
            yield child
        yield from _named(child)


def _fits(word: str, phrase: Nodes, beings: Beings) -> bool:
    plural = isinstance(phrase, The) and phrase.plural
    if word in PLURAL and not plural:  # "the child ... they": one person
        found = _kind(phrase)
        return found is not None and bool(found.categories) and beings.people.issuperset(found.categories or ())
    if plural:
        return word in PLURAL and plural
    found = _kind(phrase)
    if found is None or found.categories is None:
        return True  # a label may name a person or a thing
    personal = {name in beings.people for name in found.categories}
    return (word in PERSONAL) in personal


def _kind(phrase: Nodes) -> Find | None:
    """The kind of thing that a phrase names, None where it is called by a label."""
    return next((step for step in walk(phrase) if isinstance(step, Find)), None)


def rebuilt(step: _Step, old: Step, new: Step) -> _Step:
    """A program with every step that equals one replaced by another."""
    return with_children(step, lambda each: new if each == old else rebuilt(each, old, new))
