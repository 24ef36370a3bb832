"""Are goals in simulated RGB-D worlds reached, and those that cannot be reached refused?

    OMP_NUM_THREADS=1 nice python benchmarks/assistant_plans.py --worlds 100 --goals 12 [--noise 0.2] [--json OUT]

Every world is the true graph of a toyworld RGB-D video, furnished with household things: cups, books and
apples, trays and boxes they stand on or lie in, refrigerators and cabinets that are open, shut or locked.
Goals are drawn at random, possible or not, half of them worded in English. Whether a goal can be reached
is decided by breadth-first search that tries everything (`plan_oracle`), which shares no code with the
planner. Every plan is done in the simulator. The baseline is the plan that comes to mind first: go to the
thing, take it, go where it shall be, put it down.
"""

import argparse
import json
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

from plan_oracle import Oracle, Things
from tqdm import tqdm

from assistant.planning import Goal, Plan, Planner, Simulator, pursue
from assistant.planning.actions import Action, grounded
from assistant.planning.facts import ROBOT, Fact
from scenegraph import Node, Relation, SceneGraph, Segment, Tube, Vocabulary
from toyworld import clips

FRAMES = 12
MOVABLE = {"ball", "bag", "cup", "book", "apple", "box", "tray"}
FLAT = {"dining table", "bench", "tray", "book", "box", "cabinet"}
HOLLOW = {"bag", "box", "cup", "refrigerator", "cabinet"}
DOORS = {"refrigerator", "cabinet"}
GROUND = {"ground", "grass", "sand"}
ON = {"on", "riding", *(f"{posture} on" for posture in ("walking", "running", "standing", "lying", "sitting"))}
ON |= {"parked on", "driving on"}
HELD = {"holding", "carrying"}
ADDED = ("cup", "book", "apple", "box", "tray", "refrigerator", "cabinet")
WORDED = {"on": "put {0} on {1}", "in": "put {0} in {1}", "with": "give {0} to {1}", "beside": "put {0} next to {1}"}
WORDED |= {"load": "pick up {0}", "spot": "go to {0}", "ajar": "open {0}", "shut": "close {0}"}
NAMES = {"load": "holds", "spot": "at", "ajar": "open", "shut": "closed", "with": "has"}


def furnished(graph: SceneGraph, random: Random) -> SceneGraph:
    """A graph at its last moment with household things in it."""
    words = graph.vocabulary
    names = dict.fromkeys((*words.predicates, "on", "in", "holding"))
    added = tuple(name for name in ADDED if name not in words.things)
    vocabulary = Vocabulary((*words.things, *added), words.stuff, tuple(names))
    last = graph.source.num_frames - 1
    old = [replace(node, category=vocabulary.category_id(graph.category_name(node.id))) for node in graph.nodes]
    ties = [
        replace(tie, spans=())
        for tie in graph.relations
        if not tie.spans or any(span.start <= last < span.stop for span in tie.spans)
    ]
    region = Tube({last: Segment.from_box((0, 0, 2, 2), *graph.source.size)})
    nodes, fresh = list(old), max((node.id for node in old), default=0) + 1
    kinds = ["dining table", random.choice(("refrigerator", "cabinet"))]
    kinds += [random.choice(("cup", "book", "apple", "box", "tray")) for _ in range(random.randint(2, 4))]
    floors = [node.id for node in old if graph.category_name(node.id) in GROUND]
    for kind in kinds:
        state = random.choice(("open", "closed", "closed", "locked", None)) if kind in DOORS else None
        node = Node(fresh, vocabulary.category_id(kind), region, 1.0, {} if state is None else {"state": state})
        nodes.append(node)
        fresh += 1
        if kind in MOVABLE:
            ties += _somewhere(node, nodes[:-1], ties, vocabulary, random)
        elif floors:
            ties.append(Relation(node.id, vocabulary.predicate_id("on"), random.choice(floors)))
    return SceneGraph(graph.source, tuple(nodes), tuple(ties), vocabulary)


def _somewhere(
    node: Node, others: list[Node], ties: list[Relation], vocabulary: Vocabulary, random: Random
) -> list[Relation]:
    """A relation that says where a new thing is: on, in, with somebody, or nothing."""
    name = {other.id: vocabulary.categories[other.category] for other in others}
    inside = {tie.subject for tie in ties if tie.predicate == vocabulary.predicate_id("in")}
    ways = [("on", o) for o in name if name[o] in FLAT | GROUND and o not in inside]
    ways += [("in", o) for o in name if name[o] in HOLLOW and o not in inside] * 2
    ways += [("with", o) for o in name if name[o] in ("person", "dog")]
    kind, other = random.choice([*ways, ("", 0)])
    if kind == "with":
        return [Relation(other, vocabulary.predicate_id("holding"), node.id)]
    return [Relation(node.id, vocabulary.predicate_id(kind), other)] if kind else []


