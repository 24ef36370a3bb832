"""Questions in metres about a true RGB-D graph, with exact answers, for testing whoever answers from graphs.

Answers come from the tracks and the camera by a few lines of arithmetic each; no program or parser of the
project takes part. `Question.nodes` are the nodes in the order in which the question names them. Cases
that rounding could turn (two nearly equal distances, a move of just ten centimetres) are not asked.
"""

from collections.abc import Callable, Iterator
from itertools import permutations
from random import Random

import numpy as np

from scenegraph import InputError, SceneGraph, Track4D
from toyworld.asking import Asker, Question, plural, word

MOVED = 0.1
"""Metres from the first place from which a thing counts as moved."""

_CLEAR = 0.05
"""Metres by which an answer has to be clear."""

_FEW = 4
"""Questions of a family: at most so many of all that could be asked."""


class Places:
    """Centres of the things of one graph by frame, in the world and as the camera sees them."""

    def __init__(self, graph: SceneGraph) -> None:
        self.world: dict[int, dict[int, np.ndarray]] = {}
        self.seen: dict[int, dict[int, np.ndarray]] = {}
        for node in graph.nodes:
            if isinstance(node.region, Track4D) and graph.vocabulary.is_thing(node.category):
                centres = {frame: node.region.position(frame) for frame in node.region.frames}
                known = {frame: centre for frame, centre in centres.items() if centre is not None}
                self.world[node.id] = known
                camera = graph.source.camera
                self.seen[node.id] = (
                    known
                    if camera is None or camera.poses is None
                    else {frame: camera.to_camera(centre, frame) for frame, centre in known.items()}
                )

    def apart(self, one: int, other: int) -> float | None:
        """The mean distance over the frames in which both are seen."""
        common = self.world[one].keys() & self.world[other].keys()
        lengths = [float(np.linalg.norm(self.world[one][frame] - self.world[other][frame])) for frame in common]
        return float(np.mean(lengths)) if lengths else None

    def usual(self, node: int) -> np.ndarray:
        """The mean centre as the camera sees it."""
        return np.mean(list(self.seen[node].values()), axis=0)

    def usual_in_world(self, node: int) -> np.ndarray:
        """The mean centre in the world."""
        return np.mean(list(self.world[node].values()), axis=0)


def how_far(ask: Asker, places: Places) -> Iterator[Question]:
    """How far is the dog from the car?"""
    for one, other in permutations(places.world, 2):
        length = places.apart(one, other)
        if length is not None:
            text = f"how far is {ask.the(one)} from {ask.the(other)}?"
            yield ask.make("how-far", text, (f"{length:.6f}",), nodes=(one, other))


def how_far_away(ask: Asker, places: Places) -> Iterator[Question]:
    """How far is the dog from the camera?"""
    for node, seen in places.seen.items():
        length = np.mean([np.linalg.norm(centre) for centre in seen.values()])
        yield ask.make(
            "how-far-away", f"how far is {ask.the(node)} from the camera?", (f"{length:.6f}",), nodes=(node,)
        )


def nearest(ask: Asker, places: Places) -> Iterator[Question]:
    """Which person is nearest to the car?"""
    for goal in places.world:
        for kind in {ask.graph.category_name(node) for node in places.world}:
            rivals = [n for n in places.world if ask.graph.category_name(n) == kind and n != goal]
            lengths = sorted((length, n) for n in rivals if (length := places.apart(n, goal)) is not None)
            if len(lengths) > 1 and lengths[1][0] - lengths[0][0] > _CLEAR:
                text = f"which {word(ask.graph, rivals[0])} is nearest to {ask.the(goal)}?"
                yield ask.make("nearest", text, (ask.graph.label(lengths[0][1]),), nodes=(goal, *rivals))


def where(ask: Asker, places: Places) -> Iterator[Question]:
    """Where is the dog from the camera: x to the right, y down, z ahead, at the end."""
    for node, seen in places.seen.items():
        offset = seen[max(seen)]
        answer = " ".join(f"{part:.6f}" for part in offset)
        yield ask.make("where-from-camera", f"where is {ask.the(node)} from the camera?", (answer,), nodes=(node,))


