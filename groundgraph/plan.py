"""`groundgraph plan`: the steps that reach a goal in a scene graph, or the condition that is missing."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.models import LanguageModel
    from assistant.planning import Course, Plan, Planner
    from scenegraph import SceneGraph

EPILOG = """\
examples:
  groundgraph plan kitchen.scenegraph.json "bring the cup to the table"
  groundgraph plan kitchen.scenegraph.json "open the fridge and put the apple on the table" --trace
  groundgraph plan kitchen.scenegraph.json '[{"is": "on", "subject": "cup-1", "object": "table-1"}]' --json
  groundgraph plan kitchen.scenegraph.json "give the person a cup" --simulate --noise 0.2
  groundgraph plan clip.scenegraph.json "bring the ball to the person" --every 30
  groundgraph plan kitchen.scenegraph.json "tidy the table" --llm http://127.0.0.1:8000/v1

What can be asked: bring, put, take, give X to/on/in/next to Y, pick up X, put X down, take X off/out of Y,
fetch X, find X, go to X, open X, close X, clear X, empty X, joined by "and". The robot is no node of the
graph: it stands where the camera is, its hand is free. Of a video the last moment counts (--frame).

With --simulate the steps are done in a simulator that checks what must be so before each of them, and
planned anew where one fails. With --llm a language model proposes steps, which count as far as the graph
affords them; no plan that cannot be done comes of it.

exit codes: 0 there is a plan (with --simulate: the goal was reached), 2 bad input, 3 the goal cannot be
            reached, 4 ambiguous (it asks back), 5 the goal could not be read
