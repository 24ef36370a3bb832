"""One graph as tables of an in-memory SQLite database.

Window 0 is the whole source; other windows are added while a program runs and rolled back after it.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from assistant.adjectives import attribute_named, spelling
from assistant.names import denied, plain
from assistant.predicate_kinds import is_activity, is_spatial
from assistant.verbs import EXCLUSIVE, EXCLUSIVE_FOR_A_PAIR, ONE_WAY, RESTING
from scenegraph import SceneGraph, Track4D

Pairs = tuple[tuple[int, int], ...]

_NOWHERE = (None,) * 5
_SIDES = {"-y": (0, 1, 2), "y": (0, 1, 2), "z": (0, 2, 1)}
"""Axes along which width, height and depth lie, by the axis that points up."""

_TABLES = """
CREATE TABLE node (id INTEGER PRIMARY KEY, category TEXT);
CREATE TABLE category (name TEXT PRIMARY KEY);
CREATE TABLE stuff (name TEXT PRIMARY KEY);
CREATE TABLE predicate (name TEXT PRIMARY KEY, activity INTEGER, spatial INTEGER);
CREATE TABLE excludes (name TEXT, other TEXT, how TEXT);
CREATE TABLE tie (id INTEGER PRIMARY KEY, subject INTEGER, predicate TEXT, object INTEGER);
CREATE INDEX tie_predicate ON tie (predicate, subject, object);
CREATE INDEX tie_subject ON tie (subject);
CREATE INDEX tie_object ON tie (object);
CREATE TABLE raw_span (tie INTEGER, start INTEGER, stop INTEGER);
CREATE TABLE span (tie INTEGER, start INTEGER, stop INTEGER);
CREATE INDEX span_tie ON span (tie);
CREATE TABLE seen (node INTEGER, frame INTEGER, x1 REAL, y1 REAL, x2 REAL, y2 REAL, area REAL,
                   PRIMARY KEY (node, frame)) WITHOUT ROWID;
CREATE TABLE attribute (node INTEGER, name TEXT, shown TEXT);
CREATE TABLE item (node INTEGER, name TEXT, value TEXT, empty INTEGER);
CREATE TABLE place (node INTEGER, frame INTEGER, x REAL, y REAL, z REAL, cx REAL, cy REAL, cz REAL, error REAL,
                    PRIMARY KEY (node, frame)) WITHOUT ROWID;
CREATE TABLE size (node INTEGER, frame INTEGER, width REAL, height REAL, depth REAL);
CREATE TABLE stretch (w INTEGER, start INTEGER, stop INTEGER);
CREATE TABLE active (w INTEGER, tie INTEGER, PRIMARY KEY (w, tie)) WITHOUT ROWID;
CREATE TABLE geometry (w INTEGER, node INTEGER, x1 REAL, y1 REAL, x2 REAL, y2 REAL, area REAL, frames INTEGER,
                       PRIMARY KEY (w, node)) WITHOUT ROWID;
CREATE TABLE picked (step INTEGER, id INTEGER, PRIMARY KEY (step, id)) WITHOUT ROWID;
CREATE TABLE link (step INTEGER, tie INTEGER, near INTEGER, far INTEGER);
CREATE INDEX link_step ON link (step, near);
"""

_ISLANDS = """
SELECT {owner} min(start), max(stop) FROM (
  SELECT *, sum(fresh) OVER ({partition} ORDER BY start, stop) AS island FROM (
    SELECT *, start > coalesce(max(stop) OVER ({partition} ORDER BY start, stop
                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), -1) AS fresh FROM {rows}))
GROUP BY {owner} island ORDER BY {owner} min(start)
"""
_MERGE_SPANS = _ISLANDS.format(owner="tie,", partition="PARTITION BY tie", rows="raw_span")
_MERGE_GIVEN = _ISLANDS.format(
    owner="", partition="", rows="(SELECT value ->> 0 AS start, value ->> 1 AS stop FROM json_each(?))"
)

_ADD_ACTIVE = """
INSERT INTO active SELECT DISTINCT s.w, span.tie FROM stretch s JOIN span ON span.start < s.stop AND span.stop > s.start
WHERE s.w = ?
"""
_ADD_GEOMETRY = """
INSERT INTO geometry SELECT s.w, node, sum(x1) / count(*), sum(y1) / count(*), sum(x2) / count(*), sum(y2) / count(*),
                            sum(area) / count(*), count(*)
