"""Colours for nodes: far apart, for people who see red and green alike too.

The first seven are those of Okabe and Ito (Color Universal Design, 2008) without black. Every further
one is the candidate that lies farthest from all before it, where the distance of two colours is the
mean of what a person with normal vision sees between them and the least that a person with
protanopia or deuteranopia sees.
"""

from functools import cache

import numpy as np
from jaxtyping import Float64, UInt8

Colour = tuple[int, int, int]

COUNT = 64
"""Colours before they repeat. The first 16 differ for dichromats too; names must tell the rest apart."""

_GRID_STEPS = 12
_LIGHTNESS = (0.55, 0.9)
"""OKLab lightness of candidates: visible on black and on white, and readable below black text."""

_CHROMA = 0.07
"""Least OKLab chroma: greys disappear in photos."""

_OKABE_ITO = (
    (230, 159, 0),
    (86, 180, 233),
    (0, 158, 115),
    (240, 228, 66),
    (0, 114, 178),
    (213, 94, 0),
    (204, 121, 167),
)

# Linear RGB to what dichromats see: Machado, Oliveira, Fernandes 2009, severity 1.
_PROTANOPIA = np.array(
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
)
_DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
)
# Linear RGB to OKLab in two steps: Ottosson 2020.
_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def colour(node_id: int) -> Colour:
    """The colour (red, green, blue; 0 to 255) of a node; the same id has the same colour everywhere.

    >>> colour(3) == colour(3) != colour(4)
    True
    """
    red, green, blue = _colours()[node_id % COUNT].tolist()
    return red, green, blue


@cache
def palette() -> UInt8[np.ndarray, "256 3"]:
    """The colours for a palette PNG whose pixel values are ids: 0 is black, id i is `colour(i)`."""
    table = _colours()[np.arange(256) % COUNT]
    table[0] = 0
    table.setflags(write=False)
    return table


def mixed(first: Colour, second: Colour, share: float) -> Colour:
    """A colour between two: `share` of the second.

    >>> mixed((0, 100, 200), (100, 100, 100), 0.5)
    (50, 100, 150)
    """
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def text_colour(background: Colour) -> Colour:
    """Black or white, whichever is easier to read on a background (WCAG contrast ratio)."""
    luminance = float(_linear(np.array(background) / 255) @ (0.2126, 0.7152, 0.0722))
    return (0, 0, 0) if (luminance + 0.05) / 0.05 >= 1.05 / (luminance + 0.05) else (255, 255, 255)


@cache
def _colours() -> UInt8[np.ndarray, "count 3"]:
    levels = np.linspace(0, 255, _GRID_STEPS).round()
    grid = np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), axis=-1).reshape(-1, 3)
    seen = _seen(grid)
    lightness, chroma = seen[0, :, 0], np.hypot(seen[0, :, 1], seen[0, :, 2])
    usable = (lightness >= _LIGHTNESS[0]) & (lightness <= _LIGHTNESS[1]) & (chroma >= _CHROMA)
    candidates = np.concatenate((np.array(_OKABE_ITO, dtype=np.float64), grid[usable]))
    seen = _seen(candidates)
    chosen = list(range(len(_OKABE_ITO)))
    nearest = np.min([_distance(seen, index) for index in chosen], axis=0)
    while len(chosen) < COUNT:
        chosen.append(int(nearest.argmax()))
        nearest = np.minimum(nearest, _distance(seen, chosen[-1]))
    return candidates[chosen].astype(np.uint8)


def _seen(colours: Float64[np.ndarray, "n 3"]) -> Float64[np.ndarray, "visions n 3"]:
    """OKLab coordinates of colours as seen with normal vision, protanopia and deuteranopia."""
    linear = _linear(np.asarray(colours, dtype=np.float64) / 255)
    visions = np.stack([linear, *(np.clip(linear @ matrix.T, 0, 1) for matrix in (_PROTANOPIA, _DEUTERANOPIA))])
    return np.cbrt(visions @ _TO_CONES.T) @ _TO_LAB.T


def _linear(values: Float64[np.ndarray, "*n 3"]) -> Float64[np.ndarray, "*n 3"]:
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def _distance(seen: Float64[np.ndarray, "visions n 3"], index: int) -> Float64[np.ndarray, " n"]:
    normal, *others = np.linalg.norm(seen - seen[:, index : index + 1], axis=-1)
    return (normal + np.minimum.reduce(others)) / 2
