"""One picture of the world: colour, depth, who is seen where, and who hides whom."""

from dataclasses import dataclass
from math import ceil

import numpy as np
from jaxtyping import Bool, Float32, Int16, Int64, UInt8

from toyworld.ground import Backdrop
from toyworld.noise import grain, lookup
from toyworld.raster import Fragments, Parts, numbers_between

AMBIENT = 0.55
"""Light that reaches surfaces turned away from the sun."""

SHADOW = 0.62
"""Brightness of the ground in shadow."""


@dataclass(frozen=True, eq=False)
class Composite:
    """The z-buffer's verdict.

    `code` is an entity's position, or `entities` + kind of ground; `winners` are the fragments that
    are seen; `hidden[i, j]` counts the pixels of entity i that entity j covers, `hidden[i, i]` those
    of i that are seen; `whole[i]` counts the pixels that i would have alone; `sides[i]` is the height
    and width of what is seen of i.
    """

    code: Int16[np.ndarray, "height width"]
    depth: Float32[np.ndarray, "height width"]
    winners: Int64[np.ndarray, " pixels"]
    hidden: Int64[np.ndarray, "n n"]
    whole: Int64[np.ndarray, " n"]
    sides: Int64[np.ndarray, "n 2"]


def compose(
    back: Backdrop, fragments: Fragments, parts: Parts, entities: int, kept: Bool[np.ndarray, " entities"]
) -> Composite:
    """Let depth decide between the kept entities and the backdrop."""
    owner = parts.owner.take(fragments.part)
    if kept.all():
        chosen, pixel, depth = np.arange(len(owner)), fragments.pixel, fragments.depth
    else:
        chosen = np.flatnonzero(kept.take(owner))
        pixel, depth, owner = fragments.pixel.take(chosen), fragments.depth.take(chosen), owner.take(chosen)
    nearest = back.depth.ravel().copy()
    np.minimum.at(nearest, pixel, depth)
    on_top = np.flatnonzero(depth <= nearest.take(pixel))
    code = (back.kind + np.int16(entities)).ravel()
    code[pixel.take(on_top)] = owner.take(on_top)
    pixels, width = code.size, back.kind.shape[1]
    touched = np.zeros(entities * pixels, dtype=bool)
    touched[owner * pixels + pixel] = True
    where = np.flatnonzero(touched)
    whole = np.bincount(where // pixels, minlength=entities)
    which = np.repeat(np.arange(entities), whole)
    place = where - which * pixels
    seen = code.take(place)
    covered = np.flatnonzero(seen < entities)
    pairs = which.take(covered) * entities + seen.take(covered)
    hidden = np.bincount(pairs, minlength=entities * entities).reshape(entities, entities)
    own = np.flatnonzero(seen == which)
    row, column = np.divmod(place.take(own), width)
    return Composite(
        code.reshape(back.kind.shape),
        nearest.reshape(back.depth.shape),
        chosen.take(on_top),
        hidden,
        whole,
        _sides(row, column, hidden.diagonal()),
    )


def _sides(
    row: Int64[np.ndarray, " total"], column: Int64[np.ndarray, " total"], counts: Int64[np.ndarray, " n"]
) -> Int64[np.ndarray, "n 2"]:
    """Height and width of n groups of pixels behind one another, each in picture order; 0 for empty groups."""
    sides = np.zeros((len(counts), 2), dtype=np.int64)
    filled = np.flatnonzero(counts)
    if len(filled):
        stops = np.cumsum(counts)[filled]
        starts = stops - counts[filled]
        sides[filled, 0] = row[stops - 1] - row[starts] + 1
        sides[filled, 1] = np.maximum.reduceat(column, starts) - np.minimum.reduceat(column, starts) + 1
    return sides


@dataclass(frozen=True, eq=False)
class Look:
    """How the entities and the picture as a whole are coloured.

    `palettes` are colours 0 to 1 by entity and material; `gain` and `tint` multiply the picture;
    `grain` is the standard deviation of the sensor noise, in grey levels; `seed` places the textures
    and `frame` the noise, which is another one in every frame of a clip.
    """

    palettes: Float32[np.ndarray, "entities slots 3"]
    gain: float
    tint: Float32[np.ndarray, "3"]
    grain: float
    seed: int
    frame: int = 0


@dataclass(frozen=True, eq=False)
class Decals:
    """Soft marks that belong to no entity: shadows on the ground, streaks in the air.

    Rows are centre x, centre y, half width, half height in pixels, depth in metres, and how the mark
    mixes in: brightness 0 to 1 and strength 0 to 1; ground decals (`flat`) darken ground only.
    """

    rows: Float32[np.ndarray, "n 7"]
    flat: Bool[np.ndarray, " n"]


def paint(
    back: Backdrop, fragments: Fragments, parts: Parts, composite: Composite, look: Look, decals: Decals
) -> UInt8[np.ndarray, "height width 3"]:
    """The picture, RGB."""
    height, width = back.kind.shape
    colour = back.colour.copy()
    _darken(colour, composite.code >= len(look.palettes), decals)
    winners = composite.winners
    part, pixel = fragments.part.take(winners), fragments.pixel.take(winners)
    dark_stripe = (fragments.along.take(winners) * parts.stripes.take(part)).astype(np.int32) & 1
    shade = (1 - AMBIENT) * np.maximum(fragments.light.take(winners), np.float32(-0.6))
    shade += np.float32(AMBIENT) - np.float32(0.16) * dark_stripe.astype(np.float32)
    owner = parts.owner.take(part)
    shade *= np.float32(0.92) + np.float32(0.16) * lookup(owner + look.seed, pixel * 7)
    slot = (parts.owner * look.palettes.shape[1] + parts.material).take(part)
    for plane, palette in zip(colour, look.palettes.reshape(-1, 3).T, strict=True):
        plane.ravel()[pixel] = palette.take(slot) * shade
    _streak(colour, composite.depth, decals)
    rough = _grain(height, width, look.seed + 977 * look.frame) * np.float32(look.grain)
    colour *= (look.tint * np.float32(255 * look.gain))[:, None, None]
    colour += rough
    np.clip(colour, 0, 255, out=colour)
    return np.dstack(tuple(colour.astype(np.uint8)))


def _grain(height: int, width: int, seed: int) -> Float32[np.ndarray, "height width"]:
    """Sensor noise of the picture's size; large pictures repeat the table."""
    table = grain()
    side = len(table)
    top, left = seed % side, (seed >> 4) % side
    if top + height <= side and left + width <= side:
        return table[top : top + height, left : left + width]
    rows, columns = (np.arange(height) + top) % side, (np.arange(width) + left) % side
    return table[rows[:, None], columns]


def _window(row: np.ndarray, size: tuple[int, int]) -> tuple[slice, slice] | None:
    height, width = size
    x, y, half_width, half_height = row[:4].tolist()
    left, right = max(ceil(x - half_width), 0), min(int(x + half_width), width - 1)
    top, bottom = max(ceil(y - half_height), 0), min(int(y + half_height), height - 1)
    if left > right or top > bottom:
        return None
    return slice(top, bottom + 1), slice(left, right + 1)


def _darken(
    colour: Float32[np.ndarray, "3 height width"], ground: Bool[np.ndarray, "height width"], decals: Decals
) -> None:
    """Shadows: ellipses on the ground."""
    x, y, half_width, half_height = decals.rows[decals.flat, :4].T
    counts, row = numbers_between(y - half_height, y + half_height, ground.shape[0])
    rise = (row.astype(np.float32) - np.repeat(y, counts)) / np.repeat(half_height, counts)
    half = np.repeat(half_width, counts) * np.sqrt(np.maximum(1 - rise * rise, 0))
    middle = np.repeat(x, counts)
    widths, column = numbers_between(middle - half, middle + half, ground.shape[1])
    shaded = np.zeros(ground.size, dtype=bool)
    shaded[np.repeat(row, widths) * ground.shape[1] + column] = True
    where = np.flatnonzero(shaded & ground.ravel())
    for plane in colour.reshape(3, -1):
        plane[where] *= np.float32(SHADOW)


def _streak(
    colour: Float32[np.ndarray, "3 height width"], depth: Float32[np.ndarray, "height width"], decals: Decals
) -> None:
    """Streaks: bars that mix with whatever lies behind them."""
    for row in decals.rows[~decals.flat]:
        window = _window(row, depth.shape)
        if window is None:
            continue
        strength = np.where(depth[window] > row[4], row[6], np.float32(0))
        bar = colour[:, window[0], window[1]]
        bar += (row[5] - bar) * strength
