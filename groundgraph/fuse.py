"""`groundgraph fuse`: makes one labelled point cloud of an RGB-D recording."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from scenegraph import InputError, files

EPILOG = """\
examples:
  groundgraph fuse redkitchen/seq-01                                      # writes seq-01.glb
  groundgraph fuse redkitchen/seq-01 --graph kitchen.scenegraph.json --out kitchen.glb
  groundgraph fuse rgbd_dataset_freiburg1_desk --farthest 4 --out desk.ply
  groundgraph fuse psg4d_gta/sailvos3d.json --video 0 --voxel 0.1 --out street.glb
  groundgraph fuse redkitchen/seq-01 --level                              # the floor says which way is up: world.json
  groundgraph show kitchen.scenegraph.json --cloud kitchen.glb --out top.png

A folder in the layout of 7-Scenes, TUM or Open3D, or a video of a PSG4D data set (sailvos3d.json, psg4d_hoi.json;
its masks label the points). A point of the cloud is the mean of a cube of space, with the id of its node. Written as
.glb (glTF; the explorer's 4D view), .ply, or with the extra `usd` as .usda and .usdc.
"""

LEVEL_FRAMES = 20
"""Frames, spread over the recording, that show where the floor is."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("input", metavar="INPUT", type=Path, help="an RGB-D folder, sailvos3d.json or psg4d_hoi.json")
    parser.add_argument("--graph", metavar="GRAPH.json", type=Path, help="label the points by the masks of a graph")
    parser.add_argument("--out", metavar="OUT", type=Path, help="default: NAME.glb in this folder")
    parser.add_argument(
        "--video", metavar="N", default="0", help="which video of a data set: number or id (default: 0)"
    )
    parser.add_argument("--root", metavar="DIR", type=Path, help="folder of the pictures (default: that of the JSON)")
    parser.add_argument("--voxel", metavar="METRES", type=float, default=0.02, help="side of the cubes (default: 0.02)")
    parser.add_argument("--farthest", metavar="METRES", type=float, default=float("inf"), help="leave out depth beyond")
    parser.add_argument("--start", metavar="N", type=int, default=0, help="first frame (default: 0)")
    parser.add_argument("--frames", metavar="N", type=int, help="how many frames (default: all)")
    parser.add_argument("--step", metavar="N", type=int, default=1, help="every so many frames only (default: 1)")
    parser.add_argument("--units", metavar="N", type=float, help="stored units of depth a metre (1000: millimetres)")
    parser.add_argument(
        "--intrinsics", metavar=("FX", "FY", "CX", "CY"), nargs=4, type=float, help="of the camera, in pixels"
    )
    parser.add_argument(
        "--level", action="store_true", help="write the floor's normal into INPUT/world.json as up, for all commands"
    )
    parser.add_argument("--unchecked", action="store_true", help="do not check depth against poses first")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    parser.add_argument("--json", action="store_true", help="print what was made as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Fuse and write."""
    from psg4d.scenes import fuse_folder, fuse_video
    from scenegraph.formats.clouds import check_writable, write_cloud

    out = arguments.out or Path(f"{arguments.input.resolve().stem}.glb")
    check_writable(out)
    if arguments.start < 0 or arguments.step < 1 or (arguments.frames is not None and arguments.frames < 1):
        raise InputError("--start must be 0 or more, --frames and --step 1 or more")
    stop = None if arguments.frames is None else arguments.start + arguments.frames * arguments.step
    frames = slice(arguments.start, stop, arguments.step)
    graph = None if arguments.graph is None else files.load(arguments.graph)
    options = {"voxel": arguments.voxel, "farthest": arguments.farthest, "progress": not arguments.quiet}
    intrinsics = None if arguments.intrinsics is None else tuple(arguments.intrinsics)
    if arguments.level:
        _level(arguments.input, arguments.units, intrinsics, options)
    if arguments.input.suffix.lower() == ".json":
        file, index = _video(arguments)
        scene = fuse_video(file, index, graph, frames, **options)
    else:
        given = {"check": not arguments.unchecked, "units": arguments.units, "intrinsics": intrinsics}
        scene = fuse_folder(arguments.input, graph, frames, **given, **options)
    for warning in scene.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    write_cloud(out, scene.file)
    cloud = scene.file.cloud
    made = {
        "file": str(out),
        "points": len(cloud),
        "labelled": int((cloud.nodes >= 0).sum()),
        "frames": len(scene.frames),
        "reprojection_error": None if scene.error != scene.error else round(scene.error, 4),
        "up": [round(float(axis), 4) for axis in scene.file.up],
        "floor": None if scene.floor is None else {"offset": round(scene.floor.offset, 4)},
    }
    print(json.dumps(made) if arguments.json else _sentence(made, arguments.voxel))
    return 0


def _level(folder: Path, units: float | None, intrinsics: tuple[float, ...] | None, options: dict[str, Any]) -> None:
    """Write where up is, as the floor has it, into the folder; frames spread over the recording show the floor."""
    from psg4d.scenes import fuse_folder
    from scenegraph.formats.rgbd import RGBDFolder
    from scenegraph.formats.rgbd.upright import FILE
    from scenegraph.storage import write_atomically

    if not folder.is_dir():
        raise InputError(f"{folder}: --level is for RGB-D folders")
    found = RGBDFolder.open(folder, units=units, intrinsics=intrinsics)
    if found.up_declared:
        raise InputError(f"{folder}: {FILE} in it or above it says already which way is up; take it away first")
    if found.camera.poses is None:
        raise InputError(f"{folder}: --level needs camera poses; without them places are the camera's own")
    spread = slice(0, None, max(1, len(found) // LEVEL_FRAMES))
    floor = fuse_folder(folder, None, spread, False, units, intrinsics, **options).floor
    if floor is None:
        raise InputError(f'{folder}: no floor is seen; write {{"up": "z"}}, "y" or "-y" into {folder / FILE} by hand')
    write_atomically(folder / FILE, json.dumps({"up": [round(float(axis), 6) for axis in floor.normal]}).encode())


def _video(arguments: argparse.Namespace):  # noqa: ANN202 - a reader and a number
    from scenegraph.formats.psg4d import GTAFile, HOIFile

    readers = {"sailvos3d.json": GTAFile, "psg4d_hoi.json": HOIFile}
    if arguments.input.name not in readers:
        raise InputError(f"{arguments.input}: expected a folder, {' or '.join(readers)}")
    file = readers[arguments.input.name].open(arguments.input, arguments.root)
    if arguments.video in file.videos:
        return file, file.videos.index(arguments.video)
    if arguments.video.isdecimal() and int(arguments.video) < len(file.videos):
        return file, int(arguments.video)
    raise InputError(f"{arguments.input}: there is no video {arguments.video!r}; it has {len(file.videos)}")


def _sentence(made: dict, voxel: float) -> str:
    error = (
        "" if made["reprojection_error"] is None else f"; reprojection error {made['reprojection_error']} m (median)"
    )
    floor = "no floor seen" if made["floor"] is None else "floor found"
    return (
        f"{made['file']}: {made['points']:,} points of {made['frames']} frames in cubes of {voxel:g} m, "
        f"{made['labelled']:,} labelled{error}; {floor}"
    )
