"""How many voxels true and predicted nodes share, frame by frame: the strict video protocol in metres.

In a picture what is near covers most pixels. Measured depth puts every pixel at a point in metres, and
a voxel counts once however many pixels see it, so that a table has the weight of a table near and far.
A frame's cloud is labelled twice, by the truth and by the prediction; a voxel belongs to the node that
labels most of its points, unlabelled points taking part, so that on each side voxels are one id map, as
the strict protocol wants it (`scenegraph.strict_video`, which goes on with the `TubeOverlap` made here).
"""

from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float, Int64, Integer

from scenegraph.cameras import Camera
from scenegraph.errors import InputError
from scenegraph.masks import MaskSet, paint
from scenegraph.panoptic import joint_histogram
from scenegraph.regions import Tube
from scenegraph.tube_overlap import TubeOverlap, mask_of

VOXEL = 0.05
"""Edge of a voxel in metres: near the error of depth cameras at 2 to 3 m, so that noise rarely moves a point on."""

_BITS = 21
"""Bits for each coordinate of a voxel: a cube of 100 km at 5 cm, and three of them in one number."""

Depth = Callable[[int], Float[np.ndarray, "height width"]]
"""Depth in metres of a frame; 0 or NaN where there is none."""


def compare_voxels(
    truth: Sequence[Tube | None],
    prediction: Sequence[Tube | None],
    depth: Depth,
    camera: Camera,
    num_frames: int,
    voxel: float = VOXEL,
    priority: Int64[np.ndarray, " m"] | None = None,
    where: str = "the video",
) -> TubeOverlap:
    """Count the shared voxels of every true and every predicted tube in every frame.

    Args:
        truth: true tubes, one id map a frame.
        prediction: predicted tubes.
        depth: gives the depth of a frame, in metres.
        camera: intrinsics; poses are not needed, for both sides are seen from one place.
        num_frames: frames of the video.
        voxel: edge of a voxel in metres.
        priority: predicted positions, the one that keeps a shared pixel first; their order if left out.
        where: name of the video for the message.

    Raises:
        InputError: the voxels have no size, a depth map has not the size of the masks, or no frame has depth.
    """
    if not voxel > 0:
        raise InputError(f"{where}: voxels of {voxel} m; expected an edge above 0, such as {VOXEL}")
    order = np.arange(len(prediction)) if priority is None else priority
    shared = np.zeros((num_frames, len(truth), len(prediction)), dtype=np.int32)
    areas = [np.zeros((num_frames, len(tubes)), dtype=np.int64) for tubes in (truth, prediction)]
    measured = False
    for frame in range(num_frames):
        metres = depth(frame)
        labels = [_labels(truth, frame, np.arange(len(truth)), metres.shape, where)]
        labels.append(_labels(prediction, frame, order, metres.shape, where))
        known = np.isfinite(metres) & (metres > 0)
        measured |= bool(known.any())
        cells = voxels_of(camera.points(metres)[known], voxel, where)
        owners = [owners_of(cells, side[known], count) for side, count in zip(labels, shared.shape[1:], strict=True)]
        shared[frame] = joint_histogram(owners[0][None], owners[1][None], *shared.shape[1:])
        for owner, area in zip(owners, areas, strict=True):
            area[frame] = np.bincount(owner[owner >= 0], minlength=area.shape[1])
    if num_frames and not measured:
        raise InputError(f"{where}: no frame has depth, and voxels need it; is the scale of the depth right?")
    return TubeOverlap(shared, *areas)


def voxels_of(
    points: Float[np.ndarray, "points 3"], voxel: float, where: str = "the cloud"
) -> Int64[np.ndarray, " points"]:
    """The voxel of every point, numbered from 0 in no particular order.

    Raises:
        InputError: a point is not finite or lies further away than voxels are numbered.

    >>> voxels_of(np.array([[0.01, 0, 0], [0.04, 0, 0], [0.06, 0, 0]]), 0.05).tolist()
    [0, 0, 1]
    """
    cells = np.floor(points / voxel)
    half = 1 << (_BITS - 1)
    if not (np.abs(cells) < half).all():
        raise InputError(f"{where}: a point lies more than {half * voxel:g} m away or is not a number; metres expected")
    x, y, z = cells.astype(np.int64).T + half
    return np.unique((x << 2 * _BITS) | (y << _BITS) | z, return_inverse=True)[1].reshape(-1)


def owners_of(
    voxels: Int64[np.ndarray, " points"], labels: Integer[np.ndarray, " points"], count: int
) -> Int64[np.ndarray, " voxels"]:
    """The label of most points of every voxel, -1 where most have none; of equally many the lower label.

    Args:
        voxels: voxel of every point, from 0.
        labels: label of every point, -1 for none.
        count: labels are below it.

    >>> owners_of(np.array([0, 0, 0, 1]), np.array([2, 1, 2, -1]), 3).tolist()
    [2, -1]
    """
    pairs, votes = np.unique(voxels * (count + 1) + labels + 1, return_counts=True)
    voxel, label = np.divmod(pairs, count + 1)
    best = np.lexsort((label, -votes, voxel))
    first = best[np.unique(voxel[best], return_index=True)[1]]
    return label[first] - 1


def _labels(
    tubes: Sequence[Tube | None], frame: int, order: Int64[np.ndarray, " n"], size: tuple[int, ...], where: str
) -> Int64[np.ndarray, "height width"]:
    """Position of the tube at every pixel of a frame, -1 for none; the first in the order keeps a shared pixel."""
    seen = [
        (int(position), segment)
        for position in order[::-1]
        if (tube := tubes[position]) is not None and (segment := tube.segment(frame)) is not None
    ]
    for _, segment in seen:
        if segment.size != size:
            raise InputError(f"{where}: depth of {size} pixels and masks of {segment.size} in frame {frame}")
    places = np.array([*(position for position, _ in seen), -1], dtype=np.int64)
    return places[paint(MaskSet(mask_of(segment) for _, segment in seen), *size)]
