"""Ways to let a language model answer questions about graphs, tuned and tested on the same questions."""

import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.assistant import Assistant
from assistant.tuning import programs
from assistant.tuning.answering import Given, Measures, answers, measured
from assistant.tuning.data import graphs_of, worlds_of
from assistant.tuning.graph_tokens import GraphTokens, TokenSettings
from assistant.tuning.language import GRAPH, TinySize, from_folder, tiny_model, with_lora, word_tokenizer
from assistant.tuning.model import GraphLanguageModel
from assistant.tuning.packing import Template
from assistant.tuning.reading import Reading, questions_of
from assistant.tuning.stages import Draw, stages_of, tune
from assistant.tuning.texts import Asked, World, graph_text, parts
from scenegraph import InputError, SceneGraph
from scenegraph.storage import write_atomically

EXECUTOR = "executor"
"""The way without a language model: parser and executor."""

PRIOR = "prior"
"""The way without a graph and without a model: what was most often right in training."""

RESULT = "result.json"
"""What came of a way; where it lies, the way is done."""

PLACEHOLDER = -7
"""Stands for a graph token where the tokenizer has no word for it; never looked up."""

DRAWN = 9600
"""Worlds from which `PRIOR` learns, as many as the tiny model from nothing sees."""

TOKENIZED = 200
"""Worlds whose programs make the vocabulary of a program writer from nothing; operations repeat after a few."""


@dataclass(frozen=True)
class Data:
    """What is learnt and what is tested.

    Attributes:
        draw: the world of a place in the training order.
        texts: texts of training, whose words a tokenizer from nothing knows.
        phrases: names of several words, which it keeps whole.
        test: held-out worlds.
    """

    draw: Draw
    texts: list[str]
    phrases: list[str]
    test: list[World]


def written_data(samples: str, graphs: str, settings: Mapping[str, Any], seed: int) -> Data:
    """Instruction data; every tenth source is held out.

    Args:
        samples: folder that `groundgraph data instruct` wrote.
        graphs: folder of the *.scenegraph.json that it is about.
        settings: "questions", how many of a source are drawn at once; "kinds" of samples.
        seed: of the draws.

    Raises:
        InputError: files are missing or malformed, or there is nothing to hold out.
    """
    worlds = worlds_of(samples, graphs_of(graphs), settings.get("kinds", ()))
    test, train = worlds[::10], [world for at, world in enumerate(worlds) if at % 10]
    if not train:
        raise InputError(f"{samples}: questions about {len(worlds)} sources; at least 2 are needed to hold one out")

    def draw(at: int) -> World:
        world = train[at % len(train)]
        most = min(settings["questions"], len(world.asked))
        return World(world.graph, tuple(random.Random(seed * 1_000_003 + at).sample(world.asked, most)))

    return Data(draw, texts_of(train), names([world.graph for world in train]), test)


def texts_of(worlds: Sequence[World]) -> list[str]:
    """Everything that is read and written about some worlds, graphs in two forms."""
    texts = [text for each in worlds for asked in each.asked for text in (asked.question, asked.answer)]
    return texts + [graph_text(each.graph, form) for each in worlds for form in ("sentences", "incidence")]


def names(graphs: Sequence[SceneGraph]) -> list[str]:
    """All categories and predicates of some graphs."""
    vocabularies = {graph.vocabulary for graph in graphs}
    return sorted({name for each in vocabularies for name in (*each.categories, *each.predicates)})


def with_programs(draw: Draw) -> Draw:
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


def built(
    variant: str, config: Mapping[str, Any], data: Data, folder: str | None, seed: int
) -> tuple[GraphLanguageModel, Reading]:
    """The language model of a way, and how it reads.

    Args:
        variant: none, text, tokens or programs.
        config: "language" (type tiny with `TinySize`, or folder with dtype and lora), "form", "tokens"
            (`TokenSettings`), and, if wanted, "limit" and "gated_every".
        data: gives a tokenizer from nothing its words.
        folder: of the language model, for type folder.
        seed: of the weights.

    Raises:
        InputError: the folder is missing or holds no language model.
    """
    language: Any
    options = {key: value for key, value in config["language"].items() if key != "type"}
    if config["language"]["type"] == "tiny":
        drawn = with_programs(data.draw) if variant == "programs" else None
        lines = [each.answer for at in range(TOKENIZED) for each in drawn(at).asked] if drawn else []
        tokenizer: Any = word_tokenizer([*data.texts, *lines], data.phrases)
        language, placeholder = tiny_model(tokenizer, TinySize(**options), seed), int(tokenizer.vocab[GRAPH])
    else:
        if folder is None:
            raise InputError("a language model of type folder needs its local folder")
        language, tokenizer = from_folder(folder, options.get("dtype", "auto"))
        language = with_lora(language, **options["lora"]) if options.get("lora") else language
        placeholder = PLACEHOLDER
    tokens, gated = None, config.get("gated_every", 0) if variant == "tokens" else 0
    if variant == "tokens":
        tokens = GraphTokens(TokenSettings(**config["tokens"]), language.get_input_embeddings().embedding_dim)
    model = GraphLanguageModel(language, tokens, placeholder, gated)
    context: Any = "none" if variant == "programs" else variant
    template, limit = Template.of(tokenizer), config.get("limit", 1024)
    return model, Reading(tokenizer, template, context, config["form"], tokens, placeholder, gated == 0, limit)


