"""Reading the graphs of a set: what is known already is kept, the rest is read by several processes.

Every few hundred graphs the rows read so far are saved as a part, so that an interrupted build
continues where it stopped.
"""

import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from tqdm import tqdm

from explorer import layout
from explorer.columns import Tables, TableWriter
from explorer.plan import Plan
from explorer.sources import Entry, GraphSource, Reading
from scenegraph import InputError
from scenegraph.encoding import dumps, text_of
from scenegraph.storage import write_atomically

PART = 500
"""Graphs between two savings: a second or two of work."""

PARALLEL_FROM = 1000
"""Fewer graphs are read faster by one process than it takes to start others."""

MAX_WORKERS = 8

Job = tuple[str, Entry]
"""An item id and the graph to read for it."""


def read_set(
    name: str,
    sources: Sequence[GraphSource],
    plan: Plan,
    index: Path,
    previous: Tables | None,
    progress: bool = True,
    workers: int | None = None,
) -> Tables:
    """The tables of one set, in entry order, with its graph files written.

    Args:
        name: of the set.
        sources: where its entries are.
        plan: which entry belongs to which item.
        index: the folder of the index.
        previous: what the index held so far.
        progress: show a progress bar.
        workers: number of processes, chosen here if None.

    Raises:
        InputError: a file could not be written. (A graph that cannot be read gets a row with its problem.)
    """
    folder = index / "parts" / name
    folder.mkdir(parents=True, exist_ok=True)
    numbers = sorted(int(path.name.split(".")[0]) for path in folder.glob("[0-9]*.graphs.parquet"))
    parts = [] if previous is None else [previous]
    for number in numbers:
        try:
            parts.append(Tables.read(folder, _prefix(number)))
        except InputError:
            continue  # the interruption came while this part was being written
    positions = _positions(parts)
    entries, ids = plan.entries[name], [plan.ids[row] for row in plan.rows[name]]
    wanted = [(item, entry.signature) for item, entry in zip(ids, entries, strict=True)]
    jobs = [
        (item, entry)
        for item, entry in zip(ids, entries, strict=True)
        if (item, entry.signature) not in positions
        or not _is_whole(layout.graph_path(index, name, layout.key_of(item)))
    ]
    total, done = len(wanted), len(wanted) - len(jobs)
    with tqdm(total=total, initial=done, desc=f"index {name}", unit=" graphs", disable=not progress) as bar:
        first = numbers[-1] + 1 if numbers else 0
        for number, part in enumerate(_read_parts(_Reader(tuple(sources), index, name), jobs, workers), first):
            part.write(folder, _prefix(number))
            parts.append(part)
            bar.update(len(part.graphs))
    positions = _positions(parts)
    return Tables.concatenated(parts).taken(np.array([positions[key] for key in wanted], dtype=np.int64))


class _Reader:
    """Reads graphs and writes their files; sent once to every process."""

    def __init__(self, sources: tuple[GraphSource, ...], index: Path, name: str) -> None:
        self.sources = sources
        self.index = index
        self.name = name

    def part(self, jobs: Sequence[Job]) -> Tables:
        """The rows of some graphs."""
        writer = TableWriter()
        made: set[Path] = set()
        for item, entry in jobs:
            key = layout.key_of(item)
            path, png = (place(self.index, self.name, key) for place in (layout.graph_path, layout.panoptic_path))
            if path.parent not in made:
                path.parent.mkdir(parents=True, exist_ok=True)
                made.add(path.parent)
            try:
                reading = self.sources[entry.source].read(entry.position)
                text = _text(reading, png.name)
            except InputError as error:
                path.unlink(missing_ok=True)  # an older, readable version would contradict the row
                writer.add_problem(item, entry.signature, str(error))
                continue
            if reading.panoptic is not None and reading.panoptic.is_file():
                layout.link(reading.panoptic, png)
            write_atomically(path, text.encode("utf-8"), durable=False)
            writer.add(item, entry.signature, reading.graph)
        return writer.tables()


def _text(reading: Reading, panoptic: str) -> str:
    if reading.segments is None:
        return dumps(reading.graph)
    return text_of(reading.graph, [{"segment": number} for number in reading.segments], panoptic)


_reader: _Reader | None = None
"""The reader of a worker process."""


def _adopt(reader: _Reader) -> None:
    global _reader
    _reader = reader
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the main process hears Ctrl-C and stops the others


def _work(jobs: Sequence[Job]) -> Tables:
    assert _reader is not None
    return _reader.part(jobs)


def _read_parts(reader: _Reader, jobs: Sequence[Job], workers: int | None) -> Iterator[Tables]:
    """The rows of all jobs in parts, in order."""
    chunks = [jobs[start : start + PART] for start in range(0, len(jobs), PART)]
    count = workers or workers_for(len(jobs))
    if count == 1:
        yield from map(reader.part, chunks)
        return
    pool = ProcessPoolExecutor(count, initializer=_adopt, initargs=(reader,))
    try:
        yield from pool.map(_work, chunks)
    finally:
        pool.shutdown(cancel_futures=True)


def workers_for(jobs: int) -> int:
    """How many processes suit the machine and so many graphs."""
    return min(os.cpu_count() or 1, MAX_WORKERS) if jobs >= PARALLEL_FROM else 1


def _positions(parts: Sequence[Tables]) -> dict[tuple[str, str], int]:
    """(item id, signature) to its row in the concatenated parts; the last one counts."""
    pairs = (
        pair
        for part in parts
        for pair in zip(part.graphs["item_id"].to_pylist(), part.graphs["signature"].to_pylist(), strict=True)
    )
    return {pair: row for row, pair in enumerate(pairs)}


def _is_whole(path: Path) -> bool:
    """Whether a graph file is there; a power cut can leave an empty one."""
    try:
        return path.stat().st_size > 0
    except OSError:
        return False


def _prefix(number: int) -> str:
    return f"{number:06d}"
