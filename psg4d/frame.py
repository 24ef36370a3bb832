"""One frame of an RGB-D stream, and its segments in metres."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Float32, Float64, UInt8

from psg.segmenters import PanopticMap
from psg4d.lifting import check_depth, lift
from pvsg.tracked_frames import METRES
from scenegraph import Camera, InputError


class RGBDFrame(NamedTuple):
    """Colour and depth of one moment, and what is known of the camera.

    Attributes:
        colour: RGB.
        depth: metres along the camera's axis; 0 or NaN: none.
        camera: intrinsics; None where they are not known: then nothing can be measured.
        pose: camera-to-world; None where it is not known: places are then those of the camera.
    """

    colour: UInt8[np.ndarray, "h w 3"]
    depth: Float[np.ndarray, "h w"]
    camera: Camera | None = None
    pose: Float64[np.ndarray, "4 4"] | None = None

    def seen_by(self, camera: Camera, frame: int) -> "RGBDFrame":
        """With the camera, and its pose in this frame if it has poses.

        Raises:
            InputError: the camera has poses, but none of this frame.
        """
        if camera.poses is None:
            return self._replace(camera=camera)
        if frame >= len(camera.poses):
            raise InputError(f"there is no pose of frame {frame}; the camera has {len(camera.poses)} poses")
        return self._replace(camera=camera, pose=camera.poses[frame])

    def check(self, where: str) -> "RGBDFrame":
        """Itself.

        Raises:
            InputError: depth has another size than colour, or is negative.
        """
        check_depth(self.depth, self.colour.shape[:2], f"{where}: depth")
        return self


def measured(found: PanopticMap, frame: RGBDFrame) -> PanopticMap:
    """The map with the places of its segments; rows of NaN where the camera or depth is not known.

    Raises:
        InputError: depth does not fit, see `psg4d.lifting.lift`.
    """
    return replace(found, metres=metres_of(found, frame))


def metres_of(found: PanopticMap, frame: RGBDFrame) -> Float32[np.ndarray, "n 12"]:
    """Where the segments of a map are, as `pvsg.tracked_frames.METRES` says.

    Things are bodies, which have a back; stuff is a surface.
    """
    count = len(found.nodes)
    if frame.camera is None or not count:
        return np.full((count, METRES), np.nan, dtype=np.float32)
    solid = found.categories < len(found.vocabulary.things)
    rows = lift(found.ids, frame.depth, frame.camera, count, frame.pose, solid)
    seen = rows.positions
    if frame.pose is not None:
        seen = (rows.positions - frame.pose[:3, 3]) @ frame.pose[:3, :3]
    return np.concatenate([rows.positions, rows.extents, rows.uncertainty, seen], axis=1).astype(np.float32)
