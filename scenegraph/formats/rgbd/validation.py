"""What is wrong with an RGB-D folder: files, depth, and whether depth and poses agree."""

from pathlib import Path

from tqdm import tqdm

from scenegraph.errors import InputError
from scenegraph.formats.depth_checks import colour_findings, depth_findings
from scenegraph.formats.pose_checks import Neighbours, pose_findings
from scenegraph.formats.problems import Finding, Problem, limited
from scenegraph.formats.rgbd.folder import Intrinsics, RGBDFolder


def validate(
    root: str | Path,
    layout: str = "auto",
    units: float | None = None,
    intrinsics: Intrinsics | None = None,
    progress: bool = True,
) -> list[Problem]:
    """Read every frame of a folder, and project some of them into each other.

    Returns:
        Problems in the order of the frames. That depth fits the poses better in another scale, or
        with the poses inverted, is an error too; a warning where the frames lie so near each other that
        it might be noise.

    Raises:
        InputError: the folder cannot be opened at all: no frames, no intrinsics, a pose that is none.
    """
    folder = RGBDFolder.open(root, layout, units, intrinsics)
    bar = tqdm(range(len(folder)), desc="checking", unit="frame", disable=not progress, leave=False)
    neighbours = None
    if folder.camera.poses is not None:
        neighbours = Neighbours(folder.camera, name=lambda frame: f"{frame} ({folder.frames.depth[frame].name})")
    findings = list(limited(_one_frame(folder, frame, neighbours) for frame in bar))
    if neighbours is None:
        findings.append(Finding("poses", "there are none; places are known in the camera's frame only", "warning"))
    elif not any(finding.severity == "error" for finding in findings):
        findings += pose_findings(folder.depth, len(folder), neighbours, folder.units)
    if folder.frames.left_out:
        message = f"{folder.frames.left_out} colour pictures have no depth or pose at their time; they are left out"
        findings.append(Finding("frames", message, "warning"))
    return [Problem(folder.root.name, *finding) for finding in findings]


def require_sound(
    root: str | Path, units: float | None = None, intrinsics: Intrinsics | None = None, progress: bool = True
) -> list[Problem]:
    """Refuse a folder in which `validate` finds errors.

    Args:
        root: the folder.
        units: stored units of depth a metre; what is usual for the layout if None.
        intrinsics: fx, fy, cx, cy in pixels; from the folder if None.
        progress: show a bar on stderr.

    Returns:
        The warnings.

    Raises:
        InputError: the first of the errors.
    """
    found = validate(root, units=units, intrinsics=intrinsics, progress=progress)
    errors = [problem for problem in found if problem.severity == "error"]
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        raise InputError(
            f"{root}: {errors[0].field}: {errors[0].message}{more}; `groundgraph data check rgbd` lists them, "
            "--unchecked goes on with what there is"
        )
    return found


def _one_frame(folder: RGBDFolder, frame: int, neighbours: Neighbours | None) -> list[Finding]:
    found = list(colour_findings(folder.frames.colour[frame], folder.size, frame))
    try:
        depth = folder.depth(frame)
    except InputError as error:
        return [*found, Finding("depth", str(error))]
    where = f"{folder.frames.depth[frame].name}: frame {frame}"
    found += depth_findings(depth, folder.size, where, f"is {folder.units:g} units a metre the right scale?")
    if neighbours is not None:
        neighbours.add(frame, depth)
    return found