FROM stretch s JOIN seen ON seen.frame >= s.start AND seen.frame < s.stop WHERE s.w = ? GROUP BY node
"""


class Database:
    """The tables of one graph.

    Args:
        graph: the graph.
        min_score: relations of lower score are left out; the others keep their position as id.
    """

    def __init__(self, graph: SceneGraph, min_score: float = 0.0) -> None:
        self.kind, self.frames, self.fps = graph.source.kind, graph.source.num_frames, graph.source.fps
        self.up = graph.source.up
        self.height, self.width = graph.source.height, graph.source.width
        self._connection = sqlite3.connect(":memory:", isolation_level=None, cached_statements=512)
        self._connection.execute("PRAGMA journal_mode = MEMORY")
        self._connection.executescript(_TABLES)
        self._connection.execute("BEGIN")
        self._load_names(graph)
        self._load_nodes(graph)
        self._load_relations(graph, min_score)
        self._connection.execute("COMMIT")
        self._windows = self._steps = 0

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows that a statement gives."""
        return self._connection.execute(statement, values).fetchall()

    def run(self, statement: str, *values: Any) -> None:
        """Run a statement that gives nothing."""
        self._connection.execute(statement, values)

    def column(self, statement: str, *values: Any) -> list[Any]:
        """The first column of the rows that a statement gives."""
        return [row[0] for row in self._connection.execute(statement, values)]

    def value(self, statement: str, *values: Any) -> Any:
        """The one value that a statement gives."""
        row = self._connection.execute(statement, values).fetchone()
        return None if row is None else row[0]

    def nowhere(self) -> set[int]:
        """The nodes of which no picture tells where they are."""
        return set(self.column("SELECT DISTINCT node FROM seen WHERE x1 IS NULL"))

    def begin(self) -> None:
        """Start a program: what it adds is rolled back by `end`."""
        self._windows = self._steps = 0
        self._connection.execute("BEGIN")

    def end(self) -> None:
        """Forget what a program added."""
        self._connection.execute("ROLLBACK")

    def new_step(self) -> int:
        """A number for a new set of nodes."""
        self._steps += 1
        return self._steps

    def new_window(self, spans: Pairs) -> int:
        """A number for a new stretch of time."""
        self._windows += 1
        self._fill_window(self._windows, spans)
        return self._windows

    def merged(self, spans: Iterable[tuple[int, int]]) -> Pairs:
        """Sorted, disjoint spans that cover the same frames."""
        wanted = [list(span) for span in spans if span[1] > span[0]]
        return tuple((int(a), int(b)) for a, b in self.rows(_MERGE_GIVEN, json.dumps(wanted)))

    def clipped(self, spans: Iterable[tuple[int, int]], window: int) -> Pairs:
        """The parts of merged spans that lie in a window."""
        stretches = self.rows("SELECT start, stop FROM stretch WHERE w = ?", window)
        cut = ((max(a, start), min(b, stop)) for a, b in spans for start, stop in stretches)
        return tuple(sorted((a, b) for a, b in cut if a < b))

    def _fill_window(self, window: int, spans: Pairs) -> None:
        self._connection.executemany("INSERT INTO stretch VALUES (?, ?, ?)", [(window, *span) for span in spans])
        self.run(_ADD_ACTIVE, window)
        self.run(_ADD_GEOMETRY, window)

    def _many(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        listed = list(rows)
        if listed:  # `table` is a name of ours, never of the data
            self._connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(listed[0]))})", listed)

    def _load_names(self, graph: SceneGraph) -> None:
        names = graph.vocabulary.predicates
        self._many("category", ((name,) for name in graph.vocabulary.categories))
        self._many("stuff", ((name,) for name in graph.vocabulary.stuff))
        self._many("predicate", ((name, is_activity(name), is_spatial(name)) for name in names))
        self._many("excludes", _exclusions(names))

    def _load_nodes(self, graph: SceneGraph) -> None:
        categories = graph.vocabulary.categories
        self._many("node", ((node.id, categories[node.category]) for node in graph.nodes))
        self._many(
            "seen",
            (
                (node.id, frame, *((*map(float, segment.box), float(segment.area)) if node.located else _NOWHERE))
                for node in graph.nodes
                for frame in node.region.frames
                if (segment := node.region.segment(frame)) is not None
            ),
        )
        recorded = [
            (node.id, attribute_named(str(name), value), value)
            for node in graph.nodes
            for name, value in node.recorded.items()
        ]
        self._many("attribute", ((node, name, str(value)) for node, name, value in recorded))
        self._many("item", ((node, name, *item) for node, name, value in recorded for item in _items(value)))
        camera = graph.source.camera
        for node in graph.nodes:
            track = node.region
            if not isinstance(track, Track4D):
                continue
            for row, frame in enumerate(track.frames):
                if (centre := track.position(frame)) is not None:
                    posed = camera is not None and camera.poses is not None
                    seen = centre
                    if camera is not None and posed:
                        inside = camera.poses is not None and frame < len(camera.poses)
                        seen = camera.to_camera(centre, frame) if inside else centre * float("nan")
                    error = None if track.uncertainty is None else float(track.uncertainty[row].max())
                    values = (*map(float, centre), *map(float, seen), error)
                    self.run("INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", node.id, frame, *values)
                if (extent := track.extent(frame)) is not None:
                    width, height, depth = (float(extent[axis]) for axis in _SIDES[self.up])
                    self.run("INSERT INTO size VALUES (?, ?, ?, ?, ?)", node.id, frame, width, height, depth)

    def _load_relations(self, graph: SceneGraph, min_score: float) -> None:
        kept = [(at, tie) for at, tie in enumerate(graph.relations) if tie.score >= min_score]
        self._many("tie", ((at, tie.subject, graph.predicate_name(tie), tie.object) for at, tie in kept))
        whole = ((0, graph.source.num_frames),)
        self._many("raw_span", ((at, *map(int, span)) for at, tie in kept for span in tie.spans or whole))
        self.run(f"INSERT INTO span {_MERGE_SPANS}")
        self._fill_window(0, whole)


def _items(value: Any) -> Iterator[tuple[str, bool]]:
    """(spelling, whether it is nothing) of every value in a recorded value; flags are no values."""
    if isinstance(value, list | tuple):
        for item in value:
            yield from _items(item)
    elif not isinstance(value, bool):
        yield spelling(str(value)), value is None


def _exclusions(names: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    """(name, other, how): that a predicate of the graph excludes a name of the language's tables, or its own denial.

    Where it holds the other way round, of the same subject, or of the same pair.
    """
    groups = (("subject", EXCLUSIVE), ("pair", EXCLUSIVE_FOR_A_PAIR))
    known = {*RESTING, *ONE_WAY, *(name for _, rows in groups for row in rows for name in row)}
    for other in names:
        two = plain(other)
        yield denied(two), other, "pair"
        for one in known:
            if (one in RESTING and two in RESTING) or (one in ONE_WAY and one not in RESTING and one == two):
                yield one, other, "reverse"
            for how, rows in groups:
                if any(one in row and two in row and one != two for row in rows):
                    yield one, other, how
