"""Clouds to and from Open3D, for what it does well: outliers, registration, meshes, its viewer.

Nothing else here needs Open3D: lifting, fusion, floor and pictures work without it.
"""

import ctypes
import importlib
from types import ModuleType
from typing import Any

import numpy as np

from scenegraph import InputError
from scenegraph.point_cloud import UNLABELLED, PointCloud

REMEDY = "Open3D is not installed; install the extra: pip install 'groundgraph[rgbd]' (or open3d-cpu)"
USB_REMEDY = (
    "Open3D needs libusb-1.0, which is not there; install it: apt-get install libusb-1.0-0, or without root: "
    "pip install libusb-package"
)


def load_open3d() -> ModuleType:
    """The module `open3d`, imported when it is first needed.

    Raises:
        InputError: it is not installed, or something that it needs is missing, such as libusb.
    """
    try:
        # Found by itself where the system has it; the wheel brings it for those who may not install.
        usb = importlib.import_module("libusb_package")
        ctypes.CDLL(str(usb.get_library_path()), mode=ctypes.RTLD_GLOBAL)
    except (ModuleNotFoundError, OSError):
        pass
    try:
        return importlib.import_module("open3d")
    except ImportError as error:
        if isinstance(error, ModuleNotFoundError) and error.name == "open3d":
            raise InputError(REMEDY) from None
        if "libusb" in str(error):
            raise InputError(USB_REMEDY) from None
        raise InputError(f"Open3D is installed but cannot be loaded ({error}); install it again") from None


def to_open3d(cloud: PointCloud) -> Any:
    """An `open3d.t.geometry.PointCloud` with the ids of nodes as the attribute `node`.

    Raises:
        InputError: as `load_open3d`.
    """
    o3d = load_open3d()
    made = o3d.t.geometry.PointCloud(o3d.core.Tensor(np.ascontiguousarray(cloud.points)))
    made.point["colors"] = o3d.core.Tensor(np.ascontiguousarray(cloud.colours))
    made.point["node"] = o3d.core.Tensor(np.ascontiguousarray(cloud.nodes[:, None]))
    if cloud.normals is not None:
        made.point["normals"] = o3d.core.Tensor(np.nan_to_num(cloud.normals))
    return made


def from_open3d(given: Any) -> PointCloud:
    """The cloud of an `open3d.t.geometry.PointCloud`; colours may be bytes or shares from 0 to 1."""
    arrays = {
        name: given.point[name].numpy() for name in ("positions", "colors", "normals", "node") if name in given.point
    }
    colours = arrays.get("colors")
    if colours is not None and colours.dtype.kind == "f":
        colours = (colours * 255).round().clip(0, 255)
    nodes = arrays.get("node", np.full((len(arrays["positions"]), 1), UNLABELLED))
    return PointCloud.of(arrays["positions"], colours, nodes[:, 0], arrays.get("normals"))


def without_outliers(cloud: PointCloud, neighbours: int = 20, deviations: float = 2.0) -> PointCloud:
    """The cloud without points that lie much farther from their neighbours than is usual in it.

    Args:
        cloud: the cloud.
        neighbours: how many neighbours count.
        deviations: standard deviations above the mean distance from which on a point is left out.

    Raises:
        InputError: as `load_open3d`.
    """
    _, kept = to_open3d(cloud).remove_statistical_outliers(neighbours, deviations)
    return cloud[kept.numpy()]