def things_of(graph: SceneGraph) -> Things:
    """What the oracle is told about a graph."""
    name = {node.id: graph.category_name(node.id) for node in graph.nodes}
    things = Things(
        movable={n for n in name if name[n] in MOVABLE},
        flat={n for n in name if name[n] in FLAT | GROUND},
        hollow={n for n in name if name[n] in HOLLOW},
        doors={n for n in name if name[n] in DOORS},
        people={n for n in name if name[n] == "person"},
        ground={n for n in name if name[n] in GROUND},
        wet={n for n in name if name[n] in ("water", "sky")},
    )
    for node in graph.nodes:
        state = node.attributes.get("state")
        things.locked |= {node.id} if state == "locked" else set()
        things.ajar |= {node.id} if state == "open" else set()
    for strength, names in ((0, ON), (1, {"in"}), (2, HELD)):  # what is held is in the hand, whatever it is on
        for tie in graph.relations:
            if graph.predicate_name(tie) in names:
                if strength == 2:
                    things.where[tie.object] = ("with", tie.subject)
                elif things.where.get(tie.subject, ("on", 0))[0] == "on" or strength == 1:
                    things.where[tie.subject] = ("in" if strength else "on", tie.object)
    return things


def drawn(graph: SceneGraph, things: Things, random: Random) -> list[tuple]:
    """One or two conditions, possible or not."""
    every = [node.id for node in graph.nodes if node.id not in things.ground | things.wet]
    loads = sorted(things.movable) or every
    wanted: list[tuple] = []
    for _ in range(random.choice((1, 1, 2))):
        kind = random.choice(("on", "on", "on", "in", "in", "with", "with", "beside", "load", "spot", "ajar", "shut"))
        thing = random.choice(loads if random.random() < 0.9 else every)
        places = {"on": things.flat, "in": things.hollow, "with": things.people}.get(kind, set(every))
        others = [other for other in sorted(places) or every if random.random() < 0.95] or every
        other = random.choice(others if random.random() < 0.9 else every)
        if kind in ("ajar", "shut"):
            thing = random.choice(sorted(things.doors) if random.random() < 0.9 else every)
        if kind == "spot":
            thing = random.choice(every)
        again = any(row[1] == thing or (row[0] == kind == "spot") for row in wanted)
        if thing != other and not again:
            wanted.append((kind, thing, other) if kind in ("on", "in", "with", "beside") else (kind, thing))
    return wanted


def as_json(wanted: list[tuple]) -> list[dict]:
    """Conditions as the planner reads them."""
    rows = []
    for kind, thing, *rest in wanted:
        row = {"is": NAMES.get(kind, kind), "subject": thing}
        if kind == "with":
            row = {"is": "has", "subject": rest[0], "object": thing}
        elif kind in ("load", "spot"):
            row = {"is": NAMES[kind], "object": thing}
        elif rest:
            row["object"] = rest[0]
        rows.append(row)
    return rows


def in_words(wanted: list[tuple], planner: Planner) -> str:
    """Conditions as a person says them."""
    return " and ".join(WORDED[kind].format(*(planner.world.label(node) for node in nodes)) for kind, *nodes in wanted)


def first_thought(planner: Planner, goal: Goal) -> list[Action]:
    """Go to the thing, take it, go where it shall be, put it down; open what shall be open."""
    world, facts = planner.world, sorted(goal.options[0])
    actions = grounded(world, facts)
    steps = []

    def add(names: tuple[str, ...], *nodes: int) -> None:
        fitting = [a for a in actions if a.name in names and a.nodes[: len(nodes)] == nodes]
        steps.extend(fitting[:1] or [_NOTHING])

    for fact in facts:
        thing, other = (fact.object, fact.subject) if fact.name in ("has", "holds", "at") else fact[1:3]
        add(("go to",), world.place(thing))
        if fact.name in ("open", "closed"):
            add(("open" if fact.name == "open" else "close",), thing)
        elif fact.name != "at":
            add(("pick up", "take out", "ask for"), thing)
            if fact.name != "holds":
                add(("go to",), world.place(other))
                add(("put on", "put in", "put beside", "hand to"), thing, other)
    return steps


_NOTHING = Action("go to", (0,), frozenset({Fact("open", ROBOT)}), frozenset(), frozenset())
"""A step that can never be done: the first thought had none."""


def does(graph: SceneGraph, steps: list[Action], goal: Goal) -> bool:
    """Whether steps, done one after another whatever becomes of them, reach a goal."""
    simulator = Simulator(graph)
    for step in steps:
        simulator.do(step)
    return Planner(simulator.graph, simulator.robot).plan(goal).status == "done already"


