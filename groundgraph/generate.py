"""`groundgraph generate`: relations of photos from a vision-language model at a server."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from groundgraph.ask import KEY_VARIABLE
from groundgraph.predict import list_photos, write
from scenegraph import InputError, SceneGraph

if TYPE_CHECKING:
    from assistant.models.server import Server

EPILOG = f"""\
examples:
  groundgraph generate photo.jpg --segments photo_panoptic.png --segments-info panoptic.json \\
      --server http://127.0.0.1:8000/v1 --model Qwen/Qwen3-VL-8B-Instruct --predicates psg.json
  groundgraph generate photos/ --segments predictions/ --server http://127.0.0.1:11434/v1 --open
      # segments of the graphs that `groundgraph predict` wrote; relations in the model's own words

The model sees each photo with the number of every segment written on it, and answers with relations between
numbers. What it writes is checked; it is told once what is wrong; what is wrong then is dropped and listed in the
graph's metadata, beside the model, the server and hashes of the question. A photo whose graph answers the same
question already is not asked about again. The server's key is read from ${KEY_VARIABLE}; photos are sent to the
server, and to nobody else.

Exit code 2: a photo could not be used, or the server gave no answer for it (the others are written).
"""

MOST_FAILURES = 3
"""Photos in a row without an answer before a server is taken to be down: each may cost a whole timeout."""

GRAPH = ".scenegraph.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("photos", metavar="PHOTO", type=Path, nargs="+", help="picture files or folders of them")
    parser.add_argument(
        "--segments",
        metavar="PNG|GRAPH.json|DIR",
        type=Path,
        required=True,
        help=f"panoptic PNG, scene graph, or a folder with NAME.png or NAME{GRAPH} a photo",
    )
    parser.add_argument("--segments-info", metavar="JSON", type=Path, help="COCO panoptic JSON that lists the segments")
    parser.add_argument("--categories", metavar="JSON", type=Path, help="category names, if that list has none")
    parser.add_argument("--server", metavar="URL", required=True, help="OpenAI-compatible server, http://host:port/v1")
    parser.add_argument("--model", metavar="NAME", help="name of the model at the server (default: its first)")
    words = parser.add_mutually_exclusive_group()
    words.add_argument(
        "--predicates",
        metavar="FILE",
        type=Path,
        help="names that may be used: one a line, a JSON list, or a JSON file with predicate_classes such as psg.json "
        "(default: those of the segments' vocabulary)",
    )
    words.add_argument("--open", action="store_true", help="the model's own words (default where there is no list)")
    parser.add_argument("--most", type=int, default=60, help="relations a photo at most (default: %(default)s)")
    parser.add_argument("--marks", type=int, default=60, help="marks a photo at most, largest first (default: 60)")
    parser.add_argument("--timeout", type=float, default=120, help="seconds for one answer (default: %(default)g)")
    parser.add_argument("--out", metavar="DIR", type=Path, default=Path("predictions"), help="default: %(default)s")
    parser.add_argument("--again", action="store_true", help="ask also about photos whose graphs are there")
    parser.add_argument("--json", action="store_true", help="print what was written, with the relations, as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Ask about every photo; returns 2 if one got no graph."""
    from tqdm import tqdm

    from assistant.models.server import Server

    if not arguments.timeout > 0:
        raise InputError(f"--timeout {arguments.timeout:g}: expected a number of seconds above 0")
    photos = list_photos(arguments.photos)
    server = Server(arguments.server, arguments.model, os.environ.get(KEY_VARIABLE), arguments.timeout)
    predicates = () if arguments.open else _predicates(arguments.predicates)
    entries: list[dict[str, Any]] = []
    failures = failures_in_a_row = 0
    for photo in tqdm(photos, desc="generate", unit=" photos", disable=len(photos) < 2):
        try:
            entries.append(_generate(photo, server, predicates, arguments))
            failures_in_a_row = 0
        except InputError as error:
            if len(photos) == 1:
                raise
            failures += 1
            print(f"groundgraph: {error}", file=sys.stderr)
            failures_in_a_row += isinstance(error, _NoAnswer)
            if failures_in_a_row == MOST_FAILURES:
                raise InputError(
                    f"no answer for {MOST_FAILURES} photos in a row; stopped after {len(entries)} of {len(photos)} "
                    "photos. The same command goes on from there"
                ) from None
    if arguments.json:
        print(json.dumps(entries, ensure_ascii=False, indent=1))
    else:
        _print(entries)
    if failures:
        print(f"groundgraph: {failures} of {len(photos)} photos have no graph", file=sys.stderr)
    return 2 if failures else 0


