"""Binary masks, kept as run lengths and decoded on demand, and their overlaps.

A mask of 480 x 640 takes some kilobytes instead of 307; areas, boxes, intersections and the id map
of a whole picture are computed from the runs, without decoding.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float64, Int32, Int64

from scenegraph.errors import InputError
from scenegraph.rle import decode_counts, encode_counts

Box = tuple[float, float, float, float]
"""x1, y1, x2, y2 in pixels; the right and the lower edge are exclusive."""


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
        if counts.sum() != self.height * self.width:
            raise InputError(
                f"the runs of a mask cover {counts.sum()} pixels; "
                f"{self.height} x {self.width} needs {self.height * self.width}"
            )
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
            InputError: the fields are missing or do not describe a mask of that size.
        """
        try:
            height, width = (int(side) for side in coded["size"])  # type: ignore[attr-defined]
            counts = coded["counts"]
        except (KeyError, TypeError, ValueError):
            raise InputError(
                'a mask must be {"size": [height, width], "counts": text or list of run lengths}'
            ) from None
        if isinstance(counts, bytes):
            counts = counts.decode("ascii", errors="replace")
        if isinstance(counts, str):
            return cls(height, width, decode_counts(counts))
        try:
            return cls(height, width, np.asarray(counts, dtype=np.int64).reshape(-1))
        except (TypeError, ValueError) as error:
            if isinstance(error, InputError):
                raise
            raise InputError("the run lengths of a mask must be whole numbers") from None

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

    @cached_property
    def starts(self) -> Int64[np.ndarray, " runs_of_ones"]:
        """Flat column-major positions where runs of ones begin."""
        return (np.cumsum(self.counts) - self.counts)[1::2]

    @cached_property
    def stops(self) -> Int64[np.ndarray, " runs_of_ones"]:
        """Flat column-major positions just after the runs of ones."""
        return np.cumsum(self.counts)[1::2]

    @cached_property
    def area(self) -> int:
        """Number of pixels."""
        return int(self.counts[1::2].sum())

    @cached_property
    def box(self) -> Box:
        """Tight enclosing box; (0, 0, 0, 0) for an empty mask."""
        filled = self.stops > self.starts
        starts, last = self.starts[filled], self.stops[filled] - 1
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


def intersections(first: Sequence[Mask], second: Sequence[Mask]) -> Int64[np.ndarray, "n m"]:
    """Pixels shared by every mask of `first` and every mask of `second`; masks may overlap.

    Computed on the runs: the number of ones of a mask before a position is piecewise linear, so one
    interpolation at the run ends of all other masks gives their intersections with it.

    Raises:
        InputError: the masks are not all of one size.
    """
    sizes = {mask.size for mask in (*first, *second)}
    if len(sizes) > 1:
        raise InputError(f"masks of different sizes cannot be compared: {sorted(sizes)}")
    shared = np.zeros((len(first), len(second)), dtype=np.int64)
    if not shared.size:
        return shared
    ends = np.concatenate([np.concatenate((mask.starts, mask.stops)) for mask in first])
    signs = np.concatenate([np.repeat((-1, 1), len(mask.starts)) for mask in first])
    owner = np.repeat(np.arange(len(first)), [2 * len(mask.starts) for mask in first])
    for column, mask in enumerate(second):
        edges = np.concatenate(([0], np.cumsum(mask.counts)))
        ones = np.concatenate(([0], np.cumsum(np.where(np.arange(len(mask.counts)) % 2, mask.counts, 0))))
        before = np.interp(ends, edges, ones)
        shared[:, column] = np.bincount(owner, weights=signs * before, minlength=len(first)).round()
    return shared


def iou_matrix(first: Sequence[Mask], second: Sequence[Mask]) -> Float64[np.ndarray, "n m"]:
    """Intersection over union of every pair of masks; 0 where both are empty."""
    shared = intersections(first, second)
    areas_first = np.array([mask.area for mask in first], dtype=np.int64)
    areas_second = np.array([mask.area for mask in second], dtype=np.int64)
    union = areas_first[:, None] + areas_second[None, :] - shared
    return np.divide(shared, union, out=np.zeros(shared.shape), where=union > 0)


def paint(masks: Sequence[Mask], height: int, width: int) -> Int32[np.ndarray, "height width"]:
    """One id map: pixel value = position of its mask in `masks`, -1 where there is none.

    Where masks overlap the later one wins; `overlapping` tells whether they do.
    """
    canvas = np.full(height * width, -1, dtype=np.int32)
    for position, mask in enumerate(masks):
        lengths = mask.stops - mask.starts
        offsets = np.repeat(mask.starts - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths)
        canvas[offsets + np.arange(lengths.sum())] = position
    return canvas.reshape(width, height).T


def overlapping(masks: Sequence[Mask]) -> bool:
    """Whether any two masks share a pixel (their runs, sorted, are not disjoint)."""
    if len(masks) < 2:
        return False
    starts = np.concatenate([mask.starts[mask.stops > mask.starts] for mask in masks])
    stops = np.concatenate([mask.stops[mask.stops > mask.starts] for mask in masks])
    order = np.argsort(starts, kind="stable")
    return bool((starts[order][1:] < stops[order][:-1]).any())
