"""Notes that a language model or a person leaves beside a graph: in memory, or in a file named at the start.

A note is never part of the graph: no answer rests on it, and it is given out as what somebody wrote.
"""

import json
import threading
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from assistant.names import printable
from scenegraph import InputError, SceneGraph, checked_json
from scenegraph.storage import write_atomically

MAX_NOTES = 10_000
MAX_CHARACTERS = 2000
MAX_NODES = 50
MAX_BYTES = 64 << 20


@dataclass(frozen=True)
class Note:
    """A text about a graph, or about some of its nodes."""

    graph: str
    text: str
    nodes: tuple[int, ...] = ()
    written: str = ""


class Notes:
    """The notes of all graphs.

    Args:
        file: where they are kept, one JSON object a line; None keeps them in memory.

    Raises:
        InputError: the file holds something else.
    """

    def __init__(self, file: Path | None = None) -> None:
        self.file = file
        self._lock = threading.Lock()
        self._notes: list[Note] = [] if file is None or not file.exists() else _read(file)

    def of(self, graph: str, node: int | None = None) -> list[Note]:
        """The notes of a graph, or of one of its nodes, oldest first."""
        return [note for note in self._notes if note.graph == graph and (node is None or node in note.nodes)]

    def add(self, name: str, graph: SceneGraph, text: str, nodes: tuple[int, ...]) -> Note:
        """Keep a note; what it is about exists.

        Raises:
            InputError: the text is empty or too long, a node does not exist, or the file cannot be written.
        """
        shown = printable(text, MAX_CHARACTERS + 1)
        if not shown or len(text) > MAX_CHARACTERS:
            raise InputError(f"a note has 1 to {MAX_CHARACTERS} characters; {len(text)} came")
        if len(nodes) > MAX_NODES:
            raise InputError(f"a note is about {MAX_NODES} nodes at most; {len(nodes)} came")
        for node in nodes:
            graph.node(node)
        note = Note(name, shown, tuple(dict.fromkeys(nodes)), datetime.now(UTC).isoformat(timespec="seconds"))
        with self._lock:
            if len(self._notes) >= MAX_NOTES:
                raise InputError(f"there are {MAX_NOTES} notes already; remove some from the file")
            kept = [*self._notes, note]
            if self.file is not None:
                lines = "".join(json.dumps(asdict(each)) + "\n" for each in kept)
                write_atomically(self.file, lines.encode())
            self._notes = kept
        return note


def _read(file: Path) -> list[Note]:
    try:
        if file.stat().st_size > MAX_BYTES:
            raise InputError(f"{file}: larger than {MAX_BYTES >> 20} MB; no file of notes")
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file}: the notes cannot be read ({error})") from None
    notes = []
    for number, line in enumerate(filter(None, lines), 1):
        where = f"{file} line {number}"
        value = checked_json.checked(checked_json.parse(line), "object", where)
        nodes = checked_json.field(value, "nodes", "list", where, default=[])
        notes.append(
            Note(
                checked_json.field(value, "graph", "text", where),
                checked_json.field(value, "text", "text", where),
                tuple(checked_json.checked(node, "whole number", f"{where}.nodes") for node in nodes),
                checked_json.field(value, "written", "text", where, default=""),
            )
        )
    return notes
