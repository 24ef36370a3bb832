"""English for quantities: big, taller than, the widest, how fast."""

from dataclasses import dataclass

from assistant.steps import Quantity


@dataclass(frozen=True)
class Dimension:
    """What an adjective compares things by.

    Attributes:
        flat: the quantity in the picture, None where a picture does not have it.
        solid: the quantity in metres.
        least: the adjective is of the low end: small, short, narrow.
    """

    flat: Quantity | None
    solid: Quantity
    least: bool = False

    def quantity(self, measured: bool) -> Quantity:
        """The quantity that is meant where the graph holds metres, or does not."""
        return self.solid if measured or self.flat is None else self.flat


_BIG, _SMALL = Dimension("area", "volume"), Dimension("area", "volume", True)
_TALL, _SHORT = Dimension("box height", "height"), Dimension("box height", "height", True)
_WIDE, _NARROW = Dimension("box width", "width"), Dimension("box width", "width", True)
_DEEP, _SHALLOW = Dimension(None, "depth"), Dimension(None, "depth", True)
_FAST, _SLOW = Dimension(None, "speed"), Dimension(None, "speed", True)
LENGTH = Dimension(None, "length")
_FAR, _NEAR = Dimension(None, "distance"), Dimension(None, "distance", True)

_ADJECTIVES: tuple[tuple[str, str, str, Dimension], ...] = (
    ("big", "bigger", "biggest", _BIG),
    ("large", "larger", "largest", _BIG),
    ("huge", "huger", "hugest", _BIG),
    ("voluminous", "bulkier", "bulkiest", _BIG),
    ("small", "smaller", "smallest", _SMALL),
    ("little", "littler", "littlest", _SMALL),
    ("tiny", "tinier", "tiniest", _SMALL),
    ("tall", "taller", "tallest", _TALL),
    ("short", "shorter", "shortest", _SHORT),
    ("wide", "wider", "widest", _WIDE),
    ("broad", "broader", "broadest", _WIDE),
    ("narrow", "narrower", "narrowest", _NARROW),
    ("deep", "deeper", "deepest", _DEEP),
    ("shallow", "shallower", "shallowest", _SHALLOW),
    ("fast", "faster", "fastest", _FAST),
    ("quick", "quicker", "quickest", _FAST),
    ("slow", "slower", "slowest", _SLOW),
)
PLAIN: dict[str, Dimension] = {plain: dimension for plain, _, _, dimension in _ADJECTIVES}
MORE: dict[str, Dimension] = {more: dimension for _, more, _, dimension in _ADJECTIVES}
MOST: dict[str, Dimension] = {most: dimension for _, _, most, dimension in _ADJECTIVES}
MOST_SAID: dict[str, Dimension] = {**MOST, "longest": LENGTH}
"""Superlatives before a noun: the longest bench. Behind it "longest" may be said of time."""
NEARER: dict[str, Dimension] = {
    **dict.fromkeys(("near", "nearer", "close", "closer"), _NEAR),
    **dict.fromkeys(("far", "farther", "further", "farther away", "further away", "more distant"), _FAR),
}
"""Comparatives of the distance from the camera."""
_LONG = ("greatest", "largest", "longest", "biggest", "maximum", "highest")
_LONGER = ("greater", "larger", "longer", "bigger")
_BRIEF = ("shortest", "smallest", "least", "minimum", "lowest")
EXTREMES: dict[str, bool] = {**dict.fromkeys((*_LONG, "most", "furthest"), False), **dict.fromkeys(_BRIEF, True)}
"""Adjectives of nouns for quantities, and whether they are of the low end: the greatest height."""
NEAREST: dict[str, bool] = {
    **dict.fromkeys(("nearest", "closest", "least far", "least far away", "least distant"), False),
    **dict.fromkeys(("farthest", "furthest", "farthest away", "furthest away", "most distant", "most remote"), True),
    **{
        f"{at} the {extreme} distance{away}": extreme in (*_LONG, *_LONGER)
        for at in ("at", "with")
        for extreme in (*_LONG, *_BRIEF, *_LONGER, "smaller", "shorter")
        for away in ("", " away")
    },
}
"""Whether the node that lies farthest away is meant."""
PATH = Dimension(None, "path length")
NOUNS: dict[str, Dimension] = {
    **dict.fromkeys(("size", "area"), _BIG),
    "volume": Dimension(None, "volume"),
    "height": _TALL,
    "width": _WIDE,
    "depth": _DEEP,
    "length": LENGTH,
    "speed": _FAST,
    "velocity": _FAST,
    **dict.fromkeys(("distance", *(f"distance {to} the camera" for to in ("from", "to"))), _FAR),
    **dict.fromkeys(("average speed", "mean speed"), _FAST),
    **dict.fromkeys(("path length", "length of path", "travelled distance", "traveled distance"), PATH),
    **dict.fromkeys((f"distance {gone}" for gone in ("travelled", "traveled", "covered", "moved", "walked")), PATH),
    "displacement": Dimension(None, "displacement"),
}
"""Nouns for quantities: "the height of the car"."""
