"""Questions about quantities and about space: how large, how far, which is larger, where in metres.

Pixels come from masks and boxes, metres from the positions of 4-D tracks. Lengths are means over the
frames that are asked about; distances come with one standard deviation where the graph has one.
"""

from dataclasses import dataclass
from typing import Literal

from assistant.steps import Nodes, Quantity, Question, SpaceDirection, View, YesNoQuestion

Comparison = Literal["more", "less", "equal"]


@dataclass(frozen=True)
class Measure(Question):
    """How much of a quantity has each of the nodes?"""

    nodes: Nodes
    quantity: Quantity


@dataclass(frozen=True)
class Distance(Question):
    """How many metres lie between each of the nodes and each of the others?"""

    nodes: Nodes
    others: Nodes


@dataclass(frozen=True)
class Coordinates(Question):
    """Where in metres are the nodes: x to the right, y down, z forward, in a view?"""

    nodes: Nodes
    view: View = "camera"
    facing: Nodes | None = None


@dataclass(frozen=True)
class Bearing(Question):
    """How far away and in which direction are the nodes, from the camera or from the others?

    At the last moment at which they were measured, along the camera's axes of that moment or the world's.
    """

    nodes: Nodes
    others: Nodes | None = None
    view: View = "camera"


@dataclass(frozen=True)
class Compare(YesNoQuestion):
    """Have the nodes more (less, equally much) of a quantity than the others?"""

    nodes: Nodes
    quantity: Quantity
    how: Comparison
    others: Nodes


@dataclass(frozen=True)
class CompareDistances(YesNoQuestion):
    """Are the nodes farther from (nearer to, as far from) the target than the others, in metres?

    Of several targets the nearest counts.
    """

    nodes: Nodes
    how: Comparison
    others: Nodes
    target: Nodes


@dataclass(frozen=True)
class CompareCounts(YesNoQuestion):
    """Are there more (fewer, equally many) of the nodes than of the others?"""

    nodes: Nodes
    how: Comparison
    others: Nodes


@dataclass(frozen=True)
class IsInSpace(YesNoQuestion):
    """Does one of the nodes (every one of them) lie, in space, in that direction of one of the others?"""

    nodes: Nodes
    direction: SpaceDirection
    others: Nodes
    view: View = "camera"
    facing: Nodes | None = None
    every: bool = False
