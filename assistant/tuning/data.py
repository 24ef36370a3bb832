"""Instruction data of `groundgraph data instruct` as worlds to learn from."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from assistant.teaching.files import SAMPLES, read_samples
from assistant.tuning.texts import Asked, World
from scenegraph import InputError, SceneGraph, files


def worlds_of(folder: str | Path, graphs: Mapping[str, SceneGraph], kinds: Iterable[str] = ()) -> list[World]:
    """The worlds of instruction data: every source with all questions that were written about it.

    A turn that goes back to an earlier one ("is it on the grass?") cannot be packed by itself, so of
    conversations only the first turn counts. Samples about two sources, or about a moment of one, are
    left out.

    Args:
        folder: what `groundgraph data instruct` wrote, or its samples.jsonl.
        graphs: by `source.uri`.
        kinds: of samples (conversation, detail ...); none for all.

    Raises:
        InputError: the file is missing or malformed, or no sample belongs to one of the graphs.
    """
    path = Path(folder)
    wanted = frozenset(kinds)
    found: dict[str, dict[str, Asked]] = {}
    for sample in read_samples(path / SAMPLES if path.is_dir() else path):
        if (wanted and sample.kind not in wanted) or len(sample.media) != 1 or sample.media[0] not in graphs:
            continue
        turn = sample.turns[0]
        # The second of a pair of twins is the one that cannot be answered.
        answerable = not (sample.kind == "unanswerable" and sample.id.endswith(("1", "3", "5", "7", "9")))
        asked = Asked(turn.question, turn.answer, turn.family, answerable)
        found.setdefault(sample.media[0], {}).setdefault(turn.question, asked)
    if not found:
        raise InputError(f"{path}: no sample is about one of the {len(graphs)} graphs; are they the same data?")
    return [World(graphs[uri], tuple(asked.values())) for uri, asked in found.items()]


def graphs_of(folder: str | Path) -> dict[str, SceneGraph]:
    """Every `*.scenegraph.json` of a folder, by `source.uri`.

    Raises:
        InputError: there is none, or one cannot be read.
    """
    paths = sorted(Path(folder).glob("*.scenegraph.json"))
    if not paths:
        raise InputError(f"{folder}: no *.scenegraph.json; write them with groundgraph convert or predict")
    read = map(files.load, paths)
    return {graph.source.uri: graph for graph in read}
