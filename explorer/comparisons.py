"""Every predicted set held against the truth: kept between builds, and written as tables that the page filters by.

    SET.comparison.parquet   one row an item: what `explorer.comparing` said, as lists; read again by the next build
    SET.truth_ranks.parquet  one row a true relation, in the order of truth.relations: rank_T
    SET.ranks.parquet        one row a predicted relation, in the order of SET.relations: rank, truth_T
    SET.scores.parquet       one row an item: truths, found_T_K
    SET.pairs.parquet        matched nodes: item, truth_node, node
    SET.predicates.parquet   one row a predicate that occurs: truths, items, recall_T_K

T is a threshold in percent, K a number of rows. Ranks count from 0.
"""

import signal
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from tqdm import tqdm

from explorer import layout
from explorer.columns import NAME, read_table, write_table
from explorer.comparing import KS, THRESHOLDS, compare
from explorer.manifest import TRUTH
from explorer.reading import workers_for
from scenegraph import InputError, files
from scenegraph.recall import NEVER

NOT_FOUND = 65535
NOT_COMPARED = 65534
"""Ranks of true relations that no row finds, and of those that could not be compared."""

PART = 200
"""Comparisons between two savings: some seconds of work."""

_LIST = pa.list_(pa.field("element", pa.int32(), nullable=False))
SCHEMA = pa.schema(
    [
        pa.field(name, kind, nullable=False)
        for name, kind in {
            "item_id": pa.string(),
            "signatures": pa.string(),
            "problem": NAME,
            "truth_ranks": _LIST,
            "order": _LIST,
            "nodes": _LIST,
        }.items()
    ]
)


class Job(NamedTuple):
    """An item to compare, and what its graphs were when it was."""

    item: str
    signatures: str


def signatures(truth: pa.Table, prediction: pa.Table) -> dict[str, str]:
    """The items that two sets share and can read, with a text that changes when a graph of them does."""
    readable = [
        {
            item: signature
            for item, signature, height in zip(
                *(table[name].to_pylist() for name in ("item_id", "signature", "height")), strict=True
            )
            if height
        }
        for table in (truth, prediction)
    ]
    options = f"{THRESHOLDS} {KS}"
    return {
        item: f"{first} {readable[1][item]} {options}" for item, first in readable[0].items() if item in readable[1]
    }


def compare_set(
    name: str,
    wanted: Mapping[str, str],
    index: Path,
    previous: Path | None,
    progress: bool = True,
    workers: int | None = None,
) -> pa.Table:
    """One row an item of `wanted`: what is known is kept, the rest is compared by several processes.

    Args:
        name: of the predicted set.
        wanted: item to the signatures of its graphs.
        index: the folder of the index, which has the graph files.
        previous: the columns of the last build.
        progress: show a progress bar.
        workers: number of processes, chosen here if None.

    Raises:
        InputError: a file could not be written. (What cannot be compared gets a row with the reason.)
    """
    folder = index / "parts" / name
    folder.mkdir(parents=True, exist_ok=True)
    kept = [] if previous is None else [previous / f"{name}.comparison.parquet"]
    kept += sorted(folder.glob("*.comparison.parquet"))
    tables = [SCHEMA.empty_table(), *filter(None, map(_read, kept))]
    keys = [Job(*pair) for table in tables for pair in zip(*table.select([0, 1]).to_pydict().values(), strict=True)]
    known = set(keys)
    jobs = [job for item, text in wanted.items() if (job := Job(item, text)) not in known]
    with tqdm(
        total=len(wanted), initial=len(wanted) - len(jobs), desc=f"compare {name}", unit=" items", disable=not progress
    ) as bar:
        for number, rows in enumerate(_compared(index, name, jobs, workers), len(kept)):
            table = pa.Table.from_pylist(rows, schema=SCHEMA)
            write_table(table, folder / f"{number:06d}.comparison.parquet")
            tables.append(table)
            keys += [Job(row["item_id"], row["signatures"]) for row in rows]
            bar.update(len(rows))
    place = {key: row for row, key in enumerate(keys)}
    order = [place[Job(item, text)] for item, text in wanted.items()]
    return pa.concat_tables(tables).unify_dictionaries().take(pa.array(order, type=pa.int64())).combine_chunks()


def _read(path: Path) -> pa.Table | None:
    try:
        return read_table(path, SCHEMA.names).cast(SCHEMA)
    except (InputError, pa.ArrowException):
        return None  # not there, or damaged: compared again


def _compared(index: Path, name: str, jobs: Sequence[Job], workers: int | None) -> Iterator[list[dict[str, Any]]]:
    chunks = [(index, name, jobs[start : start + PART]) for start in range(0, len(jobs), PART)]
    count = workers or workers_for(len(jobs))
    if count == 1:
        yield from map(_compare_all, chunks)
        return
    pool = ProcessPoolExecutor(count, initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN))
    try:
        yield from pool.map(_compare_all, chunks)
    finally:
        pool.shutdown(cancel_futures=True)


def _compare_all(work: tuple[Path, str, Sequence[Job]]) -> list[dict[str, Any]]:
    index, name, jobs = work
    return [_compare_one(index, name, job) for job in jobs]


def _compare_one(index: Path, name: str, job: Job) -> dict[str, Any]:
    row: dict[str, Any] = {"item_id": job.item, "signatures": job.signatures, "problem": ""}
    key = layout.key_of(job.item)
    try:
        truth, prediction = (files.load(layout.graph_path(index, each, key)) for each in (TRUTH, name))
        result = compare(truth, prediction)
    except InputError as error:
        told = str(error).replace(f"{index}/", "")
        return row | {"problem": told, "truth_ranks": [], "order": [], "nodes": []}
    ranks = np.where(result.truth_ranks == NEVER, NOT_FOUND, result.truth_ranks)
    return row | {
        "truth_ranks": ranks.ravel().tolist(),
        "order": result.order.tolist(),
        "nodes": result.nodes.ravel().tolist(),
    }
