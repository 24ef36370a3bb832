"""How many pixels two sets of tubes share, frame by frame, counted on the runs of their masks.

A block of frames lies behind one another on one long line, so one sort and one cut serve all masks
of the block; no mask is decoded and no block is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float64, Int32, Int64

from scenegraph.errors import InputError
from scenegraph.masks import Mask, MaskSet, Runs, cut_runs, separated_runs
from scenegraph.regions import Segment, Tube

VIDEO_OVERLAPS = ("reject", "highest", "measure")
"""What to do with predicted tubes that overlap: refuse them, give a shared pixel to the node with the
highest score (ties: the first), or leave it (then there is no panoptic quality)."""

_BLOCK = 32
"""Frames on one line: enough to make the cost of a call small, some megabytes of runs."""

_CELLS = 1 << 21
"""Frames times pairs looked at together: some tens of megabytes."""


@dataclass(frozen=True, eq=False)
class TubeOverlap:
    """Pixels by frame: `shared` by a true and a predicted tube, and of each tube alone."""

    shared: Int32[np.ndarray, "frames n m"]
    truth_areas: Int64[np.ndarray, "frames n"]
    predicted_areas: Int64[np.ndarray, "frames m"]

    def frame_iou(self) -> Float64[np.ndarray, "frames n m"]:
        """Intersection over union of every pair in every frame; 0 where both are empty."""
        union = self.truth_areas[:, :, None] + self.predicted_areas[:, None, :] - self.shared
        return np.divide(self.shared, union, out=np.zeros(self.shared.shape), where=union > 0)

    def volume_iou(self) -> Float64[np.ndarray, "n m"]:
        """Intersection over union of whole tubes, in pixels over all frames; 0 where both are empty."""
        shared = self.shared.sum(axis=0, dtype=np.int64)
        union = self.truth_areas.sum(axis=0)[:, None] + self.predicted_areas.sum(axis=0)[None, :] - shared
        return np.divide(shared, union, out=np.zeros(shared.shape), where=union > 0)

    def spanned_iou(
        self,
        pairs: Int64[np.ndarray, "pairs 2"],
        truth_active: Bool[np.ndarray, "pairs frames"],
        predicted_active: Bool[np.ndarray, "pairs frames"],
    ) -> Float64[np.ndarray, " pairs"]:
        """Volume IoU of (true, predicted) tubes, each cut to the frames of its own spans.

        A frame in the spans of one side only adds to the union, so time outside the truth costs.
        """
        result = np.zeros(len(pairs))
        step = max(1, _CELLS // max(1, truth_active.shape[1]))
        for start in range(0, len(pairs), step):
            part = slice(start, start + step)
            truth, prediction = pairs[part].T
            first, second = truth_active[part], predicted_active[part]
            shared = np.einsum("pf,fp->p", first & second, self.shared[:, truth, prediction], dtype=np.int64)
            union = np.einsum("pf,fp->p", first, self.truth_areas[:, truth])
            union += np.einsum("pf,fp->p", second, self.predicted_areas[:, prediction])
            union -= shared
            np.divide(shared, union, out=result[part], where=union > 0)
        return result


def compare_tubes(
    truth: Sequence[Tube | None],
    prediction: Sequence[Tube | None],
    num_frames: int,
    overlaps: str = "measure",
    scores: Float64[np.ndarray, " m"] | None = None,
    where: str = "the video",
) -> TubeOverlap:
    """Count the shared pixels of every true and every predicted tube in every frame.

    A box without a mask stands for the pixels whose centres lie in it.

    Args:
        truth: true tubes.
        prediction: predicted tubes.
        num_frames: frames of the video.
        overlaps: one of `VIDEO_OVERLAPS`; "measure" admits overlapping truths too.
        scores: of the predicted tubes, for "highest"; their order decides if left out.
        where: name of the video for the message.

    Raises:
        InputError: sizes differ, or tubes overlap that must not.
    """
    sizes = {tube.size for tube in (*truth, *prediction) if tube is not None}
    if len(sizes) > 1:
        raise InputError(f"{where}: tubes of different sizes cannot be compared: {sorted(sizes)}")
    pixels = int(np.prod(next(iter(sizes)))) if sizes else 0
    priority = np.arange(len(prediction)) if scores is None else np.argsort(-scores, kind="stable")
    shared = np.zeros((num_frames, len(truth), len(prediction)), dtype=np.int32)
    areas = [np.zeros((num_frames, len(tubes)), dtype=np.int64) for tubes in (truth, prediction)]
    for start in range(0, num_frames if pixels else 0, _BLOCK):
        frames = range(start, min(start + _BLOCK, num_frames))
        first, second = (_runs(tubes, frames, pixels) for tubes in (truth, prediction))
        if overlaps != "measure":
            _check_disjoint(first, "reject", f"truth of {where}", frames)
            _check_disjoint(second, overlaps, f"prediction of {where}", frames)
            second = second if second.disjoint else separated_runs(second, priority)
        block = slice(frames.start, frames.stop)
        shared[block] = _shared(first, second, len(frames), pixels, shared.shape[1:])
        for runs, side in ((first, areas[0]), (second, areas[1])):
            cells = runs.starts // pixels * side.shape[1] + runs.owner
            counts = np.bincount(cells, weights=runs.stops - runs.starts, minlength=len(frames) * side.shape[1])
            side[block] = counts.reshape(len(frames), side.shape[1])
    return TubeOverlap(shared, *areas)


def mask_of(segment: Segment) -> Mask:
    """The mask of a segment; of a box the pixels whose centres lie in it."""
    if segment.mask is not None:
        return segment.mask
    height, width = segment.size
    left, top, right, bottom = (
        int(edge) for edge in np.clip(np.ceil(np.array(segment.box) - 0.5), 0, [width, height, width, height])
    )
    rows, columns = bottom - top, right - left
    if rows <= 0 or columns <= 0:
        return Mask(height, width, np.array([height * width]))
    runs = np.tile([height - rows, rows], columns)
    runs[0] = left * height + top
    return Mask(height, width, np.append(runs, height * width - runs.sum()))


def _runs(tubes: Sequence[Tube | None], frames: range, pixels: int) -> Runs:
    """The runs of a block of frames on one line; the owner is the position of the tube."""
    places, masks = [], []
    for node, tube in enumerate(tubes):
        for frame in frames if tube is not None else ():
            if (segment := tube.segments.get(frame)) is not None:  # type: ignore[union-attr]
                places.append((node, (frame - frames.start) * pixels))
                masks.append(mask_of(segment))
    runs = MaskSet(masks).runs
    owner, offset = np.array(places, dtype=np.int64).reshape(-1, 2).T
    starts = runs.starts + offset[runs.owner]
    order = np.argsort(starts, kind="stable")
    return Runs(starts[order], (runs.stops + offset[runs.owner])[order], owner[runs.owner][order])


def _shared(
    first: Runs, second: Runs, frames: int, pixels: int, sizes: tuple[int, ...]
) -> Int64[np.ndarray, "frames n m"]:
    """Shared pixels of every pair of tubes in every frame of a block."""
    counts = np.zeros(frames * sizes[0] * sizes[1])
    # A line that overlaps itself is cut at one of its tubes at a time.
    lines = [second] if second.disjoint else [second.of_owner(node) for node in np.unique(second.owner).tolist()]
    for line in lines:
        run, other, start, length = cut_runs(first, line)
        cells = (start // pixels * sizes[0] + first.owner[run]) * sizes[1] + line.owner[other]
        counts += np.bincount(cells, weights=length, minlength=len(counts))
    return counts.astype(np.int64).reshape(frames, *sizes)


def _check_disjoint(runs: Runs, overlaps: str, where: str, frames: range) -> None:
    if overlaps == "reject" and not runs.disjoint:
        raise InputError(
            f"{where}: tubes overlap in frames {frames.start}-{frames.stop - 1}, and the strict protocol needs one id "
            'map a frame; choose what to do with predictions: overlaps="highest" (a pixel goes to the highest score) '
            'or "measure" (leave them)'
        )
