"""English for relations, times and descriptions: strings only, no decisions."""

from collections.abc import Callable, Iterable, Sequence

from assistant.bounded_steps import ManyRelated, Measuring
from assistant.inflection import doing, plural, third_person, verb_forms
from assistant.names import plain, printable
from assistant.outcomes import Halfway, Measured, Shared, Sight, Spot
from assistant.prepositions import before_object
from assistant.quantities import UNITS
from assistant.steps import (
    KIND,
    Called,
    Direction,
    Except,
    Extreme,
    Find,
    Having,
    InBetween,
    InPicture,
    InSpace,
    Intersection,
    MostRelated,
    Moved,
    Nearest,
    Nodes,
    Part,
    Pick,
    Placed,
    Predicate,
    Related,
    Sharing,
    SpaceDirection,
    Superlative,
    The,
    Union,
    View,
    Within,
)
from assistant.verbs import PLACES
from scenegraph.spans import Spans

_SIDES = {
    "left": "leftmost",
    "right": "rightmost",
    "top": "topmost",
    "bottom": "lowest",
    "largest": "largest",
    "smallest": "smallest",
}
_CORNERS: tuple[Part, ...] = ("top left", "top right", "bottom left", "bottom right")
_HALVES: tuple[Part, ...] = ("left half", "right half", "top half", "bottom half")
_DIRECTIONS: dict[Direction | SpaceDirection, str] = {
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
    **{corner: f"at the {corner} of the picture" for corner in _CORNERS},
    **{half: f"in the {half} of the picture" for half in _HALVES},
}
VIEWS: dict[View, str] = {
    "camera": "as the camera sees it",
    "world": "along the axes of the world",
    "facing": "as one sees it who faces what was named",
    "from": "as seen from what was named",
}
_SUPERLATIVES = {
    "area": ("largest", "smallest"),
    "box width": ("widest", "narrowest"),
    "box height": ("tallest", "shortest"),
    "relations": ("most related", "least related"),
    "frames seen": ("longest seen", "shortest seen"),
    "width": ("widest", "narrowest"),
    "height": ("tallest", "shortest"),
    "depth": ("deepest", "shallowest"),
    "length": ("longest", "shortest"),
    "volume": ("largest", "smallest"),
    "distance": ("farthest", "nearest"),
    "speed": ("fastest", "slowest"),
    "path length": ("farthest travelled", "least travelled"),
    "displacement": ("farthest moved", "least moved"),
}
_AMOUNTS = {
    "area": "covering {}",
    "relations": "in {} relations",
    "frames seen": "seen in {} frames",
    "distance": "{} away from the camera",
    "path length": "that travelled {}",
    "displacement": "that ended {} from where it was first",
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


def in_full(word: str, names: Iterable[str]) -> str:
    """A word for a relation with the preposition of the predicates that it stands for, where it leaves it out.

    >>> in_full("sitting", ["sitting on"]), in_full("watching", ["looking at"]), in_full("on", ["sitting on"])
    ('sitting on', 'watching', 'on')
    """
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
        return f"{subject} is {_DIRECTIONS[direction.direction]} {other} in space, {VIEWS[direction.view]}"
    return f"{subject} is {_DIRECTIONS[direction]} {other}"


def amount(measured: Measured) -> str:
    """A value with its unit and, where it is known, one standard deviation.

    >>> amount(Measured(0, 1, "distance", 2.345, 0.1)), amount(Measured(0, None, "relations", 3.0))
    ('2.35 m (± 0.1 m)', '3')
    """
    unit = "m" if measured.quantity in ("x", "y", "z") else UNITS.get(measured.quantity, "")
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


def described(step: Nodes, label: Callable[[int], str], number: int | None = None) -> str:
    """What a step describes: "a person riding a horse", "the red ball", "2 dogs"."""
    if isinstance(step, The) and isinstance(step.nodes, Pick):
        return listed([label(node) for node in step.nodes.nodes], "and" if step.plural else "or")
    if isinstance(step, The):
        return f"the {_bare(step.nodes, label, 2 if step.plural else 1)}"
    if isinstance(step, Pick):
        return listed([label(node) for node in step.nodes], "or")
    if isinstance(step, Intersection) and isinstance(step.parts[-1], Pick) and len(step.parts) == 2:
        among = listed([label(node) for node in step.parts[-1].nodes])
        return f"{described(step.parts[0], label, number)} {f'among {among}' if among else 'there'}"
    if isinstance(step, Union | Intersection):
        joint = "or" if isinstance(step, Union) else "that is also"
        return listed([described(part, label) for part in step.parts], joint)
    if isinstance(step, Nearest | MostRelated | Superlative):
        return f"the {_bare(step, label, 1 if number is None else number)}"
    if isinstance(step, Find) and step.categories is None and number is None:
        return "anything"
    if isinstance(step, Find) and not step.categories and "-" in step.word:
        return step.word  # a label that no node has
    words = _bare(step, label, 1 if number is None else number)
    if number is not None:
        return f"{number} {words}"
    named = _named(step)
    if named is not None and not isinstance(step, Extreme):
        return words if len(named.nodes) == 1 else f"one {words}"
    if words.startswith("anything"):
        return words
    return f"the {words}" if isinstance(step, Extreme) or _definite(step) else article(words)


def _definite(step: Nodes) -> bool:
    """Whether a description narrows "the dog", not just any."""
    while not isinstance(step, The) and isinstance(getattr(step, "nodes", None), Nodes):
        step = step.nodes  # type: ignore[attr-defined]
    return isinstance(step, The)


def _named(step: Nodes) -> Pick | None:
    """The nodes by name that a description narrows."""
    while not isinstance(step, Pick) and isinstance(getattr(step, "nodes", None), Nodes):
        step = step.nodes  # type: ignore[attr-defined]
    return step if isinstance(step, Pick) else None


def _bare(step: Nodes, label: Callable[[int], str], number: int) -> str:
    """A description without its article."""
    if isinstance(step, Pick) and len(step.nodes) > 1:
        return f"of {listed([label(node) for node in step.nodes])}"
    if isinstance(step, Find):
        noun = step.word or (" or ".join(map(plain, step.categories or ())) if step.categories else "")
        noun = noun or ("thing" if step.categories is None else "such thing")
        if step.categories is None and number == 1:
            return "anything" if step.word in ("", "anything", "something") else noun
        return noun if number == 1 else plural(noun)
    if isinstance(step, Called):
        return step.name if number == 1 else plural(step.name)
    if isinstance(step, Having):
        return f"{step.value} {_bare(step.nodes, label, number)}"
    if isinstance(step, Extreme):
        return f"{_SIDES[step.which]} {_bare(step.nodes, label, number)}"
    if isinstance(step, Related):
        return f"{_bare(step.nodes, label, number)} {_tie(step.predicate, described(step.others, label))}"
    if isinstance(step, Placed):
        return f"{_bare(step.nodes, label, number)} {_DIRECTIONS[step.direction]} {described(step.others, label)}"
    if isinstance(step, InPicture):
        where = f"elsewhere than {PARTS[step.part]}" if step.outside else PARTS[step.part]
        return f"{_bare(step.nodes, label, number)} {where}"
    if isinstance(step, Sharing):
        return f"{_bare(step.nodes, label, number)} of the same {step.attribute} as {described(step.others, label)}"
    if isinstance(step, The):
        return _bare(step.nodes, label, number)
    return _bare_measured(step, label, number)


def _bare_measured(step: Nodes, label: Callable[[int], str], number: int) -> str:
    """A description by quantities and places, without its article."""
    if isinstance(step, Superlative):
        return f"{_SUPERLATIVES[step.quantity][step.least]} {_bare(step.nodes, label, number)}"
    if isinstance(step, Nearest):
        kind = "farthest from" if step.farthest else "nearest to"
        return f"{_bare(step.nodes, label, number)} {kind} {described(step.others, label)}"
    if isinstance(step, MostRelated):
        return f"{_bare(step.nodes, label, number)} {_tie(step.predicate, f'most {_bare(step.others, label, 2)}')}"
    if isinstance(step, ManyRelated):
        others = f"{'at least ' if step.at_least else ''}{step.number} {_bare(step.others, label, step.number)}"
        return f"{_bare(step.nodes, label, number)} {_tie(step.predicate, others)}"
    if isinstance(step, Measuring):
        return f"{_bare(step.nodes, label, number)} {_bounded(step)}"
    if isinstance(step, Within):
        return f"{_bare(step.nodes, label, number)} within {step.metres:g} m of {described(step.others, label)}"
    if isinstance(step, InSpace):
        where = f"{_DIRECTIONS[step.direction]} {described(step.others, label)}"
        return f"{_bare(step.nodes, label, number)} {where}, {VIEWS[step.view]}"
    if isinstance(step, InBetween):
        ends = described(step.first, label), described(step.second, label)
        return f"{_bare(step.nodes, label, number)} between {ends[0]} and {ends[1]}"
    if isinstance(step, Moved):
        return f"{_bare(step.nodes, label, number)} that {'stayed' if step.still else 'moved'}"
    if isinstance(step, Except):
        return f"{_bare(step.nodes, label, number)} other than {described(step.others, label)}"
    return described(step, label)


def _bounded(step: Measuring) -> str:
    """`with a height of more than 1.8 m`, `at most 2 m away from the camera`."""
    bound = f"{step.how} than" if step.how in ("more", "less") else step.how
    amount = f"{bound} {step.amount:g} {UNITS.get(step.quantity, '')}".strip()
    return _AMOUNTS.get(step.quantity, f"with a {step.quantity} of {{}}").format(amount)


def _tie(predicate: Predicate, other: str) -> str:
    word = predicate.word or (predicate.forward or predicate.converse or ("related to",))[0]
    if word.startswith("~") or (not predicate.word and not predicate.forward and predicate.converse):
        word = word.removeprefix("~")
        return f"that {'something' if other == 'anything' else other} is {word}"
    if other == "anything" and " " not in word and word not in PLACES:
        return word
    return f"{in_full(word, predicate.forward)} {other}"


def said_of(subject: str, predicate: Predicate, other: str) -> str:
    """What was asked of two nodes, as a clause without a verb form: `person-1 riding horse-1`."""
    tie = _tie(predicate, other)
    return (
        f"{subject} {tie}" if not tie.startswith("that ") else f"{other} {predicate.word.removeprefix('~')} {subject}"
    )
