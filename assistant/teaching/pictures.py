"""Templates about what is shown and how it is related: (lesson) -> turns."""

from collections.abc import Iterator

from assistant.inflection import plural
from assistant.measured_programs import Compare, CompareCounts
from assistant.phrasing import article, clause
from assistant.programs import (
    AttributeOf,
    Between,
    Count,
    Describe,
    Doing,
    Exists,
    HasAttribute,
    IsPlaced,
    Locate,
    Summarise,
    Which,
)
from assistant.steps import Find, Pick, Predicate, Question, Related
from assistant.teaching.lesson import Lesson
from assistant.teaching.samples import Statement, Turn, told

YES = ("Yes,", "Yes, indeed:", "That is right:", "Yes. I can see that", "It is so:", "Correct:", "Indeed,")
SEEN = ("", "", "", "I can see that", "Here,", "It is so that", "As far as one can see,")


def exists(lesson: Lesson) -> Iterator[Turn]:
    """Is there a dog? Of what is there; `refusing` asks about what is not."""
    for node in lesson.shuffled(lesson.nodes(things=False)):
        category = lesson.graph.node(node).category
        kind = lesson.names.kind(category)
        number = lesson.names.counts[category]
        statement = lesson.said(*_there_are(lesson, category, number))
        if statement is not None:
            answer = told(lesson.random.choice(("Yes,", "Yes:", "Indeed,", "Yes, certainly:")), [statement])
            program = Exists(Find((lesson.category(node),)))
            yield lesson.turn("exists", answer, [statement], program, a=article(kind))


def count(lesson: Lesson) -> Iterator[Turn]:
    """How many dogs are there?"""
    for node in lesson.shuffled(lesson.nodes()):
        category = lesson.graph.node(node).category
        kind, number = lesson.names.kind(category), lesson.names.counts[category]
        statement = lesson.said(*_there_are(lesson, category, number))
        if statement is not None:
            program = Count(Find((lesson.category(node),)))
            yield lesson.turn("count", told("", [statement]), [statement], program, kinds=plural(kind), kind=kind)


def _there_are(lesson: Lesson, category: int, number: int) -> list[str]:
    """`there are 3 dogs`, in words and with a figure."""
    shown = lesson.names.counted(category, number)
    if not shown[0].isdigit():
        return [f"there is {shown}", f"I can see {shown}"]
    forms = [f"there are {shown}", f"there are exactly {shown}"]
    _, _, rest = shown.partition(" ")
    return [*forms, f"there are {NUMBER_WORDS[number]} {rest}"] if number in NUMBER_WORDS else forms


NUMBER_WORDS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine"}


def who(lesson: Lesson) -> Iterator[Turn]:
    """Who is riding the horse?"""
    yield from _subjects(lesson, "who", people=True)


def what_subject(lesson: Lesson) -> Iterator[Turn]:
    """What is on the table?"""
    yield from _subjects(lesson, "what subject", people=False)


def _subjects(lesson: Lesson, template: str, people: bool) -> Iterator[Turn]:
    ties = lesson.graph.relations
    asked: set[tuple[str, int]] = set()
    for at in lesson.shuffled([at for at in lesson.gaps if lesson.is_person(ties[at].subject) == people]):
        key = lesson.predicate(at), ties[at].object
        if key in asked:
            continue
        asked.add(key)
        names = lesson.covered(key[0])
        same = [
            other
            for other in lesson.gaps
            if lesson.predicate(other) in names
            and ties[other].object == key[1]
            and (not people or lesson.is_person(ties[other].subject))
        ]
        statements = lesson.facts(same, 5)
        if len(statements) != len(same):
            continue
        kinds = sorted({lesson.category(ties[other].subject) for other in same}) if people else None
        nodes = Find(None if kinds is None else tuple(kinds))
        program = Which(Related(nodes, Predicate(names), Pick((key[1],))))
        answer = told(lesson.random.choice(SEEN), statements)
        yield lesson.turn(template, answer, statements, program, p=lesson.gaps[at], O=lesson.name(key[1]))


