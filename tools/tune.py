#!/usr/bin/env python3
"""Tune a language model to read scene graphs, for example: tools/tune.py configs/tune_tiny.py.

Every variant of the config is tuned and tested on the same questions about held-out graphs: "none" sees no
graph, "text" sees it as text (prompt tuning without a connector), "tokens" as graph tokens through a
connector, in two stages, and "programs" writes a program that is executed on the graph. A table compares
them with the executor, and with the answers that were most often right in training. Ctrl-C leaves a
checkpoint; the same command goes on from there.

A model from a local folder, on instruction data of `groundgraph data instruct`:
  tools/tune.py configs/tune_0_5b.py --model FOLDER --data INSTRUCTIONS --graphs GRAPHS
"""

import argparse
import json
import random
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scenegraph import InputError, SceneGraph, files

if TYPE_CHECKING:  # they need torch, which takes seconds to import
    from assistant.tuning.answering import Measures
    from assistant.tuning.texts import Asked, World
    from assistant.tuning.variants import Data

INTERRUPTED = 130
VARIANTS = ("none", "text", "tokens", "programs")


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


def toy_graph(seed: int, settings: dict[str, Any], folder: Path) -> SceneGraph:
    """The picture or video of a seed with the mean colours inside its masks, made once and kept."""
    import numpy as np

    from assistant.tuning.features import pooled_in_masks
    from assistant.tuning.reading import APPEARANCE
    from assistant.tuning.tubes import TUBES, pooled_in_tubes
    from toyworld import clips, scenes

    path = folder / f"{seed}.scenegraph.json"
    if path.is_file():
        return files.load(path)
    size, number = tuple(settings["size"]), settings.get("frames", 1)
    if number == 1:
        scene = scenes.image(seed, size)
        graph, pictures = scene.graph, [scene.rgb]
    else:
        clip = clips.video(seed, number, size=size)
        graph, pictures = clip.graph, [clip[at].rgb for at in range(number)]
    maps = [picture.transpose(2, 0, 1) / np.float32(255) for picture in pictures]
    metadata = {**graph.metadata, APPEARANCE: np.round(pooled_in_masks(graph, maps), 4).tolist()}
    if number > 1:
        metadata[TUBES] = pooled_in_tubes(graph, maps).to_json()
    graph = replace(graph, metadata=metadata)
    files.save(graph, path)
    return graph


def toy_questions(graph: SceneGraph, seed: int, rounds: int) -> "list[Asked]":
    """Questions of all families, each once, in random order."""
    from assistant.tuning.texts import Asked
    from toyworld.questions import questions

    found: dict[str, Asked] = {}
    for each in (each for at in range(rounds) for each in questions(graph, seed * rounds + at)):
        asked = Asked(each.question, ", ".join(sorted(each.answers)), each.family, each.answerable)
        found.setdefault(each.question, asked)
    return random.Random(seed).sample(list(found.values()), len(found))


def toy_data(settings: dict[str, Any], folder: Path, seed: int) -> "Data":
    """Simulated pictures or videos with questions whose answers no part of the assistant has made."""
    from tqdm import tqdm

    from assistant.tuning.texts import World
    from assistant.tuning.variants import Data, names, texts_of

    folder = folder / "x".join(map(str, (*settings["size"], settings.get("frames", 1))))
    folder.mkdir(parents=True, exist_ok=True)
    rounds, most = settings["rounds"], settings["questions"]
    numbers = range(settings["first"], settings["first"] + settings["train"] + settings["test"])
    graphs = [toy_graph(number, settings, folder) for number in tqdm(numbers, desc="worlds")]
    train, test = graphs[: settings["train"]], graphs[settings["train"] :]

    def draw(at: int) -> "World":
        graph = train[at % len(train)]
        return World(graph, tuple(toy_questions(graph, seed * 1_000_003 + at, rounds)[:most]))

    texts = texts_of([draw(at) for at in range(len(train))])
    return Data(draw, texts, names(train), [World(graph, tuple(toy_questions(graph, -1, 1))) for graph in test])


def data_of(settings: dict[str, Any], arguments: argparse.Namespace, work: Path) -> "Data":
    """Instruction data if given, else the simulated world of the config."""
    from assistant.tuning.variants import written_data

    if arguments.data is None and arguments.graphs is None:
        return toy_data(settings, work / "worlds", arguments.seed)
    return written_data(arguments.data, arguments.graphs, settings, arguments.seed)


def run(arguments: argparse.Namespace) -> "dict[str, Measures]":
    """Tune and test every variant that has not been."""
    from mmengine import Config

    if not Path(arguments.config).is_file():
        raise InputError(f"{arguments.config}: no such config; for example configs/tune_tiny.py")
    if (arguments.data is None) != (arguments.graphs is None):
        raise InputError("--data and --graphs go together: instruction data, and the graphs that it is about")
    from assistant.tuning.answering import Measures
    from assistant.tuning.stages import stages_of
    from assistant.tuning.variants import EXECUTOR, PRIOR, RESULT, tuned_and_tested

    given = Config.fromfile(arguments.config)
    given.merge_from_dict(arguments.cfg_options)
    config: dict[str, Any] = given.to_dict()
    if config["language"]["type"] == "folder" and arguments.model is None:
        raise InputError("this config tunes a model of yours: give its local folder with --model")
    for variant in arguments.variants or config["stages"]:
        stages_of(config, variant)  # a stage that is none is named before hours of tuning
    work = Path(arguments.work_dir or f"work_dirs/{Path(arguments.config).stem}")
    data: Data | None = None
    results: dict[str, Measures] = {}
    for variant in (PRIOR, *(arguments.variants or config["stages"]), EXECUTOR):
        folder = work / f"seed{arguments.seed}" / variant
        if (folder / RESULT).is_file():
            results[variant] = Measures(**json.loads((folder / RESULT).read_text())["measures"])
            continue
        data = data or data_of(config["data"], arguments, work)
        print(f"{variant}: tuning and testing in {folder}", file=sys.stderr)
        results[variant] = tuned_and_tested(variant, config, data, arguments.model, folder, arguments.seed)
    return results


def main() -> int:
    """Exit code: 0 done, 2 bad input, 130 interrupted."""
    try:
        arguments = parsed()
        results = run(arguments)
        if arguments.json:
            print(json.dumps({name: measures.to_json() for name, measures in results.items()}, indent=1))
        else:
            from assistant.tuning.table import table

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
