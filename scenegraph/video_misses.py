"""Why true relations of videos are missed, and what stands in their place: the strict protocol taken apart."""

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float64, Int64

from scenegraph import strict_video
from scenegraph.graph import SceneGraph
from scenegraph.recall import NEVER
from scenegraph.strict_video import THRESHOLDS, one_predicate_at_a_time
from scenegraph.tube_overlap import TubeOverlap, compare_tubes
from scenegraph.video_arrays import VideoArrays
from scenegraph.vocabulary import Vocabulary

MISSES = {
    "found": "among the first rows",
    "late": "right, but further down",
    "tube": "no tube of any class covers subject or object well enough within the true spans",
    "class": "the tube that does has another class",
    "pair": "the two tubes have no row",
    "predicate": "the two tubes have rows, but none with this predicate",
    "order": "another predicate of the pair, of a higher score, took its frames",
    "span": "triple and tubes are right, the spans of the row are not",
    "taken": "the row that would have found it had found another",
}
"""What can become of a true relation, and what it means, in the order in which it is asked."""

ROWS = {
    "right": "finds a true relation",
    "span": "the triple is true of these tubes, at other times",
    "predicate": "the tubes are related otherwise",
    "pair": "true tubes that are not related",
    "tube": "a tube that is no true object",
}
"""What the first rows of a prediction can be."""


@dataclass(frozen=True, eq=False)
class VideoMisses:
    """What became of the true relations of one video, and what its first rows are.

    Attributes:
        predicates: of every distinct true relation.
        reasons: of every distinct true relation, a position in `MISSES`.
        rows: of the first rows, a position in `ROWS`.
    """

    predicates: Int64[np.ndarray, " truths"]
    reasons: Int64[np.ndarray, " truths"]
    rows: Int64[np.ndarray, " rows"]


def misses(
    truth: SceneGraph,
    prediction: SceneGraph,
    k: int = 20,
    threshold: float = THRESHOLDS[0],
    overlaps: str = "reject",
) -> VideoMisses:
    """Take one video apart under graph constraint.

    A true relation that no row finds is followed on the two predicted tubes that overlap its subject and
    object most within the true spans, as the ceiling of the protocol does.

    Args:
        truth: the true graph.
        prediction: the predicted graph, of the same size, length and vocabulary.
        k: rows that count.
        threshold: volume IoU to be reached.
        overlaps: what to do with predicted tubes that overlap (see `tube_overlap.VIDEO_OVERLAPS`).

    Raises:
        InputError: one of the graphs is of an image, or tubes overlap that must not.
    """
    true, predicted = VideoArrays.of(truth), VideoArrays.of(prediction)
    scores, where = predicted.node_scores, truth.source.uri
    overlap = compare_tubes(true.tubes, predicted.tubes, true.num_frames, overlaps, scores, where)
    truths = strict_video.distinct_truths(true)
    rows = predicted.rows(strict_video.by_score(predicted))
    kept = one_predicate_at_a_time(rows)
    found, row = strict_video.find(truths, kept, overlap, threshold)
    ranks = np.full(len(truths.triples), NEVER, dtype=np.int64)
    ranks[found] = row
    reasons = _reasons(truths, rows, kept, overlap, threshold)
    reasons[ranks < NEVER] = _place("late")
    reasons[ranks < k] = _place("found")
    first = kept.rows(np.arange(min(k, len(kept.triples))))
    return VideoMisses(truths.triples[:, 1], reasons, _rows(truths, first, overlap, threshold, row))


class MissCounts:
    """Adds up the misses of videos.

    >>> from scenegraph import SceneGraph, Source, Vocabulary
    >>> words = Vocabulary(things=("person",), stuff=("grass",), predicates=("on",))
    >>> counts = MissCounts(words)
    >>> empty = SceneGraph(Source("video", "a.mp4", 4, 4, num_frames=3), (), (), words)
    >>> counts.add(empty, empty)
    >>> counts.shares()
    {}

    Args:
        vocabulary: of the graphs.
        k: rows that count.
        threshold: volume IoU to be reached.
        overlaps: see `misses`.
    """

    def __init__(
        self, vocabulary: Vocabulary, k: int = 20, threshold: float = THRESHOLDS[0], overlaps: str = "reject"
    ) -> None:
        self.vocabulary, self.k, self.threshold, self.overlaps = vocabulary, k, threshold, overlaps
        self.truths: Counter[tuple[str, str]] = Counter()
        self.rows: Counter[str] = Counter()

    def add(self, truth: SceneGraph, prediction: SceneGraph | None) -> None:
        """Add one video, see `misses`; None stands for a video without prediction."""
        prediction = replace(truth, nodes=(), relations=(), metadata={}) if prediction is None else prediction
        found = misses(truth, prediction, self.k, self.threshold, self.overlaps)
        names = [self.vocabulary.predicates[predicate] for predicate in found.predicates]
        self.truths.update(zip(names, (list(MISSES)[reason] for reason in found.reasons), strict=True))
        self.rows.update(list(ROWS)[row] for row in found.rows)

    def shares(self) -> dict[str, float]:
        """Shares of all true relations by name in `MISSES`; those that occur, "found" first."""
        counts = {name: sum(n for (_, why), n in self.truths.items() if why == name) for name in MISSES}
        return {name: count / self.truths.total() for name, count in counts.items() if count}

    def table(self) -> str:
        """Both tables as text."""
        total, shown = max(self.truths.total(), 1), list(self.shares())
        lines = [f"what became of {self.truths.total()} true relations, vIoU {self.threshold}, {self.k} rows a video"]
        lines += [f"  {name:10}{share:8.1%}  {MISSES[name]}" for name, share in self.shares().items()]
        lines += ["", f"  {'predicate':22}{'true':>6}" + "".join(f"{name:>10}" for name in shown)]
        for predicate in sorted({name for name, _ in self.truths}):
            counts = [self.truths[predicate, why] for why in shown]
            lines.append(f"  {predicate:22}{sum(counts):6}" + "".join(f"{count:10}" for count in counts))
        lines += ["", f"what the first {self.k} rows of a video are, {self.rows.total()} rows"]
        rows = max(self.rows.total(), 1)
        lines += [f"  {name:10}{self.rows[name] / rows:8.1%}  {ROWS[name]}" for name in ROWS if self.rows[name]]
        return "\n".join(lines) if total else lines[0]


