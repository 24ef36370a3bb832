"""How long does a question take on a large graph, and how long does it take to build the index?

    OMP_NUM_THREADS=1 python benchmarks/assistant_latency.py [--nodes 10000] [--questions 400]

A graph of N nodes and 3 N relations with the names of PSG, and questions of every kind that can be
asked of it, in random order. Building is everything before the first question can be answered,
including the tables that are made on the first question; the vocabulary's words and the tables of
the grammar are made once a process and reported apart. The baseline is a question answered by plain
loops over all relations.
"""

import argparse
import gc
import os
import time
from random import Random

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from assistant import Assistant
from assistant.assistant import warm_up
from assistant.lexicon import Words, lexicon_of
from scenegraph import Node, Relation, SceneGraph, Segment, Source, Span, Tube, Vocabulary

THINGS = (
    *("person", "bicycle", "car", "motorcycle", "bus", "train", "truck", "boat", "bench", "bird", "cat", "dog"),
    *("horse", "sheep", "cow", "umbrella", "sports ball", "cup", "bottle", "chair", "couch", "bed", "laptop", "book"),
)
STUFF = ("road", "grass-merged", "sky-other-merged", "tree-merged", "floor-other-merged", "wall-other-merged")
PREDICATES = (
    *("over", "in front of", "beside", "on", "in", "walking on", "running on", "standing on", "sitting on"),
    *("wearing", "holding", "looking at", "eating", "chasing", "playing with", "riding", "parked on", "kicking"),
)
HEIGHT, WIDTH, FRAMES, FPS = 1080, 1920, 300, 5.0


def graph(nodes: int, kind: str, random: np.random.Generator) -> SceneGraph:
    """N nodes with boxes and 3 N relations; in a video seen for 3 frames each, relations for 1 to 60 frames."""
    vocabulary = Vocabulary(THINGS, STUFF, PREDICATES)
    corners = random.integers(0, (WIDTH - 60, HEIGHT - 60), (nodes, 2))
    sizes = random.integers(4, 60, (nodes, 2))
    kinds = random.integers(0, len(vocabulary.categories), nodes)
    starts = random.integers(0, FRAMES - 3, nodes)
    made = []
    for at in range(nodes):
        (x, y), (width, height) = corners[at].tolist(), sizes[at].tolist()
        segment = Segment.from_box((x, y, x + width, y + height), HEIGHT, WIDTH)
        region = segment if kind == "image" else Tube({int(starts[at]) + frame: segment for frame in range(3)})
        colour = {"colour": ("red", "blue", "green")[at % 3]} if at % 4 == 0 else {}
        made.append(Node(at, int(kinds[at]), region, attributes=colour))
    rows = random.integers(0, (nodes, len(PREDICATES), nodes), (3 * nodes, 3)).tolist()
    begins, lengths = random.integers(0, FRAMES - 60, 3 * nodes), random.integers(1, 60, 3 * nodes)
    spans = [
        (Span(int(begin), int(begin + length)),) if kind == "video" else ()
        for begin, length in zip(begins, lengths, strict=True)
    ]
    ties = tuple(Relation(*row, spans=span) for row, span in zip(rows, spans, strict=True))
    source = Source(kind, "large", HEIGHT, WIDTH, FRAMES if kind == "video" else 1, FPS if kind == "video" else None)
    return SceneGraph(source, tuple(made), ties, vocabulary)


