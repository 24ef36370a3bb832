"""Solid bodies made of two kinds of parts: limbs (rounded cones) and flat faces (convex quadrilaterals).

A `Body` lives in its own frame: x forward, y left, z up, metres, the origin where it touches what
carries it. Bodies are built once for a pose and shared; entities place copies of them in the world.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Int64

Point = tuple[float, float, float]

NO_STRIPES = 0.0


@dataclass(frozen=True, eq=False)
class Body:
    """Parts with their materials (slots of the entity's palette).

    `limbs` rows are ax, ay, az, bx, by, bz, radius at a, radius at b, stripes along the axis;
    `faces` are corners in counter-clockwise order as seen from outside; `anchors` are named points
    where other things are held or carried.
    """

    limbs: Float32[np.ndarray, "limbs 9"]
    limb_materials: Int64[np.ndarray, " limbs"]
    faces: Float32[np.ndarray, "faces 4 3"]
    face_materials: Int64[np.ndarray, " faces"]
    anchors: dict[str, Point]


class Builder:
    """Collects parts and makes a `Body` of them.

    >>> body = Builder().ball((0, 0, 1), 0.3, material=0).body()
    >>> body.limbs.shape, body.faces.shape
    ((1, 9), (0, 4, 3))
    """

    def __init__(self) -> None:
        self._limbs: list[tuple[float, ...]] = []
        self._limb_materials: list[int] = []
        self._faces: list[Sequence[Point]] = []
        self._face_materials: list[int] = []
        self._anchors: dict[str, Point] = {}

    def limb(
        self,
        start: Point,
        stop: Point,
        radius: float,
        material: int,
        *,
        stop_radius: float | None = None,
        stripes: float = NO_STRIPES,
    ) -> "Builder":
        """Add a rounded cone from `start` to `stop`."""
        self._limbs.append((*start, *stop, radius, radius if stop_radius is None else stop_radius, stripes))
        self._limb_materials.append(material)
        return self

    def ball(self, centre: Point, radius: float, material: int) -> "Builder":
        """Add a sphere."""
        return self.limb(centre, centre, radius, material)

    def face(self, corners: Sequence[Point], material: int) -> "Builder":
        """Add a flat convex face of 3 or 4 corners, counter-clockwise from outside."""
        self._faces.append(corners if len(corners) == 4 else (*corners, corners[-1]))
        self._face_materials.append(material)
        return self

    def box(self, low: Point, high: Point, material: int, *, taper: float = 0.0, skip: str = "") -> "Builder":
        """Add an upright box; `taper` draws its top in by so many metres at both x ends; `skip` names sides to omit.

        Sides are named f(ront, +x), b(ack), l(eft, +y), r(ight), t(op), u(nderside).
        """
        (x1, y1, z1), (x2, y2, z2) = low, high
        a, b = x1 + taper, x2 - taper
        sides = {
            "f": ((x2, y1, z1), (x2, y2, z1), (b, y2, z2), (b, y1, z2)),
            "b": ((x1, y2, z1), (x1, y1, z1), (a, y1, z2), (a, y2, z2)),
            "l": ((x2, y2, z1), (x1, y2, z1), (a, y2, z2), (b, y2, z2)),
            "r": ((x1, y1, z1), (x2, y1, z1), (b, y1, z2), (a, y1, z2)),
            "t": ((a, y1, z2), (b, y1, z2), (b, y2, z2), (a, y2, z2)),
            "u": ((x1, y2, z1), (x2, y2, z1), (x2, y1, z1), (x1, y1, z1)),
        }
        for name, corners in sides.items():
            if name not in skip:
                self.face(corners, material)
        return self

    def anchor(self, name: str, point: Point) -> "Builder":
        """Name a point of the body."""
        self._anchors[name] = point
        return self

    def body(self) -> Body:
        """The finished body."""
        return Body(
            np.array(self._limbs, dtype=np.float32).reshape(-1, 9),
            np.array(self._limb_materials, dtype=np.int64),
            np.array(self._faces, dtype=np.float32).reshape(-1, 4, 3),
            np.array(self._face_materials, dtype=np.int64),
            self._anchors,
        )


@dataclass(frozen=True, eq=False)
class Placed:
    """Many bodies in the world: parts of all entities behind one another.

    `limb_owners` and `face_owners` are entity positions, ascending.
    """

    limb_ends: Float32[np.ndarray, "limbs 2 3"]
    limb_radii: Float32[np.ndarray, "limbs 2"]
    limb_stripes: Float32[np.ndarray, " limbs"]
    limb_materials: Int64[np.ndarray, " limbs"]
    limb_owners: Int64[np.ndarray, " limbs"]
    faces: Float32[np.ndarray, "faces 4 3"]
    face_materials: Int64[np.ndarray, " faces"]
    face_owners: Int64[np.ndarray, " faces"]


def place(
    bodies: Sequence[Body],
    positions: Float32[np.ndarray, "n 3"],
    headings: Float32[np.ndarray, " n"],
    scales: Float32[np.ndarray, " n"],
) -> Placed:
    """Put body i at `positions[i]`, turned by `headings[i]` radians about z, scaled by `scales[i]`."""
    limb_owners = np.repeat(np.arange(len(bodies)), [len(body.limbs) for body in bodies])
    face_owners = np.repeat(np.arange(len(bodies)), [len(body.faces) for body in bodies])
    limbs = _stack((body.limbs for body in bodies), (0, 9))
    faces = _stack((body.faces for body in bodies), (0, 4, 3))
    turns = np.zeros((len(bodies), 3, 3), dtype=np.float32)
    cosines, sines = np.cos(headings) * scales, np.sin(headings) * scales
    turns[:, 0, 0], turns[:, 0, 1] = cosines, -sines
    turns[:, 1, 0], turns[:, 1, 1] = sines, cosines
    turns[:, 2, 2] = scales

    def world(points: Float32[np.ndarray, "m k 3"], owners: Int64[np.ndarray, " m"]) -> Float32[np.ndarray, "m k 3"]:
        return points @ turns[owners].transpose(0, 2, 1) + positions[owners][:, None]

    return Placed(
        limb_ends=world(limbs[:, :6].reshape(-1, 2, 3), limb_owners),
        limb_radii=limbs[:, 6:8] * scales[limb_owners, None],
        limb_stripes=limbs[:, 8],
        limb_materials=_stack((body.limb_materials for body in bodies), (0,)).astype(np.int64),
        limb_owners=limb_owners,
        faces=world(faces, face_owners),
        face_materials=_stack((body.face_materials for body in bodies), (0,)).astype(np.int64),
        face_owners=face_owners,
    )


def _stack(arrays: Iterable[np.ndarray], empty: tuple[int, ...]) -> np.ndarray:
    listed = list(arrays)
    return np.concatenate(listed) if listed else np.zeros(empty, dtype=np.float32)