def what_object(lesson: Lesson) -> Iterator[Turn]:
    """What is the man holding?"""
    ties = lesson.graph.relations
    for at in lesson.shuffled([at for at in lesson.gaps if " " not in lesson.gaps[at] or "ing" in lesson.gaps[at]]):
        subject, predicate = ties[at].subject, lesson.predicate(at)
        names = lesson.covered(predicate)
        same = [o for o in lesson.gaps if ties[o].subject == subject and lesson.predicate(o) in names]
        statements = lesson.facts(same, 5)
        if len(statements) == len(same) and at == same[0]:
            program = Which(Related(Find(None), Predicate((), names), Pick((subject,))))
            answer = told(lesson.random.choice(SEEN), statements)
            slots = {"S": lesson.name(subject), "p": lesson.gaps[at]}
            yield lesson.turn("what object", answer, statements, program, **slots)


def where(lesson: Lesson) -> Iterator[Turn]:
    """Where is the dog?"""
    yield from _of_a_node(lesson, "where", Locate)


def doing(lesson: Lesson) -> Iterator[Turn]:
    """What is the dog doing?"""
    yield from _of_a_node(lesson, "doing", Doing)


def about(lesson: Lesson) -> Iterator[Turn]:
    """What can you tell me about the dog?"""
    yield from _of_a_node(lesson, "about", Describe)


def _of_a_node(lesson: Lesson, template: str, kind: type[Locate] | type[Doing] | type[Describe]) -> Iterator[Turn]:
    for node in lesson.shuffled(lesson.nodes()):
        program: Question = kind(Pick((node,)))
        outcome = lesson.answered(program)
        if outcome is None or not outcome.relations:
            continue
        relations = outcome.context if kind is Locate and outcome.context else outcome.relations
        own = [at for at in outcome.relations if lesson.graph.relations[at].subject == node] or list(relations)
        statements = lesson.facts([at for at in own if isinstance(at, int)], 4)
        if statements:
            answer = told(lesson.random.choice(SEEN), statements)
            yield lesson.turn(template, answer, statements, program, S=lesson.name(node))


def holds(lesson: Lesson) -> Iterator[Turn]:
    """Is the dog chasing the ball? Of what is so."""
    for at in lesson.shuffled(list(lesson.gaps)):
        tie = lesson.graph.relations[at]
        statement = lesson.fact(at)
        if statement is not None:
            slots = {"S": lesson.name(tie.subject), "p": lesson.gaps[at], "O": lesson.name(tie.object)}
            answer = told(lesson.random.choice(YES), [statement])
            yield lesson.turn("holds", answer, [statement], lesson.holds(at), **slots)


def attribute(lesson: Lesson) -> Iterator[Turn]:
    """What is the colour of the car?"""
    yield from _attributes(lesson, "attribute", ("", "", "Here,", "I can see that"))


def attribute_check(lesson: Lesson) -> Iterator[Turn]:
    """Is the car red?"""
    yield from _attributes(lesson, "attribute check", YES)


def _attributes(lesson: Lesson, template: str, leads: tuple[str, ...]) -> Iterator[Turn]:
    rows = lesson.recorded()
    for name, node, shown in lesson.random.sample(rows, len(rows)):
        program: Question = HasAttribute(Pick((node,)), shown, name)
        if template == "attribute":
            program = AttributeOf(Pick((node,)), name)
        if shown in lesson.name(node).split() or lesson.answered(program) is None:
            continue  # "what is the colour of the red car" asks for what it says
        statement = lesson.said(f"{lesson.name(node)} is {shown}")
        if statement is not None:
            slots = {"S": lesson.name(node), "attribute": name, "value": shown}
            answer = told(lesson.random.choice(leads), [statement])
            yield lesson.turn(template, answer, [statement], program, **slots)


def between(lesson: Lesson) -> Iterator[Turn]:
    """How are the dog and the ball related?"""
    for at in lesson.shuffled(lesson.believed):
        tie = lesson.graph.relations[at]
        program = Between(Pick((tie.subject,)), Pick((tie.object,)))
        outcome = lesson.answered(program)
        if outcome is not None and tie.subject != tie.object:
            statements = lesson.facts(outcome.relations)
            if statements:
                answer = told(lesson.random.choice(SEEN), statements)
                slots = {"S": lesson.name(tie.subject), "O": lesson.name(tie.object)}
                yield lesson.turn("between", answer, statements, program, **slots)


def kinds(lesson: Lesson) -> Iterator[Turn]:
    """What can be seen? One clause a kind."""
    statements = contents(lesson)
    if statements:
        yield lesson.turn("kinds", told("", statements), statements, Summarise())


