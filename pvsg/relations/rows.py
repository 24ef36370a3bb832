"""From logits, frame by frame, to the relations of a video."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float32, Float64, Int64

from scenegraph import Relation, Span
from scenegraph.spans import merge

SCORES = ("overlap", "predicate")
THRESHOLDS = (0.15, 0.25, 0.35, 0.5, 0.65)
"""Where a predicate is sure a high one gives the better spans, where it is rare or doubtful a low one."""

_FIRST_SLOTS = 64
_CLOSED = -1
_STEEPEST = 30.0
"""Logits are cut here: beyond it a probability is 0 or 1."""


class RelationRows:
    """Adds up what a model says of pairs of tracks while a video runs.

    A row is a pair with a predicate. It holds in the frames whose span probability is above a threshold
    and in which both tracks are seen. Kept of it are its spans and some sums for every threshold, so memory
    grows with the number of pairs and of spans, not with the frames. The scores:

    * "overlap": the temporal IoU with the truth that the model itself expects of the row's spans,
      `sum of p in the spans / (frames in the spans + sum of p outside)`, p the probability of a frame. Of
      the thresholds the one with the highest is taken. A row is then ranked by, and has the spans that
      promise most of, what the strict protocol rewards.
    * "predicate": the highest predicate logit of all frames, as a probability (OpenPVSG).

    Args:
        num_predicates: of the vocabulary.
        thresholds: of span probabilities, ascending.
        score: one of `SCORES`.
    """

    def __init__(self, num_predicates: int, thresholds: Sequence[float] = THRESHOLDS, score: str = "overlap") -> None:
        self.score = score
        levels = np.array(thresholds, dtype=np.float64)
        self._thresholds = np.log(levels / (1 - levels)).astype(np.float32)[:, None, None, None]
        self.pairs: dict[tuple[int, int], int] = {}
        shape = (_FIRST_SLOTS, num_predicates)
        self._total = np.zeros(shape)
        self._best = np.full(shape, -np.inf, dtype=np.float32)
        self._inside = np.zeros((len(levels), *shape))
        self._frames = np.zeros((len(levels), *shape), dtype=np.int64)
        self._since = np.full((len(levels), *shape), _CLOSED, dtype=np.int64)
        self._until = np.zeros(_FIRST_SLOTS, dtype=np.int64)
        self._spans: dict[tuple[int, int, int], list[Span]] = defaultdict(list)

    def add(
        self,
        pairs: Int64[np.ndarray, "p 2"],
        first_frame: int,
        predicates: Float32[np.ndarray, "p t c"],
        spans: Float32[np.ndarray, "p t c"],
        together: Bool[np.ndarray, "p t"],
    ) -> None:
        """Add the logits of t frames; a pair must not come twice in one call.

        Args:
            pairs: track ids.
            first_frame: of the logits; frames of one pair must rise from call to call.
            predicates: predicate logits.
            spans: span logits.
            together: where both tracks are seen.
        """
        if not len(pairs):
            return
        slots = self._slots(pairs)
        self._close(slots[self._until[slots] < first_frame])
        seen = together[..., None]
        probable = np.where(seen, probability(spans), 0.0)
        active = (spans > self._thresholds) & seen
        self._total[slots] += probable.sum(axis=1)
        self._inside[:, slots] += np.where(active, probable, 0.0).sum(axis=2)
        self._frames[:, slots] += active.sum(axis=2)
        highest = np.where(seen, predicates, -np.inf).max(axis=1, initial=-np.inf)
        self._best[slots] = np.maximum(self._best[slots], highest)
        self._follow(slots, active, first_frame)
        self._until[slots] = first_frame + together.shape[1]

    def active(self) -> list[tuple[int, int, int, float, Span]]:
        """(subject, predicate, object, score, span so far) of the rows that hold in the newest frame."""
        ids = list(self.pairs)
        newest = int(self._until[: len(ids)].max(initial=0))
        current = np.flatnonzero(self._until[: len(ids)] == newest)
        scores, levels = self._scores(current)
        since = np.take_along_axis(self._since[:, current], levels[None], axis=0)[0]
        return [
            (ids[current[at]][0], predicate, ids[current[at]][1], float(scores[at, predicate]), span)
            for at, predicate in np.argwhere(since != _CLOSED).tolist()
            for span in (Span(int(since[at, predicate]), newest),)
        ]

    def relations(self, most: int = 200, pairs: Sequence[tuple[int, int]] | None = None) -> tuple[Relation, ...]:
        """The rows with the highest scores that hold in some frame, the best first; track ids name the nodes.

        Args:
            most: at most so many.
            pairs: of these pairs only.
        """
        wanted = list(self.pairs if pairs is None else [pair for pair in pairs if pair in self.pairs])
        slots = np.array([self.pairs[pair] for pair in wanted], dtype=np.int64)
        scores, levels = self._scores(slots)
        order = np.argsort(-scores, axis=None, kind="stable")[:most]
        found = []
        for row, predicate in zip(*np.unravel_index(order, scores.shape), strict=True):
            if scores[row, predicate] < 0:
                break
            subject, object_ = wanted[row]
            spans = self._spans_of(int(levels[row, predicate]), int(slots[row]), int(predicate))
            found.append(Relation(subject, int(predicate), object_, float(scores[row, predicate]), spans))
        return tuple(found)

    def _scores(self, slots: Int64[np.ndarray, " s"]) -> tuple[Float64[np.ndarray, "s c"], Int64[np.ndarray, "s c"]]:
        """Scores of the rows of some pairs, -1 for what never holds, and the position of the best threshold."""
        inside, frames = self._inside[:, slots], self._frames[:, slots]
        overlap = np.where(frames > 0, inside / np.maximum(frames + self._total[slots] - inside, 1e-9), -1.0)
        levels = overlap.argmax(axis=0) if len(slots) else np.zeros(overlap.shape[1:], dtype=np.int64)
        best = overlap.max(axis=0, initial=-1.0)
        if self.score == "predicate":
            best = np.where(best < 0, -1.0, probability(self._best[slots]))
        return best, levels

    def _spans_of(self, level: int, slot: int, predicate: int) -> tuple[Span, ...]:
        since = int(self._since[level, slot, predicate])
        running = [] if since == _CLOSED else [Span(since, int(self._until[slot]))]
        return merge([*self._spans.get((level, slot, predicate), ()), *running])

    def _slots(self, pairs: Int64[np.ndarray, "p 2"]) -> Int64[np.ndarray, " p"]:
        slots = [self.pairs.setdefault((subject, object_), len(self.pairs)) for subject, object_ in pairs.tolist()]
        capacity = len(self._until)
        while capacity < len(self.pairs):
            capacity *= 2
        grown = capacity - len(self._until)
        if grown:
            initial = {"_total": 0.0, "_best": -np.inf, "_inside": 0.0, "_frames": 0, "_since": _CLOSED}
            for name, value in initial.items():
                old = getattr(self, name)
                widths = [(0, 0)] * (old.ndim - 2) + [(0, grown), (0, 0)]
                setattr(self, name, np.pad(old, widths, constant_values=value))
            self._until = np.pad(self._until, (0, grown))
        return np.array(slots, dtype=np.int64)

    def _close(self, slots: Int64[np.ndarray, " s"]) -> None:
        """End what held until a pair was lost."""
        for level, at, predicate in np.argwhere(self._since[:, slots] != _CLOSED).tolist():
            slot = int(slots[at])
            span = Span(int(self._since[level, slot, predicate]), int(self._until[slot]))
            self._spans[level, slot, predicate].append(span)
        self._since[:, slots] = _CLOSED

    def _follow(
        self, slots: Int64[np.ndarray, " p"], active: Bool[np.ndarray, "levels p t c"], first_frame: int
    ) -> None:
        """Where rows begin and end: one step an edge, of which there are few."""
        before = (self._since[:, slots] != _CLOSED)[:, :, None]
        states = np.concatenate([before, active], axis=2)
        edges = np.argwhere(states[:, :, 1:] != states[:, :, :-1])
        for level, at, step, predicate in edges.tolist():
            slot = int(slots[at])
            if active[level, at, step, predicate]:
                self._since[level, slot, predicate] = first_frame + step
            else:
                span = Span(int(self._since[level, slot, predicate]), first_frame + step)
                self._spans[level, slot, predicate].append(span)
                self._since[level, slot, predicate] = _CLOSED


def probability(logits: Float32[np.ndarray, "*n"]) -> Float64[np.ndarray, "*n"]:
    """The probabilities of logits."""
    return 1 / (1 + np.exp(-logits.astype(np.float64).clip(-_STEEPEST, _STEEPEST)))
