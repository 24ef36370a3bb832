#!/usr/bin/env python3
"""Tune a language model to read scene graphs, for example: tools/tune.py configs/tune_tiny.py.

Every variant of the config is tuned and tested on the same questions about held-out graphs: "none" sees no
graph, "text" sees it as text (prompt tuning without a connector), "tokens" as graph tokens through a
connector, in two stages, and "programs" writes a program that is executed on the graph. A table compares
them with the executor. Ctrl-C leaves a checkpoint; the same command goes on from there.

A model from a local folder, on instruction data of `groundgraph data instruct`:
  tools/tune.py configs/tune_lora.py --model FOLDER --data INSTRUCTIONS --graphs GRAPHS
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from assistant import Assistant
from assistant.tuning import programs
from assistant.tuning.answering import Given, Measures, answers, measured
from assistant.tuning.data import graphs_of, worlds_of
from assistant.tuning.features import pooled_in_masks
from assistant.tuning.graph_tokens import GraphTokens, TokenSettings
from assistant.tuning.language import GRAPH, TinySize, from_folder, tiny_model, with_lora, word_tokenizer
from assistant.tuning.model import GraphLanguageModel
from assistant.tuning.packing import Template
from assistant.tuning.reading import APPEARANCE, Reading, questions_of
from assistant.tuning.stages import Stage, tune
from assistant.tuning.table import table
from assistant.tuning.texts import Asked, World, graph_text, parts
from scenegraph import InputError, SceneGraph, files
from scenegraph.storage import write_atomically

INTERRUPTED = 130
VARIANTS = ("none", "text", "tokens", "programs")
EXECUTOR = "executor"


def parsed() -> argparse.Namespace:
    """The command line."""
    from mmengine import DictAction

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", help="config file, for example configs/tune_tiny.py")
    parser.add_argument("--variants", nargs="+", choices=VARIANTS, help="default: all of the config, in its order")
    parser.add_argument("--model", help="local folder of the language model, for configs that need one")
    parser.add_argument("--data", help="instruction data that `groundgraph data instruct` wrote")
    parser.add_argument("--graphs", help="folder of the *.scenegraph.json that the data is about")
    parser.add_argument("--work-dir", help="checkpoints and results (default: work_dirs/NAME_OF_THE_CONFIG)")
    parser.add_argument("--seed", type=int, default=0, help="seed of weights, questions and order (default: 0)")
    parser.add_argument("--json", action="store_true", help="print the results as JSON instead of a table")
    parser.add_argument(
        "--cfg-options", nargs="+", action=DictAction, default={}, help="change the config: KEY=VALUE, a.b=[1,2] ..."
    )
    return parser.parse_args()


@dataclass(frozen=True)
class Data:
    """What is learnt and what is tested.

    Attributes:
        draw: the world of a place in the training order.
        texts: all words that occur in training, for a tokenizer from nothing.
        phrases: names of several words, which a tokenizer from nothing keeps whole.
        test: held-out worlds.
    """

    draw: Callable[[int], World]
    texts: list[str]
    phrases: list[str]
    test: list[World]


def toy_graph(seed: int, size: tuple[int, int], folder: Path) -> SceneGraph:
    """The picture of a seed with the mean colour inside every mask, made once and kept."""
    from toyworld import scenes

    path = folder / f"{seed}.scenegraph.json"
    if path.is_file():
        return files.load(path)
    scene = scenes.image(seed, size)
    colours = pooled_in_masks(scene.graph, [scene.rgb.transpose(2, 0, 1) / np.float32(255)])
    metadata = {**scene.graph.metadata, APPEARANCE: np.round(colours, 4).tolist()}
    graph = SceneGraph(scene.graph.source, scene.graph.nodes, scene.graph.relations, scene.graph.vocabulary, metadata)
    files.save(graph, path)
    return graph


def toy_questions(graph: SceneGraph, seed: int, rounds: int) -> list[Asked]:
    """Questions of all families, each once, in random order."""
    from toyworld.questions import questions

    found: dict[str, Asked] = {}
    for each in (each for at in range(rounds) for each in questions(graph, seed * rounds + at)):
        asked = Asked(each.question, ", ".join(sorted(each.answers)), each.family, each.answerable)
        found.setdefault(each.question, asked)
    return random.Random(seed).sample(list(found.values()), len(found))


def toy_data(settings: dict[str, Any], folder: Path, seed: int) -> Data:
    """Simulated pictures with questions whose answers no part of the assistant has made."""
    folder.mkdir(parents=True, exist_ok=True)
    size, rounds, most = tuple(settings["size"]), settings["rounds"], settings["questions"]
    numbers = [*range(settings["first"], settings["first"] + settings["train"] + settings["test"])]
    graphs = [toy_graph(number, size, folder) for number in tqdm(numbers, desc="worlds")]
    train, test = graphs[: settings["train"]], graphs[settings["train"] :]

    def draw(at: int) -> World:
        graph = train[at % len(train)]
        return World(graph, tuple(toy_questions(graph, seed * 1_000_003 + at, rounds)[:most]))

    texts = [text for graph in train for text in (graph_text(graph), graph_text(graph, "incidence"))]
    for at in range(len(train)):
        asked = draw(at).asked
        texts += [text for each in asked for text in (each.question, each.answer)]
    return Data(draw, texts, names(train), [World(graph, tuple(toy_questions(graph, -1, 1))) for graph in test])


def written_data(samples: str, graphs: str, settings: dict[str, Any], seed: int) -> Data:
    """Instruction data; every tenth source is held out."""
    worlds = worlds_of(samples, graphs_of(graphs), settings.get("kinds", ()))
    test, train = worlds[::10], [world for at, world in enumerate(worlds) if at % 10]
    if not train:
        raise InputError(f"{samples}: questions about {len(worlds)} sources; at least 2 are needed to hold one out")

    def draw(at: int) -> World:
        world = train[at % len(train)]
        asked = random.Random(seed * 1_000_003 + at).sample(world.asked, min(settings["questions"], len(world.asked)))
        return World(world.graph, tuple(asked))

    texts = [text for world in train for each in world.asked for text in (each.question, each.answer)]
    graphs_seen = [world.graph for world in train]
    return Data(draw, [*texts, *map(graph_text, graphs_seen)], names(graphs_seen), test)


def names(graphs: Sequence[SceneGraph]) -> list[str]:
    """All categories and predicates of some graphs."""
    vocabularies = {graph.vocabulary for graph in graphs}
    return sorted({name for each in vocabularies for name in (*each.categories, *each.predicates)})


def with_programs(draw: Callable[[int], World]) -> Callable[[int], World]:
    """The same questions, answered by programs that give the right answer; questions without one are left out."""
    known: dict[str, str | None] = {}

    def drawn(at: int) -> World:
        world = draw(at)
        assistant = Assistant(world.graph, closed_world=True)
        kept = []
        for each in world.asked:
            if each.question not in known:
                known[each.question] = programs.proven(assistant, each.question, each.answer)
            if (line := known[each.question]) is not None:
                kept.append(Asked(each.question, line, each.family, each.answerable))
        return World(world.graph, tuple(kept))

    return drawn


def built(variant: str, config: Any, data: Data, folder: str | None, seed: int) -> tuple[GraphLanguageModel, Reading]:
    """The language model of a variant, and how it reads."""
    if config.language.type == "tiny":
        lines = [] if variant != "programs" else _program_texts(data)
        tokenizer = word_tokenizer([*data.texts, *lines], data.phrases)
        sizes = {key: value for key, value in config.language.items() if key != "type"}
        language: Any = tiny_model(tokenizer, TinySize(**sizes), seed)
    else:
        if folder is None:
            raise InputError("this config tunes a model of yours: give its local folder with --model")
        language, tokenizer = from_folder(folder, config.language.get("dtype", "auto"))
        if config.language.get("lora"):
            language = with_lora(language, **config.language.lora)
    placeholder = tokenizer.convert_tokens_to_ids(GRAPH) if config.language.type == "tiny" else PLACEHOLDER
    tokens = None
    gated = 0
    if variant == "tokens":
        settings = TokenSettings(**config.tokens)
        tokens = GraphTokens(settings, language.get_input_embeddings().embedding_dim)
        gated = config.get("gated_every", 0)
    model = GraphLanguageModel(language, tokens, placeholder, gated)
    context: Any = "none" if variant == "programs" else variant
    template = Template.of(tokenizer)
    limit = config.get("limit", 1024)
    return model, Reading(tokenizer, template, context, config.form, tokens, placeholder, gated == 0, limit)


PLACEHOLDER = -7
"""Stands for a graph token where the tokenizer has no word for it; never looked up."""


def _program_texts(data: Data) -> list[str]:
    """Programs of training questions, whose words the tokenizer must know."""
    drawn = with_programs(data.draw)
    return [each.answer for at in range(TOKENIZED) for each in drawn(at).asked]


TOKENIZED = 200
"""Worlds whose programs make the vocabulary of the program writer; the operations repeat after a few."""


def model_answers(variant: str, model: GraphLanguageModel, reading: Reading, data: Data, longest: int) -> list[Given]:
    """The answers of a tuned variant; of the program writer, what its programs give."""
    pairs = list(questions_of(data.test))
    given = answers(model, reading, pairs, longest)
    if variant != "programs":
        return given
    assistants = {id(world.graph): Assistant(world.graph, closed_world=True) for world in data.test}
    ran = []
    for (graph, _), each in zip(pairs, given, strict=True):
        began = time.perf_counter()
        text = programs.executed(assistants[id(graph)], each.text)
        ran.append(Given(text, each.tokens, each.seconds + time.perf_counter() - began))
    return ran


def executor_answers(data: Data) -> list[Given]:
    """What parser and executor answer, without any language model."""
    given = []
    for world in data.test:
        assistant = Assistant(world.graph, closed_world=True)
        assistant.prepare()
        for each in world.asked:
            began = time.perf_counter()
            text = programs.asked(assistant, each.question)
            given.append(Given(text, 0, time.perf_counter() - began))
    return given


def variant_result(
    variant: str, config: Any, data: Data, arguments: argparse.Namespace, folder: Path
) -> dict[str, Any]:
    """Tune a variant, test it, and write down what came of it."""
    began = time.perf_counter()
    log: list[dict[str, Any]] = []
    if variant == EXECUTOR:
        given = executor_answers(data)
    else:
        model, reading = built(variant, config, data, arguments.model, arguments.seed)
        draw = with_programs(data.draw) if variant == "programs" else data.draw
        stages = [Stage(**stage) for stage in config.stages[variant]]
        log = tune(model, reading, draw, stages, folder, arguments.seed)
        given = model_answers(variant, model, reading, data, config.longest[variant])
        keep(model, reading, folder)
    pairs = list(questions_of(data.test))
    result = {
        "measures": measured(pairs, given).to_json(),
        "seconds": time.perf_counter() - began,
        "processor_seconds": time.process_time(),
        "loss": log[-1]["loss"] if log else None,
    }
    lines = [
        json.dumps({"graph": graph.source.uri, "family": asked.family, "question": asked.question,
                    "wanted": asked.answer, "given": each.text, "right": parts(each.text) == parts(asked.answer)})
        for (graph, asked), each in zip(pairs, given, strict=True)
    ]  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / "answers.jsonl", "\n".join(lines).encode())
    write_atomically(folder / RESULT, json.dumps(result, indent=1).encode())
    return result


RESULT = "result.json"


def keep(model: GraphLanguageModel, reading: Reading, folder: Path) -> None:
    """The tuned language model and its tokenizer as a folder that transformers loads (LoRA merged into it)."""
    language = model.language
    if hasattr(language, "merge_and_unload"):
        language = language.merge_and_unload()
    language.save_pretrained(folder / "language")
    reading.tokenizer.save_pretrained(folder / "language")


def run(arguments: argparse.Namespace) -> dict[str, Measures]:
    """Tune and test every variant that has not been."""
    from mmengine import Config

    if not Path(arguments.config).is_file():
        raise InputError(f"{arguments.config}: no such config; for example configs/tune_tiny.py")
    config = Config.fromfile(arguments.config)
    config.merge_from_dict(arguments.cfg_options)
    work = Path(arguments.work_dir or f"work_dirs/{Path(arguments.config).stem}")
    data: Data | None = None
    results: dict[str, Measures] = {}
    for variant in (*(arguments.variants or config.stages), EXECUTOR):
        folder = work / f"seed{arguments.seed}" / variant
        if not (folder / RESULT).is_file():
            data = data or data_of(config, arguments, work)
            print(f"{variant}: tuning and testing in {folder}", file=sys.stderr)
            variant_result(variant, config, data, arguments, folder)
        stored = json.loads((folder / RESULT).read_text())
        results[variant] = Measures(**stored["measures"])
    return results


def data_of(config: Any, arguments: argparse.Namespace, work: Path) -> Data:
    """Instruction data if given, else the simulated world of the config."""
    if arguments.data is None and arguments.graphs is None:
        return toy_data(config.data, work / "worlds", arguments.seed)
    if arguments.data is None or arguments.graphs is None:
        raise InputError("--data and --graphs go together: instruction data, and the graphs that it is about")
    return written_data(arguments.data, arguments.graphs, config.data, arguments.seed)


def main() -> int:
    """Exit code: 0 done, 2 bad input, 130 interrupted."""
    try:
        arguments = parsed()
        results = run(arguments)
        if arguments.json:
            print(json.dumps({name: measures.to_json() for name, measures in results.items()}, indent=1))
        else:
            print(table(results))
        return 0
    except InputError as error:
        print(f"tune: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("tune: interrupted; the same command goes on from the last checkpoint", file=sys.stderr)
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
