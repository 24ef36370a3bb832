"""An RGB-D folder, frame by frame."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from jaxtyping import Float, Float32, UInt8
from PIL import Image, UnidentifiedImageError

from scenegraph import checked_json
from scenegraph.cameras import Camera
from scenegraph.checked_json import checked, field, is_number, located
from scenegraph.errors import InputError
from scenegraph.formats.rgbd.layouts import Listing, listing
from scenegraph.formats.rgbd.upright import upright
from scenegraph.formats.trajectories import read_numbers
from scenegraph.graph import Source
from scenegraph.images import image_size, read_image
from scenegraph.masks import MAX_PIXELS

RGB = UInt8[np.ndarray, "height width 3"]
Depth = Float32[np.ndarray, "height width"]
Intrinsics = tuple[float, float, float, float]
"""fx, fy, cx, cy in pixels."""

FILES = ("camera-intrinsics.txt", "camera_intrinsics.txt", "intrinsics.txt", "camera_intrinsic.json", "intrinsic.json")
"""Where intrinsics are looked for, in the folder and above it."""

NONE = 65535
"""Stored depth that means none, besides 0: what 7-Scenes writes, and where 16 bits end."""

_DEEP = ("I;16", "I;16L", "I;16B", "I;16N", "I")

REMEDY = (
    "give fx, fy, cx, cy in pixels, or write them into camera-intrinsics.txt (7-Scenes: 585 585 320 240; "
    "TUM freiburg 1: 517.3 516.5 318.6 255.3, 2: 520.9 521.0 325.1 249.7, 3: 535.4 539.2 320.1 247.6)"
)


class RGBDFolder:
    """Colour, depth and camera of a folder; pictures are read when they are asked for.

    Attributes:
        root: the folder.
        frames: the files and poses of its frames.
        units: stored units of depth a metre.
        size: (height, width).
        camera: intrinsics, and poses where the folder has them.
        up: the axis of the poses' world that points up, see `scenegraph.formats.rgbd.upright`.
        up_declared: whether a file says so.
    """

    def __init__(self, root: Path, frames: Listing, units: float, intrinsics: Intrinsics | None) -> None:
        self.root, self.frames = root, frames
        if not (np.isfinite(units) and units > 0):
            raise InputError(f"{units} units of depth a metre; expected a number above 0, such as 1000 for millimetres")
        self.units = units
        self.size = image_size(frames.colour[0])
        where, numbers = ("the intrinsics", intrinsics) if intrinsics else _intrinsics(root, self.size)
        fx, fy, cx, cy = numbers
        with located(str(where)):
            require_centre(cx, cy, self.size)
            camera = Camera(fx, fy, cx, cy, frames.poses)
        self.camera, self.up, self.up_declared = upright(root, camera)

    @classmethod
    def open(
        cls,
        root: str | Path,
        layout: str = "auto",
        units: float | None = None,
        intrinsics: Intrinsics | None = None,
    ) -> "RGBDFolder":
        """Find the frames, the camera and the poses of a folder.

        Args:
            root: the folder.
            layout: 7-scenes, tum or open3d; found out if "auto".
            units: stored units of depth a metre; what is usual for the layout if None.
            intrinsics: fx, fy, cx, cy in pixels; from the folder if None.

        Raises:
            InputError: a part is missing, out of order or no such thing; the message names the file
                and says what to do.
        """
        root = Path(root)
        frames = listing(root, layout)
        return cls(root, frames, frames.units if units is None else units, intrinsics)

    def __len__(self) -> int:
        return len(self.frames.colour)

    @property
    def source(self) -> Source:
        """What a graph of the folder describes."""
        return Source("rgbd", self.root.name, *self.size, len(self), self.frames.fps, self.camera, self.up)

    def image(self, frame: int) -> RGB:
        """The colour picture of a frame.

        Raises:
            InputError: there is no such frame, or the picture cannot be read or has another size.
        """
        return read_image(self.frames.colour[self._checked(frame)], self.size)

    def depth(self, frame: int) -> Depth:
        """Depth of a frame in metres along the camera's axis, 0 where there is none.

        Raises:
            InputError: there is no such frame, the file is no 16-bit picture, or has another size than colour.
        """
        path = self.frames.depth[self._checked(frame)]
        stored = read_depth(path)
        if stored.shape != self.size:
            raise InputError(
                f"{path}: depth is {stored.shape} (height, width), colour is {self.size}; register depth to colour, "
                "or make both of one size"
            )
        return np.where(stored == NONE, 0, stored / self.units).astype(np.float32)

    def __iter__(self) -> Iterator[tuple[RGB, Depth]]:
        return ((self.image(frame), self.depth(frame)) for frame in range(len(self)))

    def _checked(self, frame: int) -> int:
        if not 0 <= frame < len(self):
            raise InputError(f"{self.root}: there is no frame {frame}; it has {len(self)}, counted from 0")
        return frame


def require_centre(cx: float, cy: float, size: tuple[int, int]) -> None:
    """Refuse a principal point that does not lie in pictures of a size (height, width).

    Raises:
        InputError: it does not.
    """
    if not (-0.5 <= cx <= size[1] - 0.5 and -0.5 <= cy <= size[0] - 0.5):
        raise InputError(
            f"the centre ({cx:g}, {cy:g}) lies outside of the pictures, {size[1]} x {size[0]} pixels "
            "(width x height); are these intrinsics of another size?"
        )


def read_depth(path: Path) -> np.ndarray:
    """The stored numbers of a depth picture, int32 [height, width].

    Raises:
        InputError: the file is missing, is cut off, or has no 16 bits a pixel.
    """
    try:
        with Image.open(path) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise InputError(f"{path}: {picture.width} x {picture.height} pixels; at most {MAX_PIXELS:,} are read")
            if picture.mode not in _DEEP:
                raise InputError(
                    f"{path}: pixels of kind {picture.mode!r}; expected one channel of 16 bits (a coloured or 8-bit "
                    "depth picture is for looking at and holds no distances)"
                )
            return np.array(picture).astype(np.int32)
    except InputError:
        raise
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise InputError(f"{path}: not a readable picture ({error}); expected a 16-bit PNG") from None


def _intrinsics(root: Path, size: tuple[int, int]) -> tuple[Path, Intrinsics]:
    path = next((folder / name for folder in (root, root.parent) for name in FILES if (folder / name).is_file()), None)
    if path is None:
        raise InputError(f"{root}: no intrinsics ({', '.join(FILES)}) in it or above it; {REMEDY}")
    return path, _from_json(path, size) if path.suffix == ".json" else _from_text(path)


def _from_text(path: Path) -> Intrinsics:
    """A matrix of 3 x 3 or more, or one row of fx, fy, cx, cy."""
    numbers = read_numbers(path)
    if numbers.shape in ((3, 3), (4, 4), (3, 4)):
        return pinhole(numbers, path)
    if numbers.shape in ((1, 4), (4, 1)):
        fx, fy, cx, cy = numbers.ravel().tolist()
        return fx, fy, cx, cy
    raise InputError(
        f"{path}: {numbers.shape[0]} rows of {numbers.shape[1]} numbers; expected a 3 x 3 matrix or fx fy cx cy"
    )


def pinhole(matrix: Float[np.ndarray, "rows columns"], path: Path) -> Intrinsics:
    """fx, fy, cx, cy of a camera's matrix; a skew is left out.

    Raises:
        InputError: it is no such matrix, such as a transposed one.
    """
    if not np.allclose(matrix[2, :3], (0, 0, 1)) or matrix[1, 0]:
        raise InputError(f"{path}: the matrix is not fx 0 cx, 0 fy cy, 0 0 1")
    return float(matrix[0, 0]), float(matrix[1, 1]), float(matrix[0, 2]), float(matrix[1, 2])


def _from_json(path: Path, size: tuple[int, int]) -> Intrinsics:
    """Open3D's pinhole camera: width, height, and the matrix column by column."""
    value = checked_json.read(path)
    with located(str(path)):
        checked(value, "object", "the file")
        matrix = field(value, "intrinsic_matrix", "list")
        if len(matrix) != 9 or not all(map(is_number, matrix)):
            raise InputError(f"intrinsic_matrix: expected 9 numbers, column by column, found {json.dumps(matrix)[:80]}")
        height = field(value, "height", "whole number", default=size[0])
        width = field(value, "width", "whole number", default=size[1])
        if (height, width) != size:
            raise InputError(
                f"it is of pictures of {(height, width)} pixels (height, width); colour is {size}: scale the intrinsics"
            )
    return float(matrix[0]), float(matrix[4]), float(matrix[6]), float(matrix[7])
