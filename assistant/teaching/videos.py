"""Templates about time: (lesson) -> turns."""

from collections.abc import Iterator

from assistant.predicate_kinds import is_activity
from assistant.programs import Doing
from assistant.steps import Pick
from assistant.teaching.lesson import Lesson
from assistant.teaching.samples import Statement, Turn, told
from assistant.timed_programs import (
    After,
    Changed,
    During,
    Edge,
    First,
    Frames,
    HowLong,
    HowOften,
    Longest,
    Seconds,
    When,
    While,
)
from scenegraph.spans import Span, Spans, covered, intersect

MAX_SPANS = 3
"""Stretches of time that a sentence lists."""


def lasting(lesson: Lesson, activities: bool = True) -> list[int]:
    """Relations that begin or end within the video, activities first if there are any."""
    whole = lesson.index.whole
    found = [at for at in lesson.gaps if lesson.index.spans(at) != whole]
    acts = [at for at in found if is_activity(lesson.predicate(at))]
    return acts if activities and acts else found


def seconds(lesson: Lesson, frames: Span) -> str:
    """`from 0.4 to 2 seconds`, or frames where no rate is known; both read back as these frames."""
    fps = lesson.graph.source.fps
    if fps is None:
        return f"from frame {frames.start} to frame {frames.stop - 1}"
    edges = [f"{edge / fps:.2f}".rstrip("0").rstrip(".") for edge in frames]
    return f"from {edges[0]} to {edges[1]} seconds"


def length(lesson: Lesson, frames: int) -> str:
    """`1.2 seconds`, or frames where no rate is known."""
    fps = lesson.graph.source.fps
    number, unit = (str(frames), "frame") if fps is None else (f"{frames / fps:.2f}".rstrip("0").rstrip("."), "second")
    return f"{number} {unit}{'' if number == '1' else 's'}"


def timed_facts(lesson: Lesson, relation: int, spans: Spans) -> list[Statement] | None:
    """A relation once for every stretch of time; None if one of them cannot be proven."""
    found = [lesson.fact(relation, seconds(lesson, span), span) for span in spans]
    return None if None in found else [statement for statement in found if statement is not None]


def when(lesson: Lesson) -> Iterator[Turn]:
    """When is the dog chasing the ball?"""
    for at in lesson.shuffled(lasting(lesson)):
        spans = lesson.index.spans(at)
        statements = timed_facts(lesson, at, spans) if len(spans) <= MAX_SPANS else None
        if statements:
            program = When(lesson.holds(at))
            yield lesson.turn("when", told("", statements), statements, program, A=lesson.bare(at))


def how_long(lesson: Lesson) -> Iterator[Turn]:
    """For how long is the dog chasing the ball?"""
    for at in lesson.shuffled(lasting(lesson)):
        program = HowLong(lesson.holds(at))
        frames = covered(lesson.index.spans(at))
        statement = lesson.computed(f"{lesson.bare(at)} for {length(lesson, frames)}", program)
        if statement is not None:
            yield lesson.turn("how long", told("", [statement]), [statement], program, A=lesson.bare(at))


def how_often(lesson: Lesson) -> Iterator[Turn]:
    """How often does the dog chase the ball?"""
    for at in lesson.shuffled(lasting(lesson)):
        spans = lesson.index.spans(at)
        program = HowOften(lesson.holds(at))
        statements = timed_facts(lesson, at, spans) if len(spans) <= MAX_SPANS else None
        number = {1: "once", 2: "twice"}.get(len(spans), f"{len(spans)} times")
        count = lesson.computed(f"this happens {number}", program)
        if count is not None and statements:
            answer = f"{told('', [count])} {told('', statements)}"
            yield lesson.turn("how often", answer, [count, *statements], program, A=lesson.bare(at))


