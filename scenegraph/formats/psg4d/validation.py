"""What is wrong with a PSG4D data set, video by video."""

from collections import Counter
from pathlib import Path

import numpy as np
from tqdm import tqdm

from scenegraph import checked_json
from scenegraph.cameras import Camera
from scenegraph.checked_json import is_whole
from scenegraph.decoding import some
from scenegraph.errors import InputError
from scenegraph.formats.depth_checks import colour_findings, depth_findings
from scenegraph.formats.pose_checks import Neighbours, pose_findings
from scenegraph.formats.problems import Finding, Findings, Problem, limited
from scenegraph.formats.psg4d.gta import GTAFile
from scenegraph.formats.psg4d.hoi import HOIFile
from scenegraph.formats.psg4d.projections import Rage, metric_depth
from scenegraph.formats.rgbd.folder import require_centre
from scenegraph.formats.stored_relations import noted
from scenegraph.images import image_size

_INVERSE_TOLERANCE = 1e-2

_LENS_TOLERANCE = 1e-2
"""Relative; a focal length that is off by so much moves the edge of the picture by half a percent of its width."""


def validate(file: GTAFile | HOIFile, masks: bool = True, frames: bool = True, progress: bool = True) -> list[Problem]:
    """Check every video of a data set.

    Args:
        file: an opened `sailvos3d.json` or `psg4d_hoi.json`.
        masks: read all masks, for ids, sizes and objects that are never seen.
        frames: read depth and cameras, and the sizes of the colour pictures.
        progress: show a bar on stderr.

    Returns:
        Problems in file order; what readers leave out or cut is of severity "warning".
    """
    problems = list(_of_the_whole(file))
    for index in tqdm(range(len(file)), desc="checking", unit="video", disable=not progress, leave=False):
        item = f"video {file.videos[index]}"
        findings: list[Finding] = []
        if masks:
            findings += _graph_findings(file, index)
        if frames:
            camera = None
            try:
                camera = file.camera(index)
                findings += _camera_findings(file, index, camera)
            except InputError as error:
                findings.append(Finding("camera", str(error)))
            findings += _frame_findings(file, index, camera)
        problems += [Problem(item, *finding) for finding in findings]
    return problems


def _of_the_whole(file: GTAFile | HOIFile) -> list[Problem]:
    problems = []
    repeated = [video for video, count in Counter(file.videos).items() if count > 1]
    if repeated:
        problems.append(Problem(file.path.name, "data", f"videos stand there more than once: {some(repeated)}"))
    if not len(file):
        problems.append(Problem(file.path.name, "data", "there is no record"))
    listed = [video for part in file.split.values() for video in part]
    missing = [video for video in listed if video not in set(file.videos)]
    if missing:
        message = f"{len(missing)} of {len(listed)} videos have no record: {some(missing)}"
        problems.append(Problem(file.path.name, "split", message, "warning"))
    if isinstance(file, GTAFile):
        problems += _cut_problems(file)
    return problems


def _cut_problems(file: GTAFile) -> list[Problem]:
    """Where video_cut.json and the records disagree on the number of frames."""
    path = file.path.with_name("video_cut.json")
    if not path.is_file():
        return [Problem(path.name, "file", "it is not there; frames are taken as they are numbered", "warning")]
    try:
        cuts = checked_json.checked(checked_json.read(path), "object", path.name)
    except InputError as error:
        return [Problem(path.name, "file", str(error))]
    problems = []
    for index, video in enumerate(file.videos):
        cut = cuts.get(video)
        if cut is None:
            continue
        if not (isinstance(cut, list) and len(cut) == 2 and all(is_whole(end, 0) for end in cut) and cut[0] <= cut[1]):
            problems.append(Problem(path.name, video, f"{cut} is no [first, last] frame"))
        elif (count := file.num_frames(index)) != cut[1] - cut[0] + 1:
            message = f"frames {cut[0]} to {cut[1]} are {cut[1] - cut[0] + 1}; the record has {count}"
            problems.append(Problem(path.name, video, message))
    return problems


def _graph_findings(file: GTAFile | HOIFile, index: int) -> Findings:
    try:
        graph = file.graph(index, camera=False)
    except InputError as error:
        yield Finding("annotation", str(error))
        return
    yield from noted(graph.metadata)
    if not graph.relations:
        yield Finding("relations", "there is none", "warning")


def _camera_findings(file: GTAFile | HOIFile, index: int, camera: Camera) -> Findings:
    count = file.num_frames(index)
    try:
        size = image_size(file.frame_paths(index)[0])
    except InputError:
        return  # said of the frames
    try:
        require_centre(camera.cx, camera.cy, size)
    except InputError as error:
        yield Finding("camera", str(error))
    if camera.poses is not None and len(camera.poses) != count:
        yield Finding("camera", f"there are {len(camera.poses)} poses; the video has {count} frames")
    if isinstance(file, GTAFile):
        yield from _matrix_findings([file.matrices(index, frame) for frame in range(count)])


def _matrix_findings(rages: list[Rage]) -> Findings:
    """Matrices that are not the inverse of each other, and a lens that changes."""
    for frame, rage in enumerate(rages):
        for matrix, inverse in (("VP", "VP_inv"), ("P", "P_inv")):
            product = getattr(rage, matrix) @ getattr(rage, inverse)
            if not np.allclose(product, np.eye(4), atol=_INVERSE_TOLERANCE):
                yield Finding("camera", f"frame {frame}: {inverse} is not the inverse of {matrix}")
                return
    for frame, rage in enumerate(rages):
        if not np.allclose(rage.P, rages[0].P, rtol=_LENS_TOLERANCE):
            message = (
                f"frame {frame}: P is not that of frame 0, whose intrinsics are taken for all; cut the video there"
            )
            yield Finding("camera", message, "warning")
            return


def _frame_findings(file: GTAFile | HOIFile, index: int, camera: Camera | None) -> Findings:
    """Colour and depth of every frame, and whether depth and poses belong together."""
    try:
        count, paths = file.num_frames(index), file.frame_paths(index)
        size = image_size(paths[0])
    except InputError as error:
        yield Finding("frames", str(error))
        return
    if len(paths) != count:
        yield Finding("frames", f"there are {len(paths)} colour pictures; the record has {count} frames")
    posed = camera is not None and camera.poses is not None and len(camera.poses) == count
    neighbours = Neighbours(camera) if camera is not None and posed else None
    found = list(
        limited(_one_frame(file, index, frame, path, size, neighbours) for frame, path in enumerate(paths[:count]))
    )
    yield from found
    if neighbours is not None and not any(finding.severity == "error" for finding in found):
        yield from pose_findings(lambda frame: file.depth(index, frame), count, neighbours)


def _one_frame(
    file: GTAFile | HOIFile,
    index: int,
    frame: int,
    path: Path,
    size: tuple[int, int],
    neighbours: Neighbours | None,
) -> list[Finding]:
    found = list(colour_findings(path, size, frame))
    try:
        if isinstance(file, GTAFile):
            projected = file.projected_depth(index, frame)
            wrong = int((~np.isfinite(projected)).sum())
            if wrong:
                message = f"frame {frame}: {wrong} pixels are NaN or infinite; they are read as none"
                found.append(Finding("depth", message))
            depth = metric_depth(projected, file.matrices(index, frame))
        else:
            depth = file.depth(index, frame)
        found += depth_findings(depth, size, f"frame {frame}", "is it stored in another scale or projection?")
        if neighbours is not None and depth.shape == size:
            neighbours.add(frame, depth)
    except InputError as error:
        found.append(Finding("frames", str(error)))
    return found