"""

EXIT_CODES = {"planned": 0, "done already": 0, "ambiguous": 4, "unread": 5}
REFUSED = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    from groundgraph.ask import WORDS_HELP

    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("graph", metavar="GRAPH.json", type=Path, help="a scenegraph/1 file")
    parser.add_argument("goal", help="what shall be done, in English, or conditions as JSON")
    parser.add_argument("--json", action="store_true", help="print the whole plan as JSON")
    parser.add_argument("--trace", action="store_true", help="print conditions, effects and scores of the steps")
    parser.add_argument("--frame", type=int, metavar="N", help="of a video: plan at this frame (default: the last)")
    parser.add_argument("--every", type=float, metavar="SECONDS", help="of a video: plan anew every so many seconds")
    parser.add_argument("--hands", type=int, default=1, metavar="N", help="how many things the robot can hold")
    parser.add_argument("--simulate", action="store_true", help="do the steps in a simulator, and plan anew on failure")
    parser.add_argument("--noise", type=float, default=0.0, metavar="P", help="chance of an action to fail (simulator)")
    parser.add_argument(
        "--drift", type=float, default=0.0, metavar="P", help="chance that somebody moves a thing meanwhile (simulator)"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the simulator's chance")
    parser.add_argument("--llm", metavar="URL|FOLDER", help="a language model that proposes steps")
    parser.add_argument("--model", metavar="NAME", help="name of the model at the server (default: its first)")
    parser.add_argument("--words", metavar="WORDS.json", type=Path, help=WORDS_HELP)


def run(arguments: argparse.Namespace) -> int:
    """Plan, and with --simulate do it; returns the exit code."""
    import os

    from assistant.models import open_model
    from groundgraph.ask import KEY_VARIABLE
    from scenegraph import InputError, files

    graph = files.load(arguments.graph)
    if arguments.hands < 1:
        raise InputError(f"--hands {arguments.hands}: expected at least 1")
    if arguments.frame is not None and not 0 <= arguments.frame < graph.source.num_frames:
        raise InputError(f"--frame {arguments.frame}: the graph has frames 0-{graph.source.num_frames - 1}")
    model = open_model(arguments.llm, arguments.model, os.environ.get(KEY_VARIABLE))
    asked = _asked(arguments.goal)
    if arguments.simulate:
        return _simulate(graph, asked, arguments, model)
    if arguments.every is not None:
        return _every(graph, asked, arguments, model)
    plan = _plan(_planner(graph, arguments, arguments.frame), asked, model)
    print(json.dumps(plan.to_json(), ensure_ascii=False) if arguments.json else readable(plan, arguments.trace))
    return EXIT_CODES.get(plan.status, REFUSED)


def readable(plan: "Plan", trace: bool = False) -> str:
    """A plan as lines for a person."""
    lines = [plan.text, "", f"status    {plan.status}, {plan.states} states looked at"]
    lines += [f"{'goal' if at == 0 else '':<9} {fact}" for at, fact in enumerate(plan.wanted)]
    lines += [f"note      {note}" for note in plan.notes]
    for number, step in enumerate(plan.steps if trace else (), start=1):
        lines.append(f"step {number:<4} {step.text}: affords {step.affords:.3f} x proposed {step.proposed:.3f}")
        for name in ("needs", "adds", "removes"):
            facts = ", ".join(f"{fact.name}{fact[1:3]}" for fact in sorted(getattr(step.action, name)))
            lines.append(f"{'':<9}   {name:<8}{facts}")
    return "\n".join(lines)


def _asked(text: str) -> "str | list[Any]":
    """English, or JSON where it begins as a list."""
    from scenegraph.checked_json import checked, parse

    return list(checked(parse(text), "list", "goal")) if text.lstrip().startswith("[") else text


def _planner(graph: "SceneGraph", arguments: argparse.Namespace, frame: int | None) -> "Planner":
    from assistant import Words
    from assistant.planning import Planner, Robot

    words = Words.read(arguments.words) if arguments.words else None
    return Planner(graph, Robot(hands=arguments.hands), frame, words)


def _plan(planner: "Planner", asked: "str | list[Any]", model: "LanguageModel | None") -> "Plan":
    return planner.plan(asked) if model is None else planner.plan(asked, planner.proposed(asked, model))


def _simulate(
    graph: "SceneGraph", asked: "str | list[Any]", arguments: argparse.Namespace, model: "LanguageModel | None"
) -> int:
    from assistant.planning import Robot, Simulator, pursue
    from assistant.planning.loop import EVERY

    robot = Robot(hands=arguments.hands)
    simulator = Simulator(graph, robot, arguments.frame, arguments.noise, arguments.drift, arguments.seed)
    course = pursue(simulator, asked, arguments.every or EVERY, model)
    print(json.dumps(course.to_json(), ensure_ascii=False) if arguments.json else _told(course))
    if course.ending == "reached":
        return 0
    return EXIT_CODES.get(course.plans[-1].status, REFUSED) or REFUSED


def _told(course: "Course") -> str:
    lines = [
        f"{done.second:6.0f} s  plan {done.plan + 1}  {'' if done.result.done else 'FAILED: '}{done.result.said}"
        for done in course.steps
    ]
    plans = f"{len(course.plans)} plan{'' if len(course.plans) == 1 else 's'}"
    lines.append(f"{course.ending} after {course.seconds:.0f} s, {len(course.steps)} steps and {plans}")
    return "\n".join([*lines, course.reason] if course.reason else lines)


def _every(
    graph: "SceneGraph", asked: "str | list[Any]", arguments: argparse.Namespace, model: "LanguageModel | None"
) -> int:
    """The plan at every moment of a video, shown where it changes."""
    from scenegraph import InputError

    fps = graph.source.fps
    if graph.source.kind == "image" or fps is None or not arguments.every > 0:
        raise InputError(
            f"--every {arguments.every:g}: expected a video with a frame rate and seconds above 0; "
            "leave it out to plan once"
        )
    last, plan = "", None
    for frame in range(0, graph.source.num_frames, max(round(arguments.every * fps), 1)):
        plan = _plan(_planner(graph, arguments, frame), asked, model)
        if arguments.json:
            print(json.dumps({"frame": frame, "second": frame / fps, **plan.to_json()}, ensure_ascii=False))
        elif plan.text != last:
            print(f"at {frame / fps:g} s (frame {frame}): {plan.status}\n{plan.text}\n")
        last = plan.text
    return REFUSED if plan is None else EXIT_CODES.get(plan.status, REFUSED)
