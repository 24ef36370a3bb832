"""Evaluation of a crowded clip on runs against the published steps written as plain loops.

    python benchmarks/video_evaluation.py [--frames 120]

One clip of 360 x 640 with 12 tubes (a crowd of one class) and 100 predicted relations, on one core, in
turns, and with equal numbers. The truth lies in one panoptic PNG a frame, the prediction in memory.
The plain side runs `openpvsg-full`: it opens the PNG of a frame wherever the published code does, and
gets its predicted masks decoded, outside its time. Ours reads every PNG once, makes the true graph,
and runs the strict protocol at two thresholds, VPQ, STQ, `openpvsg-full` and `vidvrd`; the time is also
given without reading.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from baselines.plain_openpvsg import tries
from PIL import Image

from scenegraph import Mask, Node, Relation, SceneGraph, Segment, Source, Span, Tube, Vocabulary
from scenegraph.legacy_openpvsg import measure_full
from scenegraph.panoptic import masks_from_ids
from scenegraph.tube_overlap import compare_tubes
from scenegraph.video_arrays import VideoArrays
from scenegraph.video_evaluation import VideoEvaluation

HEIGHT, WIDTH, TUBES, ROWS, TRUTHS = 360, 640, 12, 100, 20
WORDS = Vocabulary(("adult",), ("ground",), ("beside", "holding", "looking at"))
"""Few names: in a crowd many rows have the names of a true relation."""


def id_maps(random, frames):
    """Persons of winding outline that walk over a ground: ids 1-12 and 0 for void."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    winding = 9 * np.sin(columns / 7) * np.cos(rows / 11)
    start = random.random((TUBES, 2)) * (HEIGHT, WIDTH)
    speed = random.normal(0, 1.2, (TUBES, 2))
    for frame in range(frames):
        centres = (start + frame * speed) % (HEIGHT, WIDTH)
        ids = np.where(rows > HEIGHT // 2, 1, 0)
        for tube in range(1, TUBES):
            y, x = centres[tube]
            ids[((rows - y + winding) / 80) ** 2 + ((columns - x) / 45) ** 2 < 1] = tube + 1
        yield ids.astype(np.uint8)


def clip(random, frames, folder):
    """The true graph, a prediction on moved outlines, and the PNGs of the truth."""
    maps = list(id_maps(random, frames))
    moved = [np.roll(ids, random.integers(-8, 9, 2), axis=(0, 1)) for ids in maps]
    paths = [folder / f"{frame:04d}.png" for frame in range(frames)]
    for path, ids in zip(paths, maps, strict=True):
        Image.fromarray(ids).save(path)
    kinds = np.append(1, np.zeros(TUBES - 1, dtype=np.int64))
    source = Source("video", "crowd.mp4", HEIGHT, WIDTH, frames, 5.0)

    def span():
        start = int(random.integers(0, frames * 2 // 3))
        return (Span(start, int(random.integers(start, frames)) + 1),)

    def rows(count, scores):
        ends = [random.choice(np.arange(1, TUBES + 1), 2, replace=False).tolist() for _ in range(count)]
        names = random.integers(len(WORDS.predicates), size=count).tolist()
        return tuple(Relation(s, p, o, score, span()) for (s, o), p, score in zip(ends, names, scores, strict=True))

    truth = SceneGraph(source, nodes(maps, kinds), rows(TRUTHS, [1.0] * TRUTHS), WORDS)
    guesses = rows(ROWS, np.sort(random.random(ROWS))[::-1].tolist())
    # A fifth of the rows are true relations, so that there is something to find.
    known = [
        Relation(*each.triple, guess.score, each.spans if place % 2 else ())
        for place, (each, guess) in enumerate(zip(truth.relations, guesses[::5], strict=True))
    ]
    mixed = tuple(known[place // 5] if place % 5 == 0 else guess for place, guess in enumerate(guesses))
    return truth, SceneGraph(source, nodes(moved, kinds), mixed, WORDS), paths


def nodes(maps, kinds):
    """The tubes of id maps."""
    ids = np.arange(1, TUBES + 1)
    masks = [masks_from_ids(each.astype(np.int32), ids) for each in maps]
    tubes = [{f: Segment(each[i]) for f, each in enumerate(masks) if each[i].area} for i in range(TUBES)]
    return tuple(Node(i + 1, int(kinds[i]), Tube(tube)) for i, tube in enumerate(tubes) if tube)


def fresh(graph):
    """The same graph with masks whose runs have not been looked at."""
    copies = tuple(
        Node(
            n.id,
            n.category,
            Tube({f: Segment(Mask(*s.size, s.mask.counts.copy())) for f, s in n.region.segments.items()}),
        )
        for n in graph.nodes
    )
    return SceneGraph(graph.source, copies, graph.relations, graph.vocabulary)


def read_again(truth, paths):
    """The true graph from its PNGs."""
    maps = [np.array(Image.open(path)) for path in paths]
    kinds = np.zeros(TUBES, dtype=np.int64)
    kinds[[node.id - 1 for node in truth.nodes]] = [node.category for node in truth.nodes]
    return SceneGraph(truth.source, nodes(maps, kinds), truth.relations, truth.vocabulary)


def plain(truth, prediction, paths):
    """What the plain side finds, and its seconds."""
    place = {node.id: position for position, node in enumerate(prediction.nodes)}
    masks = [{f: s.mask.array() for f, s in node.region.segments.items()} for node in prediction.nodes]
    arrays = VideoArrays.of(prediction)
    relations = [(r.subject, r.predicate, r.object, range(*r.spans[0])) for r in truth.relations]
    rows = [
        (place[r.subject], r.predicate, place[r.object], active)
        for r, active in zip(prediction.relations, arrays.active, strict=True)
    ]
    start = time.process_time()
    found = tries(
        paths, {n.id: n.category for n in truth.nodes}, relations, [n.category for n in prediction.nodes], rows, masks
    )
    return found, time.process_time() - start


def ours(truth, prediction, paths):
    """What we find by the same protocol; seconds of reading, of that protocol, of all; the report."""
    graphs = truth, fresh(prediction)
    start = time.process_time()
    graphs = read_again(truth, paths), graphs[1]
    reading = time.process_time() - start
    start = time.process_time()
    arrays = [VideoArrays.of(graph) for graph in graphs]
    overlap = compare_tubes(arrays[0].tubes, arrays[1].tubes, truth.source.num_frames)
    result = measure_full(arrays[0], arrays[1].ranked(), overlap)
    alone = time.process_time() - start
    graphs = fresh(truth), fresh(prediction)
    evaluation = VideoEvaluation(WORDS, legacy=True)
    start = time.process_time()
    evaluation.add(*graphs)
    values = evaluation.report().values
    seconds = time.process_time() - start
    found = list(zip(result.truth.tolist(), result.rank.tolist(), result.share.tolist(), strict=True))
    return found, reading, alone, seconds, values


def main():
    """Measure, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--frames", type=int, default=120, help="frames of the clip (default 120)")
    arguments = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as folder:
        truth, prediction, paths = clip(np.random.default_rng(0), arguments.frames, Path(folder))
        found, reading, alone, seconds, values = ours(truth, prediction, paths)
        wanted, plainly = plain(truth, prediction, paths)
    if [each[:2] for each in found] != [each[:2] for each in wanted] or not np.allclose(
        [each[2] for each in found], [each[2] for each in wanted], atol=1e-12
    ):
        raise SystemExit("the two sides do not find the same")
    print(f"evaluation of a clip of {arguments.frames} x {HEIGHT} x {WIDTH}, {TUBES} tubes, {ROWS} relations; one core")
    print(f"  plain loops (openpvsg-full only):    {plainly:8.3f} s, {len(wanted)} rows looked at")
    for name, each in (("openpvsg-full", alone), ("every protocol, VPQ and STQ", seconds)):
        print(
            f"  ours, {name:27} {each:8.3f} s, ratio {plainly / each:.1f}; with reading the PNGs "
            f"{each + reading:.3f} s, ratio {plainly / (each + reading):.1f}"
        )
    print(
        f"  all numbers equal; legacy R@20 {values['legacy openpvsg-full/R@20']:.4f}, "
        f"strict R@20 {values['strict video/R@20']:.4f}"
    )


if __name__ == "__main__":
    main()
