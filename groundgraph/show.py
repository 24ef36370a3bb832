"""`groundgraph show`: prints a scene graph as tables, or draws it on its picture or over its video."""

import argparse
import io
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from scenegraph import InputError, SceneGraph, files
from scenegraph.checked_json import inside

EPILOG = """\
examples:
  groundgraph show street.scenegraph.json
  groundgraph show street.scenegraph.json --image street.jpg            # draws street.drawing.png
  groundgraph show street.scenegraph.json --image street.jpg --pair 0   # relation 0 alone: subject, object
  groundgraph show walk.scenegraph.json --image frames/0012.png --frame 12 --out walk.png
  groundgraph show walk.scenegraph.json --image walk.mp4 --out walk_graph.mp4   # with a bar for each relation
  groundgraph show walk.scenegraph.json --image frames --out walk.gif --start 40 --frames 50
  groundgraph show kitchen.scenegraph.json --cloud kitchen.glb                   # from above: kitchen.cloud.png
  groundgraph show kitchen.scenegraph.json --cloud kitchen.glb --view perspective --turned 30 --out corner.png

A video is drawn as .mp4, .webm (plays in every browser), .avi, .mkv, .gif, or as a folder with a PNG a frame. Its
pictures are a video file or a folder; without --image they are looked for where the graph's source names them.
"""

TABLE_LIMIT = 40
_CLOUD_ARROWS = 6
"""Arrows in a cloud if none are asked for: there relations are what a person looks for."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("graph", metavar="GRAPH.json", type=Path, help="a scene graph file")
    parser.add_argument(
        "--image", metavar="PHOTO", type=Path, help="the picture (of a video: one frame, or all) to draw on"
    )
    parser.add_argument("--out", metavar="OUT", type=Path, help="default: NAME.drawing.png beside the graph")
    parser.add_argument("--frame", type=int, help="which frame of a video the picture is (default: 0)")
    parser.add_argument("--start", metavar="N", type=int, default=0, help="first frame of a video to draw (default: 0)")
    parser.add_argument("--frames", metavar="N", type=int, help="how many of its frames (default: all)")
    parser.add_argument("--relations", type=int, default=12, help="how many relations to list (default: 12)")
    parser.add_argument("--arrows", type=int, default=0, help="for how many of them to draw an arrow (default: 0)")
    parser.add_argument("--pair", metavar="N", type=int, help="draw relation N alone (its number in the table)")
    parser.add_argument("--cloud", metavar="CLOUD", type=Path, help="draw in the cloud that `groundgraph fuse` made")
    parser.add_argument("--view", choices=("top", "perspective"), default="top", help="of the cloud (default: top)")
    parser.add_argument("--turned", metavar="DEGREES", type=float, default=0.0, help="turn the perspective about up")
    parser.add_argument("--font", metavar="FILE", type=Path, help="TrueType font, for names in other scripts")
    parser.add_argument("--all", action="store_true", help=f"print every row, not the first {TABLE_LIMIT}")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    parser.add_argument("--json", action="store_true", help="print nodes (without masks) and relations as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print or draw the graph."""
    graph = files.load(arguments.graph)
    if arguments.cloud is not None:
        print(_draw_in_cloud(graph, arguments))
    elif _is_film(graph, arguments):
        print(_film(graph, arguments))
    elif arguments.image is not None:
        print(_draw(graph, arguments))
    elif arguments.out is not None or arguments.pair is not None:
        raise InputError("a drawing needs the picture: give --image PHOTO")
    elif arguments.json:
        print(json.dumps(_as_json(graph), ensure_ascii=False, indent=1))
    else:
        print(_as_tables(graph, None if arguments.all else TABLE_LIMIT))
    return 0


def _is_film(graph: SceneGraph, arguments: argparse.Namespace) -> bool:
    """Whether a video is to be drawn, not one picture."""
    out: Path | None = arguments.out
    return graph.source.kind != "image" and arguments.pair is None and out is not None and out.suffix.lower() != ".png"


def _film(graph: SceneGraph, arguments: argparse.Namespace) -> Path:
    from scenegraph.video_drawing import write_video

    place = arguments.image or inside(arguments.graph.parent, graph.source.uri, "source.uri")
    if not place.exists():
        hint = "" if arguments.image else "; give the video or the folder of its frames: --image"
        raise InputError(f"{place}: there is no such file or folder{hint}")
    write_video(
        graph,
        _pictures(graph, place, arguments.start),
        arguments.out,
        relations=arguments.relations,
        start=arguments.start,
        frames=arguments.frames,
        font=arguments.font,
        progress=not arguments.quiet,
    )
    return arguments.out  # type: ignore[no-any-return]


def _pictures(graph: SceneGraph, place: Path, start: int) -> Iterator[Any]:
    """The frames of a video file or of a folder, from one on."""
    from scenegraph.images import pictures_in, read_image
    from scenegraph.video_files import read_video

    if not place.is_dir():
        yield from islice(read_video(place, graph.source.fps), start, None)
        return
    paths = pictures_in(place)
    numbered = all(path.stem.isdecimal() for path in paths)
    if numbered:
        paths.sort(key=lambda path: int(path.stem))
    listed = graph.metadata.get("frame_numbers")  # of which single frames are annotated
    if numbered and isinstance(listed, list):
        paths = [path for path in paths if int(path.stem) in listed]
    if len(paths) != graph.source.num_frames:
        raise InputError(f"{place}: {len(paths)} pictures; the graph has {graph.source.num_frames} frames")
    for path in paths[start:]:
        yield read_image(path)


