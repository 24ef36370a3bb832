"""Questions about one item, answered by the assistant from its graph file."""

import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

from scenegraph import InputError, SceneGraph, files

KEPT_GRAPHS = 8
"""Graphs kept between questions: people ask several about one picture."""

AT_ONCE = 2


class Questions:
    """Asks the assistant; several may ask at once, a few are answered at a time."""

    def __init__(self) -> None:
        self._free = threading.BoundedSemaphore(AT_ONCE)
        self._load = lru_cache(maxsize=KEPT_GRAPHS)(_load)

    def prepare(self) -> None:
        """Load the assistant; the first who asks waits for its word lists, and that is not part of answering."""
        import assistant  # noqa: F401

    def answer(self, path: Path, question: str) -> dict[str, Any]:
        """The answer as JSON values (`groundgraph-answer/1`).

        Raises:
            InputError: there is no such graph, or it cannot be read.
        """
        from assistant import Assistant

        try:
            changed = path.stat().st_mtime_ns
        except OSError:
            raise InputError("this item has no graph in this set") from None
        with self._free:
            answer: dict[str, Any] = Assistant(self._load(path, changed)).ask(question).to_json()
        return answer


def _load(path: Path, changed: int) -> SceneGraph:
    return files.load(path)
