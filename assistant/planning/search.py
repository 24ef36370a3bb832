"""Forward search over grounded actions: A* with the cost of a relaxed plan as its estimate.

Facts are bits of whole numbers, states are such numbers. The estimate (Hoffmann and Nebel, The FF planning
system, JAIR 2001, section 4) forgets what actions remove: facts get the cost at which they can first be
had, and the cheapest actions that have the goal are counted once each. It may be too high by a little, so
a plan found is short, not always the shortest; that there is none is known for sure once all states are
seen, or at once where even without removals the goal cannot be had.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from math import inf

from assistant.planning.actions import Action
from assistant.planning.facts import Fact, State

MAX_STATES = 20_000
"""States that one search keeps (some 10 MB): plans for one sentence need a few hundred."""

MAX_SECONDS = 5.0
"""Time of one search: a person waits no longer for a plan."""


@dataclass(frozen=True)
class Found:
    """What a search gave.

    Attributes:
        actions: the plan; None where there is none.
        states: states that were looked at.
        complete: every state was seen, so that no plan exists; False where a bound stopped the search.
    """

    actions: tuple[Action, ...] | None
    states: int
    complete: bool


def search(
    start: State,
    goal: State,
    actions: Sequence[Action],
    costs: Sequence[float] | None = None,
    max_states: int = MAX_STATES,
    max_seconds: float = MAX_SECONDS,
) -> Found:
    """A cheap sequence of actions from a state to one in which the goal is so.

    Args:
        start: what is so.
        goal: what shall be so.
        actions: what can be done.
        costs: of the actions, above 0; their own if None.
        max_states: states that are kept at most.
        max_seconds: seconds after which the search stops.
    """
    problem = _Problem(start, goal, actions, [action.cost for action in actions] if costs is None else list(costs))
    return problem.search(max_states, max_seconds)


def had(start: State, actions: Sequence[Action]) -> frozenset[Fact]:
    """All facts that can be had from a state if nothing were ever removed."""
    have, left = set(start), list(actions)
    while True:
        usable = [action for action in left if action.needs <= have]
        if not usable:
            return frozenset(have)
        have.update(fact for action in usable for fact in action.adds)
        left = [action for action in left if not action.needs <= have or not action.adds <= have]


class _Problem:
    """A planning problem in bits."""

    def __init__(self, start: State, goal: State, actions: Sequence[Action], costs: list[float]) -> None:
        facts = {*start, *goal}.union(*(action.needs | action.adds | action.removes for action in actions))
        self.bit = {fact: place for place, fact in enumerate(sorted(facts))}
        self.start, self.goal = self._bits(start), self._bits(goal)
        self.actions, self.costs = list(actions), costs
        self.needs = [self._bits(action.needs) for action in actions]
        self.adds = [self._bits(action.adds) for action in actions]
        self.keeps = [~self._bits(action.removes) for action in actions]
        self.need_places = [[self.bit[fact] for fact in action.needs] for action in actions]
        self.add_places = [[self.bit[fact] for fact in action.adds] for action in actions]
        self.goal_places = [self.bit[fact] for fact in goal]
        self.users: list[list[int]] = [[] for _ in self.bit]
        for number, places in enumerate(self.need_places):
            for place in places:
                self.users[place].append(number)

    def _bits(self, facts: State) -> int:
        return sum(1 << self.bit[fact] for fact in facts)

    def search(self, max_states: int, max_seconds: float) -> Found:
        end, order = time.monotonic() + max_seconds, count()
        best = {self.start: 0.0}
        back: dict[int, tuple[int, int]] = {}
        estimate = self.estimate(self.start)
        waiting = [(estimate, next(order), self.start, 0.0)] if estimate < inf else []
        seen = 0
        while waiting:
            _, _, state, spent = heappop(waiting)
            if spent > best[state]:
                continue
            if state & self.goal == self.goal:
                return Found(self._path(back, state), seen, True)
            seen += 1
            if len(best) > max_states or time.monotonic() > end:
                return Found(None, seen, False)
            for number, needs in enumerate(self.needs):
                if state & needs != needs:
                    continue
                after, cost = (state & self.keeps[number]) | self.adds[number], spent + self.costs[number]
                if cost >= best.get(after, inf):
                    continue
                estimate = self.estimate(after)
                if estimate < inf:
                    best[after], back[after] = cost, (state, number)
                    heappush(waiting, (cost + estimate, next(order), after, cost))
        return Found(None, seen, True)

    def estimate(self, state: int) -> float:
        """The cost of a relaxed plan from a state to the goal; infinite where there is none."""
        cost = [0.0 if state >> place & 1 else inf for place in range(len(self.bit))]
        made_by = [-1] * len(self.bit)
        open_needs = [len(places) for places in self.need_places]
        order = count()
        waiting = [(0.0, next(order), place) for place, value in enumerate(cost) if value == 0]
        done = [False] * len(self.bit)
        reached = [0.0] * len(self.actions)
        while waiting:
            value, _, place = heappop(waiting)
            if done[place]:
                continue
            done[place] = True
            for number in self.users[place]:
                open_needs[number] -= 1
                reached[number] += value
                if open_needs[number] == 0:
                    after = reached[number] + self.costs[number]
                    for added in self.add_places[number]:
                        if after < cost[added]:
                            cost[added], made_by[added] = after, number
                            heappush(waiting, (after, next(order), added))
        if any(cost[place] == inf for place in self.goal_places):
            return inf
        return sum(self.costs[number] for number in self._relaxed(made_by))

    def _relaxed(self, made_by: list[int]) -> set[int]:
        """The actions of the relaxed plan."""
        chosen: set[int] = set()
        looked: set[int] = set()
        waiting = list(self.goal_places)
        while waiting:
            place = waiting.pop()
            if place in looked or made_by[place] < 0:
                continue
            looked.add(place)
            chosen.add(made_by[place])
            waiting += self.need_places[made_by[place]]
        return chosen

    def _path(self, back: dict[int, tuple[int, int]], state: int) -> tuple[Action, ...]:
        actions = []
        while state in back:
            state, number = back[state]
            actions.append(self.actions[number])
        return tuple(reversed(actions))
