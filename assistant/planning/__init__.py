"""Plans for goals in a scene graph: steps of a robot, or the condition that is missing.

A goal in English or JSON becomes facts that shall be so; a search over typed actions finds the steps; a
simulator does them and the robot's loop plans anew when one fails. No language model is needed; one may
propose steps, and what it proposes counts as far as the graph affords it.
"""

from assistant.planning.goals import Goal, NoGoal
from assistant.planning.loop import Course, pursue
from assistant.planning.planner import Plan, Planner, Step
from assistant.planning.simulator import Simulator
from assistant.planning.world import Robot, World

__all__ = ["Course", "Goal", "NoGoal", "Plan", "Planner", "Robot", "Simulator", "Step", "World", "pursue"]
