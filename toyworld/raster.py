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
    limbs = np.flatnonzero(ends[:, :, 2].min(axis=1, initial=np.inf) > NEAR)
    drawn = np.flatnonzero((corners[:, :, 2].min(axis=1, initial=np.inf) > NEAR) & (towards < 0))
    ends, radii, corners, normals = ends[limbs], radii[limbs], corners[drawn], normals[drawn]

    limb_part, limb_x, limb_y, limb_depth, limb_light, along = _limb_fragments(ends, radii, view, sun)
    face_part, face_x, face_y, face_depth, face_light = _face_fragments(corners, normals, view, sun)
    fragments = Fragments(
        pixel=np.concatenate([limb_y * view.size[1] + limb_x, face_y * view.size[1] + face_x]),
        part=np.concatenate([limb_part, face_part + len(limbs)]),
        depth=np.concatenate([limb_depth, face_depth]),
        light=np.concatenate([limb_light, face_light]),
        along=np.concatenate([along, np.zeros(len(face_part), dtype=np.float32)]),
    )
    parts = Parts(
        owner=np.concatenate([placed.limb_owners[limbs], placed.face_owners[drawn]]),
        material=np.concatenate([placed.limb_materials[limbs], placed.face_materials[drawn]]),
        stripes=np.concatenate([placed.limb_stripes[limbs], np.zeros(len(drawn), dtype=np.float32)]),
    )
    return fragments, parts


def _limb_fragments(
    ends: Float32[np.ndarray, "limbs 2 3"], radii: Float32[np.ndarray, "limbs 2"], view: View, sun: np.ndarray
) -> tuple[np.ndarray, ...]:
    depth = ends[:, :, 2]
    screen = ends[:, :, :2] / depth[:, :, None] * view.focal + np.array(view.centre, dtype=np.float32)
    radius = radii / depth * np.float32(view.focal)
    axis = screen[:, 1] - screen[:, 0]
    part, x, y = _pixels(_tangent_outline(screen, radius, axis), screen, radius, view.size)
    scale = np.float32(1) / np.maximum((axis * axis).sum(axis=1), _FLAT)
    table = np.stack(
        [
            *(screen[:, 0, 0], screen[:, 0, 1], axis[:, 0], axis[:, 1], scale, radius[:, 0]),
            *(
                radius[:, 1] - radius[:, 0],
                depth[:, 0],
                depth[:, 1] - depth[:, 0],
                radii[:, 0],
                radii[:, 1] - radii[:, 0],
            ),
        ]
    )
    ax, ay, dx, dy, inverse, r0, dr, z0, dz, solid0, solid_change = table.take(part, axis=1)
    px, py = x.astype(np.float32) - ax, y.astype(np.float32) - ay
    along = np.clip((px * dx + py * dy) * inverse, 0, 1)
    inverse_radius = 1 / (r0 + dr * along)
    nx, ny = (px - dx * along) * inverse_radius, (py - dy * along) * inverse_radius
    bulge = np.sqrt(np.maximum(1 - nx * nx - ny * ny, 0))
    distance = z0 + dz * along - (solid0 + solid_change * along) * bulge
    light = nx * sun[0] + ny * sun[1] - bulge * sun[2]
    return part, x, y, distance, light, along


def _face_fragments(
    corners: Float32[np.ndarray, "faces 4 3"], normals: Float32[np.ndarray, "faces 3"], view: View, sun: np.ndarray
) -> tuple[np.ndarray, ...]:
    screen = corners[:, :, :2] / corners[:, :, 2:] * view.focal + np.array(view.centre, dtype=np.float32)
    nothing = np.zeros((len(corners), 2), dtype=np.float32)
    part, x, y = _pixels(screen, screen[:, :2], nothing, view.size)
    normals = normals / np.maximum(np.sqrt((normals * normals).sum(axis=1, keepdims=True)), _FLAT)
    offset = (normals * corners[:, 0]).sum(axis=1)
    cx, cy = view.centre
    # The plane n . p = offset, met by the ray ((x - cx) / f, (y - cy) / f, 1) * z.
    slope_x, slope_y = normals[:, 0] / view.focal, normals[:, 1] / view.focal
    constant = normals[:, 2] - slope_x * cx - slope_y * cy
    table = np.stack([slope_x, slope_y, constant, offset, normals @ sun]).astype(np.float32)
    along_x, along_y, still, numerator, light = table.take(part, axis=1)
    facing = along_x * x.astype(np.float32) + along_y * y.astype(np.float32) + still
    nearest, farthest = corners[:, :, 2].min(axis=1), corners[:, :, 2].max(axis=1)
    depth = numerator / np.where(np.abs(facing) < _FLAT, _FLAT, facing)
    # Faces seen edge-on are ill-conditioned; no point of a face lies outside its corners' depths.
    return part, x, y, np.clip(depth, nearest[part], farthest[part]), light