def tuned_and_tested(
    variant: str, config: Mapping[str, Any], data: Data, model_folder: str | None, folder: Path, seed: int
) -> Measures:
    """Tune a way, test it, and keep what came of it; what is done already is only read.

    Args:
        variant: none, text, tokens, programs, `EXECUTOR` or `PRIOR`.
        config: of `built`, with "schedule" and "stages" (`stages_of`) and "longest" (tokens of an answer) by variant.
        data: what is learnt and tested.
        model_folder: of the language model, where it is not made from nothing.
        folder: gets checkpoints, the tuned language model, answers.jsonl and `RESULT`.
        seed: of weights and order.
    """
    began, worked = time.perf_counter(), time.process_time()
    log: list[dict[str, Any]] = []
    if variant == EXECUTOR:
        given = executor_answers(data)
    elif variant == PRIOR:
        given = prior_answers(data)
    else:
        model, reading = built(variant, config, data, model_folder, seed)
        draw = with_programs(data.draw) if variant == "programs" else data.draw
        log = tune(model, reading, draw, stages_of(config, variant), folder, seed)
        given = model_answers(variant, model, reading, data, config["longest"][variant])
        keep(model, reading, folder)
    pairs = list(questions_of(data.test))
    measures = measured(pairs, given)
    result = {
        "measures": measures.to_json(),
        "seconds": time.perf_counter() - began,
        "processor_seconds": time.process_time() - worked,
        "log": log,
    }
    folder.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"{json.dumps(line)}\n" for line in _lines(pairs, given))
    write_atomically(folder / "answers.jsonl", lines.encode())
    write_atomically(folder / RESULT, json.dumps(result, indent=1).encode())
    return measures


def _lines(pairs: Sequence[tuple[SceneGraph, Asked]], given: Sequence[Given]) -> list[dict[str, Any]]:
    return [
        {
            "graph": graph.source.uri,
            "family": asked.family,
            "question": asked.question,
            "wanted": asked.answer,
            "given": each.text,
            "right": parts(each.text) == parts(asked.answer),
        }
        for (graph, asked), each in zip(pairs, given, strict=True)
    ]


def model_answers(variant: str, model: GraphLanguageModel, reading: Reading, data: Data, longest: int) -> list[Given]:
    """The answers of a tuned way; of the program writer, what its programs give."""
    pairs = list(questions_of(data.test))
    given = answers(model, reading, pairs, longest)
    if variant != "programs":
        return given
    assistants = {id(world.graph): Assistant(world.graph, closed_world=True) for world in data.test}
    results = []
    for (graph, _), each in zip(pairs, given, strict=True):
        began = time.perf_counter()
        text = programs.executed(assistants[id(graph)], each.text)
        results.append(Given(text, each.tokens, each.seconds + time.perf_counter() - began))
    return results


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


def prior_answers(data: Data, draws: int = DRAWN) -> list[Given]:
    """The answer that was most often right for the same question in training, or for those that begin like it.

    About what a model that does not see the graph can know.
    """
    whole: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for at in range(draws):
        for each in data.draw(at).asked:
            for key in (each.question, *_beginnings(each.question)):
                whole[key][each.answer] += 1
    given = []
    for _, asked in questions_of(data.test):
        keys = (asked.question, *_beginnings(asked.question))
        best = next((whole[key].most_common(1)[0][0] for key in keys if key in whole), "")
        given.append(Given(best))
    return given


def _beginnings(question: str) -> tuple[str, ...]:
    """Two words, one word, none, each marked as a beginning."""
    words = question.split()
    return tuple(f"{' '.join(words[:number])} ..." for number in (2, 1, 0))


def keep(model: GraphLanguageModel, reading: Reading, folder: Path) -> None:
    """The tuned language model and its tokenizer as a folder that transformers loads (LoRA merged into it)."""
    language = model.language
    if hasattr(language, "merge_and_unload"):
        language = language.merge_and_unload()
    language.save_pretrained(folder / "language")
    reading.tokenizer.save_pretrained(folder / "language")
