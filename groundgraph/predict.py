"""`groundgraph predict`: from photos and videos to scene graphs, as files and, of photos, as drawings."""

import argparse
import io
import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from groundgraph import predict_rgbd, predict_video
from scenegraph import InputError, SceneGraph, Vocabulary
from scenegraph.images import PICTURE_SUFFIXES, pictures_in

if TYPE_CHECKING:
    from psg.predictor import Predictor
    from psg.segmenters import Segmenter

EPILOG = """\
examples:
  groundgraph predict photo.jpg --checkpoint work_dirs/psgformer
  groundgraph predict photos/ --checkpoint work_dirs/psgformer --out graphs          # a folder, with a progress bar
  groundgraph predict photos/ --checkpoint best.pth --out graphs --resume # goes on where it was interrupted
  groundgraph predict photo.jpg --segmenter eomt:models/eomt
      # no model of relations: spatial ones (on, in front of, beside, ...) of the segments that EoMT finds
  groundgraph predict photo.jpg --checkpoint motifs.pth --segmenter eomt:models/eomt
      # a two-stage model, on the segments that EoMT finds
  groundgraph predict aerial.tif --segmenter eomt:models/eomt --tile 1024
      # a large picture in overlapping tiles, for the sake of small things
  groundgraph predict photo.jpg --segments photo_panoptic.png --segments-info panoptic.json
      # spatial relations of given panoptic segments
  groundgraph predict clip.mp4 --checkpoint work_dirs/pvsg --out graphs
      # a video, or a folder of its frames: what is related when; the segmenter is the one of the training
  groundgraph predict redkitchen/seq-01 --masks redkitchen/masks --out graphs
      # an RGB-D folder (7-Scenes, TUM, Open3D) with given masks: where everything is, in metres
  groundgraph predict redkitchen/seq-01 --checkpoint work_dirs/psg4d --segmenter rgbd:work_dirs/psg4d_segmenter
      # segments, tracks in metres and relations by trained models

Segmenters: eomt:FOLDER, mask2former:FOLDER (transformers; also a hub name that is in the local cache),
mmdet:CONFIG.py,WEIGHTS.pth, detectron2:CONFIG.yaml,WEIGHTS.pth, groundgraph:CHECKPOINT.pth,
maps:PNG_FOLDER,PANOPTIC.json. Of RGB-D recordings also rgbd:CHECKPOINT. Nothing is downloaded.

--masks DIR: a PNG of object ids a frame (0: none), in the order of the frames, and DIR/objects.json with their names:
{"objects": {"1": "chair", "2": "floor"}, "stuff": ["floor"]}.

For every photo NAME.scenegraph.json and the drawing NAME.graph.png are written, for every video the former;
`groundgraph ask` answers questions about it. Exit code 2: a photo could not be used (the others are written).
"""

DRAWING = ".graph.png"

_MADE_BY = ("model", "checkpoint", "weights", "segmenter", "tile", "top_k")
"""Metadata that must be equal for `--resume` to keep a graph."""

