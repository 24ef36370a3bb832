"""What may be so in the world that a robot plans in: short facts about nodes, the robot and its hands."""

from collections.abc import Callable
from typing import Literal, NamedTuple

ROBOT = -1
"""Stands for the robot where a fact names a node; node ids count from 0."""

FLOOR = -2
"""Stands for the ground where the graph has no node for it."""

START = -3
"""The place where the robot stood at first, where no node is."""

# fmt: off
Name = Literal[
    "on", "in", "has", "at", "beside", "open", "closed", "free", "grips", "holds", "off",
    "graspable", "supports", "contains", "opens", "unlocked", "person", "reachable",
]
# fmt: on

WORDS: dict[str, str] = {
    "on": "{0} is on {1}",
    "in": "{0} is in {1}",
    "has": "{0} is holding {1}",
    "at": "{0} is at {1}",
    "beside": "{0} is beside {1}",
    "open": "{0} is open",
    "closed": "{0} is closed",
    "free": "{0} has a free hand",
    "grips": "{0} is holding {1}",
    "holds": "{0} is holding {1}",
    "off": "{0} is off {1}",
    "graspable": "{0} can be taken up",
    "supports": "things can be put on {0}",
    "contains": "things can be put in {0}",
    "opens": "{0} can be opened and closed",
    "unlocked": "{0} is not locked",
    "person": "{0} is a person who can be asked and handed things",
    "reachable": "{0} can be reached",
}


class Fact(NamedTuple):
    """One thing that is so.

    `on`, `in`, `beside`, `at` (things and the robot, at a place, which is named by the node that stands
    there), `has` (somebody, a thing), `open`, `closed`; `free` and `grips` are of one of the robot's
    hands, `holds` of any of them; `off` is the opposite of `on`, `in` and `has`, for what must
    be clear or away.
    """

    name: Name
    subject: int
    object: int = ROBOT
    hand: int = 0

    def said(self, label: Callable[[int], str]) -> str:
        """In words.

        >>> Fact("on", 3, 5).said("node {}".format)
        'node 3 is on node 5'
        """
        return WORDS[self.name].format(named(self.subject, label), named(self.object, label))


State = frozenset[Fact]


def named(node: int, label: Callable[[int], str]) -> str:
    """What a number in a fact is called."""
    return {ROBOT: "the robot", FLOOR: "the floor", START: "where it started"}.get(node) or label(node)
