"""Why a goal cannot be reached: the conditions that are missing.

Three causes are told apart. A condition that nothing brings about ("car-1 can be taken up"), found by
following the goal backwards through the actions that would bring it about, along the way on which least
is missing. Conditions that can be had each alone but not together. Or bounds that stopped the search.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from assistant.planning.actions import Action, Label
from assistant.planning.facts import ROBOT, Fact, State
from assistant.planning.search import had, search

Cause = Literal["missing", "conflict", "bound"]

_STATES_OF_A_PART = 2_000
"""States looked at for each part of a goal while looking for the part that cannot be had."""


@dataclass(frozen=True)
class Refusal:
    """Why there is no plan.

    Attributes:
        cause: a condition is missing, conditions exclude each other, or a bound stopped the search.
        facts: the conditions.
    """

    cause: Cause
    facts: tuple[Fact, ...]

    def said(self, label: Label) -> str:
        """As a sentence."""
        conditions = [fact.said(label) for fact in self.facts]
        if self.cause == "missing" and all(fact.name == "free" for fact in self.facts):
            return "this cannot be done: it needs that the robot has one more free hand"
        if self.cause == "missing":
            return f"this cannot be done: it needs that {' and that '.join(conditions)}"
        if self.cause == "conflict":
            return f"this cannot be done: it cannot be at once that {' and that '.join(conditions)}"
        return "no plan was found within the bounds of the search, which does not show that there is none"


def why_not(start: State, goal: State, actions: Sequence[Action], complete: bool) -> Refusal:
    """Why no plan was found.

    Args:
        start: what is so.
        goal: what shall be so.
        actions: what can be done.
        complete: whether the search saw every state.
    """
    reached = had(start, actions)
    if not goal <= reached:
        return Refusal("missing", tuple(sorted(_missing(goal - reached, reached, actions))))
    together = sorted(goal)
    for size in (1, 2, 3):
        for part in combinations(together, size):
            found = search(start, frozenset(part), actions, max_states=_STATES_OF_A_PART, max_seconds=1.0)
            if found.actions is None and found.complete:
                return Refusal("conflict", part)
    return Refusal("conflict" if complete else "bound", tuple(together) if complete else ())


def clash(goal: State, hands: int = 1) -> Refusal | None:
    """Conditions that nothing can make so together, seen at once: a thing in two places, and the like.

    >>> clash(frozenset({Fact("on", 1, 2), Fact("on", 1, 3)})).cause
    'conflict'
    """
    if sum(fact.name == "holds" for fact in goal) > hands:
        return Refusal("missing", (Fact("free", ROBOT, hand=hands),))
    places: dict[int, list[Fact]] = {}
    for fact in sorted(goal):
        if fact.name in ("on", "in", "has", "holds"):
            places.setdefault(fact.object if fact.name in ("has", "holds") else fact.subject, []).append(fact)
    for facts in places.values():
        if len(facts) > 1:
            return Refusal("conflict", tuple(facts[:2]))
    for fact in sorted(goal):
        below = places.get(fact.object, [])
        if fact.name in ("on", "beside") and below and below[0].name != "on":  # nothing stands on what is in a bag
            return Refusal("conflict", (fact, below[0]))
    return _circle(places)


def _circle(places: dict[int, list[Fact]]) -> Refusal | None:
    """Things that shall stand on, or lie in, each other."""
    for thing in places:
        chain: list[Fact] = []
        at = thing
        while at in places and places[at][0].name in ("on", "in") and len(chain) <= len(places):
            chain.append(places[at][0])
            at = places[at][0].object
            if at == thing:
                return Refusal("conflict", tuple(chain))
    return None


def _missing(wanted: State, reached: State, actions: Sequence[Action]) -> State:
    """The conditions without which none of the wanted facts is had, as few as there can be."""
    makers: dict[Fact, list[Action]] = {}
    for action in actions:
        for fact in action.adds:
            makers.setdefault(fact, []).append(action)
    known: dict[Fact, State] = {}
    everything = sorted({fact for action in actions for fact in action.needs} | wanted)
    for fact in everything:
        if fact not in reached and not makers.get(fact):
            known[fact] = frozenset({fact})  # nothing brings it about
    changed = True
    while changed:  # from what nothing brings about to what needs it, always along the way that lacks least
        changed = False
        for fact in everything:
            for action in makers.get(fact, ()) if fact not in reached else ():
                needs = action.needs - reached
                if needs <= known.keys():
                    lacks = frozenset[Fact]().union(*(known[need] for need in needs))
                    if fact not in known or _order(lacks) < _order(known[fact]):
                        known[fact], changed = lacks, True
    # Facts that need each other in a circle have no first cause: they are the condition themselves.
    return frozenset[Fact]().union(*(known.get(fact, frozenset({fact})) for fact in wanted))


def _order(facts: State) -> tuple[int, list[Fact]]:
    return len(facts), sorted(facts)
