"""English for relations, times and descriptions: strings only, no decisions."""

from collections.abc import Callable, Collection, Sequence

from assistant.inflection import doing, third_person, verb_forms
from assistant.names import plain, printable
from assistant.outcomes import Halfway, Measured, Shared, Sight, Spot
from assistant.prepositions import before_object
from assistant.steps import (
    KIND,
    Direction,
    Part,
    SpaceDirection,
    View,
)
from assistant.units import OF_QUANTITY
from scenegraph.spans import Spans

CORNERS: tuple[Part, ...] = ("top left", "top right", "bottom left", "bottom right")
_HALVES: tuple[Part, ...] = ("left half", "right half", "top half", "bottom half")
DIRECTIONS: dict[Direction | SpaceDirection, str] = {
    "left of": "to the left of",
    "right of": "to the right of",
    "above": "above",
    "below": "below",
    "overlapping": "overlapping",
    "in front of": "in front of",
    "behind": "behind",
}
PARTS: dict[Part, str] = {
    "left": "on the left of the picture",
    "right": "on the right of the picture",
    "middle": "in the middle of the picture",
    **{edge: f"at the {edge} of the picture" for edge in ("top", "bottom")},
    **{corner: f"at the {corner} of the picture" for corner in CORNERS},
    **{half: f"in the {half} of the picture" for half in _HALVES},
}
VIEWS: dict[View, str] = {
    "camera": "as the camera sees it",
    "world": "along the axes of the world",
    "facing": "as one sees it who faces what was named",
    "from": "as seen from what was named",
}
MAX_LISTED = 6
"""Items of a list that are spelled out in a sentence."""

_WAYS = {"x": ("to the left", "to the right"), "y": ("higher", "lower"), "z": ("nearer", "farther")}
"""Along each axis: towards less, towards more. Of two things the one with the smaller z is nearer to who looks."""
_AHEAD = ("behind the camera", "ahead")
_HARDLY = 0.05
"""Metres: half of a decimetre, the last digit that is told of most ways."""


def listed(items: Sequence[str], joint: str = "and") -> str:
    """Items joined by commas; of many, the first and how many more.

    >>> listed(["a", "b", "c"]), listed([str(n) for n in range(9)])
    ('a, b and c', '0, 1, 2, 3, 4, 5 and 3 more')
    """
    shown = list(items[:MAX_LISTED])
    if len(items) > MAX_LISTED:
        shown.append(f"{len(items) - MAX_LISTED} more")
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} {joint} {shown[-1]}"


_UNCOUNTED = frozenset(
    (
        *("grass", "sky", "water", "snow", "sand", "food", "dirt", "gravel", "paper", "furniture", "luggage"),
        *("clothing", "clothes", "people", "sea", "ground", "scissors", "skis", "stairs", "glasses", "pants"),
        *("bread", "meat", "rice", "fruit", "cattle"),
    )
)


def article(noun: str) -> str:
    """A noun with its indefinite article, where it takes one.

    >>> article("horse"), article("umbrella"), article("grass")
    ('a horse', 'an umbrella', 'grass')
    >>> article("unicorn"), article("hour"), article("uncle")
    ('a unicorn', 'an hour', 'an uncle')
    """
    if noun.split()[0] in _UNCOUNTED:
        return noun
    vowel = noun[:1] in tuple("aeiou") and not noun.startswith(_SPOKEN_AS_CONSONANT)
    return f"{'an' if vowel or noun.startswith(_SILENT) else 'a'} {noun}"


_SPOKEN_AS_CONSONANT = (
    "unic",
    "unif",
    "union",
    "uniq",
    "unit",
    "univ",
    "use",
    "usu",
    "uten",
    "eu",
    "ukulele",
    "ufo",
    "one",
    "once",
)
_SILENT = ("hour", "honest", "honour", "heir")
"""How words begin whose first sound is not that of their first letter."""


def clause(subject: str, predicate: str, other: str) -> str:
    """A relation as a clause: `person-1 is riding horse-1`.

    >>> clause("cup-1", "on", "table-1"), clause("man-1", "wears", "hat-1"), clause("dog-1", "hold", "toy-1")
    ('cup-1 is on table-1', 'man-1 wears hat-1', 'dog-1 is holding toy-1')
    >>> clause("dog-1", "towards", "cat-1"), clause("child-1", "sitting", "floor-1")
    ('dog-1 is towards cat-1', 'child-1 is sitting on floor-1')
    """
    said = before_object(printable(plain(predicate)))
    return f"{subject} {said} {other}" if third_person(said.split()[0]) else f"{subject} is {said} {other}"


def in_full(word: str, names: Collection[str]) -> str:
    """A word for a relation with the preposition of the predicates that it stands for, where it leaves it out.

    >>> in_full("sitting", ["sitting on"]), in_full("watching", ["looking at"]), in_full("on", ["on", "on back of"])
    ('sitting on', 'watching', 'on')
    """
    if word in names:
        return word
    return next((said for name in names if (said := doing(plain(name))).startswith(f"{word} ")), word)


