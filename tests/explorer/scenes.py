"""Small painted scenes with exact graphs: the data set that the tests of the explorer and its page look at."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
from PIL import Image, ImageDraw

from scenegraph import Camera, Mask, Node, Relation, SceneGraph, Segment, Source, Vocabulary, files
from scenegraph.formats.psg import PSGWriter
from scenegraph.formats.psg4d import HOIWriter
from scenegraph.formats.pvsg import PVSGWriter
from scenegraph.video_files import VideoWriter
from tests.factories import park_video

VOCABULARY = Vocabulary(
    things=("person", "dog", "horse", "ball", "bench", "car", "kite"),
    stuff=("sky", "grass", "road", "tree"),
    predicates=("on", "beside", "in front of", "riding", "holding", "chasing", "looking at", "sitting on", "flying"),
)
HEIGHT, WIDTH = 180, 240
_COLOURS = {
    "person": [(196, 82, 60), (52, 92, 160), (230, 180, 70), (110, 70, 130)],
    "dog": [(120, 84, 50), (60, 52, 48)],
    "horse": [(134, 88, 52), (86, 60, 44)],
    "ball": [(220, 60, 70), (250, 250, 250)],
    "bench": [(150, 110, 70)],
    "car": [(70, 110, 150), (170, 40, 50)],
    "kite": [(240, 90, 150)],
}


class _Canvas:
    """Paints a picture and, with the same strokes, its id map."""

    def __init__(self, rng):
        self.rng = rng
        self.picture = Image.new("RGB", (WIDTH, HEIGHT), (172, 205, 235))
        self.ids = Image.new("I", (WIDTH, HEIGHT), 1)
        self.names = ["sky"]
        for y in range(60):
            shade = 150 + y
            ImageDraw.Draw(self.picture).line((0, y, WIDTH, y), fill=(shade - 20, shade + 15, 240))

    def add(self, name, colour, shapes):
        self.names.append(name)
        for kind, *coordinates in shapes:
            for image, fill in ((self.picture, colour), (self.ids, len(self.names))):
                getattr(ImageDraw.Draw(image), kind)(coordinates[0], fill=fill)
        return len(self.names) - 1

    def thing(self, name, x, y, size):
        colour = _COLOURS[name][self.rng.integers(len(_COLOURS[name]))]
        return self.add(name, colour, _SHAPES[name](x, y, size))


def _person(x, y, s):
    return [
        ("ellipse", (x - 0.16 * s, y - s, x + 0.16 * s, y - 0.7 * s)),
        ("rectangle", (x - 0.2 * s, y - 0.7 * s, x + 0.2 * s, y - 0.3 * s)),
        ("rectangle", (x - 0.16 * s, y - 0.3 * s, x - 0.03 * s, y)),
        ("rectangle", (x + 0.03 * s, y - 0.3 * s, x + 0.16 * s, y)),
    ]


def _beast(x, y, s):
    return [
        ("ellipse", (x - 0.5 * s, y - 0.75 * s, x + 0.4 * s, y - 0.3 * s)),
        ("ellipse", (x + 0.3 * s, y - s, x + 0.62 * s, y - 0.6 * s)),
        ("rectangle", (x - 0.4 * s, y - 0.4 * s, x - 0.25 * s, y)),
        ("rectangle", (x + 0.15 * s, y - 0.4 * s, x + 0.3 * s, y)),
    ]


_SHAPES = {
    "person": _person,
    "dog": _beast,
    "horse": _beast,
    "ball": lambda x, y, s: [("ellipse", (x - s / 2, y - s, x + s / 2, y))],
    "bench": lambda x, y, s: [
        ("rectangle", (x - s, y - 0.5 * s, x + s, y - 0.3 * s)),
        ("rectangle", (x - 0.9 * s, y - 0.3 * s, x - 0.7 * s, y)),
        ("rectangle", (x + 0.7 * s, y - 0.3 * s, x + 0.9 * s, y)),
    ],
    "car": lambda x, y, s: [
        ("rectangle", (x - s, y - 0.6 * s, x + s, y - 0.15 * s)),
        ("rectangle", (x - 0.5 * s, y - 0.95 * s, x + 0.5 * s, y - 0.6 * s)),
        ("ellipse", (x - 0.75 * s, y - 0.35 * s, x - 0.4 * s, y)),
        ("ellipse", (x + 0.4 * s, y - 0.35 * s, x + 0.75 * s, y)),
    ],
    "kite": lambda x, y, s: [("polygon", [(x, y - s), (x + 0.6 * s, y - 0.5 * s), (x, y), (x - 0.6 * s, y - 0.5 * s)])],
}


def scene(number):
    """(picture uint8 [180, 240, 3], graph) of one scene; the same number gives the same scene."""
    rng = np.random.default_rng(number)
    canvas = _Canvas(rng)
    triples = []
    if rng.random() < 0.6:
        x = int(rng.integers(20, 220))
        canvas.add(
            "tree", (60, 110, 60), [("ellipse", (x - 30, 20, x + 30, 80)), ("rectangle", (x - 5, 75, x + 5, 105))]
        )
    grass = canvas.add("grass", (104, 160, 82), [("rectangle", (0, 95, WIDTH, HEIGHT))])
    road = canvas.add("road", (120, 120, 126), [("rectangle", (0, 150, WIDTH, HEIGHT))]) if rng.random() < 0.5 else None
    columns = list(rng.permutation([40, 110, 180])[: rng.integers(1, 4)] + rng.integers(-12, 12))
    actors = []
    for x in columns:
        kind = rng.choice(["rider", "holder", "sitter", "walker", "dog", "car", "flyer"])
        y = int(rng.integers(130, 148))
        if kind == "rider":
            horse = canvas.thing("horse", x, y, 62)
            person = canvas.thing("person", x, y - 32, 50)
            triples += [(person, "riding", horse), (horse, "on", grass)]
            actors.append(person)
        elif kind == "holder":
            person = canvas.thing("person", x, y, 58)
            ball = canvas.thing("ball", x + 18, y - 26, 15)
            triples += [(person, "holding", ball), (person, "on", grass)]
            actors.append(person)
        elif kind == "sitter":
            bench = canvas.thing("bench", x, y, 26)
            person = canvas.thing("person", x, y - 6, 48)
            triples += [(person, "sitting on", bench), (bench, "on", grass)]
            actors.append(person)
        elif kind == "dog":
            dog = canvas.thing("dog", x, y, 36)
            ball = canvas.thing("ball", x + 38, y, 12)
            triples += [(dog, "chasing", ball), (dog, "on", grass), (ball, "on", grass)]
            actors.append(dog)
        elif kind == "car" and road is not None:
            car = canvas.thing("car", x, 168, 30)
            triples.append((car, "on", road))
            actors.append(car)
        elif kind == "flyer":
            person = canvas.thing("person", x, y, 54)
            kite = canvas.thing("kite", x + 22, 52, 24)
            triples += [(person, "flying", kite), (person, "looking at", kite), (person, "on", grass)]
            actors.append(person)
        else:
            person = canvas.thing("person", x, y, 56)
            triples.append((person, "on", grass))
            actors.append(person)
    triples += [(a, str(rng.choice(["beside", "looking at", "in front of"])), b) for a, b in pairwise(actors)]
    return np.asarray(canvas.picture), _graph(canvas, triples, f"scene-{number:03d}.jpg")


def _graph(canvas, triples, uri):
    """The graph of what stays visible; segments that were painted over, and their relations, are left out."""
    ids = np.asarray(canvas.ids)
    shown = [i for i in range(len(canvas.names)) if (ids == i + 1).sum() >= 12]
    order = {old: new for new, old in enumerate(shown)}
    names = [canvas.names[i] for i in shown]
    nodes = tuple(
        Node(order[i], VOCABULARY.category_id(name), Segment(Mask.from_array(ids == i + 1)))
        for i, name in zip(shown, names, strict=True)
    )
    relations = tuple(
        Relation(order[s], VOCABULARY.predicate_id(p), order[o]) for s, p, o in triples if s in order and o in order
    )
    return SceneGraph(Source("image", uri, HEIGHT, WIDTH), nodes, relations, VOCABULARY)


def write_truth(root, count):
    """A data set folder with psg.json; returns its graphs."""
    graphs = []
    with PSGWriter(root, VOCABULARY) as writer:
        for number in range(count):
            picture, graph = scene(number)
            writer.add(graph, picture, test=number % 2 == 0)
            graphs.append(graph)
    return graphs


def write_video(root, captions=(), questions=()):
    """A pvsg.json with the park of the factories: ten frames, each of one shade; returns its graph."""
    graph = park_video()
    with PVSGWriter(root, graph.vocabulary) as writer:
        frames = [np.full((20, 30, 3), 20 * frame, np.uint8) for frame in range(10)]
        writer.add(graph, frames, captions=captions, qa_pairs=questions)
    return graph


def write_film(clips, graphs, dark=False):
    """A clip of the park as a file, ten pictures a second, each of one shade, and its graph at five; returns that."""
    park = park_video()
    graph = replace(park, source=replace(park.source, uri="walk.avi", fps=5.0))
    for folder in (clips, graphs):
        folder.mkdir(parents=True, exist_ok=True)
    with VideoWriter(clips / "walk.avi", 10.0) as film:
        for picture in range(2 * graph.source.num_frames):
            film.add(np.full((*graph.source.size, 3), (5 if dark else 10) * picture, np.uint8))
    files.save(graph, graphs / "walk.scenegraph.json")
    return graph


def rgbd_video():
    """The park in metres: its graph with a camera that moves to the right, and the depth of every frame."""
    video = park_video()
    poses = np.tile(np.eye(4), (10, 1, 1))
    poses[:, 0, 3] = 0.1 * np.arange(10)
    source = replace(video.source, kind="rgbd", uri="CAM1/park", camera=Camera(30.0, 30.0, 15.0, 10.0, poses))
    depths = [np.full((20, 30), 2.0 + 0.1 * frame) for frame in range(10)]
    for depth in depths:
        depth[4:16, 2:8] = 1.5  # the person stands before the grass
        depth[:2] = 0
    return replace(video, source=source, metadata={}), depths


def write_rgbd(root, graph, depths):
    """A psg4d_hoi.json with one video; every frame of one shade."""
    with HOIWriter(root, graph.vocabulary) as writer:
        shades = [np.full((*graph.source.size, 3), 20 * frame, np.uint8) for frame in range(len(depths))]
        writer.add(graph, [(shade, depth.astype(np.float32)) for shade, depth in zip(shades, depths, strict=True)])


def write_predictions(root, graphs):
    """Graph files that a middling model might give."""
    root.mkdir(parents=True, exist_ok=True)
    predicted = []
    for number, graph in enumerate(graphs):
        predicted.append(guess(graph, 1000 + number))
        files.save(predicted[-1], root / f"{graph.source.uri.removesuffix('.jpg')}.scenegraph.json")
    return predicted


def guess(graph, seed):
    """A prediction of a graph by a middling model: scores, lost relations, wrong predicates, attributes."""
    rng = np.random.default_rng(seed)
    nodes = tuple(
        replace(node, score=float(rng.uniform(0.6, 0.99)), attributes={"source": "model"}) for node in graph.nodes
    )
    relations = []
    for relation in graph.relations:
        if rng.random() < 0.15:
            continue
        wrong = rng.random() < 0.2
        predicate = int(rng.integers(len(graph.vocabulary.predicates))) if wrong else relation.predicate
        relations.append(replace(relation, predicate=predicate, score=float(rng.uniform(0.3, 0.95))))
    return replace(graph, nodes=nodes, relations=tuple(relations))
