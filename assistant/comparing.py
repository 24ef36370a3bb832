"""What is said of a subject by comparing it: taller than the dog, the tallest, nearest to the car, within 2 metres."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from assistant.amounts import said_of_amounts
from assistant.auxiliaries import BE
from assistant.bounded_steps import OPPOSITE
from assistant.camera import camera, is_camera, others
from assistant.comparing_distances import said_of_distances
from assistant.comparing_sets import held_against
from assistant.dimensions import EXTREMES, MORE, MOST, NEARER, NEAREST, NOUNS, PLAIN, Dimension
from assistant.directions import SIDES
from assistant.measured_programs import Comparison
from assistant.programs import Exists
from assistant.ranked_phrases import how_many, nth_from_a_side, of_rank, orders
from assistant.sayings import Predication, Saying, among, denied, each
from assistant.steps import (
    Extreme,
    Extremum,
    Find,
    Intersection,
    MostRelated,
    Nearest,
    Nodes,
    Predicate,
    Question,
    Superlative,
    The,
    Within,
)
from assistant.units import METRES, UNIT_WORDS

if TYPE_CHECKING:
    from assistant.grammar import Phrases
    from assistant.sayings import Phrase

Narrow = Callable[[Nodes], Nodes]

_LIMITS = (
    *("within", "at most", "less than", "no more than", "not more than", "no further than", "closer than", "up to"),
    *("at the most", "no farther than", "not further than", "not farther than", "nearer than", "under", "fewer than"),
    *("no farther away than", "no further away than", "not farther away than", "not further away than", "inside"),
    *("within a radius of", "in a radius of", "within a distance of", "inside a radius of", "within a circle of"),
    *("at a distance of at most", "at a distance of less than", "at a distance of no more than", "in a circle of"),
    *("within at most", "a maximum of", "at a distance of up to", "within the distance of", "less far than"),
)
_FROM = (
    *("of", "from", "away from", "to", "or less from", "or less of", "distance of", "distance from", "around", "about"),
    *("or less away from", "distance to", "at most from", "at the most from", "or closer to", "or nearer to"),
)
_BEYOND = (
    *("more than", "at least", "over", "farther than", "further than", "farther away than", "further away than"),
    *("beyond", "outside", "upwards of", "at a distance of more than", "at a distance of over"),
)
_ROUND = ("radius", "distance", "range", "circle")
_THE_MOST = ("the most", "most", "the largest number of", "the highest number of", "the greatest number of")
_BESIDE = ("on the", "at the", "to the", "near the", "close to the", "towards the", "toward the", "by the")
_FURTHEST = ("furthest to the", "farthest to the", "most to the", "nearest to the", "furthest", "farthest")
_FURTHEST_OR_BESIDE = (*_FURTHEST, *_BESIDE)
_MOST_OR_LEAST = (*_THE_MOST, "the largest", "the least", "the smallest")
_THAN = ("than", "in size than", "in height than", "in width than", "in area than")
_ALL_OTHERS = tuple(
    f"{all_of}{other}"
    for all_of in ("all ", "all the ", "all of the ", "every ", "each ", "any ", "any of the ", "the ", "each of the ")
    for other in ("other", "others", "rest", "remaining", "other one", "other ones")
)
GOES = tuple(
    form
    for forms in ("moves moving move moved", "goes going go went", "runs running run ran", "walks walking walk walked",
                  "travels travelling travel travelled", "drives driving drive drove")
    for form in forms.split()
)  # fmt: skip
VISIBLE = ("visible", "seen", "shown", "present", "appears", "appear", "appeared", "stays", "remains", "in")
_FRAMES = {
    f"{before}{amount}{after}": least
    for before, after in (
        ("in the ", " frames"),
        ("for the ", " time"),
        ("for the ", ""),
        ("the ", ""),
        ("the ", " frames"),
        ("in ", " frames"),
    )
    for amount, least in (("most", False), ("longest", False), ("fewest", True), ("least", True), ("shortest", True))
}
_FRAMES |= {f"visible {said}": least for said, least in _FRAMES.items()}
"""How long something is seen, most or least of all."""
_OF_ALL = tuple(
    f"{of} {all_of}{things}"
    for of in ("of", "among", "amongst", "out of")
    for all_of, rest in (("all", ("", " things", " objects")), ("them all", ("",)), ("everything", ("",)),
                         ("everyone", ("",)), ("everybody", ("",)), ("the lot", ("",)), ("all of them", ("",)))
    for things in rest
)  # fmt: skip
_SIZES = ("bigger", "larger", "smaller")
_HAS = ("has", "have", "had", "has a", "have a", "had a", "has the", "have the", "had the")
MORE_OR_LESS = {
    **dict.fromkeys(("more", "greater", "larger", "bigger", "higher", "longer"), False),
    **dict.fromkeys(("less", "smaller", "lower", "lesser", "shorter"), True),
}
AREA = ("space", "area", "room", "pixels")
COVERS = ("takes up", "take up", "covers", "cover", "occupies", "occupy", "has", "have", "fills", "fill")
_COVERS_OR_HAS = (*COVERS, "with", "having")


_COMPARED = frozenset({"than", "as", *UNIT_WORDS})
"""All that compares has one of these words."""


def said_by_comparing(phrases: Phrases, at: int) -> Iterator[Predication]:
    """All that may be said from a word on, after "is"."""
    if _COMPARED.isdisjoint(phrases.tokens):
        return
    yield from _more(phrases, at)
    yield from _within(phrases, at)
    yield from _beyond(phrases, at)
    yield from _from_to(phrases, at)
    yield from said_of_amounts(phrases, at)
    yield from said_of_distances(phrases, at)


def picked_by_comparing(phrases: Phrases, at: int, named: bool = False) -> Iterator[Predication]:
    """What picks out one or a few of several: "the tallest one", "closest to the car", "furthest to the left".

    With `named` it is said of something that is named: "the man on the left" is the one furthest to the
    left, while "who is on the left" may mean many.
    """
    start = at + 1 if phrases.word(at) == "the" else at
    start = start + 1 if phrases.word(start) in ("very", "absolute") else start
    if named:
        yield from with_extreme(phrases, at, ("with the", "having the"))
    sides = _sides(phrases, at, _FURTHEST_OR_BESIDE if named else _FURTHEST)
    for narrow, stop in (*_ranked(phrases, start), *_than_all(phrases, at), *sides):
        end = stop + 1 if start > at and phrases.word(stop) in ("one", "ones") else stop
        yield Predication(end, (among(narrow),))


def with_most(phrases: Phrases, predicate: Predicate, at: int) -> Iterator[Predication]:
    """(Holding) the most cups."""
    for thing in the_most(phrases, at):
        yield Predication(thing.stop, (among(partial(MostRelated, predicate=predicate, others=thing.nodes)),))


def the_most(phrases: Phrases, at: int) -> Iterator[Phrase]:
    """The most cups: the things of which something has most."""
    for start in phrases.literals(at, _THE_MOST):
        yield from (thing for thing in phrases.cores(start) if thing.plural and not thing.definite)


def with_most_of_all(phrases: Phrases, at: int) -> Iterator[Predication]:
    """(Which) takes up the most space, has the most relations, moves the fastest, appears in the most frames."""
    go_at = at + 1 if phrases.word(at) in BE else at
    if phrases.word(go_at) in GOES:
        word = go_at + 2 if phrases.word(go_at + 1) == "the" else go_at + 1
        if phrases.word(word) in MOST and MOST[phrases.word(word)].solid == "speed":
            yield Predication(word + 1, (among(superlative(phrases, MOST[phrases.word(word)])),))
    if phrases.word(go_at) in VISIBLE:
        for stop, frames in phrases.standing(go_at + 1, _FRAMES):
            yield Predication(stop, (among(partial(Superlative, quantity="frames seen", least=_FRAMES[frames])),))
    start = phrases.after(at, _COVERS_OR_HAS)
    if start is None:
        return
    for stop, opening in phrases.standing(start, _MOST_OR_LEAST):
        least = opening in ("the least", "the smallest")
        if phrases.word(stop) in AREA and phrases.word(at) not in ("with", "having"):
            covering = partial(Extreme, which="smallest" if least else "largest")
            yield Predication(stop + 1, (among(covering),))
        if phrases.word(stop) in ("relations", "relationships", "connections", "links"):
            yield Predication(stop + 1, (among(partial(Superlative, quantity="relations", least=least)),))


def with_extreme(
    phrases: Phrases, at: int, openings: tuple[str, ...] = ("has the", "have the", "had the")
) -> Iterator[Predication]:
    """(Which one) has the greatest height (of all), the shortest distance to the car; (the car) with the most speed."""
    for start in phrases.literals(at, _HAS) if len(openings) > 2 else ():
        low, name = MORE_OR_LESS.get(phrases.word(start)), phrases.word(start + 1)
        if low is not None and name in NOUNS and start + 2 == len(phrases.tokens):  # "which has more volume?"
            dimension = Dimension(NOUNS[name].flat, NOUNS[name].solid, NOUNS[name].least != low)
            yield Predication(start + 2, (among(superlative(phrases, dimension)),), 0.2)
    for opened in phrases.literals(at, openings) if phrases.word(at + 1) == "the" else ():
        least = EXTREMES.get(phrases.word(opened))
        for stop, name in () if least is None else phrases.standing(opened + 1, NOUNS):
            dimension = Dimension(NOUNS[name].flat, NOUNS[name].solid, NOUNS[name].least != least)
            narrow = superlative(phrases, dimension)
            for end in (stop, *phrases.literals(stop, _OF_ALL)):
                yield Predication(end, (among(narrow),))
            for all_of in phrases.literals(stop, ("of the", "of all the", "of all of the", "among the")):
                for one in phrases.things(all_of):
                    if one.plural:
                        yield Predication(one.stop, (among(partial(_of_all, narrow, one.nodes)),), one.cost)
            if name == "distance" and phrases.word(stop) in ("to", "from"):
                yield from (
                    Predication(other.stop, (among(partial(Nearest, others=other.reference, farthest=not least)),))
                    for other in others(phrases, stop + 1)
                )


def _of_all(narrow: Narrow, things: Nodes, nodes: Nodes) -> Nodes:
    """What has most of a quantity of some things: "what" names none itself."""
    return narrow(things) if nodes == Find(None) else Intersection((nodes, narrow(things)))


def superlative(phrases: Phrases, dimension: Dimension) -> Narrow:
    """The nodes with most (least) of a quantity."""
    return partial(Superlative, quantity=dimension.quantity(phrases.measured), least=dimension.least)


def metres(phrases: Phrases, at: int) -> tuple[int, float] | None:
    """A length such as "2.5 metres": (place after it, metres)."""
    number = 1.0 if phrases.word(at) == "a" and phrases.word(at + 1) in ("metre", "meter") else phrases.number(at)
    if number is None or phrases.word(at + 1) not in METRES:
        return None
    return at + 2, number


def _more(phrases: Phrases, at: int) -> Iterator[Predication]:
    """Taller than, less tall than, as tall as, of the same height as; nearer to the camera than."""
    going = phrases.word(at) in GOES  # "is going faster than", "is moving at the same speed as"
    for found, negated in ((_comparatives, False), (_at_least_as, True)):
        for stop, dimension, how in found(phrases, at + going):
            if going and dimension.solid != "speed":
                continue
            bound = OPPOSITE[how] if negated and how != "equal" else how
            ranked = bool(phrases.literals(stop, _ALL_OTHERS))  # what is bigger than all the others is the biggest
            yield from held_against(phrases, stop, dimension.quantity(phrases.measured), bound, narrows=not ranked)


def _comparatives(phrases: Phrases, at: int) -> Iterator[tuple[int, Dimension, Comparison]]:
    """A comparative with its "than": (place after it, by what, which way)."""
    word, after = phrases.word(at), phrases.word(at + 1)
    start = at + 1 if word in ("much", "slightly", "considerably", "clearly", "far", "any") else at
    dimension = MORE.get(phrases.word(start))
    if dimension is not None:
        for stop in phrases.literals(start + 1, _THAN):
            yield stop, dimension, "less" if dimension.least else "more"
    if word == "less" and after in PLAIN and phrases.word(at + 2) == "than":
        yield at + 3, PLAIN[after], "more" if PLAIN[after].least else "less"
    for first in phrases.literals(at, ("not as", "not so", "not quite as")):
        if phrases.word(first) in PLAIN and phrases.word(first + 1) == "as":
            yield first + 2, PLAIN[phrases.word(first)], "more" if PLAIN[phrases.word(first)].least else "less"
        for stop, said in phrases.standing(first, NEARER):
            here = camera(phrases, stop + 1) if phrases.word(stop) in ("to", "from") else None
            if here is not None and phrases.word(here) == "as":
                yield here + 1, NEARER[said], "more" if NEARER[said].least else "less"
    for first in phrases.literals(at, ("as", "equally as", "exactly as", "just as")):
        if phrases.word(first) in PLAIN and phrases.word(first + 1) == "as":
            yield first + 2, PLAIN[phrases.word(first)], "equal"
    yield from _same_as(phrases, at)
    for first, said in phrases.standing(start, NEARER):
        dimension = NEARER[said]
        end = camera(phrases, first + 1) if phrases.word(first) in ("to", "from") else first
        if end is not None and phrases.word(end) == "than":
            yield end + 1, dimension, "less" if dimension.least else "more"


def _same_as(phrases: Phrases, at: int) -> Iterator[tuple[int, Dimension, Comparison]]:
    """(Of) the same height as, at the same distance from the camera as, as far from it as."""
    for same in phrases.literals(at, ("the same", "of the same", "of equal", "at the same", "at an equal")):
        for stop, name in phrases.standing(same, NOUNS):
            if phrases.word(stop) == "as":
                yield stop + 1, NOUNS[name], "equal"
    for first in phrases.literals(at, ("as", "just as", "exactly as", "equally as")):
        for stop, said in phrases.standing(first, NEARER):
            here = camera(phrases, stop + 1) if phrases.word(stop) in ("to", "from") else None
            if here is not None and phrases.word(here) == "as":
                yield here + 1, NEARER[said], "equal"


def _at_least_as(phrases: Phrases, at: int) -> Iterator[tuple[int, Dimension, Comparison]]:
    """What is denied by "at least as big as": smaller; by "at most as big as", "no bigger than": bigger."""
    for first, opening in phrases.standing(at, ("at least as", "no less", "at most as", "no more")):
        below, dimension = opening in ("at least as", "no less"), PLAIN.get(phrases.word(first))
        if dimension is not None and phrases.word(first + 1) in ("as", "than"):
            yield first + 2, dimension, "less" if below != dimension.least else "more"
    dimension = MORE.get(phrases.word(at + 1)) if phrases.word(at) == "no" else None
    if dimension is not None and phrases.word(at + 2) == "than":
        yield at + 3, dimension, "less" if dimension.least else "more"


def _beyond(phrases: Phrases, at: int) -> Iterator[Predication]:
    """More than 2 metres (away) from the car: not within them."""
    for start in phrases.literals(at, _BEYOND):
        length = metres(phrases, start)
        for link in () if length is None else phrases.literals(length[0], ("from", "away from", "of")):
            alone = [(other,) for other in others(phrases, link)]
            for joined in (*alone, *(several for several in _joined_others(phrases, link) if len(several) > 1)):
                near = [partial(Within, metres=length[1], others=other.reference) for other in joined]  # type: ignore[index]
                far = [denied(Predication(0, (among(narrow),))) for narrow in near]
                sayings = tuple(replace(one, ask=partial(_is_far, one)) for one in far)
                yield Predication(joined[-1].stop, sayings, sum(other.cost for other in joined))


def _is_far(far: Saying, nodes: Nodes, every: bool) -> Question:
    """Is *the* dog not near; is there *a* dog that is not near, whatever others are."""
    return far.ask(nodes, every) if every or isinstance(nodes, The) else Exists(far.narrow(nodes))


def _within(phrases: Phrases, at: int) -> Iterator[Predication]:
    start = max(phrases.literals(at, _LIMITS), default=None)
    length = None if start is None else metres(phrases, start) or metres(phrases, start + 1)
    skipped = start is not None and metres(phrases, start) is None
    if length is None or (skipped and phrases.word(start) not in ("a", "the")):  # type: ignore[arg-type]
        return
    for stop in phrases.literals(length[0] + (phrases.word(length[0]) in _ROUND), _FROM):
        for joined in _joined_others(phrases, stop):
            near = tuple(each(partial(Within, metres=length[1], others=other.reference)) for other in joined)
            yield Predication(joined[-1].stop, near, sum(other.cost for other in joined))


def _from_to(phrases: Phrases, at: int) -> Iterator[Predication]:
    """Between 2 and 4 metres (away) from the car: within four of it, and not within two."""
    low = phrases.number(at + 1) if phrases.word(at) == "between" else None
    high = metres(phrases, at + 3) if low is not None and phrases.word(at + 2) == "and" else None
    for stop in () if high is None else phrases.literals(high[0], ("from", "away from", "of")):
        for other in others(phrases, stop):
            near, far = (partial(Within, metres=length, others=other.reference) for length in (low, high[1]))  # type: ignore
            within = Predication(other.stop, (among(near),))
            yield replace(within, sayings=(each(far), denied(within)), cost=other.cost)


def _joined_others(phrases: Phrases, at: int) -> Iterator[tuple[Phrase, ...]]:
    """(Within 2 metres of) the car; of the car and the tree, of both of them."""
    both = next(iter(phrases.literals(at, ("both of", "each of", "both"))), at)
    for joined in phrases.joined(both, ("and",)):
        if both > at and len(joined) != 2:
            continue
        counted = any(one.number is not None or one.universal or one.none for one in joined)
        each = any(one.universal or one.none or (one.number is not None and not one.definite) for one in joined)
        if any(is_camera(one.nodes) for one in joined) or each:  # "of every dog" is not "of a dog"
            continue
        if not (len(joined) > 1 and counted):
            yield joined


def _ranked(phrases: Phrases, at: int) -> Iterator[tuple[Narrow, int]]:
    """(The) tallest, second tallest, two tallest; nearest to the car."""
    for start, rank in orders(phrases.tokens, at):
        for narrow, stop in (*_superlatives(phrases, start, rank > 1), *_nearest(phrases, start)):
            yield of_rank(narrow, rank), stop
    number = how_many(phrases, at)
    for narrow, stop in (*_superlatives(phrases, at + 1, True), *_nearest(phrases, at + 1)) if number > 1 else ():
        yield of_rank(narrow, number=number), stop
    yield from nth_from_a_side(phrases, at)


def _superlatives(phrases: Phrases, at: int, sides: bool = False) -> Iterator[tuple[Narrow, int]]:
    word = phrases.word(at)
    if word in SIDES and (SIDES[word] in ("largest", "smallest") or (sides and word.endswith(("most", "est")))):
        yield partial(Extreme, which=SIDES[word]), at + 1
    elif word in MOST:
        yield superlative(phrases, MOST[word]), at + 1


def _than_all(phrases: Phrases, at: int) -> Iterator[tuple[Narrow, int]]:
    """Bigger than every other dog, than all the others, than any of the rest."""
    dimension = MORE.get(phrases.word(at))
    start = phrases.literal(at + 1, "than") if dimension is not None else None
    for rest in () if start is None else phrases.literals(start, _ALL_OTHERS):
        stops = [rest, *(phrase.stop for phrase in phrases.cores(rest) if not phrase.definite)]
        most = Dimension(dimension.flat, dimension.solid, dimension.least)  # type: ignore[union-attr]
        side: Extremum = "smallest" if most.least else "largest"
        narrow = partial(Extreme, which=side) if phrases.word(at) in _SIZES else superlative(phrases, most)
        yield from ((narrow, stop) for stop in stops)


def _nearest(phrases: Phrases, at: int) -> Iterator[tuple[Narrow, int]]:
    for start, said in phrases.standing(at, NEAREST):
        farthest = NEAREST[said]
        if phrases.word(start) not in ("to", "from"):
            continue
        stop = camera(phrases, start + 1)
        if stop is not None:
            yield partial(Superlative, quantity="distance", least=not farthest), stop
            continue
        for other in phrases.things(start + 1):
            yield partial(Nearest, others=other.reference, farthest=farthest), other.stop


def _sides(phrases: Phrases, at: int, openings: tuple[str, ...]) -> Iterator[tuple[Narrow, int]]:
    """On the left (side), at the top, furthest to the left: the one furthest to that side."""
    start = phrases.after(at, openings)
    side = None if start is None else SIDES.get(phrases.word(start))
    if start is None or side in (None, "largest", "smallest"):
        return
    stop = start + 2 if phrases.word(start + 1) in ("side", "edge") else start + 1
    if phrases.word(stop) not in ("of", "than"):
        yield partial(Extreme, which=side), stop