def clause_forms(subject: str, predicate: str, other: str) -> list[str]:
    """Ways to say a relation, the -ing form first; others only where the forms of the verb are certain.

    >>> clause_forms("child-1", "holding", "gift-1")
    ['child-1 is holding gift-1', 'child-1 holds gift-1', 'gift-1 is held by child-1']
    """
    forms = [clause(subject, predicate, other)]
    verb, _, particle = printable(plain(predicate)).partition(" ")
    if verb.endswith("ing") and len(verb) > 4:
        known = verb_forms(verb)
        if len(known.third) == 1:
            forms.append(" ".join(word for word in (subject, *known.third, particle, other) if word))
        if len(known.participle) == 1 and not particle:
            forms.append(" ".join((other, "is", *known.participle, "by", subject)))
    return forms


def direction_clause(subject: str, direction: Direction | Sight | Spot | Shared | Halfway, other: str) -> str:
    """`dog-1 is to the left of person-1`; in space with the view from which it is so.

    >>> direction_clause("dog-1", Spot("left half", True), "dog-1"), direction_clause("a", Shared("colour", "red"), "b")
    ('dog-1 is not in the left half of the picture', 'the colour of a is red, as that of b')
    """
    if isinstance(direction, Spot):
        return f"{subject} is {'not ' if direction.outside else ''}{PARTS[direction.part]}"
    if isinstance(direction, Halfway):
        told = "in the picture" if direction.pictured else "by their places in metres"
        return f"{subject} is {'not ' if direction.apart else ''}between {other} {told}"
    if isinstance(direction, Shared):
        value = printable(plain(direction.value) if direction.attribute == KIND else direction.value)
        return f"the {printable(direction.attribute)} of {subject} is {value}, as that of {other}"
    if isinstance(direction, Sight):
        return f"{subject} is {DIRECTIONS[direction.direction]} {other} in space, {VIEWS[direction.view]}"
    return f"{subject} is {DIRECTIONS[direction]} {other}"


def amount(measured: Measured) -> str:
    """A value with its unit and, where it is known, one standard deviation.

    >>> amount(Measured(0, 1, "distance", 2.345, 0.1)), amount(Measured(0, None, "relations", 3.0))
    ('2.35 m (± 0.1 m)', '3')
    """
    unit = OF_QUANTITY.get(measured.quantity, "")
    shown = f"{measured.value:.3g}" if unit not in ("", "pixels") else f"{measured.value:.6g}"
    error = "" if not measured.error else f" (± {measured.error:.2g} {unit})"
    return f"{shown} {unit}".strip() + error


_OFFSETS = {"x": ("to the left of", "to the right of"), "y": ("above", "below"), "z": ("in front of", "behind")}
"""Words for offsets along an axis below and above 0, as one sees it who looks."""


def measured_clause(measured: Measured, label: Callable[[int], str]) -> str:
    """`dog-1 is 2.35 m away from car-1`, `the width of car-1 is 1.8 m`."""
    subject = label(measured.node)
    if measured.other is not None and measured.quantity in ("x", "y", "z"):
        side = _OFFSETS[measured.quantity][measured.value > 0]
        return f"{subject} is {amount(measured._replace(value=abs(measured.value)))} {side} {label(measured.other)}"
    if measured.other is not None:
        return f"{subject} is {amount(measured)} away from {label(measured.other)}"
    match measured.quantity:
        case "relations":
            return f"{subject} takes part in {amount(measured)} relations"
        case "frames seen":
            return f"{subject} is seen in {amount(measured)} frames"
        case "distance":
            return f"{subject} is {amount(measured)} away from the camera"
        case "area":
            return f"{subject} covers {amount(measured)}"
        case "displacement":
            return f"{subject} ends {amount(measured)} from where it was first"
        case "path length":
            return f"{subject} travels {amount(measured)} along its way"
    return f"the {measured.quantity} of {subject} is {amount(measured)}"


def way(offsets: Sequence[Measured]) -> list[str]:
    """A way along x (to the right), y (down) and z (ahead) in words; parts within their error are left out.

    >>> way([Measured(1, 2, "x", -1.5, 0.1), Measured(1, 2, "y", 0.05, 0.1), Measured(1, 2, "z", 2.0, 0.1)])
    ['1.5 m to the left', '2 m farther']
    """
    told = []
    for offset in offsets:
        if abs(offset.value) > max(offset.error or 0.0, _HARDLY):
            pair = _AHEAD if offset.quantity == "z" and offset.other is None else _WAYS[offset.quantity]
            told.append(f"{abs(offset.value):.2g} m {pair[offset.value > 0]}")
    return told


def times(spans: Spans, fps: float | None) -> str:
    """Spans in seconds where a frame rate is known, and in frames, both ends included.

    >>> from scenegraph import Span
    >>> times((Span(0, 4), Span(8, 10)), 5.0)
    'at 0-0.8 s and 1.6-2 s (frames 0-3 and 8-9)'
    """
    frames = [str(start) if stop == start + 1 else f"{start}-{stop - 1}" for start, stop in spans]
    counted = listed(frames)
    word = "frame" if len(spans) == 1 and spans[0][1] == spans[0][0] + 1 else "frames"
    if fps is None:
        return f"in {word} {counted}"
    seconds = [f"{start / fps:.2f}".rstrip("0").rstrip(".") + f"-{f'{stop / fps:.2f}'.rstrip('0').rstrip('.')} s"
               for start, stop in spans]  # fmt: skip
    return f"at {listed(seconds)} ({word} {counted})"
