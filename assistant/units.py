"""Units: those in which quantities are held, and the words for them and for others."""

from assistant.steps import METRIC

OF_QUANTITY: dict[str, str] = {
    **METRIC,
    **dict.fromkeys(("x", "y", "z"), "m"),
    **dict.fromkeys(("area", "box width", "box height"), "pixels"),
}
"""By quantity or coordinate; the other quantities are counts."""

METRES = ("m", "metres", "meters", "metre", "meter")
_IN_METRES: dict[str, float] = {
    **dict.fromkeys(METRES, 1.0),
    **dict.fromkeys(("cm", "cms", "centimetre", "centimetres", "centimeter", "centimeters"), 0.01),
    **dict.fromkeys(("mm", "millimetre", "millimetres", "millimeter", "millimeters"), 0.001),
    **dict.fromkeys(("km", "kilometre", "kilometres", "kilometer", "kilometers"), 1000.0),
    **dict.fromkeys(("ft", "foot", "feet"), 0.3048),
    **dict.fromkeys(("inch", "inches"), 0.0254),
    **dict.fromkeys(("yard", "yards"), 0.9144),
}
_LITRES = ("litre", "litres", "liter", "liters")
_AN_HOUR = ("per hour", "an hour", "/ h", "/ hour")
_A_SECOND = ("per second", "a second", "/ s", "/ second", "per sec")
WORDS: dict[str, tuple[str, float]] = {
    **{name: ("m", factor) for name, factor in _IN_METRES.items()},
    **{f"cubic {name}": ("m3", factor**3) for name, factor in _IN_METRES.items()},
    **{f"{name}{cubed}": ("m3", _IN_METRES[name] ** 3) for name in ("m", "cm") for cubed in ("3", " 3", " ^ 3")},
    **dict.fromkeys(_LITRES, ("m3", 0.001)),
    **{f"{name} {rate}": ("m/s", factor) for name, factor in _IN_METRES.items() for rate in _A_SECOND},
    **{f"{name} {rate}": ("m/s", factor / 3600) for name, factor in _IN_METRES.items() for rate in _AN_HOUR},
    **dict.fromkeys(("km h", "kmh", "kph"), ("m/s", 1000 / 3600)),
    **dict.fromkeys(("pixel", "pixels", "px"), ("pixels", 1.0)),
}
"""Words for units: the unit in which quantities are held, and how many of it one is."""
UNIT_WORDS = frozenset(name.split()[0] for name in WORDS)
"""Every amount has one of these words."""
