"""Where things lie in the picture, as the viewer sees it, from their boxes.

No depth enters: "left of" is left of in the picture, not from anybody's point of view.
"""

import numpy as np
from jaxtyping import Bool, Float64

from assistant.steps import Direction, Extremum, Part


def placed(
    first: Float64[np.ndarray, "n 4"], second: Float64[np.ndarray, "m 4"], direction: Direction
) -> Bool[np.ndarray, "n m"]:
    """Whether box i of `first` (xyxy, pixels) lies in `direction` of box j of `second`.

    A lies left of B if the centre of A is at or beyond B's left edge and the centre of B at or beyond
    A's right edge: they may overlap by up to half of each, but neither encloses the other. So no
    thing is left of a sky that fills the picture, "left of" and "right of" exclude each other, and a
    mirrored picture gives the mirrored answer. Boxes overlap if they share some area. A NaN box (not
    seen) lies nowhere.

    >>> placed(np.array([[0, 0, 2, 2.0]]), np.array([[3, 0, 5, 2.0]]), "left of")
    array([[ True]])
    """
    if direction == "overlapping":
        low, high = np.maximum(first[:, None, :2], second[:, :2]), np.minimum(first[:, None, 2:], second[:, 2:])
        return (low < high).all(axis=-1)
    if direction in ("right of", "below"):
        return placed(second, first, "left of" if direction == "right of" else "above").T
    start, stop = (0, 2) if direction == "left of" else (1, 3)
    centre_first = (first[:, start] + first[:, stop])[:, None] / 2
    centre_second = (second[:, start] + second[:, stop])[None, :] / 2
    beyond = (centre_first <= second[None, :, start]) & (first[:, None, stop] <= centre_second)
    return beyond & (centre_first < centre_second)


def along(
    boxes: Float64[np.ndarray, "n 4"], areas: Float64[np.ndarray, " n"], which: Extremum
) -> Float64[np.ndarray, " n"]:
    """How far boxes lie to a side (by their centres), or how large or small their area is; NaN where it is not known.

    What lies furthest, or is the largest or the smallest, has most.
    """
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    return {"left": -x, "right": x, "top": -y, "bottom": y, "largest": areas, "smallest": -areas}[which]


def in_part(boxes: Float64[np.ndarray, "n 4"], part: Part, height: int, width: int) -> Bool[np.ndarray, " n"]:
    """Whether the centre of each box lies in a part of the picture; a NaN box (not seen) lies nowhere.

    Sides are the outer thirds of the picture, corners where two of them meet, the middle is what
    `part_of_picture` calls so; what lies on the line between two halves is in neither.

    >>> in_part(np.array([[0, 0, 2, 2.0], [14, 0, 16, 2]]), "left", height=30, width=30)
    array([ True, False])
    """
    x, y = _thirds(boxes.T, height, width)
    sides = {"left": x < 1, "right": x >= 2, "top": y < 1, "bottom": y >= 2}
    if part == "middle":
        return (x >= 1) & (x < 2) & (y >= 1) & (y < 2)
    first, _, second = part.partition(" ")
    if second == "half":
        centre = x if first in ("left", "right") else y
        return centre < 1.5 if first in ("left", "top") else centre > 1.5
    return sides[first] & sides[second] if second else sides[first]


def _thirds(
    edges: Float64[np.ndarray, "4 n"], height: int, width: int
) -> tuple[Float64[np.ndarray, " n"], Float64[np.ndarray, " n"]]:
    """How many thirds of the picture lie left of, and above, the centre of a box."""
    return (edges[0] + edges[2]) / 2 * 3 / width, (edges[1] + edges[3]) / 2 * 3 / height


def part_of_picture(box: Float64[np.ndarray, "4"], height: int, width: int) -> str:
    """In which ninth of the picture the centre of a box lies, in words.

    >>> part_of_picture(np.array([0, 0, 2, 2.0]), height=30, width=30)
    'at the top left of the picture'
    """
    column, row = (min(int(third[0]), 2) for third in _thirds(box[:, None], height, width))
    vertical, horizontal = ("top", "", "bottom")[row], ("left", "", "right")[column]
    place = " ".join(word for word in (vertical, horizontal) if word)
    return f"at the {place} of the picture" if place else "in the middle of the picture"
