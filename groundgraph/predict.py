"""`groundgraph predict`: from photos to scene graphs, as files and as drawings."""

import argparse
import io
import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from scenegraph import InputError, SceneGraph

EPILOG = """\
examples:
  groundgraph predict photo.jpg --checkpoint work_dirs/psgformer
  groundgraph predict photos/ --checkpoint work_dirs/psgformer --out graphs          # a folder, with a progress bar
  groundgraph predict photo.jpg --segments photo_panoptic.png --segments-info panoptic.json
      # no model: spatial relations (on, in front of, beside, ...) of given panoptic segments

For every photo NAME.scenegraph.json and the drawing NAME.graph.png are written; `groundgraph ask` answers
questions about the first. Exit code 2: a photo could not be used (the others are written).
"""

PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff"})
"""Suffixes of the files that are taken from a folder."""

DRAWING = ".graph.png"

SHOWN = 12
"""Relations in the drawing, and printed for a single photo."""

Read = Callable[[Path], SceneGraph]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("photos", metavar="PHOTO", type=Path, nargs="+", help="picture files or folders of them")
    parser.add_argument("--checkpoint", metavar="PATH", type=Path, help="a trained model: its file or its work folder")
    parser.add_argument("--segments", metavar="PNG", type=Path, help="panoptic PNG, or a folder with NAME.png a photo")
    parser.add_argument("--segments-info", metavar="JSON", type=Path, help="COCO panoptic JSON that lists the segments")
    parser.add_argument("--categories", metavar="JSON", type=Path, help="category names, if that list has none")
    parser.add_argument("--out", metavar="DIR", type=Path, default=Path("predictions"), help="default: %(default)s")
    parser.add_argument("--top-k", type=int, default=100, help="keep so many relations a photo (default: %(default)s)")
    parser.add_argument("--device", help="cpu, cuda, cuda:1 ... (default: a GPU if there is one)")
    parser.add_argument("--json", action="store_true", help="print what was written, with the relations, as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Predict every photo; returns 2 if one could not be used."""
    if arguments.top_k < 1:
        raise InputError(f"--top-k {arguments.top_k}: expected 1 or more")
    photos = list_photos(arguments.photos)
    read = reader(arguments, many=len(photos) > 1)
    written: list[dict[str, Any]] = []
    refused = 0
    for photo in _progress(photos):
        try:
            written.append(predict(photo, read, arguments.out, arguments.top_k))
        except InputError as error:
            if len(photos) == 1:
                raise
            refused += 1
            print(f"groundgraph: {error}", file=sys.stderr)
    if arguments.json:
        print(json.dumps(written, ensure_ascii=False, indent=1))
    else:
        _print(written)
    if refused:
        print(f"groundgraph: {refused} of {len(photos)} photos could not be used", file=sys.stderr)
    return 2 if refused else 0


def predict(photo: Path, read: Read, out: Path, top_k: int) -> dict[str, Any]:
    """Write the graph and the drawing of one photo, both or neither; returns what was written.

    Raises:
        InputError: the photo or its segments cannot be used, or the folder cannot be written.
    """
    from PIL import Image

    from scenegraph import files
    from scenegraph.drawing import draw
    from scenegraph.images import read_image
    from scenegraph.storage import write_atomically

    graph = read(photo)
    best = sorted(graph.relations, key=lambda relation: -relation.score)[:top_k]
    graph = replace(graph, relations=tuple(best))
    drawing = io.BytesIO()
    Image.fromarray(draw(graph, read_image(photo, graph.source.size), relations=SHOWN)).save(drawing, format="PNG")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{out}: the folder could not be made ({error.strerror or error})") from None
    paths = {"graph": out / f"{photo.stem}.scenegraph.json", "drawing": out / f"{photo.stem}{DRAWING}"}
    write_atomically(paths["drawing"], drawing.getvalue())
    try:
        files.save(graph, paths["graph"])
    except InputError:
        paths["drawing"].unlink()
        raise
    relations = [{"relation": graph.sentence(relation), "score": round(relation.score, 4)} for relation in best]
    return {
        "photo": str(photo),
        **{name: str(path) for name, path in paths.items()},
        "nodes": [graph.label(node.id) for node in graph.nodes],
        "relations": relations,
    }


def reader(arguments: argparse.Namespace, many: bool) -> Read:
    """The function that makes a graph of a photo.

    Raises:
        InputError: neither a model nor segments are given, or both, or half of them.
    """
    if (arguments.segments is None) != (arguments.segments_info is None):
        raise InputError("--segments (the PNG) and --segments-info (the list of its segments) belong together")
    if (arguments.checkpoint is None) == (arguments.segments is None):
        raise InputError(
            "give either --checkpoint FILE (tools/train.py configs/psgformer.py makes one) or "
            "--segments PNG --segments-info JSON (spatial relations of given segments, without a model)"
        )
    if arguments.checkpoint is not None:
        if not arguments.checkpoint.exists():  # before the seconds that importing a model takes
            raise InputError(f"{arguments.checkpoint}: there is no such checkpoint file; tools/train.py makes one")
        from psg.predictor import Predictor

        return Predictor.from_checkpoint(arguments.checkpoint, arguments.device).predict
    if many and not arguments.segments.is_dir():
        raise InputError(f"{arguments.segments}: for several photos give a folder with one NAME.png a photo")
    from psg.geometric import predict_relations
    from scenegraph.formats.coco_panoptic import panoptic_graph

    def from_segments(photo: Path) -> SceneGraph:
        folder = arguments.segments.is_dir()
        png = arguments.segments / f"{photo.stem}.png" if folder else arguments.segments
        return predict_relations(panoptic_graph(photo, png, arguments.segments_info, arguments.categories))

    return from_segments


def list_photos(given: Sequence[Path]) -> list[Path]:
    """The files, and the pictures in the folders, in the order of their names.

    Raises:
        InputError: a path is missing, a folder holds no pictures, or two photos have the same name.
    """
    photos: list[Path] = []
    for path in given:
        if not path.is_dir():
            photos.append(path)
            continue
        inside = [file for file in sorted(path.iterdir()) if file.suffix.lower() in PICTURES and file.is_file()]
        inside = [file for file in inside if not file.name.startswith(".") and not file.name.endswith(DRAWING)]
        if not inside:
            raise InputError(f"{path}: holds no pictures ({', '.join(sorted(PICTURES))})")
        photos += inside
    missing = [path for path in photos if not path.exists()]
    if missing:
        raise InputError(f"{missing[0]}: there is no such file")
    repeated = [stem for stem, count in Counter(path.stem for path in photos).items() if count > 1]
    if repeated:
        raise InputError(f"several photos are named {repeated[0]!r} and would overwrite each other; predict them apart")
    return photos


def _progress(photos: list[Path]) -> Any:
    from tqdm import tqdm

    return tqdm(photos, desc="predict", unit=" photos", disable=len(photos) < 2)


def _print(written: list[dict[str, Any]]) -> None:
    for entry in written:
        print(f"{entry['photo']}: {len(entry['nodes'])} segments, {len(entry['relations'])} relations")
        if len(written) == 1:
            for row in entry["relations"][:SHOWN]:
                print(f"  {row['score']:.2f}  {row['relation']}")
        print(f"  {entry['graph']}\n  {entry['drawing']}")
