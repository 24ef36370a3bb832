"""Relations of a video of any length: stretch by stretch, or frame by frame while it runs."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from jaxtyping import Int64

from pvsg.relations.clip import Clip, Places, clip_of_frames, places_of
from pvsg.relations.heads.head import PairLogits
from pvsg.relations.rows import SCORES, THRESHOLDS, RelationRows
from pvsg.tracks import TrackedFrame
from scenegraph import InputError, Relation, Span

if TYPE_CHECKING:
    from pvsg.relations.model import VideoRelationModel

STRETCH = 128
"""Frames computed at a time: long enough that what is seen twice at its ends costs little."""

WHOLE = 900
"""Frames that heads which see all frames are given at a time; OpenPVSG trains with as many."""

WINDOW = 64
"""Frames before the newest that such heads see while a video runs."""

_NUMBERS = 1 << 22
"""Pairs times frames computed at a time, times the width of a pair: some tens of megabytes."""


@dataclass(frozen=True)
class Ranking:
    """How rows are made of logits.

    Args:
        score: see `RelationRows`.
        thresholds: of span probabilities, ascending, between 0 and 1.
        pairs: keep the pairs with the best proposals; None keeps all.
        most: relations a video.
        certainty: multiply scores by those of the two tracks.
        mirrored: look at everything a second time with left and right exchanged and take the mean of the logits. On
            16 validation videos of toyworld R@20 rises from 0.340 to 0.357; it takes twice the time.

    Raises:
        InputError: the score is unknown or a number is out of range.
    """

    score: str = "overlap"
    thresholds: Sequence[float] = THRESHOLDS
    pairs: int | None = None
    most: int = 200
    certainty: bool = True
    mirrored: bool = False

    def __post_init__(self) -> None:
        if self.score not in SCORES or self.most < 1 or (self.pairs is not None and self.pairs < 1):
            raise InputError(f"ranking {self}: expected a score of {', '.join(SCORES)} and numbers of 1 or more")
        if not self.thresholds or not all(0 < each < 1 for each in self.thresholds):
            raise InputError(f"thresholds are {list(self.thresholds)}; expected probabilities between 0 and 1")


class RelationStream:
    """Follows one video.

    Give it a whole video (`add_video`), or frames as they come (`update`, then `finish`): for heads whose
    frames depend on a window both find the same. Frames are answered `delay` frames late. Only the window
    is kept, and what `RelationRows` keeps.

    Args:
        model: the relation model, in evaluation mode.
        size: (height, width) of the frames, for `update`.
        stride: answer so many frames at a time; more take less time and come later.
        categories: of the tracks by id, where they are known beforehand. Otherwise a track counts as what it was so far
            (`settled`).
    """

    def __init__(
        self,
        model: "VideoRelationModel",
        size: tuple[int, int] | None = None,
        stride: int = 1,
        categories: Mapping[int, int] | None = None,
    ) -> None:
        self.model, self.size, self.stride = model, size, stride
        self.rows = RelationRows(len(model.vocabulary.predicates), model.ranking.thresholds, model.ranking.score)
        self.delay = model.future or 0
        self._past = WINDOW if model.past is None else model.past
        self._recent: deque[tuple[TrackedFrame, Places]] = deque()
        self._newest, self._next = -1, 0
        self._votes: dict[int, dict[int, int]] = {}
        self._known = dict(categories or {})
        self._taken: dict[int, set[int]] = {}
        self._highest: dict[int, tuple[torch.Tensor, torch.Tensor]] = {}

    @torch.inference_mode()
    def add_video(self, clip: Clip, ids: Int64[np.ndarray, " n"]) -> None:
        """A whole video; `ids` name its tracks."""
        whole = self.model.past is None or self.model.future is None
        step = WHOLE if whole else STRETCH
        past, future = (0, 0) if whole else (self.model.past, self.model.future)
        for start in range(0, clip.num_frames, step):
            stop = min(start + step, clip.num_frames)
            first, last = max(start - past, 0), min(stop + future, clip.num_frames)
            self._add(clip.stretch(first, last), ids, first, start - first, stop - first)

    @torch.inference_mode()
    def update(self, frame: TrackedFrame) -> None:
        """The next frame; frames that are left out are frames without tracks.

        Raises:
            InputError: the frame came before, or the stream does not know the size of frames.
        """
        if self.size is None:
            raise InputError("a stream of frames needs their size")
        if frame.frame <= self._newest:
            raise InputError(f"frame {frame.frame} came; expected {self._newest + 1} or later")
        self._newest = frame.frame
        for track, category in zip(frame.tracks.tolist(), frame.categories.tolist(), strict=True):
            votes = self._votes.setdefault(track, {})
            votes[category] = votes.get(category, 0) + 1
        self._recent.append((frame, places_of(frame.masks, self.size)))
        self._answer(frame.frame + 1 - self.delay, self.stride)

    @torch.inference_mode()
    def finish(self, num_frames: int) -> None:
        """Answer the last frames of a video of so many."""
        self._answer(num_frames, 1)

    @property
    def answered(self) -> int:
        """Frames that are answered: the first so many."""
        return self._next

    def active(self) -> list[tuple[int, int, int, float, Span]]:
        """(subject, predicate, object, score, span so far) of what holds in the newest frame that is answered."""
        return self.rows.active()

    def category(self, track: int) -> int:
        """What most frames of a track said so far, unless it is known; of equally many the first."""
        votes = self._votes[track]
        return self._known.get(track, max(votes, key=votes.__getitem__))

    def settled(self, categories: Mapping[int, int]) -> bool:
        """Whether every answer counted the tracks as what they are in the end: then it is that of a whole video."""
        return all(taken == {categories[track]} for track, taken in self._taken.items())

    def relations(self, certainty: Mapping[int, float] | None = None) -> tuple[Relation, ...]:
        """The best relations so far.

        Args:
            certainty: scores of the tracks by id, for `Ranking.certainty`.
        """
        ranking = self.model.ranking
        if not (ranking.certainty and certainty):
            return self.rows.relations(ranking.most, self._proposed())
        found = self.rows.relations(2 * ranking.most, self._proposed())
        sure = [replace(r, score=r.score * certainty[r.subject] * certainty[r.object]) for r in found]
        return tuple(sorted(sure, key=lambda relation: -relation.score)[: ranking.most])

    def _answer(self, stop: int, stride: int) -> None:
        """Compute the frames before `stop` that have not been computed, as soon as they are `stride`."""
        while stop - self._next >= max(stride, 1):
            start = self._next
            self._next = min(stop, start + STRETCH)
            first, last = start - self._past, self._next + self.delay
            while self._recent and self._recent[0][0].frame < first:
                self._recent.popleft()
            inside = [each for each in self._recent if each[0].frame < last]
            if not any(start <= frame.frame < self._next and len(frame) for frame, _ in inside):
                continue
            frames, places = zip(*inside, strict=True)
            known = {track for frame in frames for track in frame.tracks.tolist()}
            labels = {track: self.category(track) for track in known}
            for track, label in labels.items():
                self._taken.setdefault(track, set()).add(label)
            clip, ids = clip_of_frames(frames, places, first, last, self.size, labels)
            self._add(clip, ids, first, self._past, self._past + self._next - start)

    def _add(self, clip: Clip, ids: Int64[np.ndarray, " n"], first_frame: int, start: int, stop: int) -> None:
        """Logits of the frames `start` to `stop` of a clip whose first frame is `first_frame` of the video."""
        model = self.model
        device = next(model.parameters()).device
        clip = Clip(*(each.to(device) for each in clip))
        views = (clip, clip.mirrored()) if model.ranking.mirrored else (clip,)
        encoded = [model.encode(view) for view in views]
        subjects, objects = encoded[0]
        self._summarise(clip, ids, subjects[:, start:stop], objects[:, start:stop], slice(start, stop))
        pairs = clip.stretch(start, stop).pairs()
        width = subjects.shape[-1] * 2 * max(clip.num_frames, 1)
        for part in pairs.split(max(1, _NUMBERS // max(width, 1))):
            found = [model.logits(view, part, *tracks) for view, tracks in zip(views, encoded, strict=True)]
            logits = PairLogits(*(sum(each) / len(views) for each in zip(*found, strict=True)))
            together = (clip.present[part[:, 0]] & clip.present[part[:, 1]])[:, start:stop]
            self.rows.add(
                ids[part.cpu().numpy()],
                first_frame + start,
                logits.predicates[:, start:stop].float().cpu().numpy(),
                logits.spans[:, start:stop].float().cpu().numpy(),
                together.cpu().numpy(),
            )

    def _summarise(
        self, clip: Clip, ids: Int64[np.ndarray, " n"], subjects: torch.Tensor, objects: torch.Tensor, inner: slice
    ) -> None:
        """Keep of every track what the pair proposal sees: the maximum over time."""
        if self.model.proposal is None:
            return
        present = clip.present[:, inner]
        seen = present.any(1)
        sides = [self.model.proposal.summary(each[seen], present[seen]) for each in (subjects, objects)]
        for track, subject, object_ in zip(ids[seen.cpu().numpy()].tolist(), *sides, strict=True):
            if track in self._highest:
                before = self._highest[track]
                subject, object_ = torch.maximum(before[0], subject), torch.maximum(before[1], object_)
            self._highest[track] = subject, object_

    def _proposed(self) -> list[tuple[int, int]] | None:
        """The pairs with the best proposals; None for all."""
        most = self.model.ranking.pairs
        if self.model.proposal is None or most is None:
            return None
        if not self._highest:
            return []
        ids = np.array(list(self._highest))
        with torch.inference_mode():
            sides = (torch.stack(side) for side in zip(*self._highest.values(), strict=True))
            logits = self.model.proposal(*sides).fill_diagonal_(-torch.inf).flatten()
        best = logits.topk(min(most, len(logits))).indices.cpu().numpy()
        subjects, objects = ids[best // len(ids)], ids[best % len(ids)]
        return [pair for pair in zip(subjects.tolist(), objects.tolist(), strict=True) if pair[0] != pair[1]]