def first_of_two(lesson: Lesson) -> Iterator[Turn]:
    """What happens first?"""
    starts = {at: lesson.index.spans(at)[0].start for at in lasting(lesson)}
    pairs = [(a, b) for a in starts for b in starts if starts[a] < starts[b]]
    for earlier, later in lesson.random.sample(pairs, min(len(pairs), 12)):
        program = First((lesson.holds(earlier), lesson.holds(later)))
        fact, clauses = lesson.fact(earlier), [lesson.bare(earlier), lesson.bare(later)]
        order = lesson.computed(f"that begins before {clauses[1]}", program)
        if fact is not None and order is not None:
            lesson.random.shuffle(clauses)
            answer = f"{told('First,', [fact])} {told('', [order])}"
            yield lesson.turn("first of two", answer, [fact, order], program, A=clauses[0], B=clauses[1])


def longest(lesson: Lesson) -> Iterator[Turn]:
    """Which takes longer?"""
    frames = {at: covered(lesson.index.spans(at)) for at in lasting(lesson)}
    pairs = [(a, b) for a in frames for b in frames if frames[a] > frames[b]]
    for longer, shorter in lesson.random.sample(pairs, min(len(pairs), 12)):
        program = Longest((lesson.holds(longer), lesson.holds(shorter)))
        clauses = [lesson.bare(longer), lesson.bare(shorter)]
        statement = lesson.computed(f"it takes longer that {clauses[0]}", program)
        spans = [lesson.computed(f"{lesson.bare(at)} for {length(lesson, frames[at])}", HowLong(lesson.holds(at)))
                 for at in (longer, shorter)]  # fmt: skip
        proven = [each for each in (statement, *spans) if each is not None]
        if len(proven) == 3:
            lesson.random.shuffle(clauses)
            answer = f"{told('', proven[:1])} {told('', proven[1:])}"
            yield lesson.turn("longest", answer, proven, program, A=clauses[0], B=clauses[1])


def meanwhile(lesson: Lesson) -> Iterator[Turn]:
    """What is the dog doing while the child is throwing the ball?"""
    for key in lesson.shuffled(lasting(lesson)):
        for turn in _then(lesson, key, "meanwhile"):
            yield turn
            break


def afterwards(lesson: Lesson) -> Iterator[Turn]:
    """What does the dog do after the child has thrown the ball?"""
    for key in lesson.shuffled(lasting(lesson)):
        for turn in _then(lesson, key, "next"):
            yield turn
            break


def _then(lesson: Lesson, key: int, template: str) -> Iterator[Turn]:
    """What nodes do while, or after, a relation holds."""
    window = (While if template == "meanwhile" else After)(lesson.holds(key))
    spans = lesson.index.spans(key)
    frames = spans if template == "meanwhile" else (Span(spans[-1].stop, lesson.graph.source.num_frames),)
    tie = lesson.graph.relations[key]
    others = [n for n in lesson.nodes() if template == "next" or n not in (tie.subject, tie.object)]
    for node in lesson.shuffled(others if frames[0].length > 0 else []):
        program = During(Doing(Pick((node,))), window)
        outcome = lesson.answered(program)
        if outcome is None or not outcome.relations:
            continue
        own = [at for at in outcome.relations if lesson.graph.relations[at].subject == node and at != key]
        statements = [
            statement
            for at in own[:3]
            if intersect(lesson.index.spans(at), frames)
            and (statement := _joined(lesson, at, key, template)) is not None
        ]
        if statements:
            yield lesson.turn(
                template, told("", statements), statements, program, S=lesson.name(node), A=lesson.bare(key)
            )


def _joined(lesson: Lesson, relation: int, key: int, template: str) -> Statement | None:
    """`the dog is running on the grass while the child is throwing the ball`."""
    word = "while" if template == "meanwhile" else "after"
    text = f"{lesson.bare(relation)} {word} {lesson.bare(key)}"
    tie = lesson.graph.relations[relation]
    statement = Statement(text, text, None, None, (tie.subject, tie.object))
    return statement if lesson.proof.holds(statement) else None


