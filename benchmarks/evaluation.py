"""Evaluation in one pass against the published matching steps written as plain loops.

    python benchmarks/evaluation.py [--pictures 200] [--overlapping]

Both sides see the same pictures (480 x 640, 11 segments, 100 predicted relations) on one core, in
turns, and must give equal numbers. Ours runs the strict protocol, panoptic quality and the published
protocol from SceneGraph objects (masks as run lengths, nothing cached); the plain side runs the
published protocol only and gets its masks decoded, outside its time. Reading files is in neither.
"""

import argparse
import os
import time
import tracemalloc

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from baselines.plain_openpsg import PlainOpenPSG

from scenegraph import Mask, Node, Relation, SceneGraph, Segment, Source, Vocabulary
from scenegraph.arrays import GraphArrays
from scenegraph.evaluation import Evaluation
from scenegraph.panoptic import masks_from_ids

HEIGHT, WIDTH, SEGMENTS, ROWS, TRUTHS = 480, 640, 11, 100, 7
KS = (20, 50, 100)
WORDS = Vocabulary(
    tuple(f"thing {i}" for i in range(80)),
    tuple(f"stuff {i}" for i in range(53)),
    tuple(f"predicate {i}" for i in range(56)),
)


def id_map(random):
    """Segments with winding borders: about as many runs as a real panoptic map has."""
    centres = random.random((SEGMENTS, 2)) * (HEIGHT, WIDTH)
    rows, columns = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    rows += 9 * np.sin(columns / 7 + random.random() * 6) * np.cos(rows / 11)
    distance = (rows - centres[0, 0]) ** 2 + (columns - centres[0, 1]) ** 2
    ids = np.zeros((HEIGHT, WIDTH), dtype=np.int32)
    for segment in range(1, SEGMENTS):
        other = (rows - centres[segment, 0]) ** 2 + (columns - centres[segment, 1]) ** 2
        ids[other < distance] = segment
        distance = np.minimum(distance, other)
    return ids


def picture(random, number, overlapping):
    """A truth and a prediction on moved borders; `overlapping` gives every row two masks of its own."""
    ids = id_map(random)
    predicted = np.roll(ids, random.integers(-25, 26, 2), axis=(0, 1))
    kinds = random.integers(len(WORDS.categories), size=SEGMENTS)
    pairs = np.array([(s, o) for s in range(SEGMENTS) for o in range(SEGMENTS) if s != o])
    pairs = pairs[random.permutation(len(pairs))]
    predicates = random.integers(len(WORDS.predicates), size=len(pairs))
    source = Source("image", f"{number}.png", HEIGHT, WIDTH)

    def nodes(masks, categories):
        return tuple(Node(i, int(c), Segment(m)) for i, (m, c) in enumerate(zip(masks, categories, strict=True)))

    true = tuple(Relation(int(s), int(p), int(o)) for (s, o), p in zip(pairs[:TRUTHS], predicates, strict=False))
    truth = SceneGraph(source, nodes(masks_from_ids(ids, np.arange(SEGMENTS)), kinds), true, WORDS)
    masks = masks_from_ids(predicted, np.arange(SEGMENTS))
    scores = np.sort(random.random(ROWS))[::-1]
    order = random.permutation(ROWS)
    ends, chosen = pairs[order], predicates[order]
    if overlapping:
        masks = [masks[each] for each in ends.ravel()]
        masks = [Mask(mask.height, mask.width, mask.counts.copy()) for mask in masks]
        kinds, ends = kinds[ends.ravel()], np.arange(2 * ROWS).reshape(-1, 2)
    rows = tuple(
        Relation(int(s), int(p), int(o), float(score)) for (s, o), p, score in zip(ends, chosen, scores, strict=True)
    )
    return truth, SceneGraph(source, nodes(masks, kinds), rows, WORDS)


def decoded(graph):
    """What the plain side gets: triples, labels and decoded masks."""
    arrays = GraphArrays.of(graph)
    return arrays.triples, arrays.categories, [mask.array() for mask in arrays.masks]


def peak_memory(count, overlapping):
    """Peak MiB that an evaluation of `count` pictures allocates, the pictures themselves included."""
    tracemalloc.start()
    random = np.random.default_rng(1)
    evaluation = Evaluation(WORDS, KS, legacy=True, overlaps="highest")
    for number in range(count):
        evaluation.add(*picture(random, number, overlapping))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


def main():
    """Measure, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=int, default=200, help="how many pictures (default 200)")
    parser.add_argument("--overlapping", action="store_true", help="two masks a row, as one-stage models give them")
    arguments = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    random = np.random.default_rng(0)
    ours, plain = Evaluation(WORDS, KS, legacy=True, overlaps="highest"), PlainOpenPSG(len(WORDS.predicates), KS)
    seconds = {"ours": 0.0, "plain": 0.0}
    for number in range(arguments.pictures):
        truth, prediction = picture(random, number, arguments.overlapping)
        inputs = (*decoded(truth), *decoded(prediction))
        # Decoding filled the caches of the masks: ours starts from graphs that nobody has looked at.
        truth, prediction = fresh(truth), fresh(prediction)
        start = time.process_time()
        ours.add(truth, prediction)
        middle = time.process_time()
        plain.add(*inputs)
        seconds["ours"] += middle - start
        seconds["plain"] += time.process_time() - middle
    found = ours.report().values
    for name, value in plain.values().items():
        if abs(found[f"legacy openpsg/{name}"] - value) > 1e-9:
            raise SystemExit(f"{name}: {found[f'legacy openpsg/{name}']} is not {value}")
    layout = "two masks a row" if arguments.overlapping else f"{SEGMENTS} segments"
    print(f"evaluation of {arguments.pictures} pictures of {HEIGHT} x {WIDTH}, {layout}, {ROWS} relations; one core")
    print(f"  ours (strict + PQ + openpsg): {arguments.pictures / seconds['ours']:8.1f} pictures/s")
    print(f"  plain loops (openpsg only):   {arguments.pictures / seconds['plain']:8.1f} pictures/s")
    print(
        f"  ratio {seconds['plain'] / seconds['ours']:.1f}; R@20 {found['legacy openpsg/R@20']:.4f}, all numbers equal"
    )
    few = max(arguments.pictures // 10, 1)
    memory = [peak_memory(count, arguments.overlapping) for count in (few, arguments.pictures)]
    print(f"  peak memory: {memory[0]:.1f} MiB for {few} pictures, {memory[1]:.1f} MiB for {arguments.pictures}")


def fresh(graph):
    """The same graph with masks whose runs have not been looked at."""
    nodes = tuple(
        Node(n.id, n.category, Segment(Mask(n.region.mask.height, n.region.mask.width, n.region.mask.counts.copy())))
        for n in graph.nodes
    )
    return SceneGraph(graph.source, nodes, graph.relations, graph.vocabulary)


if __name__ == "__main__":
    main()
