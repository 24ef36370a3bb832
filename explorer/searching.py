"""A question over all graphs of a set: read once, looked up in the columns, and run on every graph that can fit.

The columns are read in pieces, one at a time, so memory does not grow with the index.
"""

import time
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from jaxtyping import Bool, Int64

from explorer import layout
from explorer.columns import read_table
from explorer.manifest import Manifest
from explorer.needs import Names, Need, needs_of
from scenegraph import InputError, Node, Relation, SceneGraph, Segment, Source, Vocabulary, files

SECONDS = 20.0
"""After this a search gives what it has found so far and says that there may be more."""

MOST = 5000
"""Items that one search lists."""

EVIDENCE = 40
"""Nodes and relations that are named of one item."""

FORMS = ("{}", "Is there {}?", "Are there {}?")
"""A search line may be a question, or name what is looked for; a statement is read as such at last."""


class Read(NamedTuple):
    """How a search line was understood: a program, or why there is none."""

    program: Any
    reason: str = ""
    suggestion: str | None = None


def read(text: str, vocabulary: Vocabulary) -> Read:
    """The program of a search line, in the words of a vocabulary."""
    parser = _parser(vocabulary)
    line = text.strip().rstrip(".?! ")
    parses = [parser.question(form.format(line)) for form in FORMS] + [parser.statement(line)]
    for parse in parses:
        if parse.questions:
            return Read(parse.questions[0])
    first = parses[0]
    unknown = ", ".join(f"“{word[:40]}”" for word in first.unknown[:4])
    if unknown:
        return Read(None, f"The words of this data set do not include {unknown}.")
    return Read(None, "This line could not be read. Name things and what they do: “a person holding a cup”.")


def search(index: Path, manifest: Manifest, name: str, text: str, seconds: float = SECONDS) -> dict[str, Any]:
    """The items of a set for which a question in English is answered, with the nodes and relations that do it.

    Args:
        index: the folder of the index.
        manifest: what it holds.
        name: of the set.
        text: a question ("who is riding a horse?") or what is looked for ("a person holding a cup").
        seconds: to search for.

    Returns:
        JSON values: `program` (None where the text could not be read, then `reason` says why), `items` with
        their `nodes` and `relations`, `searched` and `candidates` (items), and whether all were looked at.

    Raises:
        InputError: the tables of the index cannot be read.
    """
    from assistant.assistant import MIN_SCORE

    started = time.monotonic()
    vocabulary = Vocabulary(manifest.things, manifest.stuff, manifest.predicates)
    understood = read(text, vocabulary)
    result: dict[str, Any] = {"schema": "groundgraph-search/1", "set": name, "question": text, "program": None}
    if understood.program is None:
        return result | {"reason": understood.reason, "items": [], "searched": 0, "candidates": 0, "complete": True}
    program = understood.program
    columns = manifest.columns(index)
    graphs = read_table(columns / f"{name}.graphs.parquet", ["item", "item_id", "kind", "height", "width", "problem"])
    readable = graphs["height"].to_numpy() > 0
    fitting = np.zeros(manifest.items, dtype=bool)
    fitting[graphs["item"].to_numpy()[readable]] = True
    searched = int(fitting.sum())
    for need in needs_of(program):
        fitting &= _having(columns, name, need, vocabulary, manifest.items, MIN_SCORE)
    rows = np.flatnonzero(fitting[graphs["item"].to_numpy()] & readable)
    rows = rows[np.argsort(graphs["item"].to_numpy()[rows], kind="stable")]
    found: list[dict[str, Any]] = []
    looked = 0
    for graph, item in _graphs(index, columns, name, graphs.take(pa.array(rows)), vocabulary, needs_files(program)):
        looked += 1
        evidence = _evidence(graph, program, MIN_SCORE)
        if evidence is not None:
            found.append({"item": item, **evidence})
        if len(found) >= MOST or time.monotonic() - started > seconds:
            break
    return result | {
        "program": program.line,
        "items": found,
        "searched": searched,
        "candidates": len(rows),
        "complete": looked == len(rows),
    }


def needs_files(program: Any) -> bool:
    """Whether a program asks for more of a graph than the columns hold: times, attributes, metres."""
    from assistant.programs import AllOf, Count, CountIs, Exists, Holds, Which
    from assistant.steps import Find, Related, The, walk

    plain = (AllOf, Count, CountIs, Exists, Find, Holds, Related, The, Which)
    return not all(isinstance(step, plain) for step in walk(program))


def _evidence(graph: SceneGraph, program: Any, min_score: float) -> dict[str, list[int]] | None:
    """The nodes and relations that make the answer, or None where there is none."""
    from assistant.answers import Status, Verdict
    from assistant.executor import Executor
    from assistant.index import GraphIndex

    try:
        outcome = Executor(GraphIndex(graph, min_score), traced=False).run(program)
    except InputError:
        return None
    if outcome.status is not Status.ANSWERED or outcome.verdict not in (None, Verdict.SUPPORTED) or outcome.failure:
        return None
    nodes = (*outcome.nodes, *outcome.context, *(node for part in outcome.parts for node in part.nodes))
    relations = (*outcome.relations, *(position for part in outcome.parts for position in part.relations))
    if not nodes and not relations and outcome.verdict is None:
        return None
    ends = (end for position in relations for end in graph.relations[position].triple[::2])
    return {
        "nodes": list(dict.fromkeys((*nodes, *ends)))[:EVIDENCE],
        "relations": list(dict.fromkeys(relations))[:EVIDENCE],
    }