def _draw(graph: SceneGraph, arguments: argparse.Namespace) -> Path:
    from scenegraph.drawing import draw, draw_pair
    from scenegraph.images import read_image

    image = read_image(arguments.image)
    if arguments.pair is None:
        options = {"relations": arguments.relations, "arrows": arguments.arrows, "frame": arguments.frame or 0}
        picture = draw(graph, image, font=arguments.font, **options)
    elif 0 <= arguments.pair < len(graph.relations):
        relation = graph.relations[arguments.pair]
        picture = draw_pair(graph, relation, image, frame=arguments.frame, font=arguments.font)
    else:
        raise InputError(f"there is no relation {arguments.pair}; the graph has {len(graph.relations)}, counted from 0")
    return _save(picture, arguments, "drawing")


def _draw_in_cloud(graph: SceneGraph, arguments: argparse.Namespace) -> Path:
    from psg4d.cloud_pictures import draw_cloud, perspective_view, top_view
    from scenegraph.formats.clouds import read_cloud

    if arguments.image is not None or arguments.pair is not None:
        raise InputError("a cloud is drawn with --cloud alone, without --image and --pair")
    found = read_cloud(arguments.cloud)
    for node in graph.nodes:
        name, own = found.names.get(node.id), graph.category_name(node.id)
        if name is not None and name.rpartition("-")[0] != own:
            raise InputError(
                f"{arguments.cloud}: node {node.id} is {name} there and a {own} in {arguments.graph}: the cloud was "
                "made with another graph; make it anew with `groundgraph fuse RECORDING --graph GRAPH.json`"
            )
    poses = None if graph.source.camera is None else graph.source.camera.poses
    ahead = None if poses is None else poses[:, :3, 2].mean(axis=0)
    if arguments.view == "top":
        view = top_view(found.cloud, found.up, ahead)
    else:
        view = perspective_view(found.cloud, found.up, ahead, turned=arguments.turned)
    arrows = arguments.arrows or _CLOUD_ARROWS
    return _save(draw_cloud(graph, found.cloud, view, arguments.relations, arrows), arguments, "cloud")


def _save(picture: Any, arguments: argparse.Namespace, kind: str) -> Path:
    from PIL import Image

    from scenegraph.storage import write_atomically

    name = arguments.graph.name.removesuffix(".json").removesuffix(".scenegraph")
    path: Path = arguments.out or arguments.graph.with_name(f"{name}.{kind}.png")
    if path.suffix.lower() != ".png":
        raise InputError(f"{path}: drawings of one picture are PNGs; give a name that ends with .png")
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, format="PNG")
    write_atomically(path, buffer.getvalue())
    return path


def _rows(graph: SceneGraph) -> list[dict[str, Any]]:
    rows = []
    for node in graph.nodes:
        first = node.region.segment(node.region.frames[0])
        rows.append(
            {
                "id": node.id,
                "name": graph.label(node.id),
                "category": graph.category_name(node.id),
                "score": node.score,
                "box": [round(edge, 1) for edge in first.box] if first else None,
                "area": first.area if first else 0,
                "frames": len(node.region.frames),
                "attributes": dict(node.attributes),
            }
        )
    return rows


def _as_json(graph: SceneGraph) -> dict[str, Any]:
    source = graph.source
    relations = [
        {
            "subject": relation.subject,
            "predicate": graph.predicate_name(relation),
            "object": relation.object,
            "sentence": graph.sentence(relation),
            "score": relation.score,
            "spans": [list(span) for span in relation.spans],
        }
        for relation in graph.relations
    ]
    described = {"kind": source.kind, "uri": source.uri, "height": source.height, "width": source.width}
    described |= {"num_frames": source.num_frames, "fps": source.fps}
    return {"source": described, "nodes": _rows(graph), "relations": relations}


def _as_tables(graph: SceneGraph, limit: int | None) -> str:
    source = graph.source
    length = f", {source.num_frames} frames" if source.kind != "image" else ""
    title = f"{source.uri or 'without a name'} ({source.kind}, {source.height} x {source.width} pixels{length})"
    nodes = [
        [str(row["id"]), row["name"], f"{row['score']:.2f}", f"{row['area']:.0f}"]
        + ([" ".join(f"{edge:.0f}" for edge in row["box"])] if row["box"] else [""])
        + ([str(row["frames"])] if source.kind != "image" else [])
        for row in _rows(graph)
    ]
    heads = ["id", "name", "score", "pixels", "box x1 y1 x2 y2"] + (["frames"] if source.kind != "image" else [])
    relations = [
        [
            str(number),
            graph.label(relation.subject),
            graph.predicate_name(relation),
            graph.label(relation.object),
            f"{relation.score:.2f}",
            " ".join(f"{start}-{stop - 1}" for start, stop in relation.spans),
        ]
        for number, relation in enumerate(graph.relations)
    ]
    return "\n".join(
        [
            title,
            "",
            f"{len(nodes)} nodes",
            *_table(heads, nodes, limit),
            "",
            f"{len(relations)} relations",
            *_table(["n", "subject", "predicate", "object", "score", "frames"], relations, limit),
        ]
    )


def _table(heads: list[str], rows: list[list[str]], limit: int | None) -> list[str]:
    if not rows:
        return []
    shown = rows if limit is None else rows[:limit]
    widths = [max(len(row[column]) for row in [heads, *shown]) for column in range(len(heads))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in [heads, *shown]]
    left_out = len(rows) - len(shown)
    return [line.rstrip() for line in lines] + ([f"... {left_out} more (--all shows them)"] if left_out else [])
