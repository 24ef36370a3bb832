"""The tables of an index: graphs, nodes and relations as columns, one row each, in item order.

Names are stored (dictionary-encoded), so that `SELECT predicate, count(*) ... GROUP BY predicate`
reads well; the page counts with the `*_id` columns, which index the vocabulary of the manifest.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from jaxtyping import Int64

from scenegraph import InputError, SceneGraph, Vocabulary
from scenegraph.storage import write_atomically

NAME = pa.dictionary(pa.int32(), pa.string())


def _schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema([pa.field(name, kind, nullable=False) for name, kind in columns.items()])


GRAPHS = _schema(
    item_id=pa.string(),
    signature=pa.string(),
    uri=pa.string(),
    kind=NAME,
    height=pa.uint32(),
    width=pa.uint32(),
    num_frames=pa.uint32(),
    fps=pa.float32(),
    num_nodes=pa.uint32(),
    num_relations=pa.uint32(),
    problem=NAME,
    vocabulary=NAME,
)
"""`problem` is empty, or says why the graph could not be read; `fps` is 0 where no time is known."""

NODES = _schema(
    node=pa.int32(),
    category=NAME,
    score=pa.float32(),
    frame=pa.uint32(),
    x1=pa.float32(),
    y1=pa.float32(),
    x2=pa.float32(),
    y2=pa.float32(),
    attributes=NAME,
)
"""Boxes in pixels, in `frame`, the first in which the node is seen; `attributes` is their JSON, or empty."""

RELATIONS = _schema(
    relation=pa.uint32(),
    subject_node=pa.int32(),
    object_node=pa.int32(),
    subject=NAME,
    predicate=NAME,
    object=NAME,
    score=pa.float32(),
    spans=pa.list_(pa.field("frame", pa.int32(), nullable=False)),
)
"""`relation` is the position in the graph; `spans` is start, stop, start, stop, ... in frames."""

ROW_GROUP = 1 << 13
"""Rows that are read together: a few hundred kilobytes, so that a thousand items take as much memory as a million."""

REPEATING = ("x1", "y1", "x2", "y2")
"""Numbers that a dictionary shrinks."""

PARTS = {"graphs": GRAPHS, "nodes": NODES, "relations": RELATIONS}
IDS = {"nodes": ("category",), "relations": ("subject", "predicate", "object")}


@dataclass(frozen=True)
class Tables:
    """Graphs with their nodes and relations; the rows of one graph stand together, in graph order."""

    graphs: pa.Table
    nodes: pa.Table
    relations: pa.Table

    @classmethod
    def concatenated(cls, parts: "Sequence[Tables]") -> "Tables":
        """All rows of all parts."""
        return cls(
            **{
                name: pa.concat_tables([schema.empty_table(), *(getattr(part, name) for part in parts)])
                .unify_dictionaries()
                .combine_chunks()
                for name, schema in PARTS.items()
            }
        )

    def taken(self, rows: Int64[np.ndarray, " graphs"]) -> "Tables":
        """The graphs at some positions, in that order, with their nodes and relations."""
        picked = {}
        for name in ("nodes", "relations"):
            counts = self.graphs[f"num_{name}"].to_numpy().astype(np.int64)
            starts = np.cumsum(counts) - counts
            picked[name] = getattr(self, name).take(pa.array(_ranges(starts[rows], counts[rows])))
        return Tables(graphs=self.graphs.take(pa.array(rows)), **picked)

    def counts(self, name: str) -> Int64[np.ndarray, " graphs"]:
        """How many `nodes` or `relations` each graph has."""
        return self.graphs[f"num_{name}"].to_numpy().astype(np.int64)

    def vocabularies(self) -> list[Vocabulary]:
        """The distinct vocabularies of the graphs, in order of first use."""
        texts = [text for text in pc.unique(self.graphs["vocabulary"]).to_pylist() if text]
        return [Vocabulary(**{key: tuple(names) for key, names in json.loads(text).items()}) for text in texts]

    def write(self, folder: Path, prefix: str) -> None:
        """Write PREFIX.graphs.parquet, PREFIX.nodes.parquet and PREFIX.relations.parquet."""
        for name in PARTS:
            write_table(getattr(self, name), folder / f"{prefix}.{name}.parquet")

    @classmethod
    def read(cls, folder: Path, prefix: str) -> "Tables":
        """Read what `write` wrote; columns that were added since (ids, item rows) are left out.

        Raises:
            InputError: a file is missing, cut off, or of another layout.
        """
        return cls(
            **{
                name: read_table(folder / f"{prefix}.{name}.parquet", schema.names).cast(schema)
                for name, schema in PARTS.items()
            }
        )


@dataclass
class TableWriter:
    """Collects graphs and gives their `Tables`."""

    rows: dict[str, dict[str, list[Any]]] = field(
        default_factory=lambda: {name: {column: [] for column in schema.names} for name, schema in PARTS.items()}
    )
    _texts: dict[Vocabulary, str] = field(default_factory=dict)

    def add(self, item_id: str, signature: str, graph: SceneGraph) -> None:
        """Add one graph."""
        source = graph.source
        vocabulary = self._texts.get(graph.vocabulary)
        if vocabulary is None:
            words = {name: getattr(graph.vocabulary, name) for name in ("things", "stuff", "predicates")}
            vocabulary = self._texts[graph.vocabulary] = json.dumps(words, ensure_ascii=False)
        media = (source.uri, source.kind, source.height, source.width, source.num_frames, source.fps or 0.0)
        sizes = (len(graph.nodes), len(graph.relations))
        self._append("graphs", item_id, signature, *media, *sizes, "", vocabulary)
        categories, predicates = graph.vocabulary.categories, graph.vocabulary.predicates
        names = {}
        for node in graph.nodes:
            names[node.id] = categories[node.category]
            frame = node.region.frames[0]
            segment = node.region.segment(frame)
            box = segment.box if segment is not None else (0.0, 0.0, 0.0, 0.0)
            recorded = json.dumps(dict(node.recorded), ensure_ascii=False, default=str) if node.recorded else ""
            self._append("nodes", node.id, names[node.id], node.score, frame, *box, recorded)
        for position, relation in enumerate(graph.relations):
            ends = (relation.subject, relation.object)
            words = (names[relation.subject], predicates[relation.predicate], names[relation.object])
            frames = [edge for span in relation.spans for edge in span]
            self._append("relations", position, *ends, *words, relation.score, frames)

    def add_problem(self, item_id: str, signature: str, problem: str) -> None:
        """Add a graph that could not be read."""
        self._append("graphs", item_id, signature, "", "", 0, 0, 0, 0.0, 0, 0, problem, "")

    def tables(self) -> Tables:
        """The graphs so far."""
        return Tables(**{name: pa.table(self.rows[name], schema=schema) for name, schema in PARTS.items()})

    def _append(self, name: str, *values: Any) -> None:
        for column, value in zip(self.rows[name].values(), values, strict=True):
            column.append(value)


def with_ids(table: pa.Table, columns: Sequence[str], names: Sequence[str], predicates: Sequence[str]) -> pa.Table:
    """Add `NAME_id` (uint16) beside each name column: its position in the names of the index."""
    for column in columns:
        known = predicates if column == "predicate" else names
        coded = table[column].combine_chunks()
        dictionary = coded.dictionary.to_pylist()
        positions = {name: position for position, name in enumerate(known)}
        lookup = np.array([positions[name] for name in dictionary], dtype=np.uint16)
        ids = lookup[coded.indices.to_numpy()] if dictionary else np.zeros(len(coded), dtype=np.uint16)
        table = table.append_column(pa.field(f"{column}_id", pa.uint16(), nullable=False), pa.array(ids))
    return table


def with_items(table: pa.Table, items: Int64[np.ndarray, " rows"]) -> pa.Table:
    """Put `item`, the row of items.parquet, in front."""
    return table.add_column(0, pa.field("item", pa.uint32(), nullable=False), pa.array(items.astype(np.uint32)))


def write_table(table: pa.Table, path: Path) -> None:
    """Write Parquet atomically, in encodings that the page decodes fast.

    Numbers that rarely repeat in a dictionary are written plainly: the page then gets typed arrays.
    Snappy is the compression that a Parquet reader in the browser has at hand.
    """
    coded = [f.name for f in table.schema if pa.types.is_dictionary(f.type) or f.name in REPEATING]
    # Least and greatest only of what pieces are found by: kept for all columns, they are most of what opening takes.
    bounded = ["item"] if "item" in table.column_names else False
    options = {"compression": "snappy", "use_dictionary": coded or False, "write_statistics": bounded}
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, row_group_size=ROW_GROUP, **options)
    write_atomically(path, sink.getvalue().to_pybytes())


def read_table(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """Read Parquet.

    Raises:
        InputError: the file is missing, cut off, or lacks a column.
    """
    try:
        table = pq.read_table(path, columns=list(columns) if columns else None)
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file; build the index again") from None
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path}: not a readable table ({error}); build the index again") from None
    missing = set(columns or ()) - set(table.column_names)
    if missing:
        raise InputError(f"{path}: lacks the columns {', '.join(sorted(missing))}; build the index again")
    return table


def _ranges(starts: Int64[np.ndarray, " n"], counts: Int64[np.ndarray, " n"]) -> Int64[np.ndarray, " total"]:
    """starts[0], starts[0] + 1, ... (counts[0] of them), then starts[1], ...

    >>> _ranges(np.array([5, 0]), np.array([2, 1])).tolist()
    [5, 6, 0]
    """
    before = np.cumsum(counts) - counts
    return np.repeat(starts - before, counts) + np.arange(counts.sum())