def questions(large: SceneGraph, number: int, random: Random) -> list[str]:
    """Questions of every kind, about random nodes, categories and times."""

    def label() -> str:
        return large.label(random.choice(large.nodes).id).replace("-merged", "").replace("-other", "")

    def tie() -> tuple[str, str, str]:
        relation = random.choice(large.relations)
        ends = (large.label(end).replace("-merged", "").replace("-other", "") for end in relation.triple[::2])
        subject, other = ends
        return subject, large.predicate_name(relation), other

    forms = [
        lambda: f"Is there a {random.choice(THINGS)}?",
        lambda: "How many {}s are there?".format(random.choice(("dog", "car", "horse", "bench"))),
        lambda: "Who is {} {}?".format(*tie()[1:]),
        lambda: "What is {} {}?".format(*tie()[:2]),
        lambda: "Is {} {} {}?".format(*tie()),
        lambda: f"What is {tie()[0]} doing?",
        lambda: f"Where is {label()}?",
        lambda: f"How are {label()} and {label()} related?",
        lambda: f"Is {label()} to the left of {label()}?",
        lambda: f"What colour is {label()}?",
        lambda: f"Describe {label()}.",
        lambda: "What is {} {} that is {} {}?".format(*tie()[:2], *tie()[1:]),
        lambda: "How many dogs are holding a cup?",
        lambda: "Which is the largest dog?",
    ]
    if large.source.kind == "video":
        forms += [
            lambda: "When is {} {} {}?".format(*tie()),
            lambda: "How long is {} {} {}?".format(*tie()),
            lambda: "How often is {} {} {}?".format(*tie()),
            lambda: f"What is {label()} doing before " + "{} is {} {}?".format(*tie()),
            lambda: f"What is {label()} doing after " + "{} is {} {}?".format(*tie()),
            lambda: f"What is {label()} doing at {random.randint(0, 50)} seconds?",
            lambda: "Which begins first: {} is {} {}, or {} is {} {}?".format(*tie(), *tie()),
        ]
    listed = [form() for _ in range(-(-number // len(forms))) for form in forms][:number]
    random.shuffle(listed)
    return listed


def plain(large: SceneGraph, random: Random) -> float:
    """Seconds for one question answered by a loop over all relations and their labels."""
    wanted = random.choice(large.relations)
    start = time.perf_counter()
    other = large.label(wanted.object)
    [tie.subject for tie in large.relations if tie.predicate == wanted.predicate and large.label(tie.object) == other]
    return time.perf_counter() - start


def measure(nodes: int, kind: str, asked: int) -> None:
    """Print one row."""
    large = graph(nodes, kind, np.random.default_rng(0))
    large.label(0), lexicon_of(large.vocabulary, Words())
    gc.collect()
    start = time.process_time()
    assistant = Assistant(large)
    assistant.prepare()
    build = time.process_time() - start
    times, slowest, unread = [], ("", 0.0), 0
    for question in questions(large, asked, Random(1)):
        start = time.process_time()
        answer = assistant.ask(question)
        times.append(time.process_time() - start)
        unread += str(answer.status) == "unparsed"
        slowest = max(slowest, (question, times[-1]), key=lambda pair: pair[1])
    middle, high = np.percentile(times, (50, 99)) * 1000
    base = np.median([plain(large, Random(at)) for at in range(5)]) * 1000
    print(
        f"{kind:5} {nodes:7,} nodes {3 * nodes:7,} relations: build {build:.3f} s, ask median {middle:.2f} ms, "
        f"p99 {high:.2f} ms, {base / middle:.1f} times as fast as a plain loop ({base:.1f} ms); "
        f"{unread} unread; slowest {slowest[1] * 1000:.1f} ms: {slowest[0]}"
    )


def main() -> None:
    """Measure graphs of some sizes; times are processor time, so that other programs do not count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nodes", type=int, nargs="*", default=[10_000, 100_000], help="default: %(default)s")
    parser.add_argument("--kinds", nargs="*", default=["image", "video"], help="default: %(default)s")
    parser.add_argument("--questions", type=int, default=400, help="questions asked (default: %(default)s)")
    arguments = parser.parse_args()
    start = time.process_time()
    warm_up()
    print(f"once a process: tables of the grammar {time.process_time() - start:.3f} s", end=", ")
    start = time.process_time()
    lexicon_of(graph(0, "image", np.random.default_rng(0)).vocabulary, Words())
    print(f"words of the vocabulary {time.process_time() - start:.3f} s")
    for nodes in arguments.nodes:
        for kind in arguments.kinds:
            measure(nodes, kind, arguments.questions)


if __name__ == "__main__":
    main()
