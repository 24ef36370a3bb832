"""The graphs that a server answers from, by name; pictures that were sent become graphs as well."""

import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import UInt8

from assistant.assistant import Assistant
from scenegraph import InputError, SceneGraph

PREFIX = "scenegraph/"
"""Model names name graphs: `scenegraph/street` is the graph `street`."""

PICTURE = "picture"
"""The name under which a picture that a request brings is asked about."""

KEPT_PICTURES = 8
"""Graphs of sent pictures that are kept: people ask several questions about one picture."""

Frames = Callable[[int], "UInt8[np.ndarray, 'height width 3'] | None"]
"""The picture of a frame, None where there is none."""

Predict = Callable[[bytes], SceneGraph]
"""From the bytes of a picture file to its graph; raises `InputError` for what is no picture."""


class UnknownGraph(LookupError):
    """No graph of that name is served; the message lists those that are."""


@dataclass(frozen=True)
class Served:
    """One graph with its assistant, and its pictures where they are known."""

    name: str
    assistant: Assistant
    frames: Frames | None = None

    @property
    def graph(self) -> SceneGraph:
        """The graph."""
        return self.assistant.graph

    @property
    def model(self) -> str:
        """Its name as a model."""
        return f"{PREFIX}{self.name}"


class Library:
    """Graphs by name.

    Args:
        graphs: what is served; names are distinct.
        predict: makes a graph of a picture; None where pictures are not taken.
        options: of the `Assistant`s of pictures.

    Raises:
        InputError: a name is used twice or cannot stand in an address.
    """

    def __init__(
        self, graphs: Iterable[Served], predict: Predict | None = None, options: Mapping[str, Any] | None = None
    ) -> None:
        self.graphs: dict[str, Served] = {}
        self.predict = predict
        self.options = dict(options or {})
        self._pictures: OrderedDict[str, Served] = OrderedDict()
        self._predicting = threading.Lock()
        for served in graphs:
            if served.name in self.graphs or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", served.name):
                raise InputError(
                    f"graph name {served.name[:100]!r}: expected distinct names of letters, digits, dot, dash"
                )
            self.graphs[served.name] = served

    @classmethod
    def of(cls, graphs: Mapping[str, SceneGraph], predict: Predict | None = None, **options: Any) -> "Library":
        """A library of graphs with the same options for each `Assistant`."""
        return cls([Served(name, Assistant(graph, **options)) for name, graph in graphs.items()], predict, options)

    def models(self) -> list[str]:
        """The names of the models, sorted."""
        names = sorted(self.graphs)
        return [f"{PREFIX}{name}" for name in (names if self.predict is None else [*names, PICTURE])]

    def get(self, name: str) -> Served:
        """The graph of a name, with or without its prefix.

        Raises:
            UnknownGraph: there is none.
        """
        found = self.graphs.get(name.removeprefix(PREFIX))
        if found is None:
            shown = ", ".join(self.models()[:20]) or "none"
            raise UnknownGraph(f"there is no graph {name[:100]!r}; served are {shown}")
        return found

    def of_picture(self, content: bytes) -> Served:
        """The graph of a picture that was sent; pictures are predicted one at a time and remembered.

        Raises:
            InputError: there is no predictor, or the picture cannot be read.
        """
        if self.predict is None:
            raise InputError(
                "this server has no model that makes graphs of pictures; start it with --checkpoint or --segmenter"
            )
        digest = hashlib.sha256(content).hexdigest()[:16]
        with self._predicting:
            known = self._pictures.get(digest)
            if known is None:
                from scenegraph.images import read_image

                graph = self.predict(content)
                picture = read_image(content, graph.source.size)
                name = f"{PICTURE}-{digest}"
                known = Served(name, Assistant(graph, **self.options), lambda frame: picture)
                self._pictures[digest] = known
            self._pictures.move_to_end(digest)
            while len(self._pictures) > KEPT_PICTURES:
                self._pictures.popitem(last=False)
        return known


def graph_names(paths: Iterable[Path]) -> list[str]:
    """Distinct names for graph files: the file's own name without its suffix, numbered where two are equal.

    >>> graph_names([Path("a/street.scenegraph.json"), Path("b/street.json"), Path("my photo.json")])
    ['street', 'street-2', 'my-photo']
    """
    names: list[str] = []
    for path in paths:
        stem = path.name.removesuffix(".json").removesuffix(".scenegraph")
        plain = re.sub(r"[^A-Za-z0-9._-]+", "-", stem).strip("-._")[:90] or "graph"
        number, name = 1, plain
        while name in names:
            number += 1
            name = f"{plain}-{number}"
        names.append(name)
    return names
