"""Many scene graphs as one index: tables for counting, a file for every graph, links to the pictures.

`build` reads only what is new or changed since the last time, keeps what it has read when it is
interrupted, and replaces the index in one step at the end. `explorer.layout` shows the folder.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from tqdm import tqdm

from explorer import films, layout
from explorer.clouds import cloud_of, clouds_stamp
from explorer.columns import IDS, NAME, Tables, with_ids, with_items, write_table
from explorer.comparisons import compare_set, signatures
from explorer.folder import claimed, locked, tidy
from explorer.manifest import TRUTH, GraphSet, Manifest, check_set_name, is_index, united
from explorer.plan import Plan, plan_items
from explorer.reading import read_set
from explorer.rgbd_sources import depths_of, write_depths
from explorer.scores import Placed, score_tables
from explorer.sources import Entry, GraphSource, Pictures, Told, open_sources
from scenegraph import InputError
from scenegraph.palette import COUNT, colour
from scenegraph.video_files import VIDEO_SUFFIXES

Sources = Mapping[str, str | Path | Iterable[str | Path]]
"""Set name to what it holds: psg.json, folders of *.scenegraph.json, single graph files."""

SHOWN_PROBLEMS = 100
"""More are counted, not listed."""


class Linked(NamedTuple):
    """What an item has: the suffix of its pictures ("": none), frames with picture and depth, a cloud, a video file."""

    suffix: str
    frames: int
    depths: int = 0
    cloud: bool = False
    film: bool = False


def build(
    sources: Sources,
    out: str | Path,
    *,
    title: str = "",
    pictures: Iterable[str | Path] = (),
    progress: bool = True,
    workers: int | None = None,
) -> Manifest:
    """Build an index, or bring one up to date.

    Args:
        sources: the set "truth" and sets of predictions, by name; a prediction belongs to the true
            item of the same id (image id, or file name without its suffix).
        out: the folder of the index; an index that is there is brought up to date.
        title: what the page is called.
        pictures: further folders in which pictures are looked for.
        progress: show a progress bar on stderr.
        workers: processes that read graphs; as many as suit the machine and the work if not given.

    Returns:
        The manifest: sets, counts, vocabulary, and what could not be read.

    Raises:
        InputError: there is nothing to index, nothing of it can be read, a set has an unusable name,
            `out` holds something else, another build is writing to it, or the disk is full.

    >>> build({"truth": "data/toyworld/psg.json", "psgformer": "predictions"}, "index")  # doctest: +SKIP
    """
    opened = _opened(sources)
    index = claimed(Path(out))
    with locked(index):
        previous = _previous(index)
        inputs = _digest(title, *(_stamps(name, given) for name, given in opened.items()))
        if previous is not None and previous.inputs == inputs and not previous.missing_pictures:
            return previous
        plan = plan_items({name: _entries(given) for name, given in opened.items()})
        tables = {
            name: read_set(name, given, plan, index, _known(previous, index, name), progress, workers)
            for name, given in opened.items()
        }
        _check_any_readable(tables)
        roots = [source.root for given in opened.values() for source in given] + [Path(folder) for folder in pictures]
        linked = _link_pictures(opened, plan, tables, Pictures(roots), index, progress)
        compared = _compare(tables, index, previous, progress, workers)
        manifest = _write(index, inputs, title, plan, tables, linked, compared)
        tidy(index, manifest, plan, [item.suffix for item in linked], [item.film for item in linked])
        return manifest


def _stamps(name: str, sources: Sequence[GraphSource]) -> str:
    return "\0".join(f"{name} {source.stamp()} {clouds_stamp(source)}" for source in sources)


def _opened(sources: Sources) -> dict[str, list[GraphSource]]:
    if not sources:
        raise InputError(f"no sets were given; expected a mapping such as {{{TRUTH!r}: 'data/psg.json'}}")
    opened = {}
    for name, given in sources.items():
        paths = [given] if isinstance(given, str | Path) else list(given)
        opened[check_set_name(name)] = [source for path in paths for source in open_sources(path)]
    return opened


def _entries(sources: Sequence[GraphSource]) -> list[Entry]:
    return [entry for number, source in enumerate(sources) for entry in source.entries(number)]


def _previous(index: Path) -> Manifest | None:
    if not is_index(index):
        return None
    try:
        manifest = Manifest.read(index)
    except InputError:
        return None  # of another version: everything is read again
    folder = manifest.columns(index)
    return manifest if all((folder / name).is_file() for name in manifest.table_names()) else None


def _known(previous: Manifest | None, index: Path, name: str) -> Tables | None:
    """What the index held of a set so far."""
    if previous is None or all(graphs.name != name for graphs in previous.sets):
        return None
    try:
        return Tables.read(previous.columns(index), name)
    except InputError:
        return None  # damaged: read again


def _compare(
    tables: Mapping[str, Tables], index: Path, previous: Manifest | None, progress: bool, workers: int | None
) -> dict[str, pa.Table]:
    """What the strict protocol says about every predicted set; nothing where there is no truth."""
    if TRUTH not in tables:
        return {}
    columns = None if previous is None else previous.columns(index)
    truth = tables[TRUTH].graphs
    return {
        name: compare_set(name, signatures(truth, given.graphs), index, columns, progress, workers)
        for name, given in tables.items()
        if name != TRUTH
    }


def _problems(name: str, tables: Tables) -> list[str]:
    problems = tables.graphs.filter(pc.not_equal(tables.graphs["problem"].cast(pa.string()), ""))
    return [
        f"{name}: {item}: {text}" for item, text in zip(*problems.select(["item_id", "problem"]).columns, strict=True)
    ]


def _check_any_readable(tables: Mapping[str, Tables]) -> None:
    problems = [line for name, given in tables.items() for line in _problems(name, given)]
    graphs = sum(len(given.graphs) for given in tables.values())
    if len(problems) == graphs:
        shown = "\n  ".join(problems[:5]) or "the files hold no graphs"
        raise InputError(f"none of the {graphs} graphs can be read:\n  {shown}")


def _link_pictures(
    opened: Mapping[str, Sequence[GraphSource]],
    plan: Plan,
    tables: Mapping[str, Tables],
    finder: Pictures,
    index: Path,
    progress: bool,
) -> list[Linked]:
    """Link every item's pictures into the index, from the first set that knows them."""
    linked = [Linked("", 0)] * len(plan.ids)
    total = sum(map(len, plan.entries.values()))
    with tqdm(total=total, desc="find pictures", unit=" items", disable=not progress) as bar:
        for name, sources in opened.items():
            graphs = tables[name].graphs
            said = map(Told, *(graphs[column].to_pylist() for column in ("uri", "kind", "num_frames", "fps")))
            for row, entry, told in zip(plan.rows[name], plan.entries[name], said, strict=True):
                bar.update()
                source, key = sources[entry.source], layout.key_of(plan.ids[row])
                if told.kind != "image" and not linked[row].cloud:
                    cloud = cloud_of(source, entry)
                    if cloud is not None:
                        layout.link(cloud, layout.cloud_path(index, key))
                    linked[row] = linked[row]._replace(cloud=cloud is not None)
                if linked[row].suffix:
                    continue
                found = source.pictures(entry.position, told, finder)
                pictures = _link(found, told, index, key)
                depths = depths_of(source, entry, told, finder) if pictures.frames else None
                written = write_depths(depths, entry.signature, pictures.frames, index, key)
                linked[row] = pictures._replace(depths=written, cloud=linked[row].cloud)
    return linked


