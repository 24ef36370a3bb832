"""Whole texts: detailed and brief descriptions, dense captions, the story of a video."""

from collections.abc import Iterator

from assistant.phrasing import clause
from assistant.predicate_kinds import is_activity
from assistant.programs import Summarise
from assistant.teaching.lesson import Lesson
from assistant.teaching.pictures import contents
from assistant.teaching.samples import Statement, Turn, told
from assistant.teaching.videos import lasting, seconds, timed_facts
from scenegraph.spans import Span

MAX_SENTENCES = 14
"""Sentences of a description; LLaVA's have about as many."""

MAX_EVENTS = 24
"""Lines of dense captions."""

_ALSO = ("Also,", "Besides,", "In addition,", "Moreover,", "Furthermore,", "There is more:", "", "", "", "", "")


def detail(lesson: Lesson) -> Iterator[Turn]:
    """What is there, what everything is like, what everybody does and where things are, in sentences."""
    opening = contents(lesson)
    statements = [*opening, *_looks(lesson), *_deeds(lesson), *_places(lesson)][: MAX_SENTENCES + len(opening)]
    if len(statements) - len(opening) < 2:
        return
    yield lesson.turn("detail", _text(lesson, opening, statements[len(opening) :]), statements, Summarise())


def brief(lesson: Lesson) -> Iterator[Turn]:
    """What is there, and the one thing that happens."""
    opening = contents(lesson, most=3)
    deeds = (_deeds(lesson) or _places(lesson))[:1]
    if opening and deeds:
        yield lesson.turn("brief", _text(lesson, opening, deeds), [*opening, *deeds], Summarise())


def _text(lesson: Lesson, opening: list[Statement], rest: list[Statement]) -> str:
    """Sentences of one or two clauses each."""
    sentences = [told("", opening)] if opening else []
    at = 0
    while at < len(rest):
        size = lesson.random.choice((1, 1, 2))
        lead = lesson.random.choice(_ALSO) if at else ""
        sentences.append(told(lead, rest[at : at + size]))
        at += size
    return " ".join(sentences)


def _looks(lesson: Lesson) -> list[Statement]:
    """Attributes of things that are not called by them already."""
    untold = [(node, value) for _, node, value in lesson.recorded() if value not in lesson.name(node).split()]
    found = (lesson.said(f"{lesson.name(node)} is {value}") for node, value in untold[:4])
    return [statement for statement in found if statement is not None]


def _deeds(lesson: Lesson) -> list[Statement]:
    return _told(lesson, [at for at in lesson.believed if is_activity(lesson.predicate(at))])


def _places(lesson: Lesson) -> list[Statement]:
    return _told(lesson, [at for at in lesson.believed if not is_activity(lesson.predicate(at))])


def _told(lesson: Lesson, relations: list[int]) -> list[Statement]:
    """Relations in the order of their subjects, so that a text stays with one thing at a time."""
    ordered = sorted(relations, key=lambda at: lesson.index.rank[at])[:MAX_SENTENCES]
    return [statement for at in ordered if (statement := _in_its_time(lesson, at)) is not None]


def _in_its_time(lesson: Lesson, relation: int) -> Statement | None:
    """A relation; of a video with its longest stretch of time, unless it holds all the time."""
    spans = lesson.index.spans(relation)
    if not lesson.timed or spans == lesson.index.whole:
        return lesson.fact(relation)
    longest = max(spans, key=lambda span: span.length)
    return lesson.fact(relation, seconds(lesson, longest), longest)


def dense_captions(lesson: Lesson) -> Iterator[Turn]:
    """Every event with its time, in the order in which they begin."""
    events = [(span, at) for at in lasting(lesson) for span in lesson.index.spans(at)]
    lines, statements = [], []
    for span, at in sorted(events)[:MAX_EVENTS]:
        told_event = _event(lesson, at, span)
        if told_event is not None:
            line, statement = told_event
            lines.append(line)
            statements.append(statement)
    if len(lines) > 1:
        yield lesson.turn("dense captions", "\n".join(lines), statements, Summarise())


def _event(lesson: Lesson, relation: int, span: Span) -> tuple[str, Statement] | None:
    """`0.4-2 s: the dog is chasing the ball`, proven as a sentence about these frames."""
    when = seconds(lesson, span)
    statement = lesson.fact(relation, when, span)
    if statement is None:
        return None
    clause_only = statement.text.removesuffix(when).strip()
    edges = when.removeprefix("from ").removeprefix("frame ").replace(" to frame ", "-").replace(" to ", "-")
    label = edges.replace(" seconds", " s") if "seconds" in edges else f"frames {edges}"
    shown = Statement(clause_only, statement.read, statement.program, statement.result, statement.ends)
    return f"{label}: {clause_only}", shown


def story(lesson: Lesson) -> Iterator[Turn]:
    """What happens, in order; the words that join the sentences follow from the spans."""
    events = sorted((lesson.index.spans(at)[0], at) for at in lasting(lesson))[:8]
    sentences: list[str] = []
    statements: list[Statement] = []
    before: Span | None = None
    for span, at in events:
        proven = timed_facts(lesson, at, (span,))
        if not proven:
            continue
        shown = _without_time(lesson, at, proven[0])
        sentences.append(told(_joint(lesson, before, span), [shown]))
        statements.append(shown)
        before = span
    if len(sentences) > 1:
        opening = contents(lesson, most=4)
        text = " ".join([*([told("", opening)] if opening else []), *sentences])
        yield lesson.turn("story", text, [*opening, *statements], Summarise())


def _joint(lesson: Lesson, before: Span | None, span: Span) -> str:
    """Words that say how an event lies to the one before it."""
    if before is None:
        return lesson.random.choice(("First,", "To begin with,", "At first,"))
    if before == span:
        return lesson.random.choice(("At the same time,", "Just then,"))
    if before.stop <= span.start:
        return lesson.random.choice(("After that,", "Then", "Afterwards,", "Next,"))
    return lesson.random.choice(("Meanwhile,", "While this goes on,", "In the meantime,"))


def _without_time(lesson: Lesson, relation: int, proven: Statement) -> Statement:
    tie = lesson.graph.relations[relation]
    text = clause(lesson.name(tie.subject), lesson.predicate(relation), lesson.name(tie.object))
    return Statement(text, proven.read, proven.program, proven.result, proven.ends)


DESCRIPTIONS = (detail, brief)
CAPTIONS = (dense_captions, story)
FAMILIES = (*DESCRIPTIONS, *CAPTIONS)
