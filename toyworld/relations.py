"""All relations of one moment: complete, so that a pair without a relation has none."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Int64

from toyworld import rules
from toyworld.entities import FREE, Entity, State
from toyworld.ground import Ground
from toyworld.rules import Spot, Verdict
from toyworld.views import View

COVERED = (0.05, 0.11)
"""Share of a thing's pixels that another covers: below the first nothing, from the second "in front of"."""

FOOTING = 0.30
"""Metres around the foot point, at most, that must lie on one kind of ground to be clear."""

IN_FRONT_AWAY = 0.60
"""Metres in depth, at least, between the two."""


class Fact(NamedTuple):
    """A relation of the world: positions of entities; ground and sky are -1 - their kind."""

    subject: int
    predicate: str
    object: int


def ground_end(kind: int) -> int:
    """How a fact names a kind of ground."""
    return -1 - kind


class Moment:
    """Entities and their states at one time, seen from one place."""

    def __init__(
        self,
        entities: Sequence[Entity],
        states: Sequence[State],
        ground: Ground,
        view: View,
        kept: Bool[np.ndarray, " n"] | None = None,
    ) -> None:
        """`kept` says who is there; all are by default."""
        self.present = range(len(entities)) if kept is None else np.flatnonzero(kept).tolist()
        self.entities = entities
        self.states = states
        self.ground = ground
        self.view = view
        self.spots: list[Spot] = [
            rules.spot_of(entity, state, view) for entity, state in zip(entities, states, strict=True)
        ]
        self._things = [position for position in self.present if entities[position].kind != "tree"]

    def facts(self) -> tuple[list[Fact], list[int]]:
        """Relations that follow from the state alone, and the entities about which a rule was unclear."""
        facts: list[Fact] = []
        unclear = self._contacts(facts)
        unclear += self._neighbours(facts)
        unclear += self._attention(facts)
        return facts, unclear

    def in_front(
        self, facts: list[Fact], hidden: Int64[np.ndarray, "n n"], whole: Int64[np.ndarray, " n"]
    ) -> tuple[list[Fact], list[int]]:
        """Who is in front of whom, from the picture, and the positions of things that make it unclear.

        A thing on the ground that covers a noticeable part of a farther thing on the ground is in
        front of it, unless `facts` relate the two already.
        """
        share = hidden / np.maximum(whole, 1)[:, None]
        np.fill_diagonal(share, 0)
        found, unclear = [], []
        joined = _joined(facts)
        for behind, front in np.argwhere(share > COVERED[0]).tolist():
            far, near = self.spots[behind], self.spots[front]
            if "tree" in (far.kind, near.kind) or not (far.grounded and near.grounded):
                continue
            if far.away - near.away < IN_FRONT_AWAY or frozenset((front, behind)) in joined:
                continue
            if share[behind, front] >= COVERED[1]:
                found.append(Fact(front, "in front of", behind))
            else:
                unclear += (front, behind)
        return found, unclear

    def _contacts(self, facts: list[Fact]) -> list[int]:
        unclear = []
        for position in self.present:
            entity, state = self.entities[position], self.states[position]
            if state.carrier != FREE and state.activity == "held":
                facts.append(Fact(state.carrier, rules.grip(self.states[state.carrier]), position))
                continue
            if state.partner != FREE and state.activity in rules.DEEDS:
                facts.append(Fact(position, rules.DEEDS[state.activity], state.partner))
            elif state.partner != FREE and rules.pursues(state, self.states[state.partner]):
                facts.append(Fact(position, "chasing", state.partner))
            predicate = rules.support(entity, state)
            if predicate is None:
                continue
            if state.carrier != FREE:
                facts.append(Fact(position, predicate, state.carrier))
                continue
            spot = self.spots[position]
            if self.ground.around(state.x, state.y, min(FOOTING, spot.half_right, spot.half_away)) is None:
                unclear.append(position)
            facts.append(Fact(position, predicate, ground_end(self.ground.at(state.x, state.y))))
        return unclear

    def _linked(self, first: int, second: int) -> bool:
        one, two = self.states[first], self.states[second]
        return one.carrier == second or two.carrier == first or second == one.partner or first == two.partner

    def _neighbours(self, facts: list[Fact]) -> list[int]:
        unclear: list[int] = []
        joined = _joined(facts)
        for first in self._things:
            for second in self._things:
                one, two = self.spots[first], self.spots[second]
                if first == second or not rules.near(one, two) or self._linked(first, second):
                    continue
                predicate, verdict = rules.neighbours(one, two)
                if verdict is Verdict.NO or frozenset((first, second)) in joined:
                    continue
                if verdict is Verdict.UNCLEAR:
                    unclear += (first, second)
                else:
                    facts.append(Fact(first, predicate, second))
        return unclear

    def _attention(self, facts: list[Fact]) -> list[int]:
        unclear: list[int] = []
        joined = _joined(facts)
        for who in self._things:
            for predicate, rule in (("looking at", rules.gaze), ("chasing", rules.chase)):
                if not rules.attends(predicate, self.spots[who], self.states[who]):
                    continue
                others = [
                    (other, self.states[other], self.spots[other])
                    for other in self._things
                    if other != who and not self._linked(who, other)
                ]
                target, verdict = rule(self.states[who], self.spots[who], others, self.view)
                if verdict is Verdict.UNCLEAR:
                    unclear.append(who)
                elif target != FREE and frozenset((who, target)) not in joined:
                    facts.append(Fact(who, predicate, target))
        return unclear


def _joined(facts: list[Fact]) -> set[frozenset[int]]:
    return {frozenset((fact.subject, fact.object)) for fact in facts}
