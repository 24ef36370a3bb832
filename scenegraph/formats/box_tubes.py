"""Tubes of boxes, for data sets that have no masks."""

import math
from collections.abc import Sequence

from scenegraph.errors import InputError
from scenegraph.regions import Segment, Tube


class BoxTubes:
    """Collects boxes (xyxy, pixels, right and lower edges exclusive) of objects, frame by frame.

    Boxes are cut at the edges of the picture, and left out where nothing of them lies in it; `clipped`
    counts both.
    """

    def __init__(self, height: int, width: int) -> None:
        self.height, self.width = height, width
        self.clipped = 0
        self._segments: dict[int, dict[int, Segment]] = {}
        self._known: dict[tuple[float, ...], Segment] = {}

    def add(self, object_id: int, frame: int, box: Sequence[float]) -> None:
        """Note where an object is in a frame.

        Raises:
            InputError: the box is none, or the object has one in this frame.
        """
        given = tuple(map(float, box))
        if len(given) != 4 or not all(map(math.isfinite, given)) or given[0] >= given[2] or given[1] >= given[3]:
            raise InputError(f"{list(given)} is no box; expected left, top, right, bottom in pixels with some area")
        if frame in self._segments.get(object_id, ()):
            raise InputError(f"object {object_id} has two boxes in frame {frame}")
        x1, y1, x2, y2 = given
        inside = (max(x1, 0.0), max(y1, 0.0), min(x2, float(self.width)), min(y2, float(self.height)))
        self.clipped += inside != given
        if inside[0] >= inside[2] or inside[1] >= inside[3]:
            return
        # Annotations interpolate: many frames share a box, and one segment serves all of them.
        segment = self._known.get(inside)
        if segment is None:
            segment = self._known[inside] = Segment.from_box(inside, self.height, self.width)
        self._segments.setdefault(object_id, {})[frame] = segment

    def tubes(self) -> dict[int, Tube]:
        """The tube of every object that was seen."""
        return {object_id: Tube(segments) for object_id, segments in self._segments.items()}