def contents(lesson: Lesson, most: int = 6) -> list[Statement]:
    """What is there, the kinds with most nodes first: `there are 3 people`, then `there is a dog`."""
    found = []
    for category, number in sorted(lesson.names.counts.items(), key=lambda item: (-item[1], item[0]))[:most]:
        statement = lesson.said(_there_are(lesson, category, number)[0])
        if statement is not None:
            found.append(statement)
    return found


def left_or_right(lesson: Lesson) -> Iterator[Turn]:
    """Is the dog to the left or to the right of the ball?"""
    nodes = lesson.nodes()
    if lesson.timed:
        return
    for first in lesson.shuffled(nodes):
        for second in lesson.random.sample(nodes, min(len(nodes), 3)):
            program = IsPlaced(Pick((first,)), lesson.random.choice(("left of", "right of")), Pick((second,)))
            if first == second or lesson.answered(program) is None:
                continue
            pair = lesson.name(first), lesson.name(second)
            statement = lesson.said(f"{pair[0]} is to the left of {pair[1]}") or lesson.said(
                f"{pair[0]} is to the right of {pair[1]}"
            )
            if statement is not None:
                yield lesson.turn("left or right", told("", [statement]), [statement], program, S=pair[0], O=pair[1])
                break


def larger(lesson: Lesson) -> Iterator[Turn]:
    """Which looks larger, the dog or the ball?"""
    nodes = lesson.nodes()
    for first in lesson.shuffled(nodes):
        second = lesson.random.choice(nodes)
        program = Compare(Pick((first,)), "area", "more", Pick((second,)))
        outcome = lesson.answered(program)
        if first == second or outcome is None:
            continue
        pair = lesson.name(first), lesson.name(second)
        statement = lesson.said(f"{pair[0]} is larger than {pair[1]}", f"{pair[1]} is smaller than {pair[0]}")
        statement = statement or lesson.said(
            f"{pair[1]} is larger than {pair[0]}", f"{pair[0]} is smaller than {pair[1]}"
        )
        if statement is not None:
            yield lesson.turn("larger", told("", [statement]), [statement], program, S=pair[0], O=pair[1])


def more(lesson: Lesson) -> Iterator[Turn]:
    """Are there more people or more dogs?"""
    counts, vocabulary = lesson.names.counts, lesson.graph.vocabulary
    things = [category for category in sorted(counts) if vocabulary.is_thing(category)]
    pairs = [(a, b) for a in things for b in things if counts[a] > counts[b]]
    for first, second in lesson.random.sample(pairs, min(len(pairs), 6)):
        names = vocabulary.categories[first], vocabulary.categories[second]
        program = CompareCounts(Find((names[0],)), "more", Find((names[1],)))
        asked = [plural(lesson.names.kind(category)) for category in (first, second)]
        most = lesson.computed(f"there are more {asked[0]} than {asked[1]}", program)
        both = [lesson.said(_there_are(lesson, category, counts[category])[0]) for category in (first, second)]
        if most is not None and all(both):
            proven = [statement for statement in both if statement is not None]
            answer = f"{told('', [most])} {told('', proven)}"
            order = lesson.random.sample(asked, 2)
            yield lesson.turn("more", answer, [most, *proven], program, kinds=order[0], others=order[1])


def opposite(lesson: Lesson) -> Iterator[Turn]:
    """Is the dog sitting on the ball? Of a complete graph, in which that is not so."""
    if not lesson.assistant.closed_world:
        return
    names = lesson.graph.vocabulary.predicates
    for at in lesson.shuffled(list(lesson.gaps)):
        tie = lesson.graph.relations[at]
        other = lesson.random.choice(names)
        program = lesson.holds(at)
        false = type(program)(program.subjects, Predicate((other,)), program.objects)
        words = clause("", other, "").strip()
        outcome = lesson.run(false)
        if not words.startswith("is ") or outcome.verdict != "contradicted":
            continue
        pair = lesson.name(tie.subject), lesson.name(tie.object)
        denied = lesson.computed(f"{pair[0]} is not {words[3:]} {pair[1]}", false)
        statement = lesson.fact(at)
        if denied is not None and statement is not None:
            answer = f"{told('No,', [denied])} {told('', [statement])}"
            slots = {"S": pair[0], "p": words[3:], "O": pair[1]}
            yield lesson.turn("holds", answer, [denied, statement], false, **slots)


FAMILIES = (exists, count, who, what_subject, what_object, where, doing, about, holds, attribute, attribute_check,
            between, kinds, left_or_right, larger, more, opposite)  # fmt: skip
