"""Where tracks and pairs of tracks are in metres, and how they move, as numbers for a network.

Movements are those of the world, so that a camera that moves moves nothing. They enter as lengths, and as
parts along the line between the two of a pair (towards each other, away from each other), which do not
depend on how the axes of the world lie. Directions are those of the camera.
"""

import torch
from jaxtyping import Bool, Float, Int64
from torch import Tensor

from pvsg.relations.clip import Clip
from pvsg.relations.geometry import STEPS, earlier

TRACK_NUMBERS = 8 + len(STEPS)
PAIR_NUMBERS = 12 + 6 * len(STEPS)

_POSITION, _EXTENT, _UNCERTAINTY, _VIEW = (slice(3 * at, 3 * at + 3) for at in range(4))
"""Where they lie in a row of `pvsg.tracked_frames.METRES`."""

_SMALLEST = 0.02
"""Metres: smaller extents and uncertainties count as this."""
_MOVES = 4.0
"""Movements are multiplied by this, so that a step of 0.25 m a frame, a walk, is about 1."""


def compressed(metres: Float[Tensor, "*n"]) -> Float[Tensor, "*n"]:
    """The logarithm on both sides of 0: as good as metres near 0, and far away only how many times as far.

    >>> [round(metres, 2) for metres in compressed(torch.tensor([-10.0, 0.0, 1.0])).tolist()]
    [-2.4, 0.0, 0.69]
    """
    return metres.sign() * metres.abs().log1p()


def known_of(clip: Clip) -> Bool[Tensor, "n t"]:
    """Where a track is seen and was measured; nowhere in videos without depth."""
    if not clip.metres.shape[-1]:
        return torch.zeros_like(clip.present)
    return clip.present & ~clip.metres.isnan().any(-1)


def track_space(clip: Clip) -> Float[Tensor, "n t g"]:
    """Place before the camera, extent, uncertainty and speed of every track: `TRACK_NUMBERS`; zeros where not known."""
    known = known_of(clip)
    if not known.any():
        return clip.boxes.new_zeros(*known.shape, TRACK_NUMBERS)
    metres = clip.metres.nan_to_num()
    position = metres[..., _POSITION]
    numbers = [
        torch.ones_like(position[..., :1]),
        compressed(metres[..., _VIEW]) / 2,
        metres[..., _EXTENT].clamp(min=_SMALLEST).log() / 2,
        metres[..., _UNCERTAINTY].mean(-1, keepdim=True).clamp(min=_SMALLEST).log() / 2,
    ]
    for step in STEPS:
        before, seen = earlier(position, known, step)
        numbers.append(compressed(_MOVES * (position - before).norm(dim=-1, keepdim=True) * seen))
    return torch.where(known[..., None], torch.cat(numbers, -1), 0.0)


def pair_space(clip: Clip, pairs: Int64[Tensor, "p 2"]) -> Float[Tensor, "p t g"]:
    """How two tracks lie to each other in metres, and how each moves: `PAIR_NUMBERS`; zeros where not known.

    The gap is that between the boxes of both along the axes, negative where they overlap.
    """
    known = known_of(clip)
    together = known[pairs[:, 0]] & known[pairs[:, 1]]
    if not together.any():
        return clip.boxes.new_zeros(*together.shape, PAIR_NUMBERS)
    metres = clip.metres.nan_to_num()
    first, second = metres[pairs[:, 0]], metres[pairs[:, 1]]
    apart = second[..., _POSITION] - first[..., _POSITION]
    extents = [each[..., _EXTENT].clamp(min=_SMALLEST) for each in (first, second)]
    gap = apart.abs() - (extents[0] + extents[1]) / 2
    distance = apart.norm(dim=-1, keepdim=True)
    numbers = [
        torch.ones_like(distance),
        compressed(second[..., _VIEW] - first[..., _VIEW]),
        compressed(distance),
        compressed(gap),
        compressed(gap.clamp(min=0).norm(dim=-1, keepdim=True)),
        (extents[1] / extents[0]).log() / 2,
    ]
    line = apart / distance.clamp(min=_SMALLEST)
    for step in STEPS:
        numbers += _movement(first[..., _POSITION], second[..., _POSITION], line, together, step)
    return torch.where(together[..., None], torch.cat(numbers, -1), 0.0)


def _movement(
    first: Float[Tensor, "p t 3"],
    second: Float[Tensor, "p t 3"],
    line: Float[Tensor, "p t 3"],
    together: Bool[Tensor, "p t"],
    step: int,
) -> list[Float[Tensor, "p t _"]]:
    """Six numbers of the movement over some frames: lengths, parts along the line between, and likeness."""
    moved = []
    for position in (first, second):
        before, seen = earlier(position, together, step)
        moved.append((position - before) * seen)
    lengths = [each.norm(dim=-1, keepdim=True) for each in moved]
    metres = (
        *lengths,
        (moved[0] * line).sum(-1, keepdim=True),
        (moved[1] * line).sum(-1, keepdim=True),
        (moved[0] - moved[1]).norm(dim=-1, keepdim=True),
    )
    alike = (moved[0] * moved[1]).sum(-1, keepdim=True) / (lengths[0] * lengths[1]).clamp(min=_SMALLEST**2)
    return [*(compressed(_MOVES * each) for each in metres), alike]
