"""A whole RGB-D recording as one cloud: a folder, or a video of either PSG4D layout, labelled by a graph.

>>> scene = fuse_folder("redkitchen/seq-01")  # doctest: +SKIP
>>> write_cloud("kitchen.glb", scene.file)  # doctest: +SKIP
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from jaxtyping import Float32, Float64, Int32, UInt8
from tqdm import tqdm

from psg4d.floor import Plane, camera_up, find_floor, find_up
from psg4d.fusion import VOXEL, Fusion, reprojection_error
from scenegraph import Camera, InputError, SceneGraph
from scenegraph.formats.clouds import CloudFile, write_cloud
from scenegraph.formats.psg4d import GTAFile, HOIFile
from scenegraph.formats.rgbd import RGBDFolder, require_sound
from scenegraph.formats.rgbd.upright import AXES
from scenegraph.masks import paint
from scenegraph.point_cloud import UNLABELLED

__all__ = ["Scene", "fuse", "fuse_folder", "fuse_video", "write_cloud"]

_CHECKED = 5
"""Frames, evenly spread, into which the cloud is projected to measure how well it fits."""

Colour, Depth = UInt8[np.ndarray, "height width 3"], Float32[np.ndarray, "height width"]


@dataclass(frozen=True, eq=False)
class Scene:
    """A fused recording.

    Attributes:
        file: the cloud with up and the names of the graph's nodes.
        floor: its plane, None where none is seen.
        error: median reprojection error in metres, NaN where nothing can be compared.
        frames: numbers of the frames that were fused.
        warnings: what may be wrong with the recording.
    """

    file: CloudFile
    floor: Plane | None
    error: float
    frames: tuple[int, ...]
    warnings: tuple[str, ...] = ()


def fuse(
    frame_of: Callable[[int], tuple[Colour, Depth]],
    frames: Sequence[int],
    camera: Camera,
    graph: SceneGraph | None = None,
    voxel: float = VOXEL,
    farthest: float = np.inf,
    progress: bool = True,
    up: Float64[np.ndarray, "3"] | None = None,
) -> Scene:
    """Fuse frames.

    Args:
        frame_of: colour and depth in metres by number.
        frames: which frames.
        camera: with a pose a frame, unless there is one frame only.
        graph: whose masks label the points.
        voxel: metres.
        farthest: depth beyond is left out.
        progress: show a bar on stderr.
        up: in the world of the poses; found from the surfaces and how the camera was held if None.

    Raises:
        InputError: there is no frame, several frames have no poses, no pixel has a depth, or as `Fusion.add`.
    """
    if not frames:
        raise InputError("there is no frame to fuse")
    if camera.poses is None and len(frames) > 1:
        raise InputError(
            f"{len(frames)} frames without camera poses cannot be fused; give their camera-to-world poses "
            "(groundtruth.txt, trajectory.log or frame-*.pose.txt), or fuse one frame"
        )
    if camera.poses is not None and max(frames) >= len(camera.poses):
        raise InputError(f"there is no pose for frame {max(frames)}; the camera has {len(camera.poses)} poses")
    fusion = Fusion(voxel, farthest)
    for frame in tqdm(frames, desc="fusing", unit="frame", disable=not progress, leave=False):
        colours, depth = frame_of(frame)
        nodes = None if graph is None else node_map(graph, frame)
        fusion.add(depth, camera, None if camera.poses is None else camera.poses[frame], colours, nodes)
    cloud = fusion.cloud()
    if not len(cloud):
        raise InputError(
            f"no pixel of {len(frames)} frames has a depth (nearer than {farthest:g} m); are the depth files empty, or "
            "is their scale another?"
        )
    level = find_up(cloud, camera_up(camera)) if up is None else up
    floor = find_floor(cloud, level)
    names = {} if graph is None else {node.id: graph.label(node.id) for node in graph.nodes}
    checked = [frames[at] for at in np.unique(np.linspace(0, len(frames) - 1, _CHECKED).astype(int))]
    poses = np.eye(4)[None] if camera.poses is None else camera.poses[checked]
    seen = Camera(camera.fx, camera.fy, camera.cx, camera.cy, poses)
    errors = reprojection_error(cloud, seen, (frame_of(frame)[1] for frame in checked[: len(poses)]))
    known = errors[~np.isnan(errors)]
    return Scene(
        CloudFile(cloud, level if floor is None or up is not None else floor.normal, names),
        floor,
        float(np.median(known)) if len(known) else float("nan"),
        tuple(frames),
    )


def fuse_folder(
    root: str | Path,
    graph: SceneGraph | None = None,
    frames: slice = slice(None),
    check: bool = True,
    units: float | None = None,
    intrinsics: tuple[float, float, float, float] | None = None,
    voxel: float = VOXEL,
    farthest: float = np.inf,
    progress: bool = True,
) -> Scene:
    """Fuse a plain RGB-D folder (7-Scenes, TUM or Open3D layout).

    Args:
        root: the folder.
        graph: whose masks label the points; its frames are those of the folder.
        frames: which of them.
        check: read all of it first, and refuse depth and poses that do not belong together.
        units: stored units of depth a metre; what is usual for the layout if None.
        intrinsics: fx, fy, cx, cy in pixels; from the folder if None.
        voxel: metres.
        farthest: depth beyond is left out.
        progress: show a bar on stderr.

    Raises:
        InputError: a part is missing, or depth, poses, scale or graph do not fit; the message names the file.
    """
    folder = RGBDFolder.open(root, units=units, intrinsics=intrinsics)
    warnings = require_sound(root, units, intrinsics, progress) if check else []
    if graph is not None and (graph.source.size != folder.size or graph.source.num_frames != len(folder)):
        raise InputError(
            f"the graph is of {graph.source.num_frames} frames of {graph.source.size} pixels (height, width); "
            f"{root} has {len(folder)} of {folder.size}"
        )
    chosen = range(len(folder))[frames]
    scene = fuse(
        lambda frame: (folder.image(frame), folder.depth(frame)),
        chosen,
        folder.camera,
        graph,
        voxel,
        farthest,
        progress,
        np.array(AXES[folder.up]) if folder.up_declared else None,
    )
    return replace(scene, warnings=tuple(map(str, warnings)))


def fuse_video(
    file: GTAFile | HOIFile,
    index: int,
    graph: SceneGraph | None = None,
    frames: slice = slice(None),
    voxel: float = VOXEL,
    farthest: float = np.inf,
    progress: bool = True,
) -> Scene:
    """Fuse a video of a PSG4D data set; its own masks label the points if no graph is given.

    Raises:
        InputError: a file of it is missing or broken.
    """
    graph = file.graph(index) if graph is None else graph
    chosen = range(file.num_frames(index))[frames]
    return fuse(
        lambda frame: (file.image(index, frame), file.depth(index, frame)),
        chosen,
        file.camera(index),
        graph,
        voxel,
        farthest,
        progress,
    )


def node_map(graph: SceneGraph, frame: int) -> Int32[np.ndarray, "height width"]:
    """The node id of every pixel of a frame, `UNLABELLED` for none; boxes without masks label nothing."""
    placed = [(node.id, node.region.segment(frame)) for node in graph.nodes]
    masks = [(node, segment.mask) for node, segment in placed if segment is not None and segment.mask is not None]
    lookup = np.array([UNLABELLED, *(node for node, _ in masks)], dtype=np.int32)
    return lookup[paint([mask for _, mask in masks], *graph.source.size) + 1]
