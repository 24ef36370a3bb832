"""`groundgraph name`: open-vocabulary names for the segments of a graph."""

import argparse
import json
from pathlib import Path
from typing import Any

from scenegraph import SceneGraph
from scenegraph.storage import made_folder

EPILOG = """\
examples:
  groundgraph name predictions/photo.scenegraph.json photo.jpg --clip clip-vit-large-patch14 --out named
  groundgraph name graph.json photo.jpg --clip clip --descriptors my.json --crop masked --within-kind

Every segment gets the class whose descriptors fit it best on average, and keeps the descriptors that fit best as the
reason. A file of descriptors is {"hammer": ["has a wooden handle", "has a heavy metal head"], ...}, or
{"things": {...}, "stuff": {...}} of the same; without one the 133 names of PSG are used, with three each. The model is
a CLIP in a local transformers folder: nothing is downloaded.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("graph", metavar="GRAPH.json", type=Path, help="a scenegraph/1 file of a photo")
    parser.add_argument("photo", metavar="PHOTO", type=Path, help="the photo")
    parser.add_argument("--clip", metavar="DIR", type=Path, required=True, help="CLIP model saved by transformers")
    parser.add_argument("--descriptors", metavar="JSON", type=Path, help="classes and what they look like")
    parser.add_argument(
        "--crop", choices=("boxed", "masked"), default="boxed", help="show surroundings or not (default: %(default)s)"
    )
    parser.add_argument("--within-kind", action="store_true", help="things get names of things, stuff those of stuff")
    parser.add_argument("--template", help='text of a descriptor (default: "a photo of a {name}, which {descriptor}")')
    parser.add_argument("--top", type=int, default=3, help="descriptors kept as the reason (default: %(default)s)")
    parser.add_argument("--out", metavar="DIR", type=Path, default=Path("named"), help="default: %(default)s")
    parser.add_argument("--device", help="cpu, cuda, cuda:1 ... (default: a GPU if there is one)")
    parser.add_argument("--json", action="store_true", help="print the names with their reasons as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Name the nodes of one graph and write it."""
    from psg.naming.descriptors import TEMPLATE, read_descriptors
    from scenegraph import files

    graph = files.load(arguments.graph)
    descriptors = read_descriptors(arguments.descriptors)
    template = TEMPLATE if arguments.template is None else arguments.template
    descriptors.sentences(template)  # before the seconds that loading a model takes
    from psg.naming import ClipEncoder, Namer

    encoder = ClipEncoder(arguments.clip, arguments.device)
    namer = Namer(encoder, descriptors, arguments.crop, template=template, top=arguments.top)
    named = namer.name(graph, arguments.photo, arguments.within_kind)
    path = made_folder(arguments.out) / arguments.graph.name
    files.save(named, path)
    rows = [_row(graph, named, position) for position in range(len(named.nodes))]
    if arguments.json:
        print(json.dumps({"graph": str(path), "nodes": rows}, ensure_ascii=False, indent=1))
    else:
        _print(rows, path)
    return 0


def _row(before: SceneGraph, named: SceneGraph, position: int) -> dict[str, Any]:
    node = named.nodes[position]
    return {
        "node": node.id,
        "before": before.category_name(node.id),
        "name": named.category_name(node.id),
        "score": round(node.score, 4),
        **node.attributes["naming"],
    }


def _print(rows: list[dict[str, Any]], path: Path) -> None:
    for row in rows:
        changed = "" if row["before"] == row["name"] else f" (was {row['before']})"
        reasons = "; ".join(f"{each['text']} {each['similarity']:.2f}" for each in row["descriptors"])
        print(f"{row['node']:>4}  {row['score']:.2f}  {row['name']}{changed}: {reasons}")
    print(path)