def _link(found: Sequence[Path], told: Told, index: Path, key: str) -> Linked:
    if not found:
        return Linked("", 0)
    suffix = found[0].suffix.lower()
    if suffix in VIDEO_SUFFIXES:
        # The tables hold 32 bits: the shortest number that they stand for is the one that the graph states.
        film = films.Film(str(found[0]), float(str(np.float32(told.fps))), told.frames)
        return Linked(films.SUFFIX, told.frames, film=True) if films.add(index, key, film) else Linked("", 0)
    layout.link(found[0], layout.image_path(index, key, suffix))
    if len(found) == 1:
        return Linked(suffix, 0)
    films.remove(index, key)
    for frame, path in enumerate(found):
        layout.link(path, layout.frame_path(index, key, frame, suffix))
    return Linked(suffix, len(found))


def _write(
    index: Path,
    inputs: str,
    title: str,
    plan: Plan,
    tables: Mapping[str, Tables],
    linked: Sequence[Linked],
    compared: Mapping[str, pa.Table],
) -> Manifest:
    """Write the tables, then the manifest that makes them the index."""
    things, stuff, predicates = united([words for given in tables.values() for words in given.vocabularies()])
    problems = [line for name, given in tables.items() for line in _problems(name, given)]
    signatures = [text for given in tables.values() for text in given.graphs["signature"].to_pylist()]
    manifest = Manifest(
        version=_digest(inputs, *signatures, *map(str, linked)),
        inputs=inputs,
        title=title,
        things=things,
        stuff=stuff,
        predicates=predicates,
        items=len(plan.ids),
        kinds=tuple(sorted({kind for given in tables.values() for kind in given.graphs["kind"].to_pylist()} - {""})),
        missing_pictures=sum(not pictures.suffix for pictures in linked),
        sets=tuple(_graph_set(name, given) for name, given in tables.items()),
        problems=tuple(problems[:SHOWN_PROBLEMS]),
        palette=tuple("#{:02x}{:02x}{:02x}".format(*colour(number)) for number in range(COUNT)),
    )
    folder = manifest.columns(index)
    folder.mkdir(parents=True, exist_ok=True)
    write_table(_items(plan, tables, linked), folder / "items.parquet")
    relations = {name: _write_set(folder, name, given, plan, manifest) for name, given in tables.items()}
    manifest = replace(manifest, sets=tuple(_scored(folder, manifest, plan, tables, relations, compared)))
    manifest.write(index)
    return manifest


