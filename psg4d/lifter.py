"""Frame after frame into tracks: masks, places and sizes of every node, kept as `Track4D`.

>>> lifter = Lifter(Camera(100.0, 100.0, 39.5, 29.5))
>>> ids = np.full((60, 80), -1)
>>> ids[20:40, 30:50] = 0
>>> row = lifter.add(0, ids, np.full((60, 80), 2.0, dtype=np.float32), [7])
>>> row = lifter.add(1, ids, np.full((60, 80), 2.2, dtype=np.float32), [7])
>>> lifter.tracks()[7].positions[:, 2].round(2).tolist()
[2.0, 2.2]
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float, Integer

from psg4d.lifting import KINECT, DepthNoise, Lifted, lift
from scenegraph import Camera, InputError, Segment, Track4D, Tube
from scenegraph.masks import Mask
from scenegraph.panoptic import masks_from_ids


@dataclass
class _Rows:
    """What is known of one node: a row a frame."""

    masks: dict[int, Mask] = field(default_factory=dict)
    positions: list[np.ndarray] = field(default_factory=list)
    extents: list[np.ndarray] = field(default_factory=list)
    uncertainty: list[np.ndarray] = field(default_factory=list)


class Lifter:
    """Collects the frames of a stream; memory grows with the runs of the masks, never with pixels.

    Args:
        camera: intrinsics, and poses where they are known from the beginning.
        solid: node ids of bodies, which have a back; see `lift`. All if None.
        noise: of the sensor.
    """

    def __init__(self, camera: Camera, solid: Container[int] | None = None, noise: DepthNoise = KINECT) -> None:
        self.camera, self.solid, self.noise = camera, solid, noise
        self._rows: dict[int, _Rows] = {}
        self._last = -1
        self._posed: bool | None = None

    def add(
        self,
        frame: int,
        ids: Integer[np.ndarray, "height width"],
        depth: Float[np.ndarray, "height width"],
        nodes: Sequence[int],
        pose: Float[np.ndarray, "4 4"] | None = None,
    ) -> Lifted:
        """Measure a frame and keep it.

        Args:
            frame: its number; frames come in ascending order, and some may be missing.
            ids: for each pixel a position in `nodes`; anything else: no node.
            depth: metres, 0 or NaN: none.
            nodes: node id of each segment, as tracking has found it.
            pose: camera-to-world of the frame; that of the camera, if it has one, by default.

        Returns:
            The rows of the segments in the order of `nodes`.

        Raises:
            InputError: the frame is no later one, a node has two segments, some frames have poses and
                others none, or as `lift`.
        """
        if frame <= self._last:
            raise InputError(f"frame {frame} comes after frame {self._last}; give frames in ascending order")
        if len(set(nodes)) < len(nodes):
            raise InputError(f"frame {frame}: a node has two segments; give both one number in the ids")
        if pose is None and self.camera.poses is not None:
            if frame >= len(self.camera.poses):
                raise InputError(f"there is no pose for frame {frame}; the camera has {len(self.camera.poses)} poses")
            pose = self.camera.poses[frame]
        if self._posed is not None and self._posed != (pose is not None):
            raise InputError(f"frame {frame}: poses must be given for all frames or for none; places would be mixed up")
        solid = np.array([self.solid is None or node in self.solid for node in nodes], dtype=bool)
        rows = lift(ids, depth, self.camera, len(nodes), pose, solid, self.noise)
        self._last, self._posed = frame, pose is not None
        for at, (node, mask) in enumerate(zip(nodes, masks_from_ids(ids, range(len(nodes))), strict=True)):
            if not mask.area:
                continue
            kept = self._rows.setdefault(node, _Rows())
            kept.masks[frame] = mask
            kept.positions.append(rows.positions[at])
            kept.extents.append(rows.extents[at])
            kept.uncertainty.append(rows.uncertainty[at])
        return rows

    def tracks(self) -> dict[int, Track4D]:
        """The track of every node that has been seen, by node id."""
        return {node: self._track(rows) for node, rows in self._rows.items()}

    def forget(self, nodes: Sequence[int]) -> None:
        """Drop nodes whose tracks are no longer needed, so that a stream without end fits into memory."""
        for node in nodes:
            self._rows.pop(node, None)

    def _track(self, rows: _Rows) -> Track4D:
        tube = Tube({frame: Segment(mask) for frame, mask in rows.masks.items()})
        return Track4D(tube, np.stack(rows.positions), np.stack(rows.extents), np.stack(rows.uncertainty))
