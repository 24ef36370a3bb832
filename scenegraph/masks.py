"""Binary masks, kept as run lengths and decoded on demand, and their overlaps.

A mask of 480 x 640 takes some kilobytes instead of 307; areas, boxes, intersections and the id map
of a whole picture are computed from the runs, without decoding.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, SupportsIndex, overload

import numpy as np
from jaxtyping import Bool, Float64, Int32, Int64

from scenegraph.errors import InputError
from scenegraph.rle import decode_counts, encode_counts

Box = tuple[float, float, float, float]
"""x1, y1, x2, y2 in pixels; the right and the lower edge are exclusive."""

MAX_PIXELS = 89_000_000
"""Larger pictures are refused: a small file can otherwise claim more memory than the machine has.

(Pillow, too, warns of a "decompression bomb" a little above this.)
"""


@dataclass(frozen=True, eq=False)
class Mask:
    """A binary mask as the lengths of alternating runs of 0 and 1, column by column (COCO's order).

    `counts` is int64, starts with a run of zeros (perhaps of length 0) and sums to height * width.

    >>> mask = Mask.from_array(np.array([[0, 1], [0, 1]], dtype=bool))
    >>> mask.area, mask.box, mask.to_coco()["counts"]
    (2, (1.0, 0.0, 2.0, 2.0), '22')
    """

    height: int
    width: int
    counts: Int64[np.ndarray, " runs"]

    def __post_init__(self) -> None:
        counts = np.asarray(self.counts, dtype=np.int64)
        if self.height < 0 or self.width < 0:
            raise InputError(f"a mask of {self.height} x {self.width} is not possible")
        if len(counts) and counts.min() < 0:
            raise InputError("a mask has a run of negative length")
        pixels = self.height * self.width
        # A single run may be so long that the sum wraps around to the right number.
        if counts.sum() != pixels or counts.max(initial=0) > pixels:
            raise InputError(
                f"the runs of a mask cover {sum(counts.tolist())} pixels; {self.height} x {self.width} needs {pixels}"
            )
        counts = _canonical(counts)
        counts.setflags(write=False)
        object.__setattr__(self, "counts", counts)

    @classmethod
    def from_array(cls, array: Bool[np.ndarray, "height width"]) -> "Mask":
        """Compress a boolean array."""
        height, width = array.shape
        flat = array.ravel(order="F")
        changes = np.flatnonzero(flat[1:] != flat[:-1]) + 1
        edges = np.concatenate(([0], changes, [flat.size]))
        counts = np.diff(edges)
        if flat.size and flat[0]:
            counts = np.concatenate(([0], counts))
        return cls(height, width, counts)

    @classmethod
    def from_coco(cls, coded: Mapping[str, object]) -> "Mask":
        """From COCO's `{"size": [height, width], "counts": text or list}`.

        Raises:
            InputError: the fields are missing, do not describe a mask of that size, or claim more
                than `MAX_PIXELS`.
        """
        try:
            height, width = (int(side) for side in coded["size"])  # type: ignore[attr-defined]
            counts = coded["counts"]
        except (KeyError, TypeError, ValueError, OverflowError):
            raise InputError(
                'a mask must be {"size": [height, width], "counts": text or list of run lengths}'
            ) from None
        if height * width > MAX_PIXELS:
            raise InputError(f"a mask of {height} x {width} pixels; at most {MAX_PIXELS:,} are read")
        if isinstance(counts, bytes):
            counts = counts.decode("ascii", errors="replace")
        if isinstance(counts, str):
            return cls(height, width, decode_counts(counts))
        try:
            runs = np.asarray(counts)
        except ValueError:  # lists of different lengths inside
            runs = np.array(None)
        if runs.ndim != 1 or (runs.dtype.kind not in "iu" and runs.size):
            raise InputError("the run lengths of a mask must be whole numbers")
        return cls(height, width, runs.astype(np.int64))

    def to_coco(self) -> dict[str, object]:
        """`{"size": [height, width], "counts": text}`, readable by the COCO API."""
        return {"size": [self.height, self.width], "counts": encode_counts(self.counts)}

    def array(self) -> Bool[np.ndarray, "height width"]:
        """The decoded mask."""
        ones = np.zeros(len(self.counts), dtype=bool)
        ones[1::2] = True
        return np.repeat(ones, self.counts).reshape(self.width, self.height).T

    @property
    def size(self) -> tuple[int, int]:
        """(height, width)."""
        return self.height, self.width

    @property
    def starts(self) -> Int64[np.ndarray, " runs_of_ones"]:
        """Flat column-major positions where runs of ones begin."""
        return self._ends[: len(self.counts) // 2 * 2 : 2]

    @property
    def stops(self) -> Int64[np.ndarray, " runs_of_ones"]:
        """Flat column-major positions just after the runs of ones."""
        return self._ends[1::2]

    @cached_property
    def _ends(self) -> Int64[np.ndarray, " runs"]:
        return np.cumsum(self.counts)

    @cached_property
    def area(self) -> int:
        """Number of pixels."""
        return int(self.counts[1::2].sum())

    @cached_property
    def box(self) -> Box:
        """Tight enclosing box; (0, 0, 0, 0) for an empty mask."""
        starts, last = self.starts, self.stops - 1
        if len(starts) == 0:
            return (0.0, 0.0, 0.0, 0.0)
        first_column, last_column = starts // self.height, last // self.height
        wraps = last_column > first_column
        top = 0 if wraps.any() else int((starts % self.height).min())
        bottom = self.height if wraps.any() else int((last % self.height).max()) + 1
        return (float(first_column[0]), float(top), float(last_column[-1] + 1), float(bottom))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Mask) or self.size != other.size:
            return NotImplemented if not isinstance(other, Mask) else False
        return np.array_equal(self.starts, other.starts) and np.array_equal(self.stops, other.stops)

    def __hash__(self) -> int:
        return hash((self.size, self.counts.tobytes()))


def _canonical(counts: Int64[np.ndarray, " runs"]) -> Int64[np.ndarray, " shorter"]:
    """The same pixels without empty runs but the first: equal masks then have equal runs and hashes."""
    if not counts.any():
        return np.zeros(1, dtype=np.int64)
    empty = counts == 0
    empty[:1] = False
    if not empty.any():
        return counts
    # A run joins the last run of its own value: between them lie empty runs only.
    value = np.arange(len(counts)) % 2
    kept = ~empty
    values, lengths = value[kept], counts[kept]
    if lengths[0] == 0:
        values, lengths = values[1:], lengths[1:]
    if not len(lengths):
        return lengths
    first = np.flatnonzero(np.concatenate(([True], values[1:] != values[:-1])))
    joined = np.add.reduceat(lengths, first)
    return np.concatenate(([0], joined)) if values[0] else joined


_CHUNK = 4096
"""Stretches counted at a time, so that the numbers of 200 masks take some megabytes."""


class Runs(NamedTuple):
    """Runs of ones of many masks in one list, sorted by start; `owner` is the position of the mask."""

    starts: Int64[np.ndarray, " runs"]
    stops: Int64[np.ndarray, " runs"]
    owner: Int64[np.ndarray, " runs"]

    @property
    def disjoint(self) -> bool:
        """Whether no position belongs to two runs."""
        return bool((self.starts[1:] >= self.stops[:-1]).all())

    def of_owner(self, owner: int) -> "Runs":
        """The runs of one mask."""
        mine = self.owner == owner
        return Runs(self.starts[mine], self.stops[mine], self.owner[mine])


class MaskSet(Sequence[Mask]):
    """The masks of one picture, with what several measurements need of all of them together."""

    def __init__(self, masks: Iterable[Mask]) -> None:
        self._masks = tuple(masks)

    @classmethod
    def of(cls, masks: Sequence[Mask]) -> "MaskSet":
        """The masks as a set; a set stays as it is and keeps what it knows."""
        return masks if isinstance(masks, MaskSet) else cls(masks)

    def __len__(self) -> int:
        return len(self._masks)

    @overload
    def __getitem__(self, position: SupportsIndex) -> Mask: ...

    @overload
    def __getitem__(self, position: slice) -> "MaskSet": ...

    def __getitem__(self, position: SupportsIndex | slice) -> "Mask | MaskSet":
        return MaskSet(self._masks[position]) if isinstance(position, slice) else self._masks[position]

    @cached_property
    def areas(self) -> Int64[np.ndarray, " masks"]:
        """Pixels of every mask."""
        lengths = self.runs.stops - self.runs.starts
        return np.bincount(self.runs.owner, weights=lengths, minlength=len(self)).astype(np.int64)

    @cached_property
    def runs(self) -> Runs:
        """The runs of all masks, which must be of one size."""
        counts = [mask.counts for mask in self._masks]
        runs = np.array([len(each) for each in counts], dtype=np.int64)
        ends = np.cumsum(np.concatenate(counts)) if counts else np.zeros(0, dtype=np.int64)
        # Behind one another the masks lie on one long line; within each, runs of 0 and 1 alternate.
        owner = np.repeat(np.arange(len(runs)), runs)
        ones = np.flatnonzero((np.arange(len(ends)) - (np.cumsum(runs) - runs)[owner]) & 1)
        owner = owner[ones]
        before = owner * (self._masks[0].height * self._masks[0].width if counts else 0)
        starts, stops = ends[ones - 1] - before, ends[ones] - before
        order = np.argsort(starts, kind="stable")
        return Runs(starts[order], stops[order], owner[order])

    @cached_property
    def disjoint(self) -> bool:
        """Whether no pixel belongs to two masks: they are an id map."""
        return self.runs.disjoint


def intersections(first: Sequence[Mask], second: Sequence[Mask]) -> Int64[np.ndarray, "n m"]:
    """Pixels shared by every mask of `first` and every mask of `second`; masks may overlap.

    Computed on the runs: where the masks of one side do not overlap each other (an id map), every
    run of the other side is cut at the runs of that side; else the stretches between all run ends
    are counted.

    Raises:
        InputError: the masks are not all of one size.
    """
    sizes = {mask.size for mask in (*first, *second)}
    if len(sizes) > 1:
        raise InputError(f"masks of different sizes cannot be compared: {sorted(sizes)}")
    if not (len(first) and len(second)):
        return np.zeros((len(first), len(second)), dtype=np.int64)
    first, second = MaskSet.of(first), MaskSet.of(second)
    if second.disjoint:
        return _cut(first, second)
    if first.disjoint:
        return _cut(second, first).T
    return _count(first, second)


def iou_matrix(first: Sequence[Mask], second: Sequence[Mask]) -> Float64[np.ndarray, "n m"]:
    """Intersection over union of every pair of masks; 0 where both are empty."""
    return iou_of(intersections(first, second), first, second)


def iou_of(
    shared: Int64[np.ndarray, "n m"], first: Sequence[Mask], second: Sequence[Mask]
) -> Float64[np.ndarray, "n m"]:
    """Intersection over union of every pair of masks whose `intersections` are known; 0 where both are empty."""
    union = MaskSet.of(first).areas[:, None] + MaskSet.of(second).areas[None, :] - shared
    return np.divide(shared, union, out=np.zeros(shared.shape), where=union > 0)


def paint(masks: Sequence[Mask], height: int, width: int) -> Int32[np.ndarray, "height width"]:
    """One id map: pixel value = position of its mask in `masks`, -1 where there is none.

    Where masks overlap the later one wins; `overlapping` tells whether they do.
    """
    runs = MaskSet.of(masks).runs
    edges = np.unique(np.concatenate(([0], runs.starts, runs.stops, [height * width])))
    order = np.argsort(runs.owner, kind="stable")
    low = np.searchsorted(edges, runs.starts[order])
    run, stretch = _stretches(low, np.searchsorted(edges, runs.stops[order]) - low)
    ids = np.full(len(edges) - 1, -1, dtype=np.int32)
    ids[stretch] = runs.owner[order][run]  # of several values for one place numpy keeps the last
    return np.repeat(ids, np.diff(edges)).reshape(width, height).T


def overlapping(masks: Sequence[Mask]) -> bool:
    """Whether any two masks share a pixel."""
    return not MaskSet.of(masks).disjoint


def unions(masks: Sequence[Mask], pairs: Int64[np.ndarray, "n 2"]) -> list[Mask]:
    """For every pair of positions in `masks` the mask of the pixels in either."""
    if not len(pairs):
        return []
    height, width = masks[0].size
    # Every pair gets a stretch of its own on one long line, so that one sort serves all of them.
    stretch = height * width + 1
    flat = pairs.ravel()
    offset = np.repeat(np.repeat(np.arange(len(pairs)), 2) * stretch, [len(masks[each].starts) for each in flat])
    starts = np.concatenate([masks[each].starts for each in flat]) + offset
    stops = np.concatenate([masks[each].stops for each in flat]) + offset
    order = np.argsort(starts, kind="stable")
    starts, reached = starts[order], np.maximum.accumulate(stops[order])
    opens = np.concatenate(([True], starts[1:] > reached[:-1])) if len(starts) else np.zeros(0, dtype=bool)
    closes = np.concatenate((opens[1:], [True])) if len(starts) else opens
    edges = np.stack([starts[opens], reached[closes]], axis=1)
    pair = edges[:, 0] // stretch
    result = []
    for runs in np.split(edges - (pair * stretch)[:, None], np.searchsorted(pair, range(1, len(pairs)))):
        result.append(Mask(height, width, np.diff(np.concatenate(([0], runs.ravel(), [height * width])))))
    return result


def cut_runs(
    runs: Runs, line: Runs
) -> tuple[
    Int64[np.ndarray, " parts"], Int64[np.ndarray, " parts"], Int64[np.ndarray, " parts"], Int64[np.ndarray, " parts"]
]:
    """Cut runs at those of `line`, which do not overlap each other.

    Returns:
        Of every shared part its run, its run of `line`, its start and its length.
    """
    low = np.searchsorted(line.stops, runs.starts, side="right")
    run, other = _stretches(low, np.searchsorted(line.starts, runs.stops, side="left") - low)
    start = np.maximum(runs.starts[run], line.starts[other])
    return run, other, start, np.minimum(runs.stops[run], line.stops[other]) - start


def separated_runs(runs: Runs, priority: Int64[np.ndarray, " masks"]) -> Runs:
    """Runs without overlaps: a shared position goes to the mask that comes first in `priority`."""
    edges = np.unique(np.concatenate([runs.starts, runs.stops]))
    place = np.empty(len(priority), dtype=np.int64)
    place[priority] = np.arange(len(priority))
    order = np.argsort(-place[runs.owner], kind="stable")
    low = np.searchsorted(edges, runs.starts[order])
    run, stretch = _stretches(low, np.searchsorted(edges, runs.stops[order]) - low)
    owner = np.full(len(edges), -1, dtype=np.int64)
    owner[stretch] = runs.owner[order][run]  # of several values for one place numpy keeps the last
    kept = np.flatnonzero(owner >= 0)
    return Runs(edges[kept], edges[kept + 1], owner[kept])


def _cut(masks: MaskSet, line: MaskSet) -> Int64[np.ndarray, "n m"]:
    """Shared pixels of every mask with every mask of `line`, which do not overlap each other."""
    run, other, _, pixels = cut_runs(masks.runs, line.runs)
    cells = masks.runs.owner[run] * len(line) + line.runs.owner[other]
    shared = np.bincount(cells, weights=pixels, minlength=len(masks) * len(line))
    return shared.astype(np.int64).reshape(len(masks), len(line))


def _count(first: MaskSet, second: MaskSet) -> Int64[np.ndarray, "n m"]:
    """Shared pixels of masks that overlap on both sides."""
    edges = np.unique(np.concatenate([*first.runs[:2], *second.runs[:2]]))
    inside = [np.zeros((len(masks), len(edges)), dtype=bool) for masks in (first, second)]
    for masks, cells in zip((first, second), inside, strict=True):
        low = np.searchsorted(edges, masks.runs.starts)
        run, stretch = _stretches(low, np.searchsorted(edges, masks.runs.stops) - low)
        cells[masks.runs.owner[run], stretch] = True
    lengths = np.diff(edges, append=edges[-1])
    shared = np.zeros((len(first), len(second)))
    for start in range(0, len(edges), _CHUNK):
        part = slice(start, start + _CHUNK)
        shared += (inside[0][:, part] * lengths[part].astype(np.float64)) @ inside[1][:, part].T.astype(np.float64)
    return shared.astype(np.int64)


def _stretches(
    first: Int64[np.ndarray, " n"], counts: Int64[np.ndarray, " n"]
) -> tuple[Int64[np.ndarray, " total"], Int64[np.ndarray, " total"]]:
    """Item i stands for first[i], first[i] + 1, ..., counts[i] of them: all of these, and the item of each."""
    item = np.repeat(np.arange(len(counts)), counts)
    return item, np.arange(len(item)) + np.repeat(first - (np.cumsum(counts) - counts), counts)
