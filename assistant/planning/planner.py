"""Plans for a goal in a scene graph: the steps, or the condition that is missing.

>>> from assistant.planning.planner import Planner  # doctest: +SKIP
>>> print(Planner(graph).plan("bring the cup to the table").text)  # doctest: +SKIP
1. go to cup-1
2. pick up cup-1 from floor-1
3. go to table-1
4. put cup-1 on table-1
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from assistant.answers import Reason
from assistant.lexicon import Words, lexicon_of
from assistant.models import LanguageModel
from assistant.parser import Parser
from assistant.planning import goals
from assistant.planning.actions import Action, grounded
from assistant.planning.facts import Fact, State
from assistant.planning.goals import Goal, NoGoal
from assistant.planning.proposing import Proposals, costs_of, propose, scored
from assistant.planning.refusing import Refusal, clash, why_not
from assistant.planning.search import MAX_SECONDS, MAX_STATES, had, search
from assistant.planning.world import Robot, World
from scenegraph import SceneGraph

SCHEMA = "groundgraph-plan/1"

Status = Literal["planned", "done already", "impossible", "no such thing", "ambiguous", "unread", "not found"]


@dataclass(frozen=True)
class Step:
    """One step of a plan: what is done, and why it was chosen.

    Attributes:
        action: what is done.
        text: in words.
        affords: how sure the graph is of what must be so before, 0 to 1.
        proposed: the share that the language model gives to it, or an equal share of all steps.
    """

    action: Action
    text: str
    affords: float
    proposed: float

    @property
    def score(self) -> float:
        """What the graph affords times what is proposed."""
        return self.affords * self.proposed

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "action": self.action.name,
            "nodes": list(self.action.nodes),
            "text": self.text,
            "needs": [list(fact) for fact in sorted(self.action.needs)],
            "adds": [list(fact) for fact in sorted(self.action.adds)],
            "removes": [list(fact) for fact in sorted(self.action.removes)],
            "affords": round(self.affords, 6),
            "proposed": round(self.proposed, 6),
            "score": round(self.score, 6),
        }


@dataclass(frozen=True)
class Plan:
    """What came of a goal.

    Attributes:
        goal: as it was asked.
        status: planned, done already, impossible (a condition is missing), no such thing (the graph does
            not show what the goal names), ambiguous, unread (not understood), not found (bounds).
        steps: the plan.
        facts: what shall be so.
        missing: the conditions that are missing, or that exclude each other.
        reason: the missing conditions in words.
        options: nodes that may be meant.
        notes: assumptions, and what a language model did.
        states: states that the search looked at.
    """

    goal: str
    status: Status
    steps: tuple[Step, ...] = ()
    facts: tuple[Fact, ...] = ()
    missing: tuple[Fact, ...] = ()
    reason: str = ""
    options: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    states: int = 0
    wanted: tuple[str, ...] = field(default=(), compare=False)

    @property
    def solved(self) -> bool:
        """Whether the goal is so, or will be after the steps."""
        return self.status in ("planned", "done already")

    @property
    def text(self) -> str:
        """The steps, numbered, or why there are none."""
        if self.status == "planned":
            return "\n".join(f"{number}. {step.text}" for number, step in enumerate(self.steps, start=1))
        return "it is so already" if self.status == "done already" else self.reason

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "schema": SCHEMA,
            "goal": self.goal,
            "status": self.status,
            "wanted": list(self.wanted),
            "steps": [step.to_json() for step in self.steps],
            "facts": [list(fact) for fact in self.facts],
            "missing": [list(fact) for fact in self.missing],
            "reason": self.reason,
            "options": list(self.options),
            "notes": list(self.notes),
            "states": self.states,
        }


class Planner:
    """Makes plans in one graph, at one moment.

    Args:
        graph: the graph; of a video, what holds at `frame`.
        robot: the robot in it.
        frame: the moment, the last frame if None.
        words: the user's own words.
        max_states: states that one search keeps at most.
        max_seconds: seconds that one search takes at most.
    """

    def __init__(
        self,
        graph: SceneGraph,
        robot: Robot | None = None,
        frame: int | None = None,
        words: Words | None = None,
        max_states: int = MAX_STATES,
        max_seconds: float = MAX_SECONDS,
    ) -> None:
        self.world = World(graph, robot, frame)
        self.words, self.max_states, self.max_seconds = words or Words(), max_states, max_seconds

    def goal(self, asked: str | list[Any] | Goal) -> Goal:
        """What is asked for: English, JSON conditions, or a goal.

        Raises:
            NoGoal: English that is not read, or that names what is not there or may be several things.
            InputError: JSON that describes no goal.
        """
        if isinstance(asked, Goal):
            return asked
        if not isinstance(asked, str):
            return goals.from_json(asked, self.world)
        index = self.world.index
        lexicon = lexicon_of(self.world.graph.vocabulary, self.words)
        lexicon = lexicon.with_attributes({n: [value for _, value in rows] for n, rows in index.attributes.items()})
        return goals.from_text(asked, self.world, Parser(lexicon, index.called, frozenset(index.attributes)))

    def plan(self, asked: str | list[Any] | Goal, proposals: Proposals | None = None) -> Plan:
        """The best plan for a goal, or why there is none.

        Args:
            asked: English, JSON conditions, or a goal.
            proposals: what a language model proposes; all steps are equally good if None.

        Raises:
            InputError: JSON that describes no goal.
        """
        shown = asked if isinstance(asked, str) else asked.text if isinstance(asked, Goal) else str(asked)
        try:
            goal = self.goal(asked)
        except NoGoal as failure:
            status: dict[Reason, Status] = {
                Reason.AMBIGUOUS_REFERENT: "ambiguous",
                Reason.UNKNOWN_FORM: "unread",
                Reason.EMPTY: "unread",
            }
            return Plan(
                shown, status.get(failure.reason, "no such thing"), reason=str(failure), options=failure.options
            )
        plans = [self._plan_for(shown, option, proposals) for option in goal.options]
        solved = [plan for plan in plans if plan.solved]
        if solved:
            return min(solved, key=lambda plan: sum(step.action.cost for step in plan.steps))
        return min(plans, key=lambda plan: (plan.status == "not found", len(plan.missing)))

    def proposed(self, asked: str | list[Any] | Goal, model: LanguageModel) -> Proposals | None:
        """What a language model proposes for a goal; None for a goal that is not read.

        Raises:
            InputError: JSON that describes no goal.
        """
        try:
            goal = self.goal(asked)
        except NoGoal:
            return None
        actions = {action: None for option in goal.options for action in problem(self.world, option)[1]}
        shown = asked if isinstance(asked, str) else goal.text
        wanted = shown or ", ".join(fact.said(self.world.label) for fact in sorted(goal.options[0]))
        return propose(model, self.world, list(actions), wanted)

    def _plan_for(self, shown: str, wanted: State, proposals: Proposals | None) -> Plan:
        start, actions = problem(self.world, wanted)
        label = self.world.label
        told: dict[str, Any] = {
            "facts": tuple(sorted(wanted)),
            "wanted": tuple(fact.said(label) for fact in sorted(wanted)),
        }
        if wanted <= start:
            unsure = {fact.subject for fact in wanted if fact.name in ("open", "closed")}
            return Plan(shown, "done already", notes=self._unsure(unsure), **told)
        refusal = clash(wanted, self.world.robot.hands)
        if refusal is not None and wanted <= had(start, actions):
            return self._refused(shown, refusal, 0, told)
        shares = proposals.shares(actions, label) if proposals is not None else None
        found = search(start, wanted, actions, costs_of(self.world, actions, shares), self.max_states, self.max_seconds)
        if found.actions is None:
            refusal = why_not(start, wanted, actions, found.complete)
            return self._refused(shown, refusal, found.states, told)
        steps = []
        for action, affords, proposed in scored(self.world, actions, found.actions, shares):
            steps.append(Step(action, action.said(label), affords, proposed))
        notes = (*self._notes(found.actions), *(proposals.notes if proposals is not None else ()))
        return Plan(shown, "planned", tuple(steps), states=found.states, notes=notes, **told)

    def _refused(self, shown: str, refusal: Refusal, states: int, told: dict[str, Any]) -> Plan:
        status: Status = "not found" if refusal.cause == "bound" else "impossible"
        reason = refusal.said(self.world.label)
        return Plan(shown, status, missing=refusal.facts, reason=reason, states=states, **told)

    def _notes(self, actions: Sequence[Action]) -> tuple[str, ...]:
        """What the plan takes for granted."""
        label = self.world.label
        notes = list(self._unsure({action.nodes[0] for action in actions if action.name == "open"}))
        for node in sorted(
            {action.nodes[0] for action in actions if action.name in ("pick up", "take out", "ask for")}
        ):
            if node not in self.world.links:
                notes.append(f"the graph does not say where {label(node)} stands; taken as on the floor")
            if not self.world.kind(node).known:
                notes.append(f"whether {label(node)} can be taken up is judged by its size or by who holds it")
        return tuple(notes)

    def _unsure(self, nodes: set[int]) -> tuple[str, ...]:
        """That things were taken as closed of which the graph says nothing."""
        label, unknown = self.world.label, sorted(node for node in nodes if self.world.is_open(node) is None)
        return tuple(f"the graph does not say whether {label(node)} is open; taken as closed" for node in unknown)


def problem(world: World, wanted: State) -> tuple[State, list[Action]]:
    """What is so and what can be done, as far as it matters to a goal."""
    actions = grounded(world, wanted)
    named = wanted.union(*(action.needs for action in actions))
    things = {node for fact in named for node in (fact.subject, fact.object) if node >= 0}
    start = world.facts(sorted(things))
    apart = {
        fact
        for fact in named
        if fact.name == "off"
        and not start & {Fact("on", *fact[1:3]), Fact("in", *fact[1:3]), Fact("has", fact.object, fact.subject)}
    }
    return start | apart, actions
