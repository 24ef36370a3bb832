"""Plain RGB-D folders: colour, 16-bit depth in a stated scale, intrinsics, camera-to-world poses.

| layout | colour and depth | intrinsics | poses | units a metre |
|---|---|---|---|---|
| `7-scenes` | `frame-000000.color.png`, `.depth.png` | `camera-intrinsics.txt` in or above the folder | `frame-000000.pose.txt` | 1000 |
| `tum` | listed by time in `rgb.txt`, `depth.txt` | `camera-intrinsics.txt` | `groundtruth.txt` | 5000 |
| `open3d` | `color/` (`rgb/`, `image/`), `depth/`, of the same order | `camera_intrinsic.json` (`intrinsic.json`) | `trajectory.log` (`scene/trajectory.log`) | 1000 |

A text of intrinsics is a 3 x 3 matrix or four numbers, fx fy cx cy; where there is none they are given.
Depth of 0 and of 65535 is none. Which way is up may stand in `world.json` (`scenegraph.formats.rgbd.upright`).

>>> folder = RGBDFolder.open("redkitchen/seq-01")  # doctest: +SKIP
>>> folder.camera.points(folder.depth(0))  # doctest: +SKIP
"""  # noqa: E501 - a table

from scenegraph.formats.pose_checks import pose_error
from scenegraph.formats.rgbd.folder import RGBDFolder
from scenegraph.formats.rgbd.validation import require_sound, validate

__all__ = ["RGBDFolder", "pose_error", "require_sound", "validate"]
