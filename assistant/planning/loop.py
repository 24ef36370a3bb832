"""The robot's loop: look at the graph, plan, do, look again; plan anew when something went wrong.

Every `every` seconds of the robot's time the graph is looked at as it then is, a language model (where
there is one) is given the graph as a prompt and proposes steps, the best plan is made, and its steps are
done until the next look. A step that fails, or a graph that changed, is answered by a new plan.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from assistant.models import LanguageModel
from assistant.planning.goals import Goal, NoGoal
from assistant.planning.planner import Plan, Planner
from assistant.planning.simulator import Result, Simulator

EVERY = 30.0
"""Seconds between two looks at the graph: what the source of PSG-4D states for its robot."""

MAX_PLANS = 40
"""Plans after which the loop gives up: with half of all actions failing nine plans in ten need fewer."""

Ending = Literal["reached", "refused", "given up"]


@dataclass(frozen=True)
class Done:
    """One step that was tried: in which plan, at what second, what, and what came of it."""

    plan: int
    second: float
    step: str
    score: float
    result: Result

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "plan": self.plan,
            "second": round(self.second, 3),
            "step": self.step,
            "score": round(self.score, 6),
            "done": self.result.done,
            "said": self.result.said,
        }


@dataclass
class Course:
    """What came of a goal: how it ended, every step that was tried, every plan that was made."""

    ending: Ending
    steps: list[Done] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def reason(self) -> str:
        """Why the goal was not reached, "" where it was."""
        return "" if self.ending == "reached" else self.plans[-1].text

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "ending": self.ending,
            "reason": self.reason,
            "seconds": round(self.seconds, 3),
            "steps": [step.to_json() for step in self.steps],
            "plans": [plan.to_json() for plan in self.plans],
        }


def pursue(
    simulator: Simulator,
    asked: str | list[Any] | Goal,
    every: float = EVERY,
    model: LanguageModel | None = None,
    max_plans: int = MAX_PLANS,
    planner: Callable[..., Planner] = Planner,
) -> Course:
    """Pursue a goal in a simulated world until it is so, cannot be reached, or took too many plans.

    What is meant is settled at the first look: "a cup" may become another cup later, "the cup" not.

    Args:
        simulator: the world and the robot.
        asked: English, JSON conditions, or a goal.
        every: seconds of the robot's time between two looks at the graph.
        model: a language model that proposes steps.
        max_plans: plans that are made at most.
        planner: makes the planner of a graph and a robot.

    Raises:
        InputError: JSON that describes no goal.
    """
    course, goal = Course("given up"), asked
    try:
        goal = planner(simulator.graph, simulator.robot).goal(asked)
    except NoGoal:
        course.ending = "refused"  # the plan below says why
    for number in range(max_plans):
        looking = planner(simulator.graph, simulator.robot)
        plan = looking.plan(goal, None if model is None else looking.proposed(goal, model))
        course.plans.append(plan)
        if plan.status != "planned":
            course.ending = "reached" if plan.solved else "refused"
            break
        _follow(simulator, plan, number, every, course)
    course.seconds = simulator.seconds
    return course


def _follow(simulator: Simulator, plan: Plan, number: int, every: float, course: Course) -> None:
    """Do the steps of a plan until the next look, or until one fails."""
    look_again = simulator.seconds + every
    for step in plan.steps:
        if simulator.seconds >= look_again:
            return
        second = simulator.seconds
        result = simulator.do(step.action)
        course.steps.append(Done(number, second, step.text, step.score, result))
        if not result.done:
            return