def measure(seed: int, goals: int, noise: float) -> list[dict]:
    """Every goal of one world: what the oracle says, what the planner does."""
    random = Random(seed)
    graph = furnished(clips.video(seed, frames=FRAMES, rgbd=True).graph, random)
    things, planner, rows = things_of(graph), Planner(graph), []
    for number in range(goals):
        wanted = drawn(graph, things, random)
        if not wanted:
            continue
        named = {node for condition in wanted for node in condition[1:]}
        verdict, least = Oracle(things, _stirred(things, named), _spots(things, named)).shortest(wanted)
        plain = all(row[0] != "with" or row[2] in things.people for row in wanted)  # "give it to the table"
        asked = in_words(wanted, planner) if number % 2 and plain else as_json(wanted)
        start = time.perf_counter()
        plan = planner.plan(asked)
        seconds = time.perf_counter() - start
        row = {"seed": seed, "goal": asked, "verdict": verdict, "least": least, "status": plan.status}
        row |= {"seconds": seconds, "steps": len(plan.steps), "missing": plan.reason, "english": isinstance(asked, str)}
        rows.append(row | _done(graph, plan, planner, asked, noise, seed + number))
    return rows


def _done(graph: SceneGraph, plan: Plan, planner: Planner, asked: object, noise: float, seed: int) -> dict:
    row = {"reached": False, "noisy": False, "first": False, "plans": 0}
    if plan.solved:
        goal = Goal((frozenset(plan.facts),))
        row["reached"] = does(graph, [step.action for step in plan.steps], goal)
        row["first"] = plan.status == "done already" or does(graph, first_thought(planner, goal), goal)
        course = pursue(Simulator(graph, noise=noise, seed=seed), goal)
        row |= {"noisy": course.ending == "reached", "plans": len(course.plans)}
    return row


def _stirred(things: Things, named: set[int]) -> set[int]:
    """What may have to be moved: what is named, what it stands on or in, and all that stands on these."""
    found = set(named)
    while True:
        more = {other for thing, (_, other) in things.where.items() if thing in found}
        more |= {
            thing for thing, (kind, other) in things.where.items() if kind == "on" and other in found & things.movable
        }
        if more <= found:
            return found
        found |= more


def _spots(things: Things, named: set[int]) -> set[int]:
    return _stirred(things, named) - {g for g in things.ground if g not in named}


def report(rows: list[dict], noise: float) -> dict:
    """Totals."""
    solvable = [row for row in rows if row["verdict"] == "solvable"]
    hopeless = [row for row in rows if row["verdict"] == "unsolvable"]
    tasks = [row for row in solvable if row["status"] != "done already"]
    reached = [row for row in solvable if row["reached"]]
    refused = [row for row in hopeless if row["status"] in ("impossible", "no such thing") and row["missing"]]
    least, steps = sum(row["least"] for row in tasks if row["reached"]), sum(r["steps"] for r in tasks if r["reached"])
    found = {
        "goals": len(rows),
        "solvable": len(solvable),
        "reached": len(reached),
        "reached with noise": sum(row["noisy"] for row in solvable),
        "first thought": sum(row["first"] for row in solvable),
        "unsolvable": len(hopeless),
        "refused with the missing condition": len(refused),
        "undecided by the oracle": sum(row["verdict"] == "undecided" for row in rows),
        "steps": steps,
        "least steps": least,
        "slowest plan, seconds": round(max((row["seconds"] for row in rows), default=0), 3),
    }
    for name, value in found.items():
        print(f"{name:<36}{value}")
    share = len(reached) / max(len(solvable), 1)
    first = found["first thought"] / max(len(solvable), 1)
    print(f"reached {share:.1%} of solvable goals, {share / max(first, 1e-9):.2f} x the first thought ({first:.1%})")
    print(f"with noise {noise}: {found['reached with noise'] / max(len(solvable), 1):.1%}")
    print(f"refused {len(refused) / max(len(hopeless), 1):.1%} of unsolvable goals")
    print("statuses:", dict(Counter((row["verdict"], row["status"]) for row in rows)))
    wrong = [row for row in rows if row["verdict"] == "unsolvable" and row["status"] in ("planned", "done already")]
    wrong += [row for row in solvable if not row["reached"]]
    for row in wrong[:12]:
        print("wrong:", row["verdict"], row["status"], row["seed"], row["goal"], row["missing"])
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=100, help="simulated worlds (default: %(default)s)")
    parser.add_argument("--goals", type=int, default=12, help="goals in each (default: %(default)s)")
    parser.add_argument("--noise", type=float, default=0.2, help="chance of an action to fail (default: %(default)s)")
    parser.add_argument("--first", type=int, default=30_000, help="seed of the first world (default: %(default)s)")
    parser.add_argument("--json", type=Path, metavar="OUT", help="also write every goal there")
    arguments = parser.parse_args()
    rows = []
    for seed in tqdm(range(arguments.first, arguments.first + arguments.worlds), unit="world"):
        rows += measure(seed, arguments.goals, arguments.noise)
    found = report(rows, arguments.noise)
    if arguments.json:
        arguments.json.write_text(json.dumps({"totals": found, "goals": rows}, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
