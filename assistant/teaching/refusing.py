"""Questions that the graph cannot answer, each beside one of the same template that it can: (lesson) -> pairs."""

import re
from collections.abc import Iterator

from assistant.answers import Status
from assistant.outcomes import Outcome
from assistant.phrasing import article
from assistant.programs import AttributeOf, Doing, Locate, Which
from assistant.steps import Find, Pick, Predicate, Question, Related, The
from assistant.teaching.choices import NO_OPTION
from assistant.teaching.lesson import Lesson
from assistant.teaching.pictures import attribute, doing, where, who
from assistant.teaching.samples import Turn
from assistant.teaching.videos import at_time
from assistant.timed_programs import During, Seconds

Twins = tuple[Turn, Turn]
"""The question that can be answered, and the one that cannot."""

NO_OBJECT = (
    "There is no {kind} here, so this cannot be said.",
    "I do not see any {kind}, so there is no answer to this.",
    "No {kind} is shown. The question cannot be answered.",
    "This cannot be answered: nothing here is {a}.",
    "I cannot tell, since {a} is not to be seen.",
    "The question takes {a} for granted, but none is shown.",
)
NO_RELATION = (
    "Nothing shows that anybody is {p} {O}.",
    "I do not see anyone who is {p} {O}.",
    "This cannot be answered: nobody is seen {p} {O}.",
    "As far as can be seen, nobody is {p} {O}.",
    "There is no sign of anybody {p} {O}.",
)
NO_ATTRIBUTE = (
    "The {attribute} of {S} cannot be told.",
    "I cannot say what the {attribute} of {S} is.",
    "Nothing is known of the {attribute} of {S}.",
    "This cannot be answered: the {attribute} of {S} does not show.",
    "The {attribute} of {S} is not given.",
)
NO_TIME = (
    "The video is over by then, so this cannot be answered.",
    "There is no such moment: the video ends before {t} seconds.",
    "The video does not last until {t} seconds.",
    "This cannot be said, since the video is shorter than {t} seconds.",
    "At {t} seconds there is nothing to see: the video has ended.",
)
_FORMS = [
    re.compile(re.sub(r"\\{\w+\\}", ".+", re.escape(form)), re.IGNORECASE)
    for form in (*NO_OBJECT, *NO_RELATION, *NO_ATTRIBUTE, *NO_TIME)
]

UNRECORDED = ("age", "material", "state", "weight", "size", "shape")


def is_refusal(text: str) -> bool:
    """Whether an answer is one of the refusals that are taught here.

    >>> is_refusal("No umbrella is shown. The question cannot be answered."), is_refusal("There is no dog.")
    (True, False)
    """
    said = " ".join(text.split())
    return said.startswith(NO_OPTION) or any(form.fullmatch(said) for form in _FORMS)


def absent_object(lesson: Lesson) -> Iterator[Twins]:
    """What is the bicycle doing? There is none; and the same of what is there."""
    vocabulary = lesson.graph.vocabulary
    absent = [at for at in range(len(vocabulary.things)) if not lesson.names.counts[at]]
    for category in lesson.shuffled(absent):
        template = lesson.random.choice(("doing", "where"))
        kind = lesson.names.kind(category)
        nodes = The(Find((vocabulary.categories[category],)))
        program: Question = (Doing if template == "doing" else Locate)(nodes)
        slots = {"S": f"the {kind}", "kind": kind, "a": article(kind)}
        for answered in (doing if template == "doing" else where)(lesson):
            yield from _twins(lesson, answered, template, program, NO_OBJECT, slots)
            break


def absent_relation(lesson: Lesson) -> Iterator[Twins]:
    """Who is riding the horse? Nobody that is seen."""
    ties = lesson.graph.relations
    people = [name for name in lesson.graph.vocabulary.things if name in {lesson.category(n) for n in _people(lesson)}]
    if not people:
        return
    for answered in who(lesson):
        at = lesson.random.choice(list(lesson.gaps))
        other = lesson.random.choice([node for node in lesson.nodes() if not lesson.is_person(node)] or [-1])
        if other < 0 or ties[at].object == other:
            continue
        predicate = lesson.predicate(at)
        program = Which(Related(Find(tuple(people)), Predicate(lesson.covered(predicate)), Pick((other,))))
        slots = {"p": lesson.gaps[at], "O": lesson.name(other)}
        yield from _twins(lesson, answered, "who", program, NO_RELATION, slots)


def _people(lesson: Lesson) -> list[int]:
    return [node for node in lesson.nodes() if lesson.is_person(node)]


def unrecorded_attribute(lesson: Lesson) -> Iterator[Twins]:
    """What is the age of the dog? Nothing says."""
    for answered in attribute(lesson):
        node, name = lesson.random.choice(lesson.nodes()), lesson.random.choice(UNRECORDED)
        program = AttributeOf(Pick((node,)), name)
        slots = {"S": lesson.name(node), "attribute": name}
        yield from _twins(lesson, answered, "attribute", program, NO_ATTRIBUTE, slots)


def outside_time(lesson: Lesson) -> Iterator[Twins]:
    """What is the dog doing at 900 seconds? The video is over by then."""
    fps = lesson.graph.source.fps
    if fps is None or not lesson.timed:
        return
    for answered in at_time(lesson):
        node = lesson.random.choice(lesson.nodes())
        late = float(round(lesson.graph.source.num_frames / fps) + lesson.random.randint(2, 60))
        program = During(Doing(Pick((node,))), Seconds(late, late))
        yield from _twins(lesson, answered, "at time", program, NO_TIME, {"S": lesson.name(node), "t": f"{late:g}"})


def _twins(
    lesson: Lesson, answered: Turn, template: str, program: Question, answers: tuple[str, ...], slots: dict[str, str]
) -> Iterator[Twins]:
    """The pair, if both engines find that the program has no answer."""
    outcome: Outcome = lesson.run(program)
    if outcome.status is not Status.UNANSWERABLE:
        return
    answer = lesson.random.choice(answers).format(**slots)
    statement = lesson.computed(answer.removesuffix("."), program)
    if statement is not None:
        yield answered, lesson.turn(template, answer, [statement], program, **slots)


FAMILIES = (absent_object, absent_relation, unrecorded_attribute, outside_time)
