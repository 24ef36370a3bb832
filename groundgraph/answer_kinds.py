"""What a question points at and what its answer comes as, beside text: options of `ask` and `prompt`."""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from scenegraph import InputError, Mask, checked_json
from scenegraph.storage import write_atomically

if TYPE_CHECKING:
    from assistant import Assistant, GroundedAnswer
    from assistant.regions import Region
    from assistant.showing import Frames

MASK_SUFFIX = ".png"


def add_region_argument(parser: argparse.ArgumentParser) -> None:
    """Add the option for what a question points at."""
    parser.add_argument(
        "--region",
        dest="regions",
        metavar="REGION",
        action="append",
        default=[],
        help='what "this" or "here" means: {"point": [x, y]}, {"box": [x1, y1, x2, y2]}, {"time": [12, 18.5]}, '
        '{"frames": [30, 60]}, with "frame": N in a video, or a mask as PNG (white is meant); several may be given',
    )


def add_kind_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options for what an answer comes as."""
    parser.add_argument("--mask", metavar="OUT.png", type=Path, help="write the mask of the nodes that are the answer")
    parser.add_argument("--picture", metavar="OUT.png", type=Path, help="write the picture with the evidence in it")
    parser.add_argument("--clip", metavar="OUT.gif", type=Path, help="write the time of the evidence as a clip")
    parser.add_argument("--schema", metavar="SCHEMA.json", type=Path, help="print the answer as JSON of this schema")
    parser.add_argument("--images", metavar="DIR", type=Path, help="where pictures and videos of graphs are")


def regions_given(arguments: argparse.Namespace) -> "tuple[Region, ...]":
    """The regions of a command line.

    Raises:
        InputError: one is neither JSON of a region nor a mask.
    """
    from assistant.regions import regions_of

    return regions_of([_region(text) for text in arguments.regions])


def _region(text: str) -> Any:
    if not text.lower().endswith(MASK_SUFFIX):
        return checked_json.parse(text)
    from scenegraph.images import read_image

    return {"mask": Mask.from_array(np.asarray(read_image(text)).max(axis=2) > 127).to_coco()}


def schema_given(arguments: argparse.Namespace) -> Mapping[str, Any] | None:
    """The JSON Schema of a command line, None where it names none.

    Raises:
        InputError: the file cannot be read, or holds no object.
    """
    if arguments.schema is None:
        return None
    value = checked_json.read(arguments.schema)
    return checked_json.checked(value, "object", str(arguments.schema))


def filled(answer: "GroundedAnswer", assistant: "Assistant", schema: Mapping[str, Any]) -> str:
    """The answer as JSON of the caller's schema.

    Raises:
        InputError: the schema cannot be filled with what the answer holds.
    """
    from assistant.filling import fill

    return json.dumps(fill(schema, answer, assistant.index), ensure_ascii=False)


def write_kinds(answer: "GroundedAnswer", assistant: "Assistant", arguments: argparse.Namespace) -> None:
    """Write the files that a command line asks for.

    Raises:
        InputError: the answer rests on no node that could be shown, or a file cannot be written.
    """
    from assistant import showing
    from groundgraph.media import frames_of

    if not any((arguments.mask, arguments.picture, arguments.clip)):
        return
    graph, nodes = assistant.graph, showing.evidence(answer)
    if not nodes:
        raise InputError(f"the answer rests on no node that could be shown: {answer.text}")
    frame = showing.evidence_frame(graph, answer)
    frames: Frames | None = frames_of(graph, arguments.graph, arguments.images)
    if arguments.mask:
        write_atomically(arguments.mask, showing.mask_png(graph, nodes, frame))
    if arguments.picture:
        write_atomically(arguments.picture, showing.picture_png(graph, nodes, frame, frames))
    if arguments.clip:
        write_atomically(arguments.clip, showing.clip_gif(graph, answer, frames))
