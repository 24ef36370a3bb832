"""The graphs that a server answers from, by name; pictures that were sent become graphs as well."""

import hashlib
import logging
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
from assistant.serving.recognising import KnownPictures
from scenegraph import InputError, SceneGraph

LOG = logging.getLogger("groundgraph.serving")

PREFIX = "scenegraph/"
"""Model names name graphs: `scenegraph/street` is the graph `street`."""

PICTURE = "picture"
"""The name under which a picture that a request brings is asked about."""

KEPT_GRAPHS = 64
"""Graphs that are kept in memory; a folder may hold tens of thousands."""

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
    """Graphs by name, each loaded when it is first asked about.

    Args:
        graphs: names and what loads each; names are distinct.
        predict: makes a graph of a picture; None where there is no model for that.
        options: of every `Assistant`.
        known: pictures of the graphs, by which a sent one is recognised; None where pictures are not compared.

    Raises:
        InputError: a name is used twice or cannot stand in an address.
    """

    def __init__(
        self,
        graphs: Iterable[tuple[str, Callable[[], Served]]],
        predict: Predict | None = None,
        options: Mapping[str, Any] | None = None,
        known: KnownPictures | None = None,
    ) -> None:
        self.predict = predict
        self.known = known
        self.options = dict(options or {})
        self._loaders: dict[str, Callable[[], Served]] = {}
        self._loaded: OrderedDict[str, Served] = OrderedDict()
        self._loading = threading.Lock()
        self._pictures: OrderedDict[str, Served] = OrderedDict()
        self._predicting = threading.Lock()
        for name, load in graphs:
            if name in self._loaders or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", name):
                raise InputError(f"graph name {name[:100]!r}: expected distinct names of letters, digits, dot, dash")
            self._loaders[name] = load

    @classmethod
    def of(
        cls,
        graphs: Mapping[str, SceneGraph],
        predict: Predict | None = None,
        known: KnownPictures | None = None,
        **options: Any,
    ) -> "Library":
        """A library of graphs in memory, with the same options for each `Assistant`."""

        def served(name: str) -> Callable[[], Served]:
            made = Served(name, Assistant(graphs[name], **options))
            return lambda: made

        return cls([(name, served(name)) for name in graphs], predict, options, known)

    @property
    def names(self) -> list[str]:
        """The names of the graphs, sorted."""
        return sorted(self._loaders)

    @property
    def slow(self) -> bool:
        """Whether answers may wait for a language model or a predictor."""
        return self.predict is not None or self.options.get("llm") is not None

    @property
    def takes_pictures(self) -> bool:
        """Whether a sent picture can be asked about."""
        return self.predict is not None or self.known is not None

    def models(self) -> list[str]:
        """The names of the models, sorted, that of sent pictures last."""
        names = [*self.names, PICTURE] if self.takes_pictures else self.names
        return [f"{PREFIX}{name}" for name in dict.fromkeys(names)]

    def knows(self, model: str) -> bool:
        """Whether a model of this name, with or without its prefix, is there."""
        name = model.removeprefix(PREFIX)
        return name in self._loaders or (name == PICTURE and self.takes_pictures)

    def get(self, name: str) -> Served:
        """The graph of a name, with or without its prefix.

        Raises:
            UnknownGraph: there is none.
            InputError: its file cannot be read any more.
        """
        key = name.removeprefix(PREFIX)
        if key not in self._loaders:
            shown = ", ".join(self.models()[:20]) or "none"
            raise UnknownGraph(f"there is no graph {name[:100]!r}; served are {shown}")
        with self._loading:
            if key not in self._loaded:
                self._loaded[key] = self._load(key)
            self._loaded.move_to_end(key)
            while len(self._loaded) > KEPT_GRAPHS:
                self._loaded.popitem(last=False)
            return self._loaded[key]

    def _load(self, name: str) -> Served:
        try:
            return self._loaders[name]()
        except InputError as error:  # its message names folders of this machine
            LOG.warning("the graph %s cannot be read: %s", name, error)
            raise InputError(f"the graph {name!r} cannot be read; the server's log says why") from None

    def of_picture(self, content: bytes) -> Served:
        """The graph of a picture that was sent: the one that it belongs to, or one that is predicted of it.

        Pictures are predicted one at a time and remembered.

        Raises:
            InputError: there is no predictor, or the picture cannot be read.
        """
        name = None if self.known is None else self.known.name_of(content)
        if name is not None:
            return self.get(name)
        if self.predict is None:
            unknown = "this picture belongs to none of the served graphs, and " if self.known is not None else ""
            raise InputError(
                f"{unknown}this server has no model that makes graphs of pictures; "
                "start it with --checkpoint or --segmenter"
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
