"""Where a node is: a mask, masks over time, or masks over time with geometry in metres."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float64

from scenegraph.errors import InputError
from scenegraph.masks import Box, Mask
from scenegraph.spans import Spans, from_frames


@runtime_checkable
class Region(Protocol):
    """What every kind of region offers; a frame is a stored picture counted from 0."""

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of the pictures."""

    @property
    def frames(self) -> tuple[int, ...]:
        """The frames in which the node is seen, ascending."""

    def segment(self, frame: int = 0) -> "Segment | None":
        """The segment in a frame, or None where the node is not seen."""


@dataclass(frozen=True)
class Segment:
    """One mask in one picture, or only a box where a source has no masks.

    Raises:
        InputError: neither a mask nor a box with its picture size is given, or the box is not one.

    >>> Segment.from_box((2, 1, 6, 5), height=10, width=20).area
    16.0
    """

    mask: Mask | None = None
    given_box: Box | None = None
    given_size: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        if self.mask is not None:
            # The mask decides: a box kept beside it would make segments of equal place unequal.
            object.__setattr__(self, "given_box", None)
            object.__setattr__(self, "given_size", None)
            return
        if self.given_box is None or self.given_size is None:
            raise InputError("a segment needs a mask, or a box and the (height, width) of its picture")
        x1, y1, x2, y2 = (float(edge) for edge in self.given_box)
        if not all(np.isfinite((x1, y1, x2, y2))) or x2 < x1 or y2 < y1:
            raise InputError(f"box {self.given_box} is not x1, y1, x2, y2 with x1 <= x2 and y1 <= y2")
        object.__setattr__(self, "given_box", (x1, y1, x2, y2))

    @classmethod
    def from_box(cls, box: Box, height: int, width: int) -> "Segment":
        """A segment known only by its box (xyxy, pixels)."""
        return cls(mask=None, given_box=box, given_size=(height, width))

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of the picture."""
        return self.mask.size if self.mask is not None else self.given_size  # type: ignore[return-value]

    @property
    def frames(self) -> tuple[int, ...]:
        """A segment lives in frame 0."""
        return (0,)

    def segment(self, frame: int = 0) -> "Segment | None":
        """Itself in frame 0."""
        return self if frame == 0 else None

    @property
    def box(self) -> Box:
        """The box (xyxy, pixels): the tight box of the mask unless the source gave a box only."""
        return self.mask.box if self.mask is not None else self.given_box  # type: ignore[return-value]

    @property
    def area(self) -> float:
        """Pixels of the mask, or of the box where there is no mask."""
        if self.mask is not None:
            return float(self.mask.area)
        x1, y1, x2, y2 = self.box
        return (x2 - x1) * (y2 - y1)


@dataclass(frozen=True)
class Tube:
    """Segments of one node by frame; frames in which it is not seen are absent.

    Raises:
        InputError: there is no frame, a frame number is negative, or picture sizes differ.
    """

    segments: Mapping[int, Segment] = field(hash=False)

    def __post_init__(self) -> None:
        segments = dict(sorted(self.segments.items()))
        if not segments:
            raise InputError("a tube needs a segment in at least one frame; leave the node out instead")
        if min(segments) < 0:
            raise InputError(f"a tube names frame {min(segments)}; frames are counted from 0")
        sizes = {segment.size for segment in segments.values()}
        if len(sizes) > 1:
            raise InputError(f"a tube has pictures of different sizes {sorted(sizes)}")
        object.__setattr__(self, "segments", segments)

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of the pictures."""
        return next(iter(self.segments.values())).size

    @cached_property
    def frames(self) -> tuple[int, ...]:
        """The frames in which the node is seen, ascending."""
        return tuple(self.segments)

    @cached_property
    def spans(self) -> Spans:
        """The frames in which the node is seen, as spans."""
        active = np.zeros(self.frames[-1] + 1, dtype=bool)
        active[list(self.frames)] = True
        return from_frames(active)

    def segment(self, frame: int = 0) -> Segment | None:
        """The segment in a frame, or None where the node is not seen."""
        return self.segments.get(frame)

    @cached_property
    def volume(self) -> float:
        """Pixels over all frames."""
        return sum(segment.area for segment in self.segments.values())


@dataclass(frozen=True, eq=False)
class Track4D:
    """A tube with the node's geometry in metres for each of its frames.

    Shapes: row i of `positions` (centre), `extents` (size along the axes) and `uncertainty` (one
    standard deviation of the position) belongs to `tube.frames[i]`; world coordinates where the
    camera has poses, camera coordinates otherwise. NaN rows: no depth was measured.

    Raises:
        InputError: the number of rows differs from the number of frames, or an extent is negative.
    """

    tube: Tube
    positions: Float64[np.ndarray, "frames 3"]
    extents: Float64[np.ndarray, "frames 3"]
    uncertainty: Float64[np.ndarray, "frames 3"] | None = None

    def __post_init__(self) -> None:
        for name in ("positions", "extents", "uncertainty"):
            rows = getattr(self, name)
            if rows is None:
                continue
            rows = np.array(rows, dtype=np.float64)
            if rows.shape != (len(self.tube.frames), 3):
                raise InputError(
                    f"{name} has shape {rows.shape}; the tube has {len(self.tube.frames)} frames, "
                    f"so ({len(self.tube.frames)}, 3) was expected"
                )
            if name != "positions" and (rows < 0).any():
                raise InputError(f"{name} holds negative lengths; expected metres, 0 or more")
            rows.setflags(write=False)
            object.__setattr__(self, name, rows)

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of the pictures."""
        return self.tube.size

    @property
    def frames(self) -> tuple[int, ...]:
        """The frames in which the node is seen, ascending."""
        return self.tube.frames

    def segment(self, frame: int = 0) -> Segment | None:
        """The segment in a frame, or None where the node is not seen."""
        return self.tube.segment(frame)

    def position(self, frame: int) -> Float64[np.ndarray, "3"] | None:
        """Centre in metres in a frame, or None where it is not seen or not measured."""
        return self._row(self.positions, frame)

    def extent(self, frame: int) -> Float64[np.ndarray, "3"] | None:
        """Size in metres in a frame, or None where it is not seen or not measured."""
        return self._row(self.extents, frame)

    def velocity(self, fps: float) -> Float64[np.ndarray, "frames 3"]:
        """Metres a second at every frame of the tube; zeros for a single frame."""
        if len(self.frames) < 2:
            return np.zeros_like(self.positions)
        return np.gradient(self.positions, np.asarray(self.frames) / fps, axis=0)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Track4D):
            return NotImplemented
        return self.tube == other.tube and all(
            _same(getattr(self, name), getattr(other, name)) for name in ("positions", "extents", "uncertainty")
        )

    def __hash__(self) -> int:
        return hash((self.frames, self.positions.tobytes()))

    def _row(self, rows: Float64[np.ndarray, "frames 3"], frame: int) -> Float64[np.ndarray, "3"] | None:
        if self.tube.segment(frame) is None:
            return None
        row = rows[self.frames.index(frame)]
        return None if np.isnan(row).any() else row


def _same(first: np.ndarray | None, second: np.ndarray | None) -> bool:
    if first is None or second is None:
        return first is second
    return np.array_equal(first, second, equal_nan=True)
