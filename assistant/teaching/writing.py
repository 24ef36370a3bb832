"""Writing instruction data of many graphs: as a stream, with the same result however often it was interrupted."""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from assistant.models.base import LanguageModel, ModelError
from assistant.teaching.curriculum import picture_differences, samples
from assistant.teaching.files import SAMPLES, read_samples
from assistant.teaching.in_context import Examples
from assistant.teaching.lesson import Lesson
from assistant.teaching.model_writer import ModelWriter
from assistant.teaching.naming import Style
from assistant.teaching.samples import Sample
from scenegraph import InputError, SceneGraph
from scenegraph.formats.journal import Journal
from scenegraph.storage import made_folder

JOURNAL = "samples.partial"
"""Lists the graphs that are done; it stays, so that the same command knows that nothing is left to do."""


@dataclass(frozen=True)
class Plan:
    """What is written of every graph.

    Attributes:
        kinds: kinds of samples (`curriculum.KINDS`).
        each: samples of each kind a graph, at most.
        seed: another one gives other questions and phrasings.
        closed_world: the graphs are complete, so that answers may be "no".
        style: how nodes are called.
        min_score: relations of lower score are not told.
        examples: in-context examples a sample gets.
    """

    kinds: tuple[str, ...]
    each: int = 6
    seed: int = 0
    closed_world: bool = False
    style: Style = "natural"
    min_score: float = 0.3
    examples: int = 3


@dataclass
class Tally:
    """What a run wrote and left out.

    Attributes:
        graphs: graphs that are done, those of earlier runs included.
        samples: samples by kind.
        refused: statements that could not be proven and were left out.
        broken: graphs that could not be read, with the reason.
        model: sentences of the language model by what became of them.
    """

    graphs: int = 0
    samples: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    broken: list[str] = field(default_factory=list)
    model: Counter[str] = field(default_factory=Counter)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "graphs": self.graphs,
            "samples": dict(sorted(self.samples.items())),
            "refused_statements": self.refused,
            "broken": self.broken,
            "model": dict(sorted(self.model.items())),
        }


Source = tuple[str, Callable[[], SceneGraph]]
"""The name of a graph, distinct in a run, and what reads it."""


def write(graphs: Iterable[Source], folder: Path, plan: Plan, model: LanguageModel | None = None) -> Tally:
    """Write the samples of graphs to `samples.jsonl` in a folder; what is done already is kept.

    The samples of a graph depend on the graph, its name and the plan alone, but for the in-context
    examples, which are chosen among the graphs before it.

    Args:
        graphs: in order; those that an earlier run finished are not read again.
        folder: made if it is not there.
        plan: what is written.
        model: a language model that writes as well; every sentence of it is proven.

    Raises:
        InputError: another plan was begun in the folder, or the disk is full.
    """
    made_folder(folder)
    header = {"instruct": 1, "model": None if model is None else model.name, **_plain(plan)}
    journal = Journal(folder / JOURNAL, header)
    tally, examples = Tally(), Examples(plan.examples)
    previous: Callable[[], SceneGraph] | None = None
    done = {entry["graph"]: entry for entry in journal.entries()}
    path = folder / SAMPLES
    try:
        _cut(path, max((entry["end"] for entry in done.values()), default=0))
        _remember(path, done, examples, tally)
        with path.open("ab") as stream:
            for name, read in graphs:
                if name in done:
                    previous = read
                    continue
                try:
                    graph = read()
                except InputError as error:
                    tally.broken.append(str(error))
                    continue
                written, lesson = _of_graph(graph, name, plan, previous, examples, model, tally)
                content = "".join(json.dumps(each.to_json(), ensure_ascii=False) + "\n" for each in written)
                stream.write(content.encode())
                stream.flush()
                os.fsync(stream.fileno())
                kinds = sorted(_kinds(graph))
                journal.add({"graph": name, "end": stream.tell(), "kinds": kinds, "refused": len(lesson.proof.refused)})
                _count(tally, written, len(lesson.proof.refused))
                examples.remember(written, name, frozenset(kinds))
                previous = partial(_same, graph)
    except OSError as error:
        raise InputError(
            f"{path}: could not be written ({error.strerror or error}); the same command goes on"
        ) from None
    finally:
        journal.close()
    return tally


def _plain(plan: Plan) -> dict[str, Any]:
    return {**plan.__dict__, "kinds": list(plan.kinds)}


def _of_graph(
    graph: SceneGraph,
    name: str,
    plan: Plan,
    previous: Callable[[], SceneGraph] | None,
    examples: Examples,
    model: LanguageModel | None,
    tally: Tally,
) -> tuple[list[Sample], Lesson]:
    """All samples of one graph."""
    random = Random(f"{plan.seed}/{name}")
    lesson = Lesson(graph, random, plan.closed_world, plan.style, plan.min_score)
    made = list(samples(lesson, name, plan.kinds, plan.each))
    if previous is not None and "difference" in plan.kinds and graph.source.kind == "image":
        made += picture_differences(previous(), lesson, name)
    if model is not None:
        writer = ModelWriter(model)
        try:
            made += writer.samples(lesson, name)
        except ModelError as error:
            tally.broken.append(f"{name}: {error}")
        tally.model.update(writer.sentences)
    kinds = frozenset(_kinds(graph))
    return [examples.related(sample, name, kinds) for sample in made], lesson


def _same(graph: SceneGraph) -> SceneGraph:
    return graph


def _kinds(graph: SceneGraph) -> set[str]:
    return {graph.vocabulary.categories[node.category] for node in graph.nodes}


def _count(tally: Tally, written: Sequence[Sample], refused: int) -> None:
    tally.graphs += 1
    tally.refused += refused
    tally.samples.update(sample.kind for sample in written)


def _cut(path: Path, end: int) -> None:
    """Drop what belongs to a graph that was not finished."""
    if path.exists():
        if path.stat().st_size < end:
            raise InputError(f"{path}: is shorter than its journal says; delete the folder and start anew")
        os.truncate(path, end)
    elif end:
        raise InputError(f"{path}: is missing, but its journal lists finished graphs; delete {JOURNAL} to start anew")


def _remember(path: Path, done: dict[str, Any], examples: Examples, tally: Tally) -> None:
    """Take over what earlier runs wrote: the counts, and the examples for later graphs."""
    tally.graphs = len(done)
    tally.refused = sum(entry["refused"] for entry in done.values())
    for sample in read_samples(path) if done else ():
        tally.samples[sample.kind] += 1
        graph = sample.id.rsplit("/", 2)[0]
        examples.remember((sample,), graph, frozenset(done[graph]["kinds"]))
