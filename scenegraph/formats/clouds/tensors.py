"""Clouds that Open3D saved as .npz: `positions`, `colors`, `normals`, and a column of labels.

Loses: names and up, which are not in the file.
"""

import zipfile
from pathlib import Path

import numpy as np

from scenegraph.errors import InputError
from scenegraph.formats.clouds.cloud_file import CloudFile, cloud_of_columns, read_bytes

_LABELS = ("node", "labels", "label", "instance", "semantic")


def read_npz(path: Path) -> CloudFile:
    """The points of a .npz file of Open3D's tensor clouds.

    Raises:
        InputError: the file is missing, cut off, holds pickled objects, or has no positions.
    """
    read_bytes(path)  # says what is wrong with a file that is missing or too large
    try:
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in ("positions", "colors", "normals", *_LABELS) if name in stored}
    except (ValueError, OSError, EOFError, zipfile.BadZipFile, KeyError) as error:
        raise InputError(
            f"{path}: not an Open3D cloud ({error}); expected the arrays positions, colors and labels, none pickled"
        ) from None
    positions = arrays.get("positions")
    if positions is None or positions.ndim != 2 or positions.shape[1] != 3:
        raise InputError(f"{path}: there is no array 'positions' of n x 3")
    columns: dict[str, np.ndarray] = {}
    for name, axes in (("positions", "xyz"), ("normals", ("nx", "ny", "nz")), ("colors", ("red", "green", "blue"))):
        if name in arrays:
            if arrays[name].shape != positions.shape:
                raise InputError(f"{path}: {name} have shape {arrays[name].shape}, positions {positions.shape}")
            columns |= {axis: arrays[name][:, at] for at, axis in enumerate(axes)}
    label = next((name for name in _LABELS if name in arrays), None)
    if label is not None:
        if arrays[label].size != len(positions):
            raise InputError(f"{path}: {arrays[label].size} labels for {len(positions)} points")
        columns["node"] = arrays[label].ravel()
    return CloudFile(cloud_of_columns(columns, str(path)))
