"""What fills the slots of constructions about space: places to measure from, things to choose from, what is wanted."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from assistant.amounts import amounts
from assistant.auxiliaries import AFTER_HAVE, BE
from assistant.camera import camera, is_camera
from assistant.comparing import metres
from assistant.constructions import Fill, Filled
from assistant.dimensions import NOUNS
from assistant.sayings import directed
from assistant.steps import Find, SpaceDirection, Union, View
from assistant.vantages import systems

if TYPE_CHECKING:
    from assistant.slots import Context

_HERE = ("here", "where we are", "where i am", "my place", "the robot", "the robot 's camera")


def _spot(context: Context, at: int) -> Filled:
    """A thing to measure from, None for the camera."""
    phrases = context.phrases
    here = camera(phrases, at)
    for stop in ([here] if here is not None else []) + phrases.literals(at, _HERE):
        yield stop, None, 0.0
    for thing in phrases.things(at):
        if not is_camera(thing.nodes):
            yield thing.stop, thing.reference, thing.cost


def _either(context: Context, at: int) -> Filled:
    """Things to choose from: the dog or the cat."""
    for joined in context.phrases.joined(at, ("or", "and")):
        if len(joined) > 1 and not any(one.number is not None or one.none for one in joined):
            yield joined[-1].stop, Union(tuple(one.meant for one in joined)), sum(one.cost for one in joined)


def _wanted(context: Context, at: int) -> Filled:
    """Who, what, which dog, which of the dogs: the nodes that may be the answer."""
    phrases = context.phrases
    word, after = phrases.word(at), phrases.word(at + 1)
    if word in ("who", "whom"):
        yield at + 1, Find(phrases.people, word="person"), 0.0
    if word == "what" or (word == "which" and after in (*BE, "one", "ones")):
        yield at + 1 + (after in ("one", "ones")), Find(None), 0.0
    for phrase in phrases.things(at + 1) if word in ("what", "which") else ():
        if not phrase.definite and phrase.number is None and after not in ("a", "an"):
            yield phrase.stop, phrase.nodes, phrase.cost
    for start in phrases.literals(
        at, ("which of", "which one of", "who of", "who among", "which among", "which out of")
    ):
        for phrase in phrases.things(start):
            if phrase.definite and phrase.plural:
                yield phrase.stop, phrase.nodes, phrase.cost


def _length(context: Context, at: int) -> Filled:
    """Two metres, 2.5 m."""
    found = metres(context.phrases, at)
    if found is not None:
        yield found[0], found[1], 0.0


def _solid(context: Context, at: int) -> Filled:
    """A noun for a quantity that is meant in metres."""
    for stop, name in context.phrases.standing(at, NOUNS):
        yield stop, NOUNS[name].solid, 0.0


def _size(context: Context, at: int) -> Filled:
    """A noun for what may be held against a number."""
    for stop, name in context.phrases.standing(at, NOUNS):
        yield stop, name, 0.0


def _whose(context: Context, at: int) -> Filled:
    """Whose: of people."""
    if context.phrases.word(at) == "whose":
        yield at + 1, Find(context.phrases.people, word="person"), 0.0


def _amount(context: Context, at: int) -> Filled:
    """More than 2 m, between 50 cm and 1 m."""
    for stop, amount in amounts(context.phrases, at):
        yield stop, amount, 0.0


_BESIDE = ("{0}", "{0} of", "to the {0}", "to the {0} of", "on the {0}", "on the {0} of")
_SIDES: dict[str, SpaceDirection] = {
    **dict.fromkeys((said.format("left") for said in _BESIDE), "left of"),
    **dict.fromkeys((said.format("right") for said in _BESIDE), "right of"),
    **dict.fromkeys(("in front", "in front of"), "in front of"),
    "above": "above",
    "below": "below",
    "behind": "behind",
}


def _side(context: Context, at: int) -> Filled:
    """Above, to the left (of): what is said of something that lies there of something else."""
    for stop, said in context.phrases.standing(at, _SIDES):
        seen = _SIDES[said] not in ("behind", "in front of") or context.phrases.vantage is not None
        if seen:
            yield stop, partial(directed, _SIDES[said], viewed=context.phrases), -0.05


_FRAMES: dict[str, View] = {
    **dict.fromkeys((*systems("world"), "in the world", "along the world axes", "on the world axes"), "world"),
    **dict.fromkeys((*systems("camera"), "relative to the camera", "with respect to the camera"), "camera"),
}


def _frame(context: Context, at: int) -> Filled:
    """In world coordinates, in the camera frame: the view."""
    for stop, said in context.phrases.standing(at, _FRAMES):
        yield stop, _FRAMES[said], 0.0


def _had(context: Context, at: int) -> Filled:
    """(Have more cups) moved, been moved: what is said after "have"."""
    for said in context.phrases.predications(at, AFTER_HAVE):
        if not said.asks_only:
            yield said.stop, said, said.cost - 0.05


MEASURED_SLOTS: dict[str, Fill] = {
    "frame": _frame,
    "side": _side,
    "spot": _spot,
    "either": _either,
    "had": _had,
    "wanted": _wanted,
    "solid": _solid,
    "length": _length,
    "size": _size,
    "amount": _amount,
    "whose": _whose,
}
"""By the kind of slot."""