@lru_cache(maxsize=2)
def _parser(vocabulary: Vocabulary) -> Any:
    from assistant.lexicon import lexicon_of
    from assistant.parser import Parser

    return Parser(lexicon_of(vocabulary), {})


def _batches(path: Path, columns: list[str]) -> Iterator[pa.RecordBatch]:
    try:
        yield from pq.ParquetFile(path).iter_batches(columns=columns)
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"{path}: not a readable table ({error}); build the index again") from None


def _having(
    columns: Path, name: str, need: Need, vocabulary: Vocabulary, items: int, min_score: float
) -> Bool[np.ndarray, " items"]:
    """The items that have what is needed."""
    having = np.zeros(items, dtype=bool)
    if not need.is_relation:
        wanted = _members(need.subject, vocabulary.categories)
        for batch in _batches(columns / f"{name}.nodes.parquet", ["item", "category_id"]):
            having[batch["item"].to_numpy()[wanted[batch["category_id"].to_numpy()]]] = True
        return having
    ends = [_members(names, vocabulary.categories) for names in (need.subject, need.object)]
    ways = [
        (_members(names, vocabulary.predicates), first, second)
        for names, first, second in ((need.forward, *ends), (need.converse, ends[1], ends[0]))
    ]
    for batch in _batches(
        columns / f"{name}.relations.parquet", ["item", "subject_id", "predicate_id", "object_id", "score"]
    ):
        item, subject, predicate, obj, score = (batch[column].to_numpy() for column in range(5))
        for predicates, first, second in ways:
            having[item[predicates[predicate] & first[subject] & second[obj] & (score >= min_score)]] = True
    return having


def _members(names: Names, known: tuple[str, ...]) -> Bool[np.ndarray, " known"]:
    return np.array([names is None or name in names for name in known], dtype=bool)


def _graphs(
    index: Path, columns: Path, name: str, graphs: pa.Table, vocabulary: Vocabulary, whole: bool
) -> Iterator[tuple[SceneGraph, str]]:
    """The graphs of some items with their ids; images come from the columns where that is enough."""
    nodes, relations = (_Rows(columns / f"{name}.{part}.parquet") for part in ("nodes", "relations"))
    for row in _rows(graphs):
        if whole or row["kind"] != "image":
            try:
                yield files.load(layout.graph_path(index, name, layout.key_of(row["item_id"]))), row["item_id"]
            except InputError:
                continue  # damaged after the build; the page says so where it is opened
            continue
        size = (row["height"], row["width"])
        everywhere = Segment.from_box((0.0, 0.0, float(size[1]), float(size[0])), *size)  # no program here asks where
        yield (
            SceneGraph(
                Source("image", row["item_id"], *size),
                tuple(
                    Node(node, category, everywhere, min(score, 1.0)) for node, category, score in nodes.of(row["item"])
                ),
                tuple(
                    Relation(subject, predicate, other, min(score, 1.0))
                    for subject, other, predicate, score in relations.of(row["item"])
                ),
                vocabulary,
            ),
            row["item_id"],
        )


def _rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    for batch in table.to_batches(max_chunksize=1024):
        yield from batch.to_pylist()


_READ = {
    "nodes": ("node", "category_id", "score"),
    "relations": ("subject_node", "object_node", "predicate_id", "score"),
}


class _Rows:
    """The rows of items, asked for in ascending order, read one row group at a time."""

    def __init__(self, path: Path) -> None:
        self.file = pq.ParquetFile(path)
        self.names = _READ[path.name.split(".")[-2]]
        self.starts = self._first_items()
        self.group = -1
        self.items: Int64[np.ndarray, " rows"] = np.zeros(0, dtype=np.int64)
        self.rows: list[tuple[Any, ...]] = []

    def _first_items(self) -> list[tuple[int, int]]:
        column = self.file.schema_arrow.get_field_index("item")
        groups = (self.file.metadata.row_group(number) for number in range(self.file.metadata.num_row_groups))
        stats = (group.column(column).statistics for group in groups)
        return [(int(each.min), int(each.max)) for each in stats]

    def of(self, item: int) -> Iterable[tuple[Any, ...]]:
        """The rows of one item; it may lie across the border of two groups."""
        for group, (first, last) in enumerate(self.starts):
            if first <= item <= last:
                self._read(group)
                start, stop = np.searchsorted(self.items, (item, item + 1))
                yield from self.rows[start:stop]

    def _read(self, group: int) -> None:
        if group == self.group:
            return
        table = self.file.read_row_group(group, columns=["item", *self.names])
        self.items = table["item"].to_numpy().astype(np.int64)
        self.rows = list(zip(*(table[name].to_pylist() for name in self.names), strict=True))
        self.group = group
