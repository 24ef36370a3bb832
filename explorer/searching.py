"""A question over all graphs of a set: read once, looked up in the columns, and run on every graph that can fit.

The columns are read a row group at a time, so memory does not grow with the index.
"""

import json
import time
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from jaxtyping import Bool, Int64

from explorer import layout
from explorer.manifest import Manifest
from explorer.needs import Names, Need, Value, needs_of, values_of
from explorer.streaming import ItemTable
from scenegraph import InputError, Node, Relation, SceneGraph, Segment, Source, Vocabulary, files

SECONDS = 20.0
"""After this a search gives what it has found so far and says that there may be more."""

MOST = 5000
"""Items that one search lists."""

EVIDENCE = 40
"""Nodes and relations that are named of one item."""

NAMED = 8
"""Attributes that are named where a value is asked for that none has."""

FORMS = ("{}", "Is there {}?", "Are there {}?")
"""A search line may be a question, or name what is looked for; a statement is read as such at last."""


class Read(NamedTuple):
    """How a search line was understood: a program, or why there is none and what may have been meant."""

    program: Any
    reason: str = ""
    suggestion: str | None = None


def read(text: str, vocabulary: Vocabulary) -> Read:
    """The program of a search line, in the words of a vocabulary."""
    from assistant.suggesting import respelled

    parser = _parser(vocabulary)
    line = text.strip().rstrip(".?! ")
    parses = [parser.question(form.format(line)) for form in FORMS] + [parser.statement(line)]
    for parse in parses:
        if parse.questions:
            return Read(parse.questions[0])
    first = parses[0]
    unknown = ", ".join(f"“{word[:40]}”" for word in first.unknown[:4])
    if unknown:
        meant = next(iter(respelled(line, first, parser)), "").rstrip("?")
        readable = meant and read(meant, vocabulary).program is not None
        return Read(None, f"The words of this data set do not include {unknown}.", meant if readable else None)
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
        JSON values: `program` (None where the text could not be read, then `reason` says why and `suggestion` what
        may have been meant), `missing` (words for which the data set has no name), `unrecorded` (values of
        attributes that nothing in the set has; then `attributes` names what is recorded), `denies` (whether the
        answer rests on what graphs do not show: that counts as absent), `items` with their `nodes` and `relations`,
        `searched` and `candidates` (items), and whether all were looked at.

    Raises:
        InputError: the tables of the index cannot be read.
    """
    from assistant.assistant import MIN_SCORE

    started = time.monotonic()
    vocabulary = Vocabulary(manifest.things, manifest.stuff, manifest.predicates)
    understood = read(text, vocabulary)
    result: dict[str, Any] = {"schema": "groundgraph-search/1", "set": name, "question": text, "program": None}
    if understood.program is None:
        nothing = {"items": [], "searched": 0, "candidates": 0, "complete": True}
        return result | nothing | {"reason": understood.reason, "suggestion": understood.suggestion}
    program = understood.program
    graphs = _Graphs(index, manifest, name, needs_files(program))
    needs = needs_of(program)
    found: list[dict[str, Any]] = []
    searched = candidates = looked = 0
    enough = False
    for window in graphs.windows():
        fitting = graphs.fitting(window, needs, MIN_SCORE)
        searched += len(window)
        candidates += len(fitting)
        for graph, item in () if enough else graphs.of(fitting):
            looked += 1
            evidence = _evidence(graph, program, MIN_SCORE)
            if evidence is not None:
                found.append({"item": item, **evidence})
            enough = len(found) >= MOST or time.monotonic() - started > seconds
            if enough:
                break
    unrecorded, recorded = graphs.unrecorded(values_of(program))
    return result | {
        "program": program.line,
        "missing": missing_names(program),
        "unrecorded": unrecorded,
        "attributes": recorded,
        "denies": denies(program),
        "items": found,
        "searched": searched,
        "candidates": candidates,
        "complete": not enough or looked == candidates,
    }


def missing_names(program: Any) -> list[str]:
    """The words of a program that are read but name nothing in the data set, such as "cup" where there are no cups."""
    from assistant.steps import Find, Predicate, walk

    missing = []
    for step in walk(program):
        if isinstance(step, Find) and step.categories == ():
            missing.append(step.word)
        predicates = (value for value in vars(step).values() if isinstance(value, Predicate))
        missing += [value.word for value in predicates if not value.forward and not value.converse]
    return [word for word in dict.fromkeys(missing) if word]


def denies(program: Any) -> bool:
    """Whether a program asks for what is not so: a search takes what a graph does not show for absent."""
    from assistant.programs import ExactlyOneOf, Not
    from assistant.steps import Except, walk

    return any(isinstance(step, (ExactlyOneOf, Except, Not)) for step in walk(program))


def needs_files(program: Any) -> bool:
    """Whether a program asks for more of a graph than the columns hold: times, places in the picture, metres."""
    from assistant.programs import AllOf, AnyOf, Count, CountIs, ExactlyOneOf, Exists, HasAttribute, Holds, Not, Which
    from assistant.steps import Called, Except, Find, Having, Intersection, Related, The, Union, walk

    questions = (AllOf, AnyOf, Count, CountIs, ExactlyOneOf, Exists, HasAttribute, Holds, Not, Which)
    plain = (*questions, Called, Except, Find, Having, Intersection, Related, The, Union)
    return not all(isinstance(step, plain) for step in walk(program))


def _evidence(graph: SceneGraph, program: Any, min_score: float) -> dict[str, list[int]] | None:
    """The nodes and relations that make the answer, or None where there is none."""
    from assistant.answers import Status, Verdict
    from assistant.executor import Executor
    from assistant.index import GraphIndex

    try:
        outcome = Executor(GraphIndex(graph, min_score), closed_world=True, traced=False).run(program)
    except InputError:
        return None
    if outcome.status is not Status.ANSWERED or outcome.verdict not in (None, Verdict.SUPPORTED):
        return None
    if outcome.failure and outcome.verdict is None:  # of a denial it says why the denied is not so
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


class _Graphs:
    """The graphs of a set; images come from the columns where that is enough.

    Args:
        index: the folder of the index.
        manifest: what it holds.
        name: of the set.
        whole: whether the columns do not tell enough, so that every graph comes from its file.
    """

    def __init__(self, index: Path, manifest: Manifest, name: str, whole: bool) -> None:
        self.place = (index, name)
        self.whole = whole
        self.vocabulary = Vocabulary(manifest.things, manifest.stuff, manifest.predicates)
        columns = manifest.columns(index)

        def table(part: str, *names: str, opened: ItemTable | None = None) -> ItemTable:
            return ItemTable(columns / f"{name}.{part}.parquet", names, opened)

        self.graphs = table("graphs", "item_id", "kind", "height", "width")
        self.nodes = table("nodes", "node", "category_id", "score", "attributes")
        self.relations = table("relations", "subject_node", "object_node", "predicate_id", "score")
        self.node_categories = table("nodes", "category_id", opened=self.nodes)
        self.values = table("nodes", "category_id", "attributes", opened=self.nodes)
        self.triples = table("relations", "subject_id", "predicate_id", "object_id", "score", opened=self.relations)

    def windows(self) -> Iterator[pa.Table]:
        """The readable graphs, some thousands at a time."""
        for table in self.graphs.groups():
            yield table.filter(pa.array(table["height"].to_numpy() > 0))

    def fitting(self, window: pa.Table, needs: Sequence[Need], min_score: float) -> pa.Table:
        """The graphs of a window that have what is needed."""
        items = window["item"].to_numpy()
        if not needs or not len(items):
            return window
        first, stop = int(items[0]), int(items[-1]) + 1
        having = np.ones(stop - first, dtype=bool)
        for need in needs:
            having &= self._having(need, first, stop, min_score)
        return window.filter(pa.array(having[items.astype(np.int64) - first]))

    def of(self, rows: pa.Table) -> Iterator[tuple[SceneGraph, str]]:
        """Some graphs with the ids of their items; those that were damaged since are left out."""
        for row in _rows(rows):
            if self.whole or row["kind"] != "image":
                index, name = self.place
                try:
                    yield files.load(layout.graph_path(index, name, layout.key_of(row["item_id"]))), row["item_id"]
                except InputError:
                    continue  # the page says so where it is opened
            else:
                yield self._image(row), row["item_id"]

    def unrecorded(self, values: Sequence[Value]) -> tuple[list[str], list[str]]:
        """Those values that no node has and, where there are any, the names of attributes that are recorded."""
        from assistant.adjectives import attribute_named
        from assistant.selecting import has_value

        lacking, names = dict.fromkeys(values), dict[str, None]()
        for table in self.values.groups() if values else ():
            for attributes in map(_attributes, _texts(table)[0]):
                names |= {attribute_named(name, value): None for name, value in attributes.items()}
                for value in [each for each in lacking if has_value(attributes, *each)]:
                    del lacking[value]
            if not lacking:
                break
        return list(dict.fromkeys(value for value, _ in lacking)), list(names)[:NAMED] if lacking else []

    def _image(self, row: dict[str, Any]) -> SceneGraph:
        size = (row["height"], row["width"])
        everywhere = Segment.from_box((0.0, 0.0, float(size[1]), float(size[0])), *size)  # no program here asks where
        nodes = (
            Node(node, category, everywhere, min(score, 1.0), _attributes(text))
            for node, category, score, text in self.nodes.of(row["item"])
        )
        relations = (
            Relation(subject, predicate, other, min(score, 1.0))
            for subject, other, predicate, score in self.relations.of(row["item"])
        )
        return SceneGraph(Source("image", row["item_id"], *size), tuple(nodes), tuple(relations), self.vocabulary)

    def _having(self, need: Need, first: int, stop: int, min_score: float) -> Bool[np.ndarray, " items"]:
        """Which of the items from `first` up to `stop` have what is needed."""
        having = np.zeros(stop - first, dtype=bool)

        def note(items: np.ndarray) -> None:
            at = items.astype(np.int64) - first
            having[at[(at >= 0) & (at < stop - first)]] = True

        if need.value is not None:
            wanted = _members(need.subject, self.vocabulary.categories)
            for table in self.values.groups(first, stop):
                item, category = (table[name].to_numpy() for name in ("item", "category_id"))
                note(item[wanted[category] & _valued(table, need.value)])
            return having
        if not need.is_relation:
            wanted = _members(need.subject, self.vocabulary.categories)
            for table in self.node_categories.groups(first, stop):
                item, category = (table[name].to_numpy() for name in self.node_categories.columns)
                note(item[wanted[category]])
            return having
        ends = [_members(names, self.vocabulary.categories) for names in (need.subject, need.object)]
        ways = [
            (_members(names, self.vocabulary.predicates), start, end)
            for names, start, end in ((need.forward, *ends), (need.converse, ends[1], ends[0]))
        ]
        for table in self.triples.groups(first, stop):
            item, subject, predicate, other, score = (table[name].to_numpy() for name in self.triples.columns)
            for predicates, start, end in ways:
                note(item[predicates[predicate] & start[subject] & end[other] & (score >= min_score)])
        return having


def _members(names: Names, known: tuple[str, ...]) -> Bool[np.ndarray, " known"]:
    return np.array([names is None or name in names for name in known], dtype=bool)


def _texts(table: pa.Table) -> tuple[list[str], Int64[np.ndarray, " rows"]]:
    """The distinct texts of the column `attributes`, and which of them each row has."""
    column = table["attributes"].combine_chunks()
    return column.dictionary.to_pylist(), column.indices.to_numpy().astype(np.int64)


def _valued(table: pa.Table, value: Value) -> Bool[np.ndarray, " rows"]:
    """Which nodes have a value as an attribute."""
    from assistant.selecting import has_value

    texts, places = _texts(table)
    return np.array([has_value(_attributes(text), *value) for text in texts], dtype=bool)[places]


def _attributes(text: str) -> dict[str, Any]:
    value = json.loads(text) if text else {}
    return value if isinstance(value, dict) else {}


def _rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    for batch in table.to_batches(max_chunksize=1024):
        yield from batch.to_pylist()
