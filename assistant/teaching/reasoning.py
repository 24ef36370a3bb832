"""Templates whose answers take several steps, each of them stated and proven: (lesson) -> turns."""

from collections import Counter
from collections.abc import Iterator

from assistant.phrasing import article
from assistant.programs import Path, Which
from assistant.steps import Find, MostRelated, Pick, Predicate, Related
from assistant.teaching.lesson import Lesson
from assistant.teaching.samples import Turn, told

_HENCE = ("So", "Therefore", "Hence", "From this it follows that", "That is why")
_FIRST = ("First,", "To begin with,", "One step at a time:", "Start from what is given:")
_NEXT = ("Moreover,", "Next,", "And", "In addition,", "Then:")


def two_hops(lesson: Lesson) -> Iterator[Turn]:
    """What is the person who is riding the horse holding?"""
    ties = lesson.graph.relations
    for first in lesson.shuffled(list(lesson.gaps)):
        middle, key = ties[first].subject, ties[first].object
        category = lesson.category(middle)
        described = Related(Find((category,)), Predicate((lesson.predicate(first),)), Pick((key,)))
        if lesson.run(Which(described)).nodes != (middle,):
            continue
        rest = [at for at in lesson.gaps if ties[at].subject == middle and ties[at].object != key]
        for second in lesson.random.sample(rest, min(len(rest), 1)):
            predicate = lesson.predicate(second)
            same = [at for at in rest if lesson.predicate(at) == predicate]
            given, found = lesson.fact(first), lesson.facts(same)
            if given is None or len(found) != len(same):
                continue
            program = Which(Related(Find(None), Predicate((), (predicate,)), described))
            kind = lesson.names.kind(lesson.graph.node(middle).category)
            answer = f"{told(lesson.random.choice(_FIRST), [given])} {told(lesson.random.choice(_NEXT), found)}"
            slots = {"kind": kind, "a": article(kind), "p": lesson.gaps[first], "O": lesson.name(key)}
            yield lesson.turn("two hops", answer, [given, *found], program, q=lesson.gaps[second], **slots)


def path(lesson: Lesson) -> Iterator[Turn]:
    """How is the cup connected with the floor?"""
    nodes = lesson.nodes()
    for start in lesson.shuffled(nodes):
        end = lesson.random.choice(nodes)
        program = Path(Pick((start,)), Pick((end,)))
        outcome = lesson.answered(program) if start != end else None
        if outcome is None or not 2 <= len(outcome.relations) <= 4:
            continue
        statements = lesson.facts(outcome.relations)
        linked = lesson.computed(f"{lesson.name(start)} is linked to {lesson.name(end)}", program)
        if linked is not None and len(statements) == len(outcome.relations):
            steps = " ".join(
                told(lesson.random.choice(_NEXT if at else _FIRST), [statement])
                for at, statement in enumerate(statements)
            )
            answer = f"{steps} {told(lesson.random.choice(_HENCE), [linked])}"
            slots = {"S": lesson.name(start), "O": lesson.name(end)}
            yield lesson.turn("path", answer, [*statements, linked], program, **slots)


def common(lesson: Lesson) -> Iterator[Turn]:
    """What do the dog and the child have in common?"""
    for first, second in _sharing(lesson):
        ties = lesson.graph.relations
        pair = ties[first].subject, ties[second].subject
        program = Which(Related(Pick(pair), Predicate((lesson.predicate(first),)), Pick((ties[first].object,))))
        statements = lesson.facts((first, second))
        both = lesson.computed(f"both are {lesson.gaps[first]} {lesson.name(ties[first].object)}", program)
        if both is not None and len(statements) == 2:
            answer = f"{told('', statements)} {told(lesson.random.choice(_HENCE), [both])}"
            slots = {"S": lesson.name(pair[0]), "O": lesson.name(pair[1])}
            yield lesson.turn("common", answer, [*statements, both], program, **slots)


def same_thing(lesson: Lesson) -> Iterator[Turn]:
    """Which things are standing on the same thing?"""
    ties = lesson.graph.relations
    groups: dict[tuple[str, int], list[int]] = {}
    for at in lesson.gaps:
        groups.setdefault((lesson.predicate(at), ties[at].object), []).append(at)
    for (predicate, other), group in groups.items():
        if not 2 <= len(group) <= 5:
            continue
        program = Which(Related(Find(None), Predicate((predicate,)), Pick((other,))))
        statements = lesson.facts(group, 5)
        words = lesson.gaps[group[0]]
        together = lesson.computed(f"they are all {words} {lesson.name(other)}", program)
        if together is not None and len(statements) == len(group):
            answer = f"{told('', statements)} {told(lesson.random.choice(_HENCE), [together])}"
            yield lesson.turn("same thing", answer, [*statements, together], program, p=words)


def _sharing(lesson: Lesson) -> Iterator[tuple[int, int]]:
    """Pairs of relations with one predicate and one object, of different subjects."""
    ties = lesson.graph.relations
    for first in lesson.shuffled(list(lesson.gaps)):
        for second in lesson.gaps:
            alike = lesson.predicate(first) == lesson.predicate(second) and ties[first].object == ties[second].object
            if alike and ties[first].subject != ties[second].subject:
                yield first, second
                break


def consequence(lesson: Lesson) -> Iterator[Turn]:
    """What would be concerned if the table were taken away? What the graph says of it."""
    ties = lesson.graph.relations
    for node in lesson.shuffled(lesson.nodes(things=False)):
        touching = [at for at in lesson.gaps if node in (ties[at].subject, ties[at].object)]
        program = Which(Related(Find(None), _any(lesson), Pick((node,))))
        if not 1 <= len(touching) <= 5 or lesson.answered(program) is None:
            continue
        statements = lesson.facts(touching, 5)
        if len(statements) == len(touching):
            lead = lesson.random.choice(("This would be over:", "As it is,", "Now it is so that", "What ends then:"))
            yield lesson.turn("consequence", told(lead, statements), statements, program, O=lesson.name(node))


def busiest(lesson: Lesson) -> Iterator[Turn]:
    """Which thing takes part in most of what is going on?"""
    ties = lesson.graph.relations
    counts = Counter(ties[at].subject for at in lesson.gaps)
    ranked = counts.most_common(2)
    if len(ranked) == 2 and ranked[0][1] > ranked[1][1]:
        node = ranked[0][0]
        program = Which(MostRelated(Find(None), _any(lesson), Find(None)))
        outcome = lesson.answered(program)
        statements = lesson.facts([at for at in lesson.gaps if ties[at].subject == node], 5)
        if outcome is None or outcome.nodes != (node,) or not statements:
            return
        centre = lesson.computed(f"{lesson.name(node)} has to do with most of the others", program)
        if centre is not None:
            answer = f"{told('', [centre])} {told('For', statements)}"
            yield lesson.turn("busiest", answer, [centre, *statements], program)


def _any(lesson: Lesson) -> Predicate:
    """Any predicate, read from either end."""
    names = lesson.graph.vocabulary.predicates
    return Predicate(names, names)


FAMILIES = (two_hops, path, common, same_thing, consequence, busiest)
