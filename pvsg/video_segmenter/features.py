"""A clip as one tall picture: its frames lie below one another, so that every part for pictures works on clips.

Attention then runs over all cells of all frames, a mask covers every frame, and one assignment joins
tubes to true tubes, as Mask2Former for video does (Cheng et al. 2021, "Mask2Former for Video Instance
Segmentation"): what a frame adds is its time, in the encoding of positions.
"""

from dataclasses import dataclass, replace

import torch
from mmdet.models.layers.positional_encoding import SinePositionalEncoding3D
from torch import Tensor

from psg.parts.features import Features
from psg.parts.truth import Truth


@dataclass(frozen=True)
class ClipFeatures(Features):
    """Features of b clips as tall pictures, of `length` frames each."""

    length: int = 1


def frames_of(tall: Tensor, length: int, rows: int = -2) -> Tensor:
    """Frames [b * length, ...] of tall maps [b, ...]; `rows` is the axis of rows, counted from the end.

    >>> frames_of(torch.arange(8).reshape(1, 1, 4, 2), 2).tolist()
    [[[[0, 1], [2, 3]]], [[[4, 5], [6, 7]]]]
    """
    apart = tall.unflatten(rows, (length, -1))
    return apart.movedim(rows - 1, 1).flatten(0, 1)


def tall_of(frames: Tensor, length: int, rows: int = -2) -> Tensor:
    """Tall maps of frames: the way back from `frames_of`."""
    apart = frames.unflatten(0, (-1, length))
    return apart.movedim(1, rows - 1).flatten(rows - 1, rows)


def clip_features(frames: Features, length: int, encoding: SinePositionalEncoding3D) -> ClipFeatures:
    """Features of clips from those of their frames.

    Args:
        frames: of b * length pictures, clip by clip.
        length: frames of a clip.
        encoding: positions of cells in a frame and of the frame in the clip.
    """

    def tall(maps: dict[int, Tensor]) -> dict[int, Tensor]:
        return {stride: tall_of(each, length) for stride, each in maps.items()}

    positions = {}
    for stride in frames.positions:
        placed = encoding(frames.padding[stride].unflatten(0, (-1, length)))
        positions[stride] = tall_of(placed.flatten(0, 1), length)
    sizes = frames.sizes.unflatten(0, (-1, length))
    return ClipFeatures(
        maps=tall(frames.maps),
        padding=tall(frames.padding),
        positions=positions,
        memory=tall_of(frames.memory, length),
        memory_stride=frames.memory_stride,
        sizes=torch.stack((sizes[..., 0].sum(1), sizes[:, 0, 1]), 1),
        padded=frames.padded,
        pixels=tall(frames.pixels),
        length=length,
    )


def frame_truth(truth: Truth, length: int) -> Truth:
    """The truth of every frame of clips; what a frame does not show is not present there."""
    masks = frames_of(truth.masks, length)
    present = masks.flatten(2).any(-1)
    rows = torch.arange(masks.shape[2], device=masks.device)
    columns = torch.arange(masks.shape[3], device=masks.device)
    high, wide = masks.any(3), masks.any(2)

    def edges(seen: Tensor, places: Tensor) -> tuple[Tensor, Tensor]:
        far = len(places)
        return torch.where(seen, places, far).amin(-1), torch.where(seen, places + 1, 0).amax(-1)

    (top, bottom), (left, right) = edges(high, rows), edges(wide, columns)
    boxes = torch.stack((left, top, right, bottom), -1).float() * present[..., None]
    count = len(masks)
    return replace(
        truth,
        labels=truth.labels.repeat_interleave(length, 0),
        present=present,
        boxes=boxes,
        masks=masks,
        relations=truth.relations[:0],
        counts=(truth.labels.shape[1],) * count,
        image_sizes=((masks.shape[2], masks.shape[3]),) * count,
        _shares={},
    )
