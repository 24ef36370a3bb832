"""Documents of our own tasks (assistant/benchmarks/lmms_eval), their truth by plain code of toyworld."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from baselines.multiple_choice import Pair, pairs

from lmms_fixtures.parquet import encoded, write_card, write_rows
from lmms_fixtures.worlds import World
from scenegraph.encoding import dumps
from toyworld.asking import Question

IMAGE_FAMILIES = ("existence", "count", "who", "what", "doing", "yes-no", "two-hop", "colour", "absent")
VIDEO_FAMILIES = ("when", "how-long", "while", "who", "what", "yes-no", "absent")
_CITED = {
    "id": "text", "family": "text", "question": "text", "answers": "texts", "video": "flag", "nodes": "wholes",
    "relations": "wholes", "starts": "wholes", "stops": "wholes", "graph": "text", "images": "pictures",
}  # fmt: skip
_CHOICES = {"pair": "text", "question": "text", "options": "texts", "right": "whole", "reason": "text",
            "images": "pictures"}  # fmt: skip


def write_pack(folder: Path, worlds: Sequence[World], number: int, seed: int) -> dict[str, int]:
    """Write all three data sets; gives the number of documents of each.

    Args:
        folder: data sets become FOLDER/groundgraph/NAME.
        worlds: pictures and videos.
        number: of pairs of multiple-choice questions.
        seed: of those.
    """
    images = [world for world in worlds if world.graph.source.kind == "image"]
    videos = [world for world in worlds if world.graph.source.kind != "image"]
    rows = {
        "scene-graph-answers": (_CITED, list(_cited(images, IMAGE_FAMILIES))),
        "scene-graph-moments": (_CITED, list(_cited(videos, VIDEO_FAMILIES))),
        "scene-graph-refusals": (_CHOICES, list(_choices(images, number, seed))),
    }
    for name, (kinds, documents) in rows.items():
        write_rows(folder / "groundgraph" / name / "test.parquet", kinds, documents)
        write_card(folder / "groundgraph" / name, {"default": "test.parquet"}, "test")
    return {name: len(documents) for name, (_, documents) in rows.items()}


def _cited(worlds: Sequence[World], families: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for world in worlds:
        pictures = [encoded(picture) for picture in world.pictures]
        for at, asked in enumerate(world.asked(*families)):
            yield {**_document(world, asked), "id": f"{world.name}/{at}", "images": pictures}


def _document(world: World, asked: Question) -> dict[str, Any]:
    return {
        "family": asked.family,
        "question": asked.question,
        "answers": [world.spoken(answer) for answer in asked.answers] if asked.answerable else [],
        "video": world.graph.source.kind != "image",
        "nodes": list(asked.nodes),
        "relations": list(asked.relations),
        "starts": [start for start, _ in asked.spans],
        "stops": [stop for _, stop in asked.spans],
        "graph": dumps(world.graph),
    }


def _choices(worlds: Sequence[World], number: int, seed: int) -> Iterator[dict[str, Any]]:
    """A solvable and an unsolvable document of every pair, in random order."""
    random = Random(seed)
    # "How many dogs are there? A. 0 ..." has an answer where there is no dog, if the graph is complete.
    made = (pair for pair in pairs([world.graph for world in worlds], 2 * number, seed)
            if pair.twin.reason != "absent object" or "0" not in pair.twin.options)  # fmt: skip
    for at, pair in enumerate(islice(made, number)):
        rows = list(_pair(pair, f"pair{at}", worlds))
        random.shuffle(rows)
        yield from rows


def _pair(pair: Pair, name: str, worlds: Sequence[World]) -> Iterator[dict[str, Any]]:
    sides = ((pair.graph, pair.question, pair.options, pair.right, "answerable"),
             (pair.twin.graph, pair.twin.question, pair.twin.options, -1, pair.twin.reason))  # fmt: skip
    for graph, question, options, right, reason in sides:
        yield {
            "pair": name,
            "question": question,
            "options": list(options),
            "right": right,
            "reason": reason,
            "images": [encoded(picture) for picture in worlds[graph].pictures],
        }
