"""What can be done with the things of a graph: by what they are called, by what the graph shows, by size.

Whether a thing can be taken up is in no graph. Three sources decide, in this order: words for kinds of
things; the graph itself (what somebody holds can be held, what something stands on supports); and for
words that no table knows the size in metres, where it was measured.
"""

from dataclasses import dataclass, replace

from assistant.names import spoken
from assistant.nouns import ANIMALS, BROADER, FRUIT, NARROWER, PEOPLE, SAME

MAX_GRASPED = 0.6
"""Metres: what is longer in every direction than a hand and an arm hold is not taken up by one robot."""

OPENED = frozenset(
    {"refrigerator", "fridge", "cabinet", "drawer", "microwave", "oven", "door", "cupboard", "washer", "dishwasher"}
    | {"wardrobe", "closet", "safe", "dustbin", "toilet", "chest"}
)
_NECKED = {"bottle", "can", "glass", "wine glass"}
"""They hold what is poured, not what is put in."""
CONTAINERS = frozenset(
    {*BROADER["container"], *BROADER["bag"], "sink", "shelf", "cart", "basket", "crate", "trash can"} - _NECKED
) | (OPENED - {"door"})
SUPPORTS = frozenset(
    {"table", "dining table", "desk", "bench", "chair", "couch", "sofa", "bed", "shelf", "counter", "countertop"}
    | {"stove", "stool", "cabinet", "windowsill", "rug", "carpet", "pavement", "plate", "tray", "book", "box", "board"}
    | {"washer", "microwave", "oven", "stairs", "platform", "cart"}
)
GROUND = frozenset(
    {"floor", "ground", "grass", "sand", "road", "pavement", "dirt", "gravel", "snow", "land", "playingfield"}
    | {"wood floor", "tile floor", "sidewalk", "platform", "rug", "carpet", "soil", "earth", "street", "field"}
)
NOT_REACHED = frozenset({"water", "sea", "river", "sky", "ceiling", "cloud", "roof"})
"""No robot on wheels or legs gets there, or to what is in it. A tree, a wall or a fence it can go up to."""
_STANDING = frozenset({"tree", "wall", "fence", "window"})
"""Known, and of no use to a hand."""
GRASPED = frozenset(
    {*BROADER["container"], *BROADER["bag"], *BROADER["food"], *BROADER["tableware"], *BROADER["utensil"], *FRUIT}
    | {*BROADER["clothing"], *BROADER["toy"], "umbrella", "book", "remote", "cell phone", "cellphone", "scissors"}
    | {"toothbrush", "laptop", "mouse", "keyboard", "clock", "camera", "pillow", "blanket", "towel", "paper", "pen"}
    | {"pencil", "newspaper", "magazine", "card", "gift", "candle", "flower", "knife", "hammer", "tool", "brush", "key"}
    | {
        "skateboard",
        "baseball bat",
        "baseball glove",
        "tennis racket",
        "bat",
        "racket",
        "plate",
        "tray",
        "cloth",
        "mat",
    }
    | {"medicine", "lid", "sponge", "lighter", "ball", "sports ball", "stick", "mug", "phone", "snack", "spatula"}
)
HEAVY = frozenset(
    {*BROADER["vehicle"], *BROADER["furniture"], *BROADER["appliance"], *BROADER["building"], "tree", "stairs", "sink"}
    | {"traffic light", "fire hydrant", "stop sign", "parking meter", "tv", "counter", "countertop", "door", "window"}
) - {"toaster", "hair drier"}


@dataclass(frozen=True)
class Kind:
    """What a node affords.

    Attributes:
        graspable: a robot can take it up and carry it.
        supports: things can be put on it.
        contains: things can be put in it.
        opens: it can be opened and closed; what is in it can be reached only when it is open.
        person: it can be handed things and asked for them.
        alive: a person or an animal.
        ground: it is walked on.
        reachable: a robot can go there.
        known: a word for it is in a table here; else only size and what the graph shows speak.
    """

    graspable: bool = False
    supports: bool = False
    contains: bool = False
    opens: bool = False
    person: bool = False
    alive: bool = False
    ground: bool = False
    reachable: bool = True
    known: bool = True


def kind_of(category: str, is_thing: bool, longest: float | None = None) -> Kind:
    """What a category affords, before the graph is looked at.

    Args:
        category: its name in the vocabulary.
        is_thing: whether the vocabulary counts it among the things.
        longest: the longest side in metres, None where it is not known.

    >>> kind_of("cup", True).graspable, kind_of("dining table", True).supports, kind_of("car", True).graspable
    (True, True, False)
    """
    names = _names(category)
    if names & {*PEOPLE}:
        return Kind(person=True, alive=True)
    if names & {*ANIMALS}:
        return Kind(alive=True)
    ground = bool(names & GROUND) and not (is_thing and names & GRASPED)
    kind = Kind(
        graspable=bool(names & GRASPED) and not names & HEAVY,
        supports=bool(names & SUPPORTS) or ground,
        contains=bool(names & CONTAINERS),
        opens=bool(names & OPENED),
        ground=ground,
        reachable=not (names & NOT_REACHED and not is_thing),
        known=bool(names & _KNOWN),
    )
    if not kind.known and is_thing and longest is not None:
        return replace(kind, graspable=longest <= MAX_GRASPED)
    return kind


_KNOWN = GRASPED | HEAVY | SUPPORTS | CONTAINERS | GROUND | NOT_REACHED | _STANDING | OPENED


def _names(category: str) -> frozenset[str]:
    """A category as tables may have it: the ways to say it, its synonyms, and what it is a kind of."""
    found = set(spoken(category))
    for row in SAME:
        if found & set(row):
            found |= set(row)
    for word in tuple(found):
        found |= set(NARROWER.get(word, ()))
    return frozenset(found)


def shown_kind(kind: Kind, holds_something_on: bool, holds_something_in: bool, is_held: bool) -> Kind:
    """A kind after the graph was looked at: what is held can be held, what has something on it supports."""
    if kind.alive:
        return kind
    return replace(
        kind,
        graspable=kind.graspable or is_held,
        supports=kind.supports or (holds_something_on and not kind.ground) or kind.ground,
        contains=kind.contains or holds_something_in,
    )
