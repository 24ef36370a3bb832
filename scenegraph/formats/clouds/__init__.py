"""Files of labelled clouds, for viewers, for the explorer and for other programs.

| ending | read | written | what it loses |
|---|---|---|---|
| `.glb` | ours, and points of others | yes | normals; of a graph everything but the names of the nodes |
| `.ply` | ASCII and binary | binary | of a graph everything but the names of the nodes |
| `.pcd` | ASCII and binary | no | names, and which way is up |
| `.npz` | Open3D's arrays | no | names, and which way is up |
| `.usda`, `.usdc` | no | with the extra `usd` | relations, scores and spans |

Nothing is unpickled. Ids of nodes, colours and places survive every one of them.

>>> import numpy as np
>>> from scenegraph.point_cloud import PointCloud
>>> made = CloudFile(PointCloud.of(np.zeros((2, 3)), nodes=[3, -1]), np.array([0.0, 0.0, 1.0]), {3: "cup-1"})
>>> write_cloud("scene.glb", made)  # doctest: +SKIP
>>> read_cloud("scene.glb").names  # doctest: +SKIP
{3: 'cup-1'}
"""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from scenegraph.errors import InputError
from scenegraph.formats.clouds.cloud_file import CloudFile
from scenegraph.formats.clouds.gltf import read_glb, write_glb
from scenegraph.formats.clouds.pcd import read_pcd
from scenegraph.formats.clouds.ply import read_ply, write_ply
from scenegraph.formats.clouds.tensors import read_npz
from scenegraph.formats.clouds.usd import REMEDY as USD_REMEDY
from scenegraph.formats.clouds.usd import write_usd

__all__ = ["READERS", "WRITERS", "CloudFile", "check_writable", "read_cloud", "write_cloud"]

READERS: dict[str, Callable[[Path], CloudFile]] = {
    ".glb": read_glb,
    ".ply": read_ply,
    ".pcd": read_pcd,
    ".npz": read_npz,
}
"""Reader by ending."""

WRITERS: dict[str, Callable[[Path, CloudFile], None]] = {
    ".glb": write_glb,
    ".ply": write_ply,
    ".usda": write_usd,
    ".usdc": write_usd,
}
"""Writer by ending."""

_PICKLES = (".pkl", ".gz", ".pickle", ".pth", ".pt")


def read_cloud(path: str | Path) -> CloudFile:
    """The cloud of a file; the ending says which format it is.

    Raises:
        InputError: no reader knows the ending, or the file is missing, cut off or of another kind.
    """
    path = Path(path)
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        if path.suffix.lower() in _PICKLES:
            raise InputError(
                f"{path}: a pickle runs whatever its author put into it, so it is not read; in the program that made "
                "it write the cloud with open3d.io.write_point_cloud(NAME.ply, ...), and read that"
            )
        raise InputError(f"{path}: expected a cloud that ends with {', '.join(READERS)}")
    return reader(path)


def check_writable(path: str | Path) -> None:
    """Refuse a name that no writer can write, before the work that would be lost.

    Raises:
        InputError: no writer knows the ending, or its library is not installed.
    """
    path = Path(path)
    if path.suffix.lower() not in WRITERS:
        raise InputError(f"{path}: clouds are written with the ending {', '.join(WRITERS)}")
    if WRITERS[path.suffix.lower()] is write_usd and find_spec("pxr") is None:
        raise InputError(f"{path}: {USD_REMEDY}")


def write_cloud(path: str | Path, made: CloudFile) -> None:
    """Write a cloud, whole or not at all; the ending says which format.

    Raises:
        InputError: as `check_writable`, the cloud is empty, or the file cannot be written.
    """
    path = Path(path)
    if not len(made.cloud):
        raise InputError(f"{path}: the cloud has no points; nothing was written")
    check_writable(path)
    WRITERS[path.suffix.lower()](path, made)
