"""The ground plane: strips of grass, sand, road and sea, and the sky above it."""

from dataclasses import dataclass
from math import cos, sin

import numpy as np
from jaxtyping import Float32, Int16

from toyworld.noise import bank
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

    colour: Float32[np.ndarray, "height width 3"]
    depth: Float32[np.ndarray, "height width"]
    kind: Int16[np.ndarray, "height width"]


def backdrop(ground: Ground, view: View, tints: Float32[np.ndarray, "5 3"], seed: int) -> Backdrop:
    """Draw sky and ground. `tints` multiply the colours of the kinds; `seed` shifts the textures."""
    height, width = view.size
    cx, cy = view.centre
    slope = (np.arange(height, dtype=np.float32) - cy) / view.focal
    down = np.float32(cos(view.pitch)) * slope + np.float32(sin(view.pitch))
    rows = np.flatnonzero(down * _FARTHEST > view.height)
    first = int(rows[0]) if len(rows) else height
    colour = np.empty((height, width, 3), dtype=np.float32)
    depth = np.full((height, width), np.inf, dtype=np.float32)
    kind = np.zeros((height, width), dtype=np.int16)
    colours = _COLOURS * tints
    colour[:first] = _sky(view, slope[:first], colours[SKY], seed)
    if first == height:
        return Backdrop(colour, depth, kind)

    z = (view.height / down[first:])[:, None].astype(np.float32)
    across = ((np.arange(width, dtype=np.float32) - cx) / view.focal)[None]
    rotation = view.rotation.astype(np.float32)
    x = view.x + z * (rotation[0, 0] * across + rotation[0, 1] * slope[first:, None] + rotation[0, 2])
    y = view.y + z * (rotation[1, 0] * across + rotation[1, 1] * slope[first:, None] + rotation[1, 2])
    region = np.full(x.shape, ground.base, dtype=np.int16)
    paint = np.zeros(x.shape, dtype=bool)
    for strip in ground.strips:
        offset = x * np.float32(cos(strip.angle)) + y * np.float32(sin(strip.angle))
        inside = (offset >= strip.low) & (offset < strip.high)
        region[inside] = strip.kind
        if strip.kind == ROAD:
            along = y * np.float32(cos(strip.angle)) - x * np.float32(sin(strip.angle))
            middle = np.abs(offset - (strip.low + strip.high) / 2) < 0.09
            edge = (offset - strip.low < 0.12) | (strip.high - offset < 0.12)
            paint = inside & ((middle & ((along * 0.4) % 1 < 0.55)) | edge)
    shade = 1 + _ROUGHNESS[region] * (_texture(x, y, z, region, seed) - 0.5)
    drawn = colours[region] * shade[..., None]
    drawn[paint & (region == ROAD)] = 0.85
    haze = np.exp(-z / _HAZE_METRES)[..., None]
    colour[first:] = drawn * haze + colours[SKY] * (1 - haze)
    depth[first:] = z
    kind[first:] = region
    return Backdrop(colour, depth, kind)


def _texture(x: np.ndarray, y: np.ndarray, z: np.ndarray, region: np.ndarray, seed: int) -> np.ndarray:
    """0 to 1: fine and coarse noise fixed to the ground; waves on the sea."""
    noise = bank()
    size = len(noise)
    fine = noise[(x * 9).astype(np.int32) + seed & size - 1, (y * 9).astype(np.int32) & size - 1]
    coarse = noise[(x * 1.3).astype(np.int32) & size - 1, (y * 1.3).astype(np.int32) + seed & size - 1]
    mixed = 0.6 * fine + 0.4 * coarse
    sea = region == SEA
    if sea.any():
        waves = np.sin((x + y)[sea] * 1.7 + 3 * coarse[sea]) * 0.5 + 0.5
        mixed[sea] = 0.5 * mixed[sea] + 0.5 * waves
    return mixed


def _sky(view: View, slope: np.ndarray, colour: np.ndarray, seed: int) -> np.ndarray:
    """Brighter towards the horizon, with clouds that stay in place when the camera turns."""
    noise = bank()
    size = len(noise)
    cx, _ = view.centre
    turn = np.arctan((np.arange(view.size[1], dtype=np.float32) - cx) / view.focal) - np.float32(view.yaw)
    rise = -slope[:, None] + np.float32(view.pitch)
    column = (turn * 14).astype(np.int32)[None] + seed & size - 1
    cloud = (
        noise[(rise * 40).astype(np.int32) & size - 1, column]
        + noise[(rise * 18).astype(np.int32) + 7 & size - 1, column >> 1]
    )
    white = np.clip(0.55 - 0.6 * rise + 0.35 * np.maximum(cloud - 1.0, 0), 0, 1)[..., None]
    return colour * (1 - 0.6 * white) + np.float32(0.6) * white