def _scored(
    folder: Path,
    manifest: Manifest,
    plan: Plan,
    tables: Mapping[str, Tables],
    relations: Mapping[str, pa.Table],
    compared: Mapping[str, pa.Table],
) -> Iterator[GraphSet]:
    """All sets; those that were held against the truth with their numbers, after their tables were written."""
    rows = {item: row for row, item in enumerate(plan.ids)}
    for graphs in manifest.sets:
        if graphs.name not in compared:
            yield graphs
            continue
        owed, splits = plan.due(TRUTH, graphs.name)
        due = np.zeros(len(plan.ids), dtype=bool)
        due[owed] = True
        due[plan.rows[TRUTH]] &= tables[TRUTH].graphs["height"].to_numpy() > 0  # 0: the true graph is unreadable
        placed = [Placed.of(relations[name], len(plan.ids)) for name in (TRUTH, graphs.name)]
        written, numbers = score_tables(compared[graphs.name], rows, *placed, manifest.predicates, due)
        for part, table in written.items():
            write_table(table, folder / f"{graphs.name}.{part}.parquet")
        yield replace(graphs, comparison=numbers | {"splits": splits})


def _write_set(folder: Path, name: str, tables: Tables, plan: Plan, manifest: Manifest) -> pa.Table:
    """Write the tables of a set in item order; gives the relations as written."""
    items = np.array(plan.rows[name], dtype=np.int64)
    order = np.argsort(items, kind="stable")
    tables, items = tables.taken(order), items[order]
    write_table(with_items(tables.graphs, items), folder / f"{name}.graphs.parquet")
    for part, columns in IDS.items():
        table = with_ids(getattr(tables, part), columns, manifest.categories, manifest.predicates)
        table = with_items(table, np.repeat(items, tables.counts(part)))
        write_table(table, folder / f"{name}.{part}.parquet")
    return table  # of the last part, the relations


def _graph_set(name: str, tables: Tables) -> GraphSet:
    scores = tables.relations["score"].to_numpy()
    return GraphSet(
        name=name,
        role="truth" if name == TRUTH else "prediction",
        graphs=len(tables.graphs),
        nodes=len(tables.nodes),
        relations=len(tables.relations),
        problems=len(_problems(name, tables)),
        scored=bool((scores < 1).any()),
    )


def _items(plan: Plan, tables: Mapping[str, Tables], linked: Sequence[Linked]) -> pa.Table:
    """One row an item; kind and size are those of the first set whose graph of it can be read."""
    graphs = Tables.concatenated(list(tables.values())).graphs
    rows = np.concatenate([np.array(plan.rows[name], dtype=np.int64) for name in tables])
    readable = graphs["height"].to_numpy() > 0
    # The last assignment stays: unreadable graphs first, and of the others the first set last.
    order = np.concatenate((np.flatnonzero(~readable), np.flatnonzero(readable)[::-1]))
    chosen = np.zeros(len(plan.ids), dtype=np.int64)
    chosen[rows[order]] = order
    keys = [layout.key_of(item) for item in plan.ids]
    table = graphs.select(["kind", "height", "width", "num_frames", "fps"]).take(pa.array(chosen))
    suffixes, frames, depths, clouds, _ = zip(*linked, strict=True)
    for position, (name, values, kind) in enumerate(
        (
            ("item_id", plan.ids, pa.string()),
            ("key", keys, pa.string()),
            ("picture", suffixes, NAME),
            ("frame_pictures", frames, pa.uint32()),
            ("frame_depths", depths, pa.uint32()),
            ("cloud", [int(cloud) for cloud in clouds], pa.uint32()),
        )
    ):
        table = table.add_column(position, pa.field(name, kind, nullable=False), pa.array(values, type=kind))
    return with_items(table, np.arange(len(plan.ids)))


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=8).hexdigest()
