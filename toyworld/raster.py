"""Bodies to pixels: row spans of projected parts, then one flat list of fragments, then a z-buffer.

Every part (a limb's outline or a face) is convex on the picture, so each picture row meets it in one
interval. All rows of all parts, and then all pixels of all rows, are handled at once; nothing loops
over parts or pixels.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Int32, Int64

from toyworld.shapes import Placed
from toyworld.views import View

NEAR = 0.3
"""Metres; parts that come nearer to the camera are left out rather than clipped."""

_FLAT = np.float32(1e-6)


@dataclass(frozen=True, eq=False)
class Fragments:
    """Every pixel that some part would cover, before depth decides.

    `pixel` is row * width + column; `part` indexes limbs, then the drawn faces; `light` is the
    cosine to the sun; `along` runs 0 to 1 along a limb (0 on faces).
    """

    pixel: Int32[np.ndarray, " n"]
    part: Int64[np.ndarray, " n"]
    depth: Float32[np.ndarray, " n"]
    light: Float32[np.ndarray, " n"]
    along: Float32[np.ndarray, " n"]


@dataclass(frozen=True, eq=False)
class Parts:
    """For each part that fragments index: its entity, its material, its stripes."""

    owner: Int64[np.ndarray, " parts"]
    material: Int64[np.ndarray, " parts"]
    stripes: Float32[np.ndarray, " parts"]


def rasterise(placed: Placed, view: View, sun: Float32[np.ndarray, "3"]) -> tuple[Fragments, Parts]:
    """Fragments of all bodies. `sun` is the unit direction towards the light, in camera axes."""
    ends, radii = view.camera_points(placed.limb_ends), placed.limb_radii
    corners = view.camera_points(placed.faces)
    normals = _cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    towards = (normals * corners[:, 0]).sum(axis=1)
    limbs = np.flatnonzero((ends[:, 0, 2] > NEAR) & (ends[:, 1, 2] > NEAR))
    drawn = np.flatnonzero((corners[:, :, 2].min(axis=1, initial=np.inf) > NEAR) & (towards < 0))
    ends, radii, corners, normals = ends[limbs], radii[limbs], corners[drawn], normals[drawn]

    centre = np.array(view.centre, dtype=np.float32)
    focal = np.float32(view.focal)
    screen = ends[:, :, :2] / ends[:, :, 2:] * focal + centre
    radius = radii / ends[:, :, 2] * focal
    flat = corners[:, :, :2] / corners[:, :, 2:] * focal + centre
    outline = np.concatenate([_tangents(screen, radius), flat.transpose(2, 1, 0)], axis=2)
    counts, x, y = _pixels(outline, screen, radius, view.size)
    split = int(counts[: len(limbs)].sum())
    columns, rows = x.astype(np.float32), y.astype(np.float32)
    depth, light = np.empty(len(x), dtype=np.float32), np.empty(len(x), dtype=np.float32)
    along = np.zeros(len(x), dtype=np.float32)
    first, rest = slice(0, split), slice(split, None)
    depth[first], light[first], along[first] = _on_limbs(
        ends, radii, screen, radius, sun, counts[: len(limbs)], columns[first], rows[first]
    )
    depth[rest], light[rest] = _on_faces(corners, normals, view, sun, counts[len(limbs) :], columns[rest], rows[rest])
    parts = Parts(
        owner=np.concatenate([placed.limb_owners[limbs], placed.face_owners[drawn]]),
        material=np.concatenate([placed.limb_materials[limbs], placed.face_materials[drawn]]),
        stripes=np.concatenate([placed.limb_stripes[limbs], np.zeros(len(drawn), dtype=np.float32)]),
    )
    part = np.repeat(np.arange(len(counts)), counts)
    return Fragments(y * view.size[1] + x, part, depth, light, along), parts


Column = Float32[np.ndarray, " n"]


def _on_limbs(
    ends: Float32[np.ndarray, "limbs 2 3"],
    radii: Float32[np.ndarray, "limbs 2"],
    screen: Float32[np.ndarray, "limbs 2 2"],
    radius: Float32[np.ndarray, "limbs 2"],
    sun: Float32[np.ndarray, "3"],
    counts: Int64[np.ndarray, " parts"],
    x: Column,
    y: Column,
) -> tuple[Column, Column, Column]:
    """Depth, light and the place along the axis where pixels meet their limbs.

    The radius on the picture and the depth of the axis change linearly along the axis; the surface
    bulges towards the camera as on a ball.
    """
    axis = screen[:, 1] - screen[:, 0]
    table = np.empty((11, len(ends)), dtype=np.float32)
    table[0:2], table[2:4] = screen[:, 0].T, axis.T
    table[4] = 1 / np.maximum((axis * axis).sum(axis=1), _FLAT)
    table[5], table[6] = radius[:, 0], radius[:, 1] - radius[:, 0]
    table[7], table[8] = ends[:, 0, 2], ends[:, 1, 2] - ends[:, 0, 2]
    table[9], table[10] = radii[:, 0], radii[:, 1] - radii[:, 0]
    ax, ay, dx, dy, inverse, r0, dr, z0, dz, solid0, solid_change = np.repeat(table, counts, axis=1)
    px, py = x - ax, y - ay
    along = (px * dx + py * dy) * inverse
    np.minimum(np.maximum(along, 0), 1, out=along)
    inverse_radius = 1 / (r0 + dr * along)
    nx, ny = (px - dx * along) * inverse_radius, (py - dy * along) * inverse_radius
    bulge = np.sqrt(np.maximum(1 - nx * nx - ny * ny, 0))
    depth = z0 + dz * along - (solid0 + solid_change * along) * bulge
    return depth, nx * sun[0] + ny * sun[1] - bulge * sun[2], along


def _on_faces(
    corners: Float32[np.ndarray, "faces 4 3"],
    normals: Float32[np.ndarray, "faces 3"],
    view: View,
    sun: Float32[np.ndarray, "3"],
    counts: Int64[np.ndarray, " parts"],
    x: Column,
    y: Column,
) -> tuple[Column, Column]:
    """Depth and light where pixels meet their faces: ray and plane."""
    normals = normals / np.maximum(np.sqrt((normals * normals).sum(axis=1, keepdims=True)), _FLAT)
    cx, cy = view.centre
    # The plane n . p = offset, met by the ray ((x - cx) / f, (y - cy) / f, 1) * z.
    table = np.empty((7, len(corners)), dtype=np.float32)
    table[0], table[1] = normals[:, 0] / view.focal, normals[:, 1] / view.focal
    table[2] = normals[:, 2] - table[0] * cx - table[1] * cy
    table[3] = (normals * corners[:, 0]).sum(axis=1)
    table[4] = normals @ sun
    table[5], table[6] = corners[:, :, 2].min(axis=1), corners[:, :, 2].max(axis=1)
    slope_x, slope_y, constant, offset, light, nearest, farthest = np.repeat(table, counts, axis=1)
    facing = slope_x * x + slope_y * y + constant
    depth = offset / np.where(np.abs(facing) < _FLAT, _FLAT, facing)
    # Faces seen edge-on are ill-conditioned; no point of a face lies outside its corners' depths.
    return np.minimum(np.maximum(depth, nearest), farthest), light


def _pixels(
    outline: Float32[np.ndarray, "2 4 parts"],
    centres: Float32[np.ndarray, "limbs 2 2"],
    radii: Float32[np.ndarray, "limbs 2"],
    size: tuple[int, int],
) -> tuple[Int64[np.ndarray, " parts"], Int32[np.ndarray, " n"], Int32[np.ndarray, " n"]]:
    """How many pixels each part has, and the column and the row of every one of them.

    A part is an outline or, for the first parts, the convex hull of an outline and two circles.
    """
    height, width = size
    limbs = len(centres)
    top, low = outline[1].min(axis=0), outline[1].max(axis=0)
    top[:limbs] = np.minimum(top[:limbs], (centres[:, :, 1] - radii).min(axis=1, initial=np.inf))
    low[:limbs] = np.maximum(low[:limbs], (centres[:, :, 1] + radii).max(axis=1, initial=-np.inf))
    counts, row = numbers_between(top, low, height)
    y = row.astype(np.float32)

    x1, y1 = np.repeat(outline, counts, axis=2)
    x2, y2 = np.repeat(outline[:, (1, 2, 3, 0)], counts, axis=2)
    drop = y2 - y1
    drop[drop == 0] = np.nan  # level edges are never crossed: comparisons with NaN are false
    share = (y - y1) / drop
    crossing = x1 + share * (x2 - x1)
    crossing[~((share >= 0) & (share <= 1))] = np.nan
    left, right = np.fmin.reduce(crossing, axis=0), np.fmax.reduce(crossing, axis=0)
    split = int(counts[:limbs].sum())
    table = np.empty((2, 3, limbs), dtype=np.float32)  # end, what, limb
    table[:, :2], table[:, 2] = centres.transpose(1, 2, 0), radii.T
    for x, middle, radius in np.repeat(table, counts[:limbs], axis=2):
        reach = radius * radius - (y[:split] - middle) ** 2
        reach[reach < 0] = np.nan  # the row misses the circle
        half = np.sqrt(reach)
        left[:split] = np.fmin(left[:split], x - half)
        right[:split] = np.fmax(right[:split], x + half)
    widths, column = numbers_between(left, right, width)
    starts = np.concatenate([[0], np.cumsum(widths)])
    row_starts = np.concatenate([[0], np.cumsum(counts)])
    return np.diff(starts[row_starts]), column, np.repeat(row, widths)


def numbers_between(
    low: Float32[np.ndarray, " n"], high: Float32[np.ndarray, " n"], limit: int
) -> tuple[Int64[np.ndarray, " n"], Int32[np.ndarray, " total"]]:
    """The whole numbers low <= k <= high with 0 <= k < limit: how many, and all behind one another.

    NaN holds no numbers.
    """
    first = np.ceil(np.fmax(np.fmin(low, limit), 0)).astype(np.int32)
    last = np.floor(np.fmax(np.fmin(high, limit - 1), -1)).astype(np.int32)
    counts = np.maximum(last - first + 1, 0).astype(np.int64)
    counts[np.isnan(low)] = 0
    offsets = first - (np.cumsum(counts) - counts).astype(np.int32)
    numbers = np.repeat(offsets, counts)
    numbers += np.arange(len(numbers), dtype=np.int32)
    return counts, numbers


def _tangents(
    screen: Float32[np.ndarray, "limbs 2 2"], radius: Float32[np.ndarray, "limbs 2"]
) -> Float32[np.ndarray, "2 4 limbs"]:
    """The quadrilateral between the outer tangents of two circles; a point where one holds the other."""
    (x1, y1), (x2, y2) = screen.transpose(1, 2, 0)
    r1, r2 = radius.T
    dx, dy = x2 - x1, y2 - y1
    length = np.sqrt(dx * dx + dy * dy)
    inverse = 1 / np.maximum(length, _FLAT)
    sine = (r1 - r2) * inverse
    apart = np.abs(sine) < 1
    cosine = np.sqrt(1 - np.where(apart, sine * sine, 0))
    ux, uy = dx * inverse * apart, dy * inverse * apart
    sx, sy, cx, cy = sine * ux, sine * uy, cosine * ux, cosine * uy
    x = np.stack([x1 + r1 * (sx - cy), x1 + r1 * (sx + cy), x2 + r2 * (sx + cy), x2 + r2 * (sx - cy)])
    y = np.stack([y1 + r1 * (sy + cx), y1 + r1 * (sy - cx), y2 + r2 * (sy - cx), y2 + r2 * (sy + cx)])
    return np.stack([x, y])


def _cross(a: Float32[np.ndarray, "n 3"], b: Float32[np.ndarray, "n 3"]) -> Float32[np.ndarray, "n 3"]:
    """np.cross without its overhead."""
    ax, ay, az = a.T
    bx, by, bz = b.T
    return np.array([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx]).T
