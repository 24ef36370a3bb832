"""The rules of the geometric relation predictor: for every ordered pair of segments, how far each rule holds.

A rule gives a matrix [subject, object] of numbers from 0 (does not hold) to 1 (holds wholly). All
work on arrays over pairs at once.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
from jaxtyping import Bool, Float64

from psg.layout import Layout
from psg.roles import Roles

Pairs = Float64[np.ndarray, "n n"]

_FIRM = 0.3
"""A foot stands firmly if this share of its outline touches things that can carry; a foot in the air
also grazes what stands beside it."""

_BACK = 0.25
"""What people and animals carry has its middle above their upper quarter, unless it rides on them."""


@dataclass(frozen=True)
class Scene:
    """The layout and the roles of a picture's nodes, and the rules."""

    layout: Layout
    roles: Roles

    RULES: ClassVar[dict[str, str]] = {
        "on": "on",
        "in": "inside",
        "over": "over",
        "in front of": "in_front_of",
        "attached to": "attached_to",
        "hanging from": "hanging_from",
        "enclosing": "enclosing",
        "beside": "beside",
    }
    """Predicate to the method that measures it; of rules that hold equally the first wins."""

    def fulfilment(self, rule: str) -> Pairs:
        """How far a rule of `RULES` holds for every (subject, object); 0 on the diagonal."""
        values = getattr(self, self.RULES[rule])()
        return np.where(np.eye(len(values), dtype=bool), 0.0, values)

    @cached_property
    def carried(self) -> Pairs:
        """How far i stands, sits or lies on or in j: the share of i's foot that touches j, of all that can carry i.

        Ground and water carry whatever touches them; an object carries if it is under i and one sees
        its upper side (its upper edge is higher than i's foot, its lower edge is lower). What is
        mounted on an object does not reach the ground that is seen behind its feet.
        """
        roles, foot = self.roles, self.layout.foot
        ground = np.outer(roles.object | roles.structure, roles.ground | roles.water)
        held = foot * np.where(ground, 1.0, self._object_carries)
        # What lies behind a foot (trees, a wall) is no neighbour of it; what hides it is one.
        near = (foot * (roles.object | roles.ground | roles.water)).sum(axis=1, keepdims=True)
        share = np.divide(held, near, out=np.zeros_like(held), where=near > 0) * np.minimum(near / _FIRM, 1)
        mounted = self._mounted
        return np.maximum(mounted, share * (1 - np.where(ground, mounted.max(axis=1, keepdims=True), 0.0)))

    @cached_property
    def _below(self) -> Pairs:
        """How far j's lower edge is under i's, in heights of j."""
        layout = self.layout
        return (layout.bottoms[None] - layout.bottoms[:, None]) / np.maximum(layout.heights, 1)[None]

    @cached_property
    def _object_carries(self) -> Pairs:
        layout, roles = self.layout, self.roles
        heights = np.maximum(layout.heights, 1)
        seen = (layout.bottoms[:, None] - layout.boxes[None, :, 1]) / heights[None]
        alive = roles.human | roles.animal
        line = np.where(alive, layout.boxes[:, 1] + _BACK * heights, layout.middles[:, 1])
        surrounded = (layout.share >= 0.5) & ~alive[None]
        higher = np.where(surrounded, ramp(self._below, -0.02, 0.01), ramp(self._below, 0.0, 0.1))
        higher = higher * (surrounded | (layout.middles[:, None, 1] < line[None]))
        fits = ~alive[None] | (layout.widths[:, None] <= layout.widths[None])
        return self._objects * fits * higher * ramp(seen, 0.05, 0.2) * ramp(layout.overlap(0), 0.3, 0.6)

    @cached_property
    def _mounted(self) -> Pairs:
        """Riders: the head above j's, the foot between j's upper and lower edge and touching j, j under most of i."""
        layout, roles = self.layout, self.roles
        heights = np.maximum(layout.heights, 1)
        head = (layout.boxes[None, :, 1] - layout.boxes[:, None, 1]) / heights[:, None]
        seen = (layout.bottoms[:, None] - layout.boxes[None, :, 1]) / heights[None]
        rider = np.outer(roles.human | roles.animal, ~roles.human)
        placed = ramp(head, 0.1, 0.25) * ramp(self._below, 0.1, 0.2) * ramp(seen, 0.15, 0.35)
        return (
            self._objects
            * rider
            * placed
            * ramp(layout.overlap(0), 0.4, 0.7)
            * ramp(np.maximum(layout.foot, layout.share), 0.05, 0.25)
        )

    @cached_property
    def _objects(self) -> Bool[np.ndarray, "n n"]:
        """Pairs of single objects: rules that compare boxes mean nothing for a crowd."""
        single = self.roles.object & ~self.roles.crowd
        return np.outer(single, single)

    @cached_property
    def ground_line(self) -> Float64[np.ndarray, " n"]:
        """Where each node meets the ground, in rows: its own foot, or that of what carries it."""
        lines = self.layout.bottoms.copy()
        by_object = self.carried * self.roles.object[None]
        carrier, firmly = by_object.argmax(axis=1), by_object.max(axis=1) >= 0.5
        for _ in range(3):  # a cup on a book on a table
            lines = np.where(firmly, np.maximum(lines, lines[carrier]), lines)
        return lines

    @cached_property
    def _inside(self) -> Bool[np.ndarray, "n n"]:
        """Whether "in" is the word for i carried by j."""
        roles = self.roles
        narrower = self.layout.widths[:, None] < self.layout.widths[None]
        return (roles.container[None] & narrower) | (roles.water[None] & (roles.object & ~roles.floating)[:, None])

    def on(self) -> Pairs:
        """A foot on ground, furniture, a vehicle without walls, an animal."""
        return np.where(self._inside, 0.0, self.carried)

    def inside(self) -> Pairs:
        """Carried by a container or water; seen through a vehicle's window; in the middle of the sky."""
        around = self.layout.share * np.outer(self.roles.object, self.roles.container | self.roles.sky)
        smaller = self.layout.areas[:, None] < self.layout.areas[None]
        return np.maximum(np.where(self._inside, self.carried, 0.0), ramp(around * smaller, 0.4, 1.0))

    def over(self) -> Pairs:
        """Sky or ceiling over the ground and what stands on it; an object in the air over what is below it."""
        layout, roles = self.layout, self.roles
        drop = (layout.middles[None, :, 1] - layout.middles[:, None, 1]) / layout.size[0]
        column = np.maximum(layout.overlap(0), layout.overlap(0).T)
        fixed = roles.ground | roles.water | roles.structure | roles.wall
        roof = np.outer(roles.sky | roles.ceiling, fixed) * ramp(drop, 0.0, 0.3) * ramp(column, 0.0, 1.0)
        gap = (layout.boxes[None, :, 1] - layout.bottoms[:, None]) / layout.size[0]
        behind = (layout.foot * (roles.sky | roles.structure | roles.wall)).sum(axis=1)
        airborne = roles.object & ~roles.fixed & (self._standing < 0.2) & (behind > 0.6)
        low = (roles.object & ~roles.crowd) | roles.ground | roles.water
        clear = ramp(gap, -0.02, 0.02) * (1 - ramp(gap, 0.0, 0.5)) * ramp(column, 0.2, 1.0)
        return np.where(airborne[:, None] & low[None], clear, roof)

    def in_front_of(self) -> Pairs:
        """Nearer along the line of sight: before a wall, trees, a building; or lower in the picture and touching."""
        layout, roles = self.layout, self.roles
        object_only = roles.object & ~roles.fixed
        backdrop = roles.wall | roles.structure
        # A bush hides a foot, but not the head above it; what stands before trees has its foot elsewhere.
        hides = layout.foot.T * (1 - layout.head.T) * (self._below.T > 0)
        before = np.outer(object_only, backdrop) * ramp(layout.share, 0.0, 0.6) * (1 - hides.T)
        behind = np.outer(roles.structure, object_only) * hides
        touching = ramp(np.maximum(layout.share, layout.share.T), 0.0, 0.3)
        tallest = np.maximum(np.maximum(layout.heights[:, None], layout.heights[None]), 1)
        depth = (self.ground_line[:, None] - self.ground_line[None]) / tallest
        column = np.maximum(layout.overlap(0), layout.overlap(0).T)
        apart = 1 - np.maximum(self.carried, self.carried.T)
        nearer = self._objects * touching * ramp(depth, 0.02, 0.25) * ramp(column, 0.2, 0.6) * apart
        smaller = layout.areas[:, None] < layout.areas[None]
        within = np.outer(object_only & ~roles.crowd, roles.object) * ramp(layout.share, 0.5, 1.0) * smaller * apart
        layers = np.outer(roles.structure, backdrop) * touching * ramp(layout.above.T, 0.3, 1.0)
        return np.max([before, behind, nearer, within, layers], axis=0)

    def beside(self) -> Pairs:
        """Side by side: objects near each other on one ground line; stuff of one kind with a common border."""
        layout, roles = self.layout, self.roles
        width = np.maximum(np.minimum(layout.widths[:, None], layout.widths[None]), 1)
        gap = -layout.overlap(0) * layout.widths[:, None] / width
        near = ramp(-gap, -1.0, 0.0) * ramp(gap, -0.6, -0.3)
        tallest = np.maximum(np.maximum(layout.heights[:, None], layout.heights[None]), 1)
        level = 1 - ramp(np.abs(self.ground_line[:, None] - self.ground_line[None]) / tallest, 0.05, 0.3)
        rows = ramp(np.maximum(layout.overlap(1), layout.overlap(1).T), 0.3, 0.7)
        floor = roles.ground | roles.water
        border = ramp(np.maximum(layout.share, layout.share.T), 0.0, 0.4)
        upright = np.outer(roles.structure, roles.structure) * (1 - np.abs(layout.above))
        mounted = self._mounted.max(axis=1)
        alike = 1 - np.abs(mounted[:, None] - mounted[None])
        both = np.maximum(
            self._objects * near * level * rows * alike, border * np.maximum(np.outer(floor, floor), upright)
        )
        # The smaller is beside the larger, not the other way round.
        size = layout.areas + np.arange(len(both)) * 1e-6
        return both * (size[:, None] < size[None])

    def attached_to(self) -> Pairs:
        """A clock, a window, a sign that has a wall or a building around it."""
        roles = self.roles
        flat = (roles.wall | roles.structure) & ~roles.fixed
        return np.outer(roles.fixed, flat) * ramp(self.layout.share, 0.2, 0.7) * (1 - self._standing[:, None])

    def hanging_from(self) -> Pairs:
        """A lamp or towel whose head touches and whose foot does not."""
        roles = self.roles
        below = ramp(-self.layout.above, 0.2, 0.8)
        held = np.outer(roles.hanging, roles.ceiling | roles.structure | roles.object)
        return held * below * self.layout.head * (1 - self._standing[:, None])

    def enclosing(self) -> Pairs:
        """A fence or a net all around something."""
        around = np.outer(self.roles.object | self.roles.ground, self.roles.enclosing) * ramp(
            self.layout.share, 0.4, 0.9
        )
        return around.T

    @property
    def _standing(self) -> Float64[np.ndarray, " n"]:
        return np.minimum(self.carried.sum(axis=1), 1)


def ramp(values: Float64[np.ndarray, "..."], low: float, high: float) -> Float64[np.ndarray, "..."]:
    """0 up to `low`, 1 from `high`, a straight line between."""
    return np.clip((values - low) / (high - low), 0.0, 1.0)
