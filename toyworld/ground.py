"""The ground plane: strips of grass, sand, road and sea, and the sky above it."""

from dataclasses import dataclass
from math import cos, sin

import numpy as np
from jaxtyping import Bool, Float32, Int16

from toyworld.noise import lookup
from toyworld.views import View

SKY, GRASS, SAND, ROAD, SEA = range(5)
KINDS = ("sky", "grass", "sand", "road", "sea")

_BASE = np.array([(0.50, 0.70, 0.95), (0.30, 0.55, 0.18), (0.88, 0.76, 0.50), (0.38, 0.38, 0.41), (0.10, 0.35, 0.58)])
_COLOURS = _BASE.astype(np.float32)
_ROUGHNESS = np.array((0.0, 0.30, 0.16, 0.12, 0.22), dtype=np.float32)
_HAZE_METRES = 90.0
_FARTHEST = 250.0
"""Metres; ground beyond it belongs to the horizon's row of pixels."""


@dataclass(frozen=True)
class Strip:
    """The ground where low <= x cos(angle) + y sin(angle) < high."""

    kind: int
    angle: float
    low: float
    high: float

    def offset(self, x: float, y: float) -> float:
        """The coordinate across the strip."""
        return x * cos(self.angle) + y * sin(self.angle)


@dataclass(frozen=True)
class Ground:
    """A base kind everywhere, and strips laid over it, later ones on top.

    >>> park = Ground(GRASS, (Strip(ROAD, 0.0, 4.0, 7.0),))
    >>> KINDS[park.at(0.0, 0.0)], KINDS[park.at(5.0, 2.0)]
    ('grass', 'road')
    """

    base: int
    strips: tuple[Strip, ...] = ()

    def at(self, x: float, y: float) -> int:
        """The kind of ground at a point."""
        for strip in reversed(self.strips):
            if strip.low <= strip.offset(x, y) < strip.high:
                return strip.kind
        return self.base

    def around(self, x: float, y: float, radius: float) -> int | None:
        """The kind of ground under a whole disc, or None where a border crosses it."""
        kind = self.at(x, y)
        for strip in self.strips:
            across = strip.offset(x, y)
            if min(abs(across - strip.low), abs(across - strip.high)) < radius:
                return None
        return kind


@dataclass(frozen=True, eq=False)
class Backdrop:
    """Ground and sky as pictures: colour 0 to 1, camera depth in metres (infinite for sky), kind of ground."""

    colour: Float32[np.ndarray, "3 height width"]
    depth: Float32[np.ndarray, "height width"]
    kind: Int16[np.ndarray, "height width"]


def backdrop(ground: Ground, view: View, tints: Float32[np.ndarray, "5 3"], seed: int) -> Backdrop:
    """Draw sky and ground. `tints` multiply the colours of the kinds; `seed` shifts the textures."""
    height, width = view.size
    cx, cy = view.centre
    slope = (np.arange(height, dtype=np.float32) - cy) / view.focal
    down = np.float32(cos(view.pitch)) * slope + np.float32(sin(view.pitch))
    first = height - int((down * _FARTHEST > view.height).sum())
    colour = np.empty((3, height, width), dtype=np.float32)
    depth = np.full((height, width), np.inf, dtype=np.float32)
    kind = np.zeros((height, width), dtype=np.int16)
    colours = _COLOURS * tints
    if first:
        colour[:, :first] = _sky(view, slope[:first, None], colours[SKY], seed)
    if first == height:
        return Backdrop(colour, depth, kind)

    z = (view.height / down[first:])[:, None]
    across = ((np.arange(width, dtype=np.float32) - cx) / view.focal)[None]
    rotation = view.rotation.astype(np.float32)
    x = across * (z * rotation[0, 0]) + (view.x + z * (rotation[0, 1] * slope[first:, None] + rotation[0, 2]))
    y = across * (z * rotation[1, 0]) + (view.y + z * (rotation[1, 1] * slope[first:, None] + rotation[1, 2]))
    region, paint = _regions(ground, x, y)
    shade = _texture(x, y, region, seed)
    haze = np.exp(-z / _HAZE_METRES)
    shade *= haze
    index = region.astype(np.intp)
    far = colours[SKY][:, None, None] * (1 - haze)
    for channel, (part, table) in enumerate(zip(colour, colours.T, strict=True)):
        np.multiply(table.take(index), shade, out=part[first:])
        if paint is not None:
            part[first:][paint] = 0.85
        part[first:] += far[channel]
    depth[first:] = z
    kind[first:] = region
    return Backdrop(colour, depth, kind)


Pixels = Float32[np.ndarray, "rows width"]


def _regions(
    ground: Ground, x: Pixels, y: Pixels
) -> tuple[Int16[np.ndarray, "rows width"], Bool[np.ndarray, "rows width"] | None]:
    """The kind of ground of each pixel, and where road markings are painted (None if nowhere)."""
    region = np.full(x.shape, ground.base, dtype=np.int16)
    paint = None
    for strip in ground.strips:
        c, s = np.float32(cos(strip.angle)), np.float32(sin(strip.angle))
        offset = x * c + y * s
        inside = (offset >= strip.low) & (offset < strip.high)
        np.copyto(region, np.int16(strip.kind), where=inside)
        if strip.kind == ROAD:
            along = (y * c - x * s) * np.float32(0.4)
            dashed = along - np.floor(along) < 0.55
            middle, half = (strip.low + strip.high) / 2, (strip.high - strip.low) / 2
            from_middle = np.abs(offset - np.float32(middle))
            paint = inside & (((from_middle < 0.09) & dashed) | (from_middle > half - 0.12))
    return region, paint


def _texture(x: Pixels, y: Pixels, region: Int16[np.ndarray, "rows width"], seed: int) -> Pixels:
    """Brightness around 1: noise fixed to the ground; waves on the sea."""
    mixed = lookup((x * 9).astype(np.int32) + seed, (y * 9).astype(np.int32))
    if (region[0] == SEA).any():
        waves = np.sin((x + y) * np.float32(1.7) + 3 * mixed) * np.float32(0.25) + np.float32(0.25)
        np.copyto(mixed, waves + np.float32(0.5) * mixed, where=region == SEA)
    mixed -= np.float32(0.5)
    mixed *= _ROUGHNESS.take(region)
    mixed += 1
    return mixed


def _sky(
    view: View, slope: Float32[np.ndarray, "rows 1"], colour: Float32[np.ndarray, "3"], seed: int
) -> Float32[np.ndarray, "3 rows width"]:
    """Brighter towards the horizon, with clouds that stay in place when the camera turns."""
    turn = np.arctan((np.arange(view.size[1], dtype=np.float32) - view.centre[0]) / view.focal) - np.float32(view.yaw)
    rise = -slope + np.float32(view.pitch)
    column = (turn * 14).astype(np.int32)[None] + seed
    cloud = lookup((rise * 40).astype(np.int32), column)
    white = np.float32(0.7) * np.maximum(cloud - np.float32(0.5), 0) + (np.float32(0.55) - np.float32(0.6) * rise)
    white = np.float32(0.6) * np.minimum(np.maximum(white, 0), 1)
    return colour[:, None, None] * (1 - white) + white