SHOWN = 12
"""Relations in the drawing, and printed for a single photo."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument(
        "photos", metavar="PHOTO", type=Path, nargs="+", help="pictures, folders, videos, RGB-D folders"
    )
    parser.add_argument("--checkpoint", metavar="PATH", type=Path, help="a trained model: its file or its work folder")
    parser.add_argument("--segmenter", metavar="KIND:PATH", help="what finds the segments, see below")
    parser.add_argument("--segments", metavar="PNG", type=Path, help="panoptic PNG, or a folder with NAME.png a photo")
    parser.add_argument("--segments-info", metavar="JSON", type=Path, help="COCO panoptic JSON that lists the segments")
    parser.add_argument(
        "--categories",
        metavar="JSON",
        type=Path,
        help="COCO categories: names for a list of segments that has none; or the names that a --segmenter shall use",
    )
    parser.add_argument("--drop-unknown", action="store_true", help="leave out the segmenter's classes without a name")
    parser.add_argument("--tile", type=int, metavar="PIXELS", help="see large photos in tiles, for example 1024")
    parser.add_argument("--overlap", type=int, metavar="PIXELS", help="that neighbouring tiles share (default: tile/4)")
    parser.add_argument("--fps", type=float, help="frames a second to look at in a video (default: 5)")
    predict_rgbd.add_arguments(parser)
    parser.add_argument("--resume", action="store_true", help="keep what an earlier, equal run wrote into --out")
    parser.add_argument("--out", metavar="DIR", type=Path, default=Path("predictions"), help="default: %(default)s")
    parser.add_argument("--top-k", type=int, default=100, help="keep so many relations a photo (default: %(default)s)")
    parser.add_argument("--device", help="cpu, cuda, cuda:1 ... (default: a GPU if there is one)")
    parser.add_argument("--json", action="store_true", help="print what was written, with the relations, as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Predict every photo; returns 2 if one could not be used."""
    if arguments.top_k < 1:
        raise InputError(f"--top-k {arguments.top_k}: expected 1 or more")
    recordings = [path for path in arguments.photos if predict_rgbd.is_recording(path)]
    if len(recordings) == len(arguments.photos):
        photos, one = recordings, predict_rgbd.one_by_one(arguments)
    elif predict_video.are_videos(arguments.photos, arguments):
        photos, one = _different(arguments.photos), _of_videos(arguments)
    else:
        photos = list_photos(arguments.photos)
        one = _one_by_one(photos, arguments)
    written: list[dict[str, Any]] = []
    refused = 0
    for photo in _progress(photos):
        try:
            written.append(one(photo))
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


def _one_by_one(photos: list[Path], arguments: argparse.Namespace) -> Callable[[Path], dict[str, Any]]:
    """What writes the graph of one photo, or of one video.

    Raises:
        InputError: photos and videos are mixed, or as `predictor_of`.
    """
    videos = [photo for photo in photos if predict_video.is_video(photo)]
    if videos and len(videos) < len(photos):
        raise InputError(f"{videos[0]} is a video, others are photos; they need different models: predict them apart")
    if videos:
        return _of_videos(arguments)
    if arguments.fps is not None:
        raise InputError("--fps: is for videos")
    predict_rgbd.refuse_options(arguments)
    predictor = predictor_of(arguments, many=len(photos) > 1)

    def one(photo: Path) -> dict[str, Any]:
        graph = finished(photo, arguments, predictor.description) if arguments.resume else None
        if graph is not None:
            return _entry(photo, arguments.out, graph)
        return predict(photo, predictor, arguments.out, arguments.top_k)

    return one


def _of_videos(arguments: argparse.Namespace) -> Callable[[Path], dict[str, Any]]:
    predict_rgbd.refuse_options(arguments)
    return predict_video.one_by_one(arguments)


def predict(photo: Path, predictor: "Predictor", out: Path, top_k: int) -> dict[str, Any]:
    """Write the graph and the drawing of one photo, both or neither; returns what was written.

    Raises:
        InputError: the photo or its segments cannot be used, or the folder cannot be written.
    """
    graph = predictor.predict(photo)
    best = sorted(graph.relations, key=lambda relation: -relation.score)[:top_k]
    graph = replace(graph, relations=tuple(best), metadata={**graph.metadata, "top_k": top_k})
    return write(graph, photo, out)


def write(graph: SceneGraph, photo: Path, out: Path) -> dict[str, Any]:
    """Write a graph and its drawing, both or neither; returns what was written.

    Raises:
        InputError: the photo cannot be read, or the folder cannot be written.
    """
    from scenegraph import files
    from scenegraph.storage import write_atomically

    drawing = _drawing(graph, photo)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{out}: the folder could not be made ({error.strerror or error})") from None
    paths = _paths(photo, out)
    write_atomically(paths["drawing"], drawing)
    try:
        files.save(graph, paths["graph"])  # last: its presence says that the photo is done
    except InputError:
        paths["drawing"].unlink()
        raise
    return _entry(photo, out, graph)


def finished(photo: Path, arguments: argparse.Namespace, description: dict[str, Any]) -> SceneGraph | None:
    """The graph that an earlier run of the same model and segmenter wrote of a photo, or None."""
    from scenegraph import files

    paths = _paths(photo, arguments.out)
    if not all(path.is_file() for path in paths.values()):
        return None
    try:
        graph = files.load(paths["graph"])
    except InputError:
        return None
    made = {**description, "top_k": arguments.top_k}
    equal = all(graph.metadata.get(key) == made.get(key) for key in _MADE_BY)
    newer = photo.is_file() and photo.stat().st_mtime > paths["graph"].stat().st_mtime
    return graph if equal and not newer else None


