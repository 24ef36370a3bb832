"""Which samples are made of one graph: conversations, descriptions, reasoning, times, metres, refusals, pairs."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from assistant.teaching import choices, differences, pictures, preferences, reasoning, refusing, space, texts, videos
from assistant.teaching.lesson import Lesson
from assistant.teaching.samples import Rejected, Sample, Turn
from scenegraph import SceneGraph

Family = Callable[[Lesson], Iterator[Turn]]


class Draft(NamedTuple):
    """What a sample will be, before it has an id."""

    turns: tuple[Turn, ...]
    rejected: Rejected | None = None
    twin: bool = False


MIN_TURNS, MAX_TURNS = 3, 7
"""Turns of a conversation; LLaVA's have two to six."""

_TRIES = 24
"""Families that a conversation tries before it is left shorter."""


def conversations(lesson: Lesson) -> Iterator[Draft]:
    """Several questions about one source; later ones may refer to what was asked before."""
    families: list[Family] = [*pictures.FAMILIES, choices.short]
    families += videos.FAMILIES if lesson.timed else ()
    families += space.FAMILIES if lesson.graph.source.kind == "rgbd" else ()
    while True:
        turns: list[Turn] = []
        wanted = lesson.random.randint(MIN_TURNS, MAX_TURNS)
        for family in lesson.random.choices(families, k=_TRIES):
            turn = next(family(lesson), None)
            if turn is not None and turn.program not in {told.program for told in turns}:
                turns.append(_referring(lesson, turn, turns))
            if len(turns) == wanted:
                break
        if len(turns) < 2:
            return
        yield Draft(tuple(turns))


def _referring(lesson: Lesson, turn: Turn, before: Sequence[Turn]) -> Turn:
    """The turn with a pronoun for a name that the question before it was about, now and then."""
    if not before or lesson.random.random() < 0.4:
        return turn
    for node in lesson.nodes():
        name = lesson.name(node)
        pronoun = "that person" if lesson.is_person(node) else "it"
        if turn.question.count(name) == 1 and name in before[-1].question and " it " not in turn.question:
            question = turn.question.replace(name, pronoun)
            return Turn(turn.family, f"{question[0].upper()}{question[1:]}", turn.answer, turn.statements, turn.program)
    return turn


def _singles(families: Iterable[Family]) -> Callable[[Lesson], Iterator[Draft]]:
    """One-turn samples of families, a turn of each by turns."""

    def made(lesson: Lesson) -> Iterator[Draft]:
        running = [family(lesson) for family in families]
        lesson.random.shuffle(running)
        while running:
            for source in list(running):
                turn = next(source, None)
                if turn is None:
                    running.remove(source)
                else:
                    yield Draft((turn,))

    return made


def _twins(lesson: Lesson) -> Iterator[Draft]:
    """Questions without an answer, each behind one that has one."""
    running: list[Iterator[tuple[Turn, Turn]]] = [family(lesson) for family in refusing.FAMILIES]
    running.append(choices.unsolvable(lesson))
    while running:
        for source in list(running):
            pair = next(source, None)
            if pair is None:
                running.remove(source)
            else:
                yield Draft((pair[0],), twin=True)
                yield Draft((pair[1],), twin=True)


def _preferences(lesson: Lesson) -> Iterator[Draft]:
    for turn, rejected in preferences.pairs(lesson):
        yield Draft((turn,), rejected)


def _repeated(family: Family) -> Callable[[Lesson], Iterator[Draft]]:
    """Samples of a family that gives one text at a time, told another way each time."""

    def made(lesson: Lesson) -> Iterator[Draft]:
        while True:
            turn = next(family(lesson), None)
            if turn is None:
                return
            yield Draft((turn,))

    return made


KINDS: dict[str, Callable[[Lesson], Iterator[Draft]]] = {
    "conversation": conversations,
    "detail": _singles([texts.detail, texts.brief]),
    "reasoning": _singles(reasoning.FAMILIES),
    "choice": _singles(choices.FAMILIES),
    "captions": _singles([texts.dense_captions, texts.story]),
    "temporal": _singles(videos.FAMILIES),
    "space": _singles(space.FAMILIES),
    "unanswerable": _twins,
    "preference": _preferences,
    "difference": _repeated(differences.of_moments),
}
"""Kind of sample to what makes its drafts of a lesson."""

NEEDS: dict[str, tuple[str, ...]] = {
    "captions": ("video", "rgbd"),
    "temporal": ("video", "rgbd"),
    "difference": ("video", "rgbd"),
    "space": ("rgbd",),
}
"""Kinds of sources of which some samples can be made; the others can be made of all."""


def samples(lesson: Lesson, name: str, kinds: Sequence[str], each: int) -> Iterator[Sample]:
    """Samples of one graph, at most so many of each kind.

    Args:
        lesson: the graph.
        name: of the graph, distinct in a run; ids start with it.
        kinds: keys of `KINDS`.
        each: samples of each kind, at most.
    """
    source = lesson.graph.source
    for kind in kinds:
        if source.kind not in NEEDS.get(kind, (source.kind,)):
            continue
        # Twins come in pairs: both or none.
        most = each + each % 2 if kind == "unanswerable" else each
        for at, draft in enumerate(islice(KINDS[kind](lesson), most)):
            identity = f"{name}/{kind}/{at}"
            media: tuple[str, ...] = (source.uri,) if source.pictured else ()
            if kind == "difference":
                media = _moments(source.uri, draft.turns[0])
            related = (f"{name}/{kind}/{at ^ 1}",) if draft.twin else ()
            yield Sample(
                identity, kind, media, lesson.timed and kind != "difference", draft.turns, draft.rejected, related
            )


def _moments(uri: str, turn: Turn) -> tuple[str, ...]:
    """The two frames of a spot-the-difference sample, from its program."""
    from assistant.program_line import from_line
    from assistant.timed_programs import Changed, Frames

    program = from_line(turn.program or "")
    assert isinstance(program, Changed)
    frames = [window.start for window in (program.before, program.after) if isinstance(window, Frames)]
    return tuple(f"{uri}#frame={frame}" for frame in frames)


def picture_differences(before: SceneGraph, after: Lesson, name: str) -> Iterator[Sample]:
    """One spot-the-difference sample of two pictures of the same size; none of other sources."""
    sources = [before.source, after.graph.source]
    if sources[0].kind != "image" or sources[1].kind != "image" or sources[0].size != sources[1].size:
        return
    both = differences.of_pictures(before, after.graph, after.random, after.names.style, after.min_score)
    for turn in islice(differences.of_joined(both), 1):
        yield Sample(f"{name}/difference/0", "difference", tuple(source.uri for source in sources), False, (turn,))
