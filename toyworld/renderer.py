"""One picture of the world: colour, depth, who is seen where, and who hides whom."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float32, Int16, Int64, UInt8

from toyworld.ground import Backdrop
from toyworld.noise import bank, grain
from toyworld.raster import Fragments, Parts

AMBIENT = 0.55
"""Light that reaches surfaces turned away from the sun."""

SHADOW = 0.62
"""Brightness of the ground in shadow."""


@dataclass(frozen=True, eq=False)
class Composite:
    """The z-buffer's verdict.

    `code` is an entity's position, or `entities` + kind of ground; `hidden[i, j]` counts the pixels
    of entity i that entity j covers, `hidden[i, i]` those of i that are seen; `whole[i]` counts the
    pixels that i would have alone.
    """

    code: Int16[np.ndarray, "height width"]
    depth: Float32[np.ndarray, "height width"]
    winners: Int64[np.ndarray, " pixels"]
    hidden: Int64[np.ndarray, "n n"]
    whole: Int64[np.ndarray, " n"]


def compose(
    back: Backdrop, fragments: Fragments, parts: Parts, entities: int, kept: Bool[np.ndarray, " entities"]
) -> Composite:
    """Let depth decide between the kept entities and the backdrop.

    `winners` are the fragments that are seen.
    """
    owner = parts.owner[fragments.part]
    chosen = np.arange(len(owner)) if kept.all() else np.flatnonzero(kept[owner])
    pixel, depth, owner = fragments.pixel[chosen], fragments.depth[chosen], owner[chosen]
    nearest = back.depth.ravel().copy()
    np.minimum.at(nearest, pixel, depth)
    on_top = np.flatnonzero(depth <= nearest[pixel])
    code = (back.kind + np.int16(entities)).ravel()
    code[pixel[on_top]] = owner[on_top]
    touched = np.zeros((entities, code.size), dtype=bool)
    touched[owner, pixel] = True
    which, where = np.nonzero(touched)
    seen = code[where]
    covered = seen < entities
    hidden = np.bincount(which[covered] * entities + seen[covered], minlength=entities * entities)
    return Composite(
        code.reshape(back.kind.shape),
        nearest.reshape(back.depth.shape),
        chosen[on_top],
        hidden.reshape(entities, entities),
        np.bincount(which, minlength=entities),
    )


@dataclass(frozen=True, eq=False)
class Look:
    """How the entities and the picture as a whole are coloured.

    `palettes` are colours 0 to 1 by entity and material; `gain` and `tint` multiply the picture;
    `grain` is the standard deviation of the sensor noise, in grey levels.
    """

    palettes: Float32[np.ndarray, "entities slots 3"]
    gain: float
    tint: Float32[np.ndarray, "3"]
    grain: float
    seed: int


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
    colour = back.colour.reshape(-1, 3).copy()
    entities = len(look.palettes)
    _darken(colour, composite.code.ravel() >= entities, decals, (height, width))
    winners = composite.winners
    part, pixel = fragments.part[winners], fragments.pixel[winners]
    palette = look.palettes.reshape(-1, 3)
    slot = parts.owner * look.palettes.shape[1] + parts.material
    dark_stripe = ((fragments.along[winners] * parts.stripes[part]).astype(np.int32) & 1).astype(np.float32)
    shade = AMBIENT + (1 - AMBIENT) * np.maximum(fragments.light[winners], -0.6) - 0.16 * dark_stripe
    noise = bank()
    texture = noise.ravel()[(pixel * 7 + (parts.owner[part] + look.seed) * 1031) % noise.size]
    shade = shade * (0.92 + 0.16 * texture)
    colour[pixel] = palette[slot[part]] * shade[:, None]
    _streak(colour, composite.depth.ravel(), decals, (height, width))
    start = look.seed % (grain().shape[0] - min(height, 256)) if height <= 256 else 0
    rough = (
        np.resize(grain()[start:], (height, width))
        if width > 512 or height > 256
        else grain()[start : start + height, :width]
    )
    picture = colour.reshape(height, width, 3) * (look.tint * np.float32(255 * look.gain))
    picture += (rough * np.float32(look.grain))[..., None]
    return np.clip(picture, 0, 255).astype(np.uint8)


def _window(row: np.ndarray, size: tuple[int, int]) -> tuple[slice, slice] | None:
    height, width = size
    x, y, half_width, half_height = row[:4]
    left, right = max(int(np.ceil(x - half_width)), 0), min(int(x + half_width), width - 1)
    top, bottom = max(int(np.ceil(y - half_height)), 0), min(int(y + half_height), height - 1)
    if left > right or top > bottom:
        return None
    return slice(top, bottom + 1), slice(left, right + 1)


def _darken(colour: np.ndarray, ground: np.ndarray, decals: Decals, size: tuple[int, int]) -> None:
    """Shadows: ellipses on the ground."""
    picture = colour.reshape(*size, 3)
    open_ground = ground.reshape(size)
    for row in decals.rows[decals.flat]:
        window = _window(row, size)
        if window is None:
            continue
        x = (np.arange(window[1].start, window[1].stop) - row[0]) / row[2]
        y = (np.arange(window[0].start, window[0].stop) - row[1]) / row[3]
        inside = (x * x + (y * y)[:, None] < 1) & open_ground[window]
        picture[window][inside] *= SHADOW


def _streak(colour: np.ndarray, depth: np.ndarray, decals: Decals, size: tuple[int, int]) -> None:
    """Streaks: bars that mix with whatever lies behind them."""
    picture, distance = colour.reshape(*size, 3), depth.reshape(size)
    for row in decals.rows[~decals.flat]:
        window = _window(row, size)
        if window is None:
            continue
        behind = distance[window] > row[4]
        strength = row[6]
        picture[window][behind] = picture[window][behind] * (1 - strength) + row[5] * strength
