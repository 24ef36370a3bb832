"""English adjectives by the attribute that they are values of."""

import re
from collections.abc import Iterator

_VALUES: dict[str, tuple[str, ...]] = {
    "colour": (
        *("red", "green", "blue", "yellow", "orange", "purple", "pink", "brown", "black", "white", "grey", "gray"),
        *("beige", "silver", "golden", "gold", "violet", "turquoise", "cyan", "magenta", "maroon", "dark", "light"),
    ),
    "size": ("big", "small", "large", "little", "tiny", "huge", "tall", "short", "long", "wide", "narrow", "thick"),
    "material": ("wooden", "metal", "plastic", "glass", "paper", "leather", "stone", "brick", "cotton", "concrete"),
    "shape": ("round", "square", "rectangular", "oval", "triangular", "curved", "flat"),
    "age": ("young", "old", "new", "elderly"),
    "state": (
        *("open", "closed", "empty", "full", "wet", "dry", "clean", "dirty", "broken"),
        *("happy", "sad", "angry", "tired", "asleep", "awake", "naked", "hot", "cold", "lit", "alive", "dead"),
    ),
    "pattern": ("striped", "spotted", "checkered", "plain"),
}

ATTRIBUTE_OF: dict[str, str] = {value: attribute for attribute, values in _VALUES.items() for value in values}
"""Known adjective: the attribute that it belongs to."""

SPELLINGS: dict[str, str] = {
    **dict.fromkeys(("hue", "hues", "tint", "colouring", "coloring"), "colour"),
    "color": "colour",
    "colors": "colour",
    "colours": "colour",
    "coloured": "colour",
    "colored": "colour",
    "sizes": "size",
    "materials": "material",
    "shapes": "shape",
    "patterns": "pattern",
    "gray": "grey",
}
"""Other spellings of attribute names and values."""


def spelling(word: str) -> str:
    """One spelling for words that have several.

    >>> spelling("Color"), spelling("GRAY"), spelling("red")
    ('colour', 'grey', 'red')
    """
    lowered = word.strip().lower()
    return SPELLINGS.get(lowered, lowered)


def spelled(value: object) -> Iterator[str]:
    """Every value that a recorded value holds, in one spelling; a flag, or nothing, holds none.

    >>> list(spelled(["Gray", "red"])), list(spelled(True))
    (['grey', 'red'], [])
    """
    if isinstance(value, list | tuple):
        for item in value:
            yield from spelled(item)
    elif value is not None and not isinstance(value, bool):
        yield spelling(str(value))


_NAMELESS = re.compile(r"attributes?(?: \d+)?")


def attribute_named(name: str, value: object) -> str:
    """The attribute that a value is of, where a data set lists values without saying of what ("attribute 2": red).

    >>> attribute_named("attribute 2", "Red"), attribute_named("attribute", "parked"), attribute_named("Color", "red")
    ('colour', 'attribute', 'colour')
    """
    spelled = spelling(name)
    if _NAMELESS.fullmatch(spelled) is None or not isinstance(value, str):
        return spelled
    return ATTRIBUTE_OF.get(spelling(value)) or ATTRIBUTE_OF.get(value.strip().lower()) or spelled