def at_time(lesson: Lesson) -> Iterator[Turn]:
    """What is the dog doing at 3 seconds?"""
    fps = lesson.graph.source.fps
    if fps is None:
        return
    for node in lesson.shuffled(lesson.nodes()):
        frame = lesson.random.randrange(lesson.graph.source.num_frames)
        shown = f"{frame / fps:.2f}".rstrip("0").rstrip(".")
        program = During(Doing(Pick((node,))), Seconds(float(shown), float(shown)))
        turn = _moments(
            lesson, "at time", node, [(program, f"at {shown} seconds", Span(frame, frame + 1))], {"t": shown}
        )
        if turn is not None:
            yield turn


def start_and_end(lesson: Lesson) -> Iterator[Turn]:
    """What is the dog doing at the start, and what at the end?"""
    last = lesson.graph.source.num_frames
    for node in lesson.shuffled(lesson.nodes()):
        doing = Doing(Pick((node,)))
        moments = [
            (During(doing, Edge("start")), "at the start", Span(0, 1)),
            (During(doing, Edge("end")), "at the end", Span(last - 1, last)),
        ]
        turn = _moments(lesson, "start and end", node, moments, {})
        if turn is not None:
            yield turn


def _moments(
    lesson: Lesson, template: str, node: int, moments: list[tuple[During, str, Span]], slots: dict[str, str]
) -> Turn | None:
    """What a node does at some moments; None unless there is something to tell of each."""
    sentences, statements = [], []
    for program, words, frames in moments:
        outcome = lesson.answered(program)
        own = [] if outcome is None else [a for a in outcome.relations if lesson.graph.relations[a].subject == node]
        found = [statement for at in own[:2] if (statement := lesson.fact(at, words, frames)) is not None]
        if not found:
            return None
        sentences.append(told("", found))
        statements += found
    return lesson.turn(template, " ".join(sentences), statements, moments[0][0], S=lesson.name(node), **slots)


def changed(lesson: Lesson) -> Iterator[Turn]:
    """What has changed between 1 and 4 seconds?"""
    fps, last = lesson.graph.source.fps, lesson.graph.source.num_frames
    if fps is None or last < 4:
        return
    for _ in range(4):
        first, second = sorted(lesson.random.sample(range(last), 2))
        shown = [f"{frame / fps:.2f}".rstrip("0").rstrip(".") for frame in (first, second)]
        windows = Frames(first, first + 1), Frames(second, second + 1)
        program = Changed(*windows)
        outcome = lesson.answered(program)
        if outcome is None or outcome.change is None or not (outcome.change.begun or outcome.change.ended):
            continue
        proof = lesson.computed("that is what changed", program)
        begun = [lesson.fact(at, f"at {shown[1]} seconds", Span(second, second + 1)) for at in outcome.change.begun[:3]]
        ended = [lesson.fact(at, f"at {shown[0]} seconds", Span(first, first + 1)) for at in outcome.change.ended[:3]]
        new, over = ([each for each in side if each is not None] for side in (begun, ended))
        if proof is None or not (new or over):
            continue
        parts = [told("New is that", new)] if new else []
        parts += [told("Over is that", over)] if over else []
        yield lesson.turn("changed", " ".join(parts), [*new, *over], program, t=shown[0], u=shown[1])


def before(lesson: Lesson) -> Iterator[Turn]:
    """What happens first? Told as one sentence: the dog runs before it chases the ball."""
    starts = {at: lesson.index.spans(at) for at in lasting(lesson)}
    pairs = [(a, b) for a in starts for b in starts if starts[a][0].start < starts[b][0].start]
    for earlier, later in lesson.random.sample(pairs, min(len(pairs), 8)):
        program = First((lesson.holds(earlier), lesson.holds(later)))
        text = f"{lesson.bare(earlier)} before {lesson.bare(later)}"
        statement = lesson.said(text)
        if statement is not None:
            clauses = lesson.random.sample((lesson.bare(earlier), lesson.bare(later)), 2)
            yield lesson.turn("first of two", told("", [statement]), [statement], program, A=clauses[0], B=clauses[1])


FAMILIES = (when, how_long, how_often, first_of_two, longest, meanwhile, afterwards, at_time, start_and_end, changed,
            before)  # fmt: skip
