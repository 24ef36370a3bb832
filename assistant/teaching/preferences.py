"""Preference pairs for direct preference optimisation: an answer that holds, and one that was made wrong.

The wrong answer differs from the right one in a single place, and the graph does not support it: the
independent engine contradicts it, or finds nothing that says so. Which of the two is part of the pair.
"""

from collections.abc import Iterator

from assistant.answers import Verdict
from assistant.inflection import plural
from assistant.phrasing import clause_forms
from assistant.programs import Between
from assistant.steps import Pick
from assistant.teaching import pictures
from assistant.teaching.lesson import Lesson
from assistant.teaching.naming import gap
from assistant.teaching.samples import Rejected, Statement, Turn, told

Pair = tuple[Turn, Rejected]


def pairs(lesson: Lesson) -> Iterator[Pair]:
    """Pairs about relations and numbers, the ways of being wrong in turn."""
    ties = lesson.graph.relations
    relations = [(at, change) for at in lesson.gaps for change in ("object", "predicate", "roles")]
    for at, change in lesson.random.sample(relations, len(relations)):
        fact = lesson.fact(at)
        wrong = None if fact is None else _mutated(lesson, at, change, fact.text)
        if fact is None or wrong is None:
            continue
        rejected = _rejected(lesson, wrong, change)
        if rejected is not None:
            tie = ties[at]
            slots = {"S": lesson.name(tie.subject), "O": lesson.name(tie.object)}
            program = Between(Pick((tie.subject,)), Pick((tie.object,)))
            yield lesson.turn("between", told("", [fact]), [fact], program, **slots), rejected
    for turn in pictures.count(lesson):
        wrong = _miscounted(lesson, turn)
        rejected = None if wrong is None else _rejected(lesson, wrong, "number")
        if rejected is not None:
            yield turn, rejected


def _mutated(lesson: Lesson, relation: int, change: str, right: str) -> str | None:
    """A relation with another object, another predicate, or with its ends exchanged, in the form of the right clause.

    A wrong answer that could be told by its form would teach the form.
    """
    tie, predicate = lesson.graph.relations[relation], lesson.predicate(relation)
    subject, other = lesson.name(tie.subject), lesson.name(tie.object)
    vocabulary = lesson.graph.vocabulary
    form = clause_forms(subject, predicate, other).index(right)
    if change == "roles":
        subject, other = other, subject
    elif change == "predicate":
        predicate = lesson.random.choice(vocabulary.predicates)
    else:
        absent = [at for at in range(len(vocabulary.things)) if not lesson.names.counts[at]]
        if not absent:
            return None
        other = f"the {lesson.names.kind(lesson.random.choice(absent))}"
    forms = [] if gap(predicate) is None else clause_forms(subject, predicate, other)
    return forms[form] if form < len(forms) else None


def _miscounted(lesson: Lesson, turn: Turn) -> str | None:
    for category, number in sorted(lesson.names.counts.items()):
        kind = lesson.names.kind(category)
        shown = lesson.names.counted(category, number)
        if turn.statements[0].text.endswith((shown, f"{plural(kind)}")) and lesson.graph.vocabulary.is_thing(category):
            return f"there are {number + lesson.random.randint(1, 3)} {plural(kind)}"
    return None


def _rejected(lesson: Lesson, wrong: str, change: str) -> Rejected | None:
    """The wrong clause as an answer, unless the graph supports it or it cannot be read."""
    verdict = lesson.proof.verdict(wrong)
    if verdict in (None, Verdict.SUPPORTED) or lesson.assistant.verify(wrong).supported:
        return None
    return Rejected(told("", [Statement(wrong)]), wrong, str(verdict), change)