def moved(ask: Asker, places: Places) -> Iterator[Question]:
    """Which people moved?"""
    for kind in sorted({ask.graph.category_name(node) for node in places.world}):
        nodes = [n for n in places.world if ask.graph.category_name(n) == kind and len(places.world[n]) > 1]
        away = {n: _farthest(places.world[n]) for n in nodes}
        if nodes and all(abs(length - MOVED) > _CLEAR / 2 for length in away.values()):
            labels = sorted(ask.graph.label(n) for n in nodes if away[n] > MOVED)
            text = f"which {plural(word(ask.graph, nodes[0]))} moved?"
            yield ask.make("moved", text, labels, answerable=bool(labels), nodes=tuple(nodes))


def how_far_moved(ask: Asker, places: Places) -> Iterator[Question]:
    """How far is the dog from where it started?"""
    for node, track in places.world.items():
        if len(track) > 1:
            length = np.linalg.norm(track[max(track)] - track[min(track)])
            text = f"how far is {ask.the(node)} from where it started?"
            yield ask.make("how-far-moved", text, (f"{length:.6f}",), nodes=(node,))


def point_of_view(ask: Asker, places: Places) -> Iterator[Question]:
    """From the person's point of view, is the dog left of the car? Who asks looks at the car."""
    for one, other, viewer in permutations(places.seen, 3):
        ahead = places.usual(other) - places.usual(viewer)
        offset = places.usual(one) - places.usual(other)
        length = np.hypot(ahead[0], ahead[2])
        if length < _CLEAR:
            continue
        to_the_right = (offset[0] * ahead[2] - offset[2] * ahead[0]) / length
        if abs(to_the_right) > _CLEAR:
            text = f"from the point of view of {ask.the(viewer)}, is {ask.the(one)} to the left of {ask.the(other)}?"
            answer = "yes" if to_the_right < 0 else "no"
            yield ask.make("point-of-view", text, (answer,), nodes=(one, other, viewer))


def between(ask: Asker, places: Places) -> Iterator[Question]:
    """Is the dog between the car and the person?"""
    for node, one, other in permutations(places.world, 3):
        ways = [places.usual_in_world(end) - places.usual_in_world(node) for end in (one, other)]
        lengths = [np.linalg.norm(way) for way in ways]
        if min(lengths) < _CLEAR or one > other:
            continue
        degrees = np.degrees(np.arccos(np.clip(ways[0] @ ways[1] / lengths[0] / lengths[1], -1, 1)))
        if abs(degrees - 120) > 2:
            text = f"is {ask.the(node)} between {ask.the(one)} and {ask.the(other)}?"
            yield ask.make("between", text, ("yes" if degrees > 120 else "no",), nodes=(node, one, other))


Family = Callable[[Asker, Places], Iterator[Question]]

METRIC: tuple[Family, ...] = (*(how_far, how_far_away, nearest, where, moved, how_far_moved, point_of_view, between),)


def metric_questions(graph: SceneGraph, seed: int = 0) -> list[Question]:
    """Some questions of every family that the graph allows, the same for the same seed.

    Raises:
        InputError: the graph has no positions in metres.

    >>> from toyworld import clips
    >>> graph = clips.video(3, frames=4, rgbd=True, size=(64, 80)).graph
    >>> {asked.family for asked in metric_questions(graph)} >= {"how-far", "moved"}
    True
    """
    if graph.source.kind != "rgbd":
        raise InputError(f"{graph.source.uri}: questions in metres need an RGB-D graph, with positions of its nodes")
    random = Random(seed)
    ask, places = Asker(graph, random), Places(graph)
    chosen = []
    for family in METRIC:
        found = list(family(ask, places))
        named = [asked for asked in found if "None" not in asked.question]
        chosen += random.sample(named, min(_FEW, len(named)))
    return chosen


def _farthest(track: dict[int, np.ndarray]) -> float:
    start = track[min(track)]
    return max(float(np.linalg.norm(centre - start)) for centre in track.values())
