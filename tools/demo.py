#!/usr/bin/env python3
"""From nothing to a grounded answer: data, training, scores, a graph, questions, the page.

Every step is an ordinary command, printed before it runs, so that it can be repeated by hand. A
second run reuses what is there; an interrupted training is resumed.
"""

import argparse
import os
import shlex
import subprocess
import sys
import time
from pathlib import Path

from scenegraph import SceneGraph, files

CONFIG = "configs/psgformer.py"
MODEL = "psgformer"
WORK = Path("work_dirs/psgformer")
DATA = Path("data/toyworld/psg")
DEMO = Path("demo")
REFUSED = 3
"""Exit code of `groundgraph ask` for a question that the graph cannot answer."""
FIRST_LINES_SECONDS = 60
"""How long the page's server may take to print its address."""


class StepFailedError(Exception):
    """A step of the demo did not succeed."""

    def __init__(self, command: str, code: int) -> None:
        super().__init__(f"`{command}` ended with exit code {code}")
        self.code = code


def main() -> int:
    """Run the demo; returns the exit code of the first step that fails."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--config", default=CONFIG, help="what to train (default: %(default)s)")
    parser.add_argument("--work-dir", type=Path, default=WORK, help="checkpoints and logs (default: %(default)s)")
    parser.add_argument(
        "--data", type=Path, default=DATA, help="where the config keeps its data (default: %(default)s)"
    )
    parser.add_argument("--no-serve", action="store_true", help="index the data for the page but do not serve it")
    arguments = parser.parse_args()
    started = time.monotonic()
    if not sys.stderr.isatty():
        os.environ.setdefault("TQDM_MININTERVAL", "10")  # a log wants a line now and then, not ten a second
    try:
        walk(arguments)
    except StepFailedError as failure:
        print(f"\ndemo: {failure}", file=sys.stderr)
        return failure.code
    except KeyboardInterrupt:
        print("\ndemo: interrupted; the same command goes on from here", file=sys.stderr)
        return 130
    print(f"\nAll of it took {(time.monotonic() - started) / 60:.1f} minutes.")
    return 0


def walk(arguments: argparse.Namespace) -> None:
    """The steps in order."""
    config, work = arguments.config, arguments.work_dir
    step("Train from nothing on the built-in data", tool("train", config, "--resume", "--work-dir", work))
    predictions = DEMO / "predictions"
    step("Scores on held-out worlds", tool("test", config, work, "--out", predictions))
    path, graph = telling_graph(predictions)
    step("One predicted graph", command("show", path))
    for question in questions(graph):
        step("A question", command("ask", path, question), allowed=(0, REFUSED))
    explore = command("explore", arguments.data, "--predictions", f"{MODEL}={predictions}", "--out", DEMO / "index")
    explore += ["--title", "Toyworld"]
    step("Index truth and predictions for the page", [*explore, "--build-only"])
    if not arguments.no_serve:
        item = path.name.removesuffix(".scenegraph.json")
        serve([*explore, "--at", f"?against={MODEL}#item={item}"])


def tool(name: str, *words: object) -> list[str]:
    """A program of tools/."""
    return [sys.executable, f"tools/{name}.py", *map(str, words)]


def command(name: str, *words: object) -> list[str]:
    """A subcommand of groundgraph, from the environment that runs the demo."""
    return [str(Path(sys.executable).with_name("groundgraph")), name, *map(str, words)]


def step(title: str, words: list[str], allowed: tuple[int, ...] = (0,)) -> None:
    """Print a command and run it.

    Raises:
        StepFailedError: its exit code is not among the allowed ones.
    """
    print(f"\n== {title}\n$ {readable(words)}", flush=True)
    code = subprocess.run(words, check=False).returncode
    if code not in allowed:
        raise StepFailedError(readable(words), code)


def readable(words: list[str]) -> str:
    """The command as a person would type it."""
    name = Path(words[0]).name
    return shlex.join([name if name == "groundgraph" else "", *words[1:]]).removeprefix("'' ")


def telling_graph(predictions: Path) -> tuple[Path, SceneGraph]:
    """The predicted graph with the most varied predicates among those a person can still read."""
    graphs = [(path, files.load(path)) for path in sorted(predictions.glob("*.scenegraph.json"))[:50]]
    return max(graphs, key=lambda found: len({relation.predicate for relation in found[1].relations}))


def questions(graph: SceneGraph) -> tuple[str, str, str]:
    """A count, a question about the surest action between things, and one that must be refused."""
    words = graph.vocabulary
    present = [node.category for node in graph.nodes if words.is_thing(node.category)]
    most = max(sorted(set(present)), key=present.count)
    between_things = [
        relation
        for relation in graph.relations
        if words.is_thing(graph.node(relation.subject).category)
        and words.is_thing(graph.node(relation.object).category)
    ]
    surest = max(between_things or graph.relations, key=lambda relation: relation.score)
    absent = next(name for number, name in enumerate(words.things) if number not in present)
    return (
        f"How many {plural(words.categories[most])} are there?",
        f"What is {graph.predicate_name(surest)} the {graph.category_name(surest.object)}?",
        f"What is the {absent} doing?",
    )


def plural(name: str) -> str:
    """English plural of the names that toyworld uses."""
    if name == "person":
        return "people"
    return name + ("es" if name.endswith(("s", "x", "ch", "sh")) else "s")


def serve(words: list[str]) -> None:
    """Start the page in the background and leave it running; prints what it shows and how to stop it.

    Where there is a display the page opens in the browser, on one picture: truth and prediction side by side.

    Raises:
        StepFailedError: the page did not start.
    """
    print(f"\n== The page\n$ {readable(words)}", flush=True)
    log = DEMO / "page.log"
    with log.open("wb") as stream:
        server = subprocess.Popen(words, stdout=stream, stderr=subprocess.STDOUT, start_new_session=True)
    deadline = time.monotonic() + FIRST_LINES_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        address = next((word for word in log.read_text().split() if word.startswith("http://")), None)
        if address:
            print(f"Truth and prediction side by side, with what was found, missed and added:\n\n    {address}\n")
            print(f"The link leads to every other view. Stop the page with: kill {server.pid}   (its log: {log})")
            return
        time.sleep(0.2)
    print(log.read_text(), file=sys.stderr)
    raise StepFailedError(readable(words), server.poll() or 1)


if __name__ == "__main__":
    sys.exit(main())
