"""On what scale sizes are meant: in metres, in the real world, in pixels, wherever that stands in a question."""

import re
from collections.abc import Callable, Iterator

from assistant.bounded_steps import Exceeding, Measuring
from assistant.grammar import Phrases
from assistant.measured_programs import Bearing, Compare, CompareDistances, Coordinates, Distance, Measure
from assistant.patterns import METRE
from assistant.sayings import Vantage
from assistant.steps import METRIC, Extreme, Nearest, Question, Superlative, Within, walk
from assistant.units import METRES

_QUANTITY = "(?:size|height|width|depth|volume|speed|velocity|distance|displacement|dimensions|separation|gap|position)"
_IN_METRES = re.compile(
    rf"(?:\b(?:given|(?:if |when )?measured|expressed|stated|taken|counted) )?\bin (?:cubic )?{METRE}\b(?: or so)?"
    r"|\bin (?:real life|reality|the real world|real terms|metric units|metric terms|absolute terms|actual fact)\b"
    rf"|\b(?:real world|real life|real|metric|actual|true|physical) (?={_QUANTITY}\b)"
)
_IN_PIXELS = re.compile(
    rf"\b(?:(?:given|measured|expressed|stated|counted) )?in (?:image |screen )?pixels\b|\bpixel (?={_QUANTITY}\b)"
)
_FLAT = ("area", "box width", "box height")
_MARKERS = frozenset(
    {*METRES, "real", "reality", "metric", "actual", "true", "physical", "absolute", "pixel", "pixels"}
)

MakePhrases = Callable[[list[str], Vantage | None], Phrases]


def scales(tokens: list[str]) -> Iterator[tuple[list[str], bool]]:
    """The words without those that name the scale, and whether it is metres.

    >>> list(scales("in metres which is wider".split()))
    [(['which', 'is', 'wider'], True)]
    """
    if _MARKERS.isdisjoint(tokens):
        return
    text = " ".join(tokens)
    for pattern, metres in ((_IN_METRES, True), (_IN_PIXELS, False)):
        rest = pattern.sub(" ", text).split()
        if rest and len(rest) < len(tokens):
            yield rest, metres
            if not metres and tokens[-2:] != ["in", "pixels"]:
                yield [*rest, "in", "pixels"], metres


def scaled(make: MakePhrases, metres: bool) -> MakePhrases:
    """The same grammar with sizes in metres, or in pixels, whatever the graph holds."""

    def once(tokens: list[str], vantage: Vantage | None) -> Phrases:
        plain = make(tokens, vantage)
        return Phrases(plain.tokens, plain.lexicon, plain.called, metres, plain.vantage)

    return once


_MEASURED = (Distance, CompareDistances, Nearest, Within, Bearing, Coordinates)


def on_scale(question: Question, metres: bool) -> bool:
    """Whether a question asks for sizes, and for none on another scale."""
    steps = list(walk(question))
    sized = Measure | Compare | Superlative | Measuring | Exceeding
    quantities = [step.quantity for step in steps if isinstance(step, sized)]
    flat = any(quantity in _FLAT for quantity in quantities)
    flat |= any(isinstance(step, Extreme) and step.which in ("largest", "smallest") for step in steps)
    solid = any(quantity in METRIC for quantity in quantities)
    solid |= any(isinstance(step, _MEASURED) for step in steps)
    return (solid and not flat) if metres else (flat and not solid)
