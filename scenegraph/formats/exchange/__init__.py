"""Graphs in the formats of other programs: graph libraries, databases, the web of data, annotation tools.

Every writer declares what of a graph its format loses; the tests hold that what it does not declare is
kept, and that what it declares does not show.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from scenegraph.errors import InputError
from scenegraph.formats.exchange.cypher import write_csv, write_cypher
from scenegraph.formats.exchange.json_ld import write_json_ld
from scenegraph.formats.exchange.label_studio import write_label_studio
from scenegraph.formats.exchange.network import write_graphml, write_node_link
from scenegraph.graph import SceneGraph

Part = Literal[
    "scores",
    "attributes",
    "boxes",
    "masks",
    "frames",
    "positions",
    "spans",
    "camera",
    "metadata",
    "names",
    "kinds",
    "relation scores",
]
"""What a graph holds beside the names of its nodes and relations.

`boxes` is where nodes are first seen, `frames` where they are later, `positions` places and sizes in metres,
`camera` with the axis that points up, `names` the order of the vocabulary and its words that no node and no relation
uses, `kinds` whether a node is a thing, `scores` those of nodes.
"""

PARTS: tuple[Part, ...] = get_args(Part)


@dataclass(frozen=True)
class Writer:
    """A format that graphs can be written in.

    Attributes:
        name: what the command line calls it.
        title: what people call it.
        suffixes: of the files that it makes of a graph.
        loses: what a graph holds and the format does not.
        write: gives the content of each file by its suffix.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    loses: tuple[Part, ...]
    write: Callable[[SceneGraph], Mapping[str, bytes]]


_PIXELS: tuple[Part, ...] = ("masks", "frames", "positions")
_REST: tuple[Part, ...] = ("camera", "metadata", "names")

WRITERS = {
    writer.name: writer
    for writer in (
        Writer(
            "node-link", "node-link JSON of networkx and d3", (".node-link.json",), (*_PIXELS, *_REST), write_node_link
        ),
        Writer("graphml", "GraphML", (".graphml",), (*_PIXELS, *_REST), write_graphml),
        Writer("json-ld", "JSON-LD, W3C Web Annotation", (".jsonld",), (*_PIXELS, *_REST), write_json_ld),
        Writer("cypher", "Cypher statements", (".cypher",), (*_PIXELS, *_REST), write_cypher),
        Writer(
            "csv",
            "CSV tables for neo4j-admin and pandas",
            (".source.csv", ".relations.csv", ".nodes.csv"),
            (*_PIXELS, *_REST),
            write_csv,
        ),
        Writer(
            "label-studio",
            "Label Studio tasks with a labelling interface",
            (".label-studio.xml", ".label-studio.json"),
            ("masks", "positions", "spans", "attributes", "kinds", "relation scores", "camera", "metadata"),
            write_label_studio,
        ),
    )
}
"""Every writer by its name."""


def writer(name: str) -> Writer:
    """The writer of a name.

    Raises:
        InputError: there is none.
    """
    if name not in WRITERS:
        raise InputError(f"there is no writer {name!r}; expected one of {', '.join(WRITERS)}")
    return WRITERS[name]


__all__ = ["PARTS", "WRITERS", "Part", "Writer", "writer"]
