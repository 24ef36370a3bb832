"""Noun phrases that pick by comparing: the largest dog, the second nearest cup, the two leftmost people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from assistant import comparing
from assistant.camera import camera
from assistant.determiners import Determiner
from assistant.dimensions import MORE, MOST_SAID, NEAREST
from assistant.directions import SIDES
from assistant.lexicon import Noun
from assistant.ordinals import ordinals
from assistant.ranked_phrases import from_a_side, how_many, of_rank, orders, several
from assistant.ranked_steps import Ranked
from assistant.sayings import Phrase
from assistant.steps import Extreme, Nearest, Nodes, Superlative

if TYPE_CHECKING:
    from assistant.grammar import Phrases

_VERY = ("very", "absolute", "single", "overall")
_PLAIN_SIDES = frozenset({"left", "right", "top", "bottom"})
"""Words that are no superlatives: of "the two left cups" it is open whether they are the two leftmost."""
_BESIDE = frozenset({"on", "at", "to", "by", "near", "close", "towards", "toward"})
"""With these "the two men on the left" may just be there, and others too."""


def described(phrases: Phrases, at: int) -> list[tuple[int, Nodes, Noun]]:
    """A superlative and a noun: (place after, nodes, the noun)."""
    found: list[tuple[int, Nodes, Noun]] = []
    for start, rank in orders(phrases.tokens, at):
        start = start + 1 if phrases.word(start) in _VERY and phrases.word(start + 1) in (*SIDES, *MOST_SAID) else start
        narrow = _most(phrases, start, rank)
        if narrow is not None:
            found.extend((after, narrow(nodes), noun) for after, nodes, noun in phrases.described(start + 1))
            number = how_many(phrases, start + 1) if rank == 1 and phrases.word(start) not in _PLAIN_SIDES else 1
            for after, nodes, noun in phrases.described(start + 2) if number > 1 else ():
                if noun.plural is not False:  # the largest two dogs
                    found.append((after, of_rank(narrow, number=number)(nodes), noun))
        found += _nearest(phrases, start, rank)
    return found


def most_of_them(phrases: Phrases, at: int) -> list[Phrase]:
    """(The) widest of the cars, the second largest one among them."""
    found: list[Phrase] = []
    for start, rank in orders(phrases.tokens, at):
        start = start + 1 if phrases.word(start) in _VERY else start
        of_two = phrases.literal(start + 1, "of the two") is not None  # the larger of the two cars
        narrow = _most(phrases, start, rank, of_two)
        if narrow is None:
            continue
        end = start + 2 if phrases.word(start + 1) in ("one", "ones") else start + 1
        found += [
            Phrase(thing.stop, narrow(thing.nodes), thing.noun, True)
            for link in phrases.literals(end, ("of", "among", "amongst", "out of", "from among", "of all"))
            for thing in phrases.things(link)
            if thing.plural
        ]
    return found


def counted_from_a_side(phrases: Phrases, at: int) -> list[Phrase]:
    """(The) second person from the left, third car counting from the right, last dog but one from the left."""
    return [
        Phrase(stop, narrow(thing.nodes), thing.noun, True, cost=thing.cost)
        for start, rank in ordinals(phrases.tokens, at)
        for thing in phrases.things(start)
        if thing.noun is not None and thing.noun.plural is not True and not thing.definite and thing.number is None
        for narrow, stop in from_a_side(phrases, thing.stop, rank)
    ]


def is_counted_out(phrases: Phrases, phrase: Phrase) -> bool:
    """Whether a phrase ends in "from the left": of "the third from the left with a hat" it is open who is counted."""
    nodes = phrase.nodes
    picked = isinstance(nodes, Extreme) and nodes.rank > 1 and nodes.which not in ("largest", "smallest")
    return picked and "from" in phrases.tokens[phrase.stop - 6 if phrase.stop > 6 else 0 : phrase.stop]


def as_many(phrases: Phrases, before: Determiner, found: Sequence[Phrase]) -> list[Phrase]:
    """Phrases after a number: of "the two largest cars" the two; of "two largest cars" it is not said which."""
    plain = [phrase for phrase in found if not isinstance(phrase.nodes, Ranked)]
    if phrases.word(before.stop) in _PLAIN_SIDES:
        return plain
    return [*plain, *(each for phrase in found if (each := several(before, phrase)) is not None)]


def picked_out(phrases: Phrases, phrase: Phrase, wider: Sequence[Phrase]) -> list[Phrase]:
    """A phrase with what picks some of its nodes behind it: the two cars nearest to the bench."""
    if (phrase.number or 1) < 2:
        return list(wider)
    if phrases.word(phrase.stop) in _BESIDE:
        return [one for one in wider if not isinstance(one.nodes, Ranked)]
    return [
        each for one in wider if (each := several(phrase, one) if isinstance(one.nodes, Ranked) else one) is not None
    ]


def _most(phrases: Phrases, at: int, rank: int, of_two: bool = False) -> Callable[[Nodes], Nodes] | None:
    """What picks by the superlative at a word (of two things: by the comparative)."""
    word = phrases.word(at)
    side, dimension = SIDES.get(word), MOST_SAID.get(word) or (MORE.get(word) if of_two else None)
    if side is not None:
        return partial(Extreme, which=side, rank=rank) if rank == 1 or word not in _PLAIN_SIDES else None
    return None if dimension is None else of_rank(comparing.superlative(phrases, dimension), rank)


def _nearest(phrases: Phrases, at: int, rank: int) -> list[tuple[int, Nodes, Noun]]:
    """The "nearest dog to the car", the "second closest person" (to the camera)."""
    found: list[tuple[int, Nodes, Noun]] = []
    for start, said in phrases.standing(at, NEAREST):
        farthest = NEAREST[said]
        for stop, nodes, noun in phrases.described(start):
            from_camera = Superlative(nodes, "distance", not farthest, rank)
            if phrases.word(stop) not in ("to", "from"):
                found.append((stop, from_camera, noun))
                continue
            end = camera(phrases, stop + 1)
            if end is not None:
                found.append((end, from_camera, noun))
            else:
                found += [(o.stop, Nearest(nodes, o.reference, farthest, rank), noun) for o in phrases.things(stop + 1)]
    return found
