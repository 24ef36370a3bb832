"""From logits, frame by frame, to the relations of a video."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float32, Float64, Int64

from scenegraph import Relation, Span
from scenegraph.spans import merge

SCORES = ("overlap", "predicate")
_FIRST_SLOTS = 64
_CLOSED = -1
_INITIAL = {"_inside": 0, "_outside": 0, "_frames": 0, "_best": -np.inf, "_since": _CLOSED}


class RelationRows:
    """Adds up what a model says of pairs of tracks while a video runs.

    A row is a pair with a predicate. It holds in the frames whose span logit is above `threshold` and in
    which both tracks are seen. Kept of it are its spans and three sums, so memory grows with the number of
    pairs and of spans, not with the frames. The scores:

    * "overlap": the temporal IoU with the truth that the model itself expects of the row's spans,
      `sum of p in the spans / (frames in the spans + sum of p outside)`, p the probability of a frame. A
      row is then ranked by what the strict protocol rewards.
    * "predicate": the highest predicate logit of all frames, as a probability (OpenPVSG).

    Args:
        num_predicates: of the vocabulary.
        threshold: of span logits.
        score: one of `SCORES`.
    """

    def __init__(self, num_predicates: int, threshold: float = 0.0, score: str = "overlap") -> None:
        self.threshold, self.score = threshold, score
        self.pairs: dict[tuple[int, int], int] = {}
        shape = (_FIRST_SLOTS, num_predicates)
        self._inside = np.zeros(shape)
        self._outside = np.zeros(shape)
        self._frames = np.zeros(shape, dtype=np.int64)
        self._best = np.full(shape, -np.inf, dtype=np.float32)
        self._since = np.full(shape, _CLOSED, dtype=np.int64)
        self._until = np.zeros(_FIRST_SLOTS, dtype=np.int64)
        self._spans: dict[tuple[int, int], list[Span]] = defaultdict(list)

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
        probable = np.where(together[..., None], 1 / (1 + np.exp(-spans.clip(-30, 30).astype(np.float64))), 0.0)
        active = (spans > self.threshold) & together[..., None]
        self._inside[slots] += np.where(active, probable, 0.0).sum(axis=1)
        self._outside[slots] += np.where(active, 0.0, probable).sum(axis=1)
        self._frames[slots] += active.sum(axis=1)
        seen = np.where(together[..., None], predicates, -np.inf).max(axis=1, initial=-np.inf)
        self._best[slots] = np.maximum(self._best[slots], seen)
        self._follow(slots, active, first_frame)
        self._until[slots] = first_frame + together.shape[1]

    def active(self) -> list[tuple[int, int, int, float, Span]]:
        """(subject, predicate, object, score, span so far) of the rows that hold in the newest frame."""
        ids = list(self.pairs)
        newest = int(self._until[: len(ids)].max(initial=0))
        current = np.flatnonzero(self._until[: len(ids)] == newest)
        scores, since = self.score_of(current), self._since[current]
        return [
            (ids[current[at]][0], predicate, ids[current[at]][1], float(scores[at, predicate]), span)
            for at, predicate in np.argwhere(since != _CLOSED).tolist()
            for span in (Span(int(since[at, predicate]), newest),)
        ]

    def score_of(self, slots: Int64[np.ndarray, " s"]) -> Float64[np.ndarray, "s c"]:
        """Scores of the rows of some pairs."""
        if self.score == "predicate":
            return 1 / (1 + np.exp(-self._best[slots].astype(np.float64).clip(-30, 30)))
        return self._inside[slots] / np.maximum(self._frames[slots] + self._outside[slots], 1e-9)

    def relations(self, most: int = 200, pairs: Sequence[tuple[int, int]] | None = None) -> tuple[Relation, ...]:
        """The rows with the highest scores that hold in some frame, the best first; track ids name the nodes.

        Args:
            most: at most so many.
            pairs: of these pairs only.
        """
        wanted = self.pairs if pairs is None else [pair for pair in pairs if pair in self.pairs]
        slots = np.array([self.pairs[pair] for pair in wanted], dtype=np.int64)
        scores = np.where(self._frames[slots] > 0, self.score_of(slots), -1.0)
        order = np.argsort(-scores, axis=None, kind="stable")[:most]
        ids = list(wanted)
        found = []
        for row, predicate in zip(*np.unravel_index(order, scores.shape), strict=True):
            if scores[row, predicate] < 0:
                break
            (subject, object_), spans = ids[row], self._spans_of(int(slots[row]), int(predicate))
            found.append(Relation(subject, int(predicate), object_, float(scores[row, predicate]), spans))
        return tuple(found)

    def _spans_of(self, slot: int, predicate: int) -> tuple[Span, ...]:
        since = int(self._since[slot, predicate])
        running = [] if since == _CLOSED else [Span(since, int(self._until[slot]))]
        return merge([*self._spans.get((slot, predicate), ()), *running])

    def _slots(self, pairs: Int64[np.ndarray, "p 2"]) -> Int64[np.ndarray, " p"]:
        slots = [self.pairs.setdefault((subject, object_), len(self.pairs)) for subject, object_ in pairs.tolist()]
        capacity = len(self._until)
        while capacity < len(self.pairs):
            capacity *= 2
        grown = capacity - len(self._until)
        if grown:
            for name, value in _INITIAL.items():
                setattr(self, name, np.pad(getattr(self, name), ((0, grown), (0, 0)), constant_values=value))
            self._until = np.pad(self._until, (0, grown))
        return np.array(slots, dtype=np.int64)

    def _close(self, slots: Int64[np.ndarray, " s"]) -> None:
        """End what held until a pair was lost."""
        for at, predicate in np.argwhere(self._since[slots] != _CLOSED).tolist():
            slot = int(slots[at])
            self._spans[slot, predicate].append(Span(int(self._since[slot, predicate]), int(self._until[slot])))
        self._since[slots] = _CLOSED

    def _follow(self, slots: Int64[np.ndarray, " p"], active: Bool[np.ndarray, "p t c"], first_frame: int) -> None:
        """Where rows begin and end: one step an edge, of which there are few."""
        before = (self._since[slots] != _CLOSED)[:, None]
        states = np.concatenate([before, active], axis=1)
        at, frame, predicate = np.nonzero(states[:, 1:] != states[:, :-1])
        for row, step, which in zip(at.tolist(), frame.tolist(), predicate.tolist(), strict=True):
            slot = int(slots[row])
            if active[row, step, which]:
                self._since[slot, which] = first_frame + step
            else:
                self._spans[slot, which].append(Span(int(self._since[slot, which]), first_frame + step))
                self._since[slot, which] = _CLOSED
