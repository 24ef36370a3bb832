"""Do two programs ask the same? Their answers over random scenes that hold what both of them name.

A passive and its active, or what is left out first and what is left out last, are different programs with the same
answers. They count as the same here if no scene that both answer tells them apart, and enough scenes might have.
"""

import re
from random import Random

import numpy as np
from parser_questions.templates import COLOURS, VOCABULARY

from assistant.executor import Executor
from assistant.index import GraphIndex
from assistant.outcomes import Outcome
from assistant.programs import Count, Which
from assistant.steps import Question
from scenegraph import Node, Relation, SceneGraph, Segment, Source, Span, Track4D, Tube

FRAMES, FPS, HEIGHT, WIDTH = 100, 10.0, 90, 120
MATERIALS = ("wood", "metal", "plastic")
ENOUGH = 12
"""Scenes that both programs must answer before their agreement says anything."""


def ask_the_same(one: Question, other: Question, scenes: int = 300) -> bool:
    """Whether two programs give the same answers on random scenes, taken as complete."""
    named = f"{one.line} {other.line}"
    answered: list[object] = []
    for seed in range(scenes):
        engine = Executor(GraphIndex(scene(named, seed)), closed_world=True, traced=False)
        first, second = (_answer(engine.run(program)) for program in (one, other))
        if first is None or second is None:  # one may ask back what "the dog" is where the other has no need to
            continue
        if first != second:
            return False
        answered.append(first)
    verdicts = {answer for answer in answered if isinstance(answer, str)}
    return len(answered) >= ENOUGH and (not verdicts or len(verdicts) > 1)


def _answer(outcome: Outcome) -> object:
    """What an outcome tells, whichever end of a relation it is told from; None where it tells nothing."""
    if str(outcome.status) != "answered":
        return None
    if outcome.verdict is not None:
        return str(outcome.verdict)
    told = {
        "number": outcome.number,
        "values": sorted(map(str, outcome.values)),
        "times": sorted((sorted((each.subject, each.object)), each.spans) for each in outcome.timings),
        "order": sorted({relation for _, relation, _ in outcome.order}),
        "change": None if outcome.change is None else tuple(map(sorted, outcome.change)),
        "measures": sorted(round(each.value, 6) for each in outcome.measures),
        "parts": [_answer(part) for part in outcome.parts],
    }
    if outcome.number is None and not outcome.timings:
        told["nodes"] = sorted(outcome.nodes)
    if not isinstance(outcome.question, Count | Which):  # what these rest on may be told in two ways
        told["relations"] = sorted(outcome.relations)
    return told


def scene(named: str, seed: int) -> SceneGraph:
    """A random RGB-D video of what some text names, with a few other things; the same for the same text and seed."""
    random = Random(f"{seed} {named}")
    categories = VOCABULARY.categories
    kinds = [at for at, name in enumerate(categories) if _says(named, name)]
    kinds = [kind for kind in kinds for _ in range(random.choice((1, 1, 2)))]
    kinds += random.choices(range(len(categories)), k=2)
    colours = [name for name in COLOURS if _says(named, name)] + [random.choice(COLOURS)]
    nodes = tuple(_node(at, kind, random.choice(colours), random) for at, kind in enumerate(kinds))
    predicates = [at for at, name in enumerate(VOCABULARY.predicates) if _says(named, name)]
    predicates += random.sample(range(len(VOCABULARY.predicates)), 1)
    density = random.choice((0.15, 0.35, 0.6))
    ties = tuple(
        Relation(subject.id, predicate, other.id, spans=_spans(random))
        for subject in nodes
        for other in nodes
        for predicate in predicates
        if subject is not other and random.random() < density
    )
    return SceneGraph(Source("rgbd", "random", HEIGHT, WIDTH, FRAMES, FPS), nodes, ties, VOCABULARY)


def _says(text: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", text) is not None


def _spans(random: Random) -> tuple[Span, ...]:
    cuts = sorted(random.sample(range(FRAMES + 1), random.choice((2, 2, 4))))
    return tuple(Span(*pair) for pair in zip(cuts[::2], cuts[1::2], strict=True)) if random.random() < 0.8 else ()


def _node(at: int, kind: int, colour: str, random: Random) -> Node:
    places = [_box(random) for _ in range(2)]
    first, last = (0, FRAMES) if random.random() < 0.5 else sorted(random.sample(range(FRAMES + 1), 2))
    frames = range(first, last)
    tube = Tube({frame: places[frame > (first + last) / 2] for frame in frames})
    centres = np.repeat([[random.uniform(-3, 3) for _ in range(3)]], len(frames), axis=0)
    if random.random() < 0.5:
        centres[len(frames) // 2 :] += [random.uniform(-2, 2) for _ in range(3)]
    sizes = np.repeat([[random.uniform(0.2, 3) for _ in range(3)]], len(frames), axis=0)
    attributes = {"colour": colour, "material": random.choice(MATERIALS)}
    return Node(at, kind, Track4D(tube, centres, sizes), attributes=attributes)


def _box(random: Random) -> Segment:
    x, y = random.randrange(WIDTH - 30), random.randrange(HEIGHT - 30)
    return Segment.from_box((x, y, x + random.randrange(4, 30), y + random.randrange(4, 30)), HEIGHT, WIDTH)