def _pixels(
    outline: Float32[np.ndarray, "parts 4 2"],
    centres: Float32[np.ndarray, "parts 2 2"],
    radii: Float32[np.ndarray, "parts 2"],
    size: tuple[int, int],
) -> tuple[Int64[np.ndarray, " n"], Int32[np.ndarray, " n"], Int32[np.ndarray, " n"]]:
    """Part, column and row of every pixel inside the convex hull of an outline and two circles."""
    height, width = size
    top = np.minimum(
        outline[:, :, 1].min(axis=1, initial=np.inf), (centres[:, :, 1] - radii).min(axis=1, initial=np.inf)
    )
    low = np.maximum(
        outline[:, :, 1].max(axis=1, initial=-np.inf), (centres[:, :, 1] + radii).max(axis=1, initial=-np.inf)
    )
    first = np.ceil(np.clip(top, 0, height)).astype(np.int64)
    last = np.floor(np.clip(low, -1, height - 1)).astype(np.int64)
    owner, row = _expand(np.arange(len(outline)), first, np.maximum(last - first + 1, 0))
    y = row.astype(np.float32)[:, None]
    start, stop = outline[owner], outline[:, (1, 2, 3, 0)][owner]
    drop = stop[:, :, 1] - start[:, :, 1]
    share = (y - start[:, :, 1]) / np.where(drop == 0, _FLAT, drop)
    crossed = (share >= 0) & (share <= 1) & (drop != 0)
    crossing = start[:, :, 0] + share * (stop[:, :, 0] - start[:, :, 0])
    centre, radius = centres[owner], radii[owner]
    reach = radius * radius - (y - centre[:, :, 1]) ** 2
    cut = (reach >= 0) & (radius > 0)
    half = np.sqrt(np.maximum(reach, 0))
    far = np.float32(np.inf)
    left = np.minimum(
        np.where(crossed, crossing, far).min(axis=1), np.where(cut, centre[:, :, 0] - half, far).min(axis=1)
    )
    right = np.maximum(
        np.where(crossed, crossing, -far).max(axis=1), np.where(cut, centre[:, :, 0] + half, -far).max(axis=1)
    )
    begin = np.ceil(np.clip(left, 0, width)).astype(np.int64)
    end = np.floor(np.clip(right, -1, width - 1)).astype(np.int64)
    chosen, column = _expand(np.arange(len(owner)), begin, np.maximum(end - begin + 1, 0))
    return owner[chosen], column.astype(np.int32), row[chosen].astype(np.int32)


def _expand(
    items: Int64[np.ndarray, " n"], first: Int64[np.ndarray, " n"], counts: Int64[np.ndarray, " n"]
) -> tuple[Int64[np.ndarray, " total"], Int64[np.ndarray, " total"]]:
    """Item i repeated `counts[i]` times, with the numbers first[i], first[i] + 1, ... beside it."""
    owners = np.repeat(items, counts)
    offsets = first - (np.cumsum(counts) - counts)
    return owners, np.arange(len(owners)) + np.repeat(offsets, counts)


def _tangent_outline(
    screen: Float32[np.ndarray, "limbs 2 2"],
    radius: Float32[np.ndarray, "limbs 2"],
    axis: Float32[np.ndarray, "limbs 2"],
) -> Float32[np.ndarray, "limbs 4 2"]:
    """The quadrilateral between the outer tangents of two circles; a point where one holds the other."""
    length = np.sqrt((axis * axis).sum(axis=1))
    sine = (radius[:, 0] - radius[:, 1]) / np.maximum(length, _FLAT)
    apart = np.abs(sine) < 1
    sine = np.where(apart, sine, 0)
    cosine = np.sqrt(1 - sine * sine)
    unit = axis / np.maximum(length, _FLAT)[:, None]
    side = np.stack([-unit[:, 1], unit[:, 0]], axis=1)
    normals = sine[:, None, None] * unit[:, None] + cosine[:, None, None] * np.stack([side, -side], axis=1)
    points = screen[:, :, None] + normals[:, None] * np.where(apart[:, None], radius, 0)[:, :, None, None]
    return points.reshape(-1, 4, 2)[:, (0, 1, 3, 2)]


def _cross(a: Float32[np.ndarray, "n 3"], b: Float32[np.ndarray, "n 3"]) -> Float32[np.ndarray, "n 3"]:
    """np.cross without its overhead."""
    ax, ay, az = a.T
    bx, by, bz = b.T
    return np.stack([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx], axis=1)