def _place(name: str) -> int:
    return list(MISSES).index(name)


def _reasons(
    truths: VideoArrays, rows: VideoArrays, kept: VideoArrays, overlap: TubeOverlap, threshold: float
) -> Int64[np.ndarray, " truths"]:
    """Why no row would find the true relations, each looked at on its best tubes."""
    subject, object_ = (_best_tubes(truths, rows, overlap, end) for end in (0, 2))
    pair = (subject.same[:, None] == rows.triples[:, 0]) & (object_.same[:, None] == rows.triples[:, 2])
    triple = pair & (truths.triples[:, None, 1] == rows.triples[None, :, 1])
    left = (subject.same[:, None] == kept.triples[:, 0]) & (object_.same[:, None] == kept.triples[:, 2])
    left &= truths.triples[:, None, 1] == kept.triples[None, :, 1]
    enough = _reached(truths, kept, overlap, left, threshold)
    cases = {
        "tube": (subject.any_iou < threshold) | (object_.any_iou < threshold),
        "class": (subject.same_iou < threshold) | (object_.same_iou < threshold),
        "pair": ~pair.any(axis=1),
        "predicate": ~triple.any(axis=1),
        "order": ~enough & _reached(truths, rows, overlap, triple, threshold),
        "span": ~enough,
    }
    return np.select(list(cases.values()), [_place(name) for name in cases], _place("taken"))


@dataclass(frozen=True, eq=False)
class _BestTubes:
    """For one end of every true relation the predicted tube of its class that overlaps it most, and how much."""

    same: Int64[np.ndarray, " truths"]
    same_iou: Float64[np.ndarray, " truths"]
    any_iou: Float64[np.ndarray, " truths"]


def _best_tubes(truths: VideoArrays, rows: VideoArrays, overlap: TubeOverlap, end: int) -> _BestTubes:
    every = np.ones((len(truths.triples), len(rows.categories)), dtype=bool)
    iou = strict_video.iou_within_spans(truths, rows, overlap, end, every)
    same = truths.categories[truths.triples[:, end]][:, None] == rows.categories[None]
    alike = np.where(same, iou, -1.0)
    best = alike.argmax(axis=1) if iou.shape[1] else np.full(len(iou), -1)
    return _BestTubes(best, alike.max(axis=1, initial=-1.0), iou.max(axis=1, initial=-1.0))


def _reached(
    truths: VideoArrays,
    rows: VideoArrays,
    overlap: TubeOverlap,
    candidates: Bool[np.ndarray, "truths rows"],
    least: float,
) -> Bool[np.ndarray, " truths"]:
    """Whether one of the candidates of a true relation overlaps it enough, with its spans."""
    truth, row = np.nonzero(candidates)
    enough = np.ones(len(truth), dtype=bool)
    for end in (0, 2):
        pairs = np.stack([truths.triples[truth, end], rows.triples[row, end]], axis=1)
        enough &= overlap.spanned_iou(pairs, truths.active[truth], rows.active[row]) >= least
    reached = np.zeros(len(truths.triples), dtype=bool)
    np.logical_or.at(reached, truth, enough)
    return reached


def _rows(
    truths: VideoArrays,
    first: VideoArrays,
    overlap: TubeOverlap,
    threshold: float,
    finders: Int64[np.ndarray, " found"],
) -> Int64[np.ndarray, " rows"]:
    """What the first rows are; a tube is the true object of its class that it overlaps most over the whole video."""
    same = truths.categories[:, None] == first.categories[None]
    iou = np.where(same, overlap.volume_iou(), 0.0)
    # A tube that is half of a long true one is that object too: what it covers counts, not what it lacks.
    covered = overlap.shared.sum(axis=0) / np.maximum(overlap.predicted_areas.sum(axis=0), 1)
    known = np.where(same, covered, 0.0).max(axis=0, initial=0.0) >= threshold
    owner = iou.argmax(axis=0) if len(iou) else np.zeros(iou.shape[1], dtype=np.int64)
    true = {tuple(each) for each in truths.triples.tolist()}
    pairs = {(subject, object_) for subject, _, object_ in true}
    names = []
    for position, (subject, predicate, object_) in enumerate(first.triples.tolist()):
        ends = int(owner[subject]), int(owner[object_])
        if position in finders:
            names.append("right")
        elif not (known[subject] and known[object_]):
            names.append("tube")
        elif (ends[0], predicate, ends[1]) in true:
            names.append("span")
        else:
            names.append("predicate" if ends in pairs else "pair")
    return np.array([list(ROWS).index(name) for name in names], dtype=np.int64)
