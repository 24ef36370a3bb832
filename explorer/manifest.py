"""manifest.json: what an index holds and where; the first file that the page reads, the last that is written."""

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from scenegraph import InputError, Vocabulary, checked_json
from scenegraph.storage import write_atomically

SCHEMA = "groundgraph-index/4"
NAME = "manifest.json"
TRUTH = "truth"
"""The set that holds what people annotated; every other set holds predictions."""

COMPARISON_TABLES = ("comparison", "truth_ranks", "ranks", "scores", "pairs", "predicates")
"""Further tables of a set that was held against the truth (`explorer.comparisons`)."""

SET_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
"""Set names and item keys become parts of file names and of addresses."""

MAX_NAMES = 1 << 16


@dataclass(frozen=True)
class GraphSet:
    """One named set of graphs: the truth or the predictions of one model."""

    name: str
    role: str
    graphs: int
    nodes: int
    relations: int
    problems: int
    scored: bool
    comparison: dict[str, Any] | None = None
    """Of predictions over a truth: thresholds, ks, recall and mean_recall by both, how many items it speaks of, of
    how many of them there is no prediction, and which splits they are."""

    def tables(self) -> tuple[str, ...]:
        """The file names of its tables inside the columns folder."""
        names = ("graphs", "nodes", "relations", *(COMPARISON_TABLES if self.comparison else ()))
        return tuple(f"{self.name}.{table}.parquet" for table in names)


@dataclass(frozen=True)
class Manifest:
    """What an index holds.

    `version` names the folder of its tables and changes with its content; `inputs` changes when
    anything it was built from may have changed.
    """

    version: str
    inputs: str
    title: str
    things: tuple[str, ...]
    stuff: tuple[str, ...]
    predicates: tuple[str, ...]
    items: int
    kinds: tuple[str, ...]
    """Kinds of sources among the items: image, video, rgbd."""
    missing_pictures: int
    sets: tuple[GraphSet, ...]
    problems: tuple[str, ...] = ()
    palette: tuple[str, ...] = ()
    """Colours of nodes by id, as in drawings; they repeat after the last."""

    @property
    def categories(self) -> tuple[str, ...]:
        """Things, then stuff: what the `*_id` columns of nodes index."""
        return self.things + self.stuff

    def columns(self, index: Path) -> Path:
        """The folder of the tables."""
        return index / "columns" / self.version

    def table_names(self) -> tuple[str, ...]:
        """The names of all table files."""
        return ("items.parquet", *(name for graphs in self.sets for name in graphs.tables()))

    def to_json(self) -> dict[str, Any]:
        """The JSON value of the file."""
        return {"schema": SCHEMA, **asdict(self)}

    def write(self, index: Path) -> None:
        """Write manifest.json atomically: from then on the index has its new content."""
        write_atomically(index / NAME, json.dumps(self.to_json(), ensure_ascii=False, indent=1).encode("utf-8"))

    @classmethod
    def read(cls, index: str | Path) -> "Manifest":
        """Read the manifest of an index.

        Raises:
            InputError: there is none, it is cut off, or another version of the program wrote it.
        """
        path = Path(index) / NAME
        value = checked_json.checked(checked_json.read(path), "object", str(path))
        schema = value.pop("schema", None)
        if schema != SCHEMA:
            raise InputError(
                f"{path}: the index was written as {schema!r}, this program reads {SCHEMA!r}; build the index again"
            )
        try:
            sets = tuple(GraphSet(**graphs) for graphs in value.pop("sets"))
            for name in ("things", "stuff", "predicates", "kinds", "problems", "palette"):
                value[name] = tuple(value[name])
            manifest = cls(sets=sets, **value)
        except (KeyError, TypeError) as error:
            raise InputError(f"{path}: not a manifest ({error}); build the index again") from None
        if not re.fullmatch(r"[0-9a-f]{16}", manifest.version):
            raise InputError(f"{path}: {manifest.version!r} is no version; build the index again")
        for graphs in sets:
            check_set_name(graphs.name)
        return manifest


def is_index(folder: str | Path) -> bool:
    """Whether a folder holds an index of any version."""
    path = Path(folder) / NAME
    try:
        return path.is_file() and str(checked_json.read(path).get("schema", "")).startswith("groundgraph-index/")
    except (InputError, AttributeError):
        return False


def check_set_name(name: str) -> str:
    """The name itself if it can stand in file names and addresses.

    Raises:
        InputError: it cannot.
    """
    if not SET_NAME.fullmatch(name):
        raise InputError(f"set name {name!r}; expected 1 to 64 letters, digits, '.', '_' or '-', such as 'psgformer'")
    return name


def united(vocabularies: list[Vocabulary]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Things, stuff and predicates of several vocabularies, by name, in order of first appearance.

    A name that is a thing in one and stuff in another counts as what the first says.

    >>> united([Vocabulary(("cat",), ("sky",), ("on",)), Vocabulary(("dog", "cat"), (), ("in", "on"))])
    (('cat', 'dog'), ('sky',), ('on', 'in'))
    """
    kinds: dict[str, str] = {}
    predicates: dict[str, None] = {}
    for vocabulary in vocabularies:
        for kind in ("things", "stuff"):
            for name in getattr(vocabulary, kind):
                kinds.setdefault(name, kind)
        predicates.update(dict.fromkeys(vocabulary.predicates))
    if max(len(kinds), len(predicates)) > MAX_NAMES:
        raise InputError(f"the sets use {len(kinds)} categories and {len(predicates)} predicates; at most {MAX_NAMES}")
    things, stuff = (tuple(name for name in kinds if kinds[name] == kind) for kind in ("things", "stuff"))
    return things, stuff, tuple(predicates)
