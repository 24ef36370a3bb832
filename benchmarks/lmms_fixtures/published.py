"""Small data sets in the layouts of six published tasks of lmms-eval, about simulated pictures.

Each stands in a folder with the name under which the task asks for it, so that the task's own, unmodified
file finds it from the folder above: `gqa` reads lmms-lab-encoder/GQA, and so on. Questions are worded as
those data sets word them; right answers come from toyworld and from nodes and relations, never from us.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

from baselines.multiple_choice import pairs, plural, said

from lmms_fixtures.parquet import encoded, write_card, write_rows
from lmms_fixtures.worlds import World

Rows = Iterator[dict[str, Any]]
LETTERS = "ABCD"


def gqa(worlds: Sequence[World]) -> Rows:
    """Open and yes/no questions with answers of one word or phrase."""
    for world in worlds:
        for at, asked in enumerate(world.asked("existence", "yes-no", "who", "what", "colour", "two-hop")):
            kinds = {world.spoken(answer) for answer in asked.answers}
            if len(asked.answers) == 1:
                yield {"id": f"{world.name}{at}", "imageId": world.name, "question": asked.question,
                       "answer": kinds.pop()}  # fmt: skip


def pope(worlds: Sequence[World]) -> Rows:
    """Is there a dog in the image? As often yes as no."""
    random = Random(1)
    for world in worlds:
        names = {said(world.graph.category_name(node.id)) for node in world.graph.nodes}
        things = sorted({said(name) for name in world.graph.vocabulary.things})
        present = [name for name in things if name in names][:3]
        absent = random.sample([name for name in things if name not in names], len(present))
        for label, group in (("yes", present), ("no", absent)):
            for name in group:
                question = f"Is there {'an' if name[0] in 'aeiou' else 'a'} {name} in the image?"
                yield {"id": f"{world.name}{name}", "question_id": f"{world.name}{name}", "question": question,
                       "answer": label, "image_source": world.name, "category": "random",
                       "image": encoded(world.pictures[0])}  # fmt: skip


def crpe(worlds: Sequence[World], number: int = 40) -> Rows:
    """What is the dog chasing? Options in lines of their own, in the text."""
    for pair in pairs([world.graph for world in worlds], 3 * number, 7, options=4):
        if pair.family in ("of_object", "of_subject"):
            options = "\n".join(f"{letter}. {each}" for letter, each in zip(LETTERS, pair.options, strict=True))
            yield {"text": f"{pair.question}\n{options}\nPlease answer directly with only the letter of the correct "
                           "option and nothing else.", "correct_option": LETTERS[pair.right], "category": "object",
                   "image": encoded(worlds[pair.graph].pictures[0])}  # fmt: skip


def _counts(worlds: Sequence[World]) -> Iterator[tuple[World, str, int]]:
    for world in worlds:
        names = [said(world.graph.category_name(node.id)) for node in world.graph.nodes
                 if world.graph.vocabulary.is_thing(node.category)]  # fmt: skip
        for name in sorted(set(names)):
            yield world, name, names.count(name)


def cv_bench(worlds: Sequence[World]) -> Rows:
    """How many dogs are in the image? Select from the following choices."""
    random = Random(2)
    for at, (world, name, count) in enumerate(_counts(worlds)):
        choices = sorted([*random.sample([n for n in range(8) if n != count], 3), count])
        question = f"How many {plural(name)} are in the image?"
        lettered = "\n".join(f"({letter}) {each}" for letter, each in zip(LETTERS, choices, strict=True))
        yield {"idx": at, "type": "2D", "task": "Count", "source": "COCO", "question": question,
               "choices": list(map(str, choices)), "answer": f"({LETTERS[choices.index(count)]})",
               "prompt": f"{question} Select from the following choices.\n{lettered}",
               "image": encoded(world.pictures[0])}  # fmt: skip


def countbench(worlds: Sequence[World]) -> Rows:
    """How many dogs are there in the image?"""
    for world, name, count in _counts(worlds):
        yield {"question": f"How many {plural(name)} are there in the image?", "number": count,
               "image": encoded(world.pictures[0])}  # fmt: skip


def seedbench(worlds: Sequence[World], number: int = 40) -> Rows:
    """Four options in columns of their own; pictures, and frames of videos."""
    for at, pair in enumerate(pairs([world.graph for world in worlds], number, 8, options=4)):
        world = worlds[pair.graph]
        options = {f"choice_{letter.lower()}": each for letter, each in zip(LETTERS, pair.options, strict=True)}
        kind = "image" if world.graph.source.kind == "image" else "video"
        yield {"question_id": str(at), "question": pair.question, **options, "answer": LETTERS[pair.right],
               "data_type": kind, "image": [encoded(picture) for picture in world.pictures]}  # fmt: skip


_IMAGE = {"image": "picture"}
PUBLISHED: dict[str, tuple[str, str, str, dict[str, str], Callable[[Sequence[World]], Rows]]] = {
    "pope": ("lmms-lab-encoder/POPE", "default", "test", {"id": "text", "question_id": "text", "question": "text",
             "answer": "text", "image_source": "text", "category": "text", **_IMAGE}, pope),
    "crpe_relation": ("nv-njb/CRPE", "default", "test", {"text": "text", "correct_option": "text",
                      "category": "text", **_IMAGE}, crpe),
    "cv_bench_2d": ("nyu-visionx/CV-Bench", "2D", "test", {"idx": "whole", "type": "text", "task": "text",
                    "source": "text", "question": "text", "choices": "texts", "answer": "text", "prompt": "text",
                    **_IMAGE}, cv_bench),
    "countbench": ("vikhyatk/CountBenchQA", "default", "test", {"question": "text", "number": "whole", **_IMAGE},
                   countbench),
    "seedbench": ("lmms-lab-encoder/SEED-Bench", "default", "test", {"question_id": "text", "question": "text",
                  "choice_a": "text", "choice_b": "text", "choice_c": "text", "choice_d": "text", "answer": "text",
                  "data_type": "text", "image": "pictures"}, seedbench),
}  # fmt: skip
"""Task to data set, configuration, split, columns and rows; GQA has two configurations of its own."""

TASKS = ("gqa", *PUBLISHED)


def write_published(folder: Path, worlds: Sequence[World]) -> dict[str, int]:
    """Write the data sets into a folder; gives the number of documents of each task."""
    images = [world for world in worlds if world.graph.source.kind == "image"]
    written = {"gqa": _write_gqa(folder / "lmms-lab-encoder" / "GQA", images)}
    for task, (data_set, configuration, split, kinds, make) in PUBLISHED.items():
        rows = list(make(worlds if task == "seedbench" else images))
        write_rows(folder / data_set / f"{split}.parquet", kinds, rows)
        write_card(folder / data_set, {configuration: f"{split}.parquet"}, split)
        written[task] = len(rows)
    return written


def _write_gqa(folder: Path, worlds: Sequence[World]) -> int:
    rows = list(gqa(worlds))
    write_rows(folder / "instructions.parquet", dict.fromkeys(("id", "imageId", "question", "answer"), "text"), rows)
    pictures = [{"id": world.name, "image": encoded(world.pictures[0])} for world in worlds]
    write_rows(folder / "images.parquet", {"id": "text", "image": "picture"}, pictures)
    configurations = {"testdev_balanced_instructions": "instructions.parquet",
                      "testdev_balanced_images": "images.parquet"}  # fmt: skip
    write_card(folder, configurations, "testdev")
    return len(rows)