def _paths(photo: Path, out: Path) -> dict[str, Path]:
    return {"graph": out / f"{photo.stem}.scenegraph.json", "drawing": out / f"{photo.stem}{DRAWING}"}


def _entry(photo: Path, out: Path, graph: SceneGraph) -> dict[str, Any]:
    rows = [{"relation": graph.sentence(row), "score": round(row.score, 4)} for row in graph.relations]
    return {
        "photo": str(photo),
        **{name: str(path) for name, path in _paths(photo, out).items()},
        "nodes": [graph.label(node.id) for node in graph.nodes],
        "relations": rows,
    }


def _drawing(graph: SceneGraph, photo: Path) -> bytes:
    """A PNG; of a large photo a small one."""
    from PIL import Image

    from psg.fitting import fitted, seen
    from scenegraph.drawing import draw
    from scenegraph.images import read_image

    image, part = fitted(read_image(photo, graph.source.size))
    content = io.BytesIO()
    Image.fromarray(draw(seen(graph, part, image.shape[:2]), image, relations=SHOWN)).save(content, format="PNG")
    return content.getvalue()


def predictor_of(arguments: argparse.Namespace, many: bool) -> "Predictor":
    """What makes a graph of a photo.

    Raises:
        InputError: options are missing or exclude each other, or what they name cannot be used.
    """
    if (arguments.segments is None) != (arguments.segments_info is None):
        raise InputError("--segments (the PNG) and --segments-info (the list of its segments) belong together")
    if arguments.segments is not None and arguments.segmenter is not None:
        raise InputError("give either --segmenter or --segments; both say where the segments come from")
    if arguments.checkpoint is None and arguments.segments is None and arguments.segmenter is None:
        raise InputError(
            "give --checkpoint FILE (tools/train.py configs/psgformer.py makes one), --segmenter KIND:PATH (such as "
            "eomt:FOLDER), or --segments PNG --segments-info JSON (spatial relations of given segments)"
        )
    if arguments.checkpoint is not None and not arguments.checkpoint.exists():  # before seconds of imports
        raise InputError(f"{arguments.checkpoint}: there is no such checkpoint file; tools/train.py makes one")
    if many and arguments.segments is not None and not arguments.segments.is_dir():
        raise InputError(f"{arguments.segments}: for several photos give a folder with one NAME.png a photo")
    from psg.predictor import Predictor

    return Predictor(
        checkpoint=arguments.checkpoint,
        device=arguments.device,
        segmenter=partial(_segmenter, arguments) if arguments.segments or arguments.segmenter else None,
        tile=arguments.tile,
        overlap=arguments.overlap,
    )


def _segmenter(arguments: argparse.Namespace, vocabulary: Vocabulary | None) -> "Segmenter":
    """The segmenter under the names of the model, else of --categories, else its own."""
    from psg.segmenters import segmenter_of
    from psg.segmenters.given import GivenMaps
    from scenegraph.formats.coco_panoptic import Categories

    if arguments.segments is not None:
        given = arguments.segments, arguments.segments_info, arguments.categories
        return GivenMaps(*given, vocabulary=vocabulary, drop_unknown=arguments.drop_unknown)
    if vocabulary is None and arguments.categories is not None:
        vocabulary = Categories.read(arguments.categories).vocabulary
    return segmenter_of(arguments.segmenter, vocabulary, arguments.device, arguments.drop_unknown)


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
        inside = [file for file in pictures_in(path) if not file.name.endswith(DRAWING)]
        if not inside:
            raise InputError(f"{path}: holds no pictures ({', '.join(PICTURE_SUFFIXES)})")
        photos += inside
    return _different(photos)


def _different(photos: list[Path]) -> list[Path]:
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
        if "video" in entry:
            predict_video.print_entry(entry, SHOWN if len(written) == 1 else 0)
            continue
        print(f"{entry['photo']}: {len(entry['nodes'])} segments, {len(entry['relations'])} relations")
        if len(written) == 1:
            for row in entry["relations"][:SHOWN]:
                print(f"  {row['score']:.2f}  {row['relation']}")
        print(f"  {entry['graph']}\n  {entry['drawing']}")