class _NoAnswer(InputError):
    """The server, not the photo, is at fault."""


def _generate(
    photo: Path, server: "Server", predicates: Sequence[str] | None, arguments: argparse.Namespace
) -> dict[str, Any]:
    """Write the graph and the drawing of one photo, unless they are there; returns what is written."""
    from assistant.models import ModelError
    from psg.generation import generated_before, prepare_request
    from psg.generation.generator import KEY, generate

    request = prepare_request(_segments(photo, arguments), photo, predicates, arguments.most, arguments.marks)
    path = arguments.out / f"{photo.stem}{GRAPH}"
    graph = None if arguments.again else _written(path)
    kept = graph is not None and generated_before(graph, request, server)
    if graph is None or not kept:
        try:
            graph = generate(request, server)
        except ModelError as error:
            raise _NoAnswer(f"{photo}: {error}") from None
    entry = write(graph, photo, arguments.out)
    return {**entry, "dropped": graph.metadata[KEY]["dropped_count"], "asked": not kept}


def _segments(photo: Path, arguments: argparse.Namespace) -> SceneGraph:
    from scenegraph import files
    from scenegraph.formats.coco_panoptic import panoptic_graph

    given: Path = arguments.segments
    if given.is_dir():
        graph, png = given / f"{photo.stem}{GRAPH}", given / f"{photo.stem}.png"
        if arguments.segments_info is None and not graph.is_file():
            raise InputError(f"{graph}: there is no such file; for a PNG give --segments-info (the list of segments)")
        given = png if arguments.segments_info is not None else graph
    if given.suffix.lower() == ".json":
        if arguments.segments_info is not None:
            raise InputError(f"{given} is a scene graph and lists its segments itself; leave --segments-info out")
        return files.load(given)
    if arguments.segments_info is None:
        raise InputError(f"{given}: a panoptic PNG needs --segments-info (the list of its segments)")
    return panoptic_graph(photo, given, arguments.segments_info, arguments.categories)


def _written(path: Path) -> SceneGraph | None:
    """The graph of an earlier run; None if there is none that can be read."""
    from scenegraph import files

    try:
        return files.load(path) if path.is_file() else None
    except InputError:
        return None


def _predicates(path: Path | None) -> list[str] | None:
    """The names in a file; None without one.

    Raises:
        InputError: the file is missing or holds no names.
    """
    from scenegraph import checked_json

    if path is None:
        return None
    text = checked_json.read_text(path)
    if not text.lstrip().startswith(("[", "{")):
        names = [line.strip() for line in text.splitlines() if line.strip()]
    else:
        with checked_json.located(str(path)):
            value = checked_json.parse(text)
            listed = value if isinstance(value, list) else {"predicate_classes": None, **value}["predicate_classes"]
            names = list(checked_json.names({"predicate_classes": listed}, "predicate_classes"))
    if not names:
        raise InputError(f"{path}: holds no predicates; expected one a line, a JSON list, or predicate_classes")
    return names


def _print(entries: list[dict[str, Any]]) -> None:
    for entry in entries:
        said = f"{len(entry['nodes'])} segments, {len(entry['relations'])} relations, {entry['dropped']} claims dropped"
        print(
            f"{entry['photo']}: {said}" + ("" if entry["asked"] else " (kept: the same question was answered before)")
        )
        if len(entries) == 1:
            for row in entry["relations"]:
                print(f"  {row['score']:.2f}  {row['relation']}")
        print(f"  {entry['graph']}\n  {entry['drawing']}")
