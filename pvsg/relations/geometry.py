"""Where tracks and pairs of tracks are, and how they move, as numbers for a network."""

import torch
from jaxtyping import Bool, Float, Int64
from torch import Tensor

from pvsg.relations.clip import CONTACTS, Clip

STEPS = (1, 3, 6)
"""Frames back to which a place is compared: what has just begun to move, and what moves slowly."""

PAST = max(STEPS)
"""Frames before a frame that its numbers depend on."""

_SMALLEST = 1e-3
"""Of a width or height, in shares of the picture."""

_FARTHEST = 4.0
"""Distances in widths or heights of a small thing are cut here."""

TRACK_NUMBERS = 12 + 3 * len(STEPS)
PAIR_NUMBERS = 15 + 2 * len(STEPS) + 2 * CONTACTS


def track_geometry(clip: Clip) -> Float[Tensor, "n t g"]:
    """Box, size, area and movement of every track: `TRACK_NUMBERS`, zeros where it is not seen."""
    boxes, centre, size = clip.boxes, clip.centres[..., :2], clip.centres[..., 2:].clamp(min=_SMALLEST)
    extent = _extent(boxes)
    middle = (boxes[..., :2] + boxes[..., 2:]) / 2
    numbers = [boxes, centre - 0.5, (centre - middle) / extent, extent.log() / 3, size.log() / 3]
    numbers.append(size / extent.prod(-1, keepdim=True).sqrt())
    for step in STEPS:
        moved, seen = earlier(torch.cat((centre, size.log()), -1), clip.present, step)
        change = (torch.cat((centre, size.log()), -1) - moved) * seen
        numbers.append(change * change.new_tensor([10.0, 10.0, 1.0]))
    return torch.where(clip.present[..., None], torch.cat(numbers, -1), 0.0)


def pair_geometry(clip: Clip, pairs: Int64[Tensor, "p 2"]) -> Float[Tensor, "p t g"]:
    """How two tracks lie to each other, how that changes, and how they touch: `PAIR_NUMBERS`.

    Zeros where one of the two is not seen.
    """
    first, second = clip.boxes[pairs[:, 0]], clip.boxes[pairs[:, 1]]
    together = clip.present[pairs[:, 0]] & clip.present[pairs[:, 1]]
    extents = _extent(first), _extent(second)
    apart = clip.centres[pairs[:, 1], :, :2] - clip.centres[pairs[:, 0], :, :2]
    low, high = torch.maximum(first[..., :2], second[..., :2]), torch.minimum(first[..., 2:], second[..., 2:])
    shared = high - low
    overlap = shared.clamp(min=0).prod(-1, keepdim=True)
    areas = [extent.prod(-1, keepdim=True) for extent in extents]
    numbers = [
        (apart / extents[0]).clamp(-_FARTHEST, _FARTHEST),
        (apart / extents[1]).clamp(-_FARTHEST, _FARTHEST),
        (extents[1] / extents[0]).log() / 3,
        (shared / extents[0]).clamp(-_FARTHEST, 1.0),
        (shared / extents[1]).clamp(-_FARTHEST, 1.0),
        overlap / areas[0],
        overlap / areas[1],
        overlap / (areas[0] + areas[1] - overlap),
        ((second[..., 3:] - first[..., 3:]) / extents[0][..., 1:]).clamp(-_FARTHEST, _FARTHEST),
        ((second[..., 3:] - first[..., 3:]) / extents[1][..., 1:]).clamp(-_FARTHEST, _FARTHEST),
    ]
    for step in STEPS:
        before, seen = earlier(apart, together, step)
        numbers.append((apart - before) * 10 * seen)
    numbers.append(_contacts(clip, pairs))
    return torch.where(together[..., None], torch.cat(numbers, -1), 0.0)


def earlier(
    values: Float[Tensor, "n t d"], present: Bool[Tensor, "n t"], step: int
) -> tuple[Float[Tensor, "n t d"], Bool[Tensor, "n t 1"]]:
    """The values `step` frames before, and whether both frames are seen.

    >>> values, seen = earlier(torch.arange(3.0).reshape(1, 3, 1), torch.ones(1, 3, dtype=torch.bool), 1)
    >>> values.flatten().tolist(), seen.flatten().tolist()
    ([0.0, 0.0, 1.0], [False, True, True])
    """
    frames = values.shape[1]
    before, known = torch.zeros_like(values), torch.zeros_like(present)
    before[:, step:] = values[:, : max(frames - step, 0)]
    known[:, step:] = present[:, : max(frames - step, 0)]
    return before, (known & present)[..., None]


def _extent(boxes: Float[Tensor, "n t 4"]) -> Float[Tensor, "n t 2"]:
    return (boxes[..., 2:] - boxes[..., :2]).clamp(min=_SMALLEST)


def _contacts(clip: Clip, pairs: Int64[Tensor, "p 2"]) -> Float[Tensor, "p t c"]:
    """How the first touches the second, and the second the first."""
    row = pairs.new_full((clip.num_tracks, clip.num_tracks), -1)
    row[pairs[:, 0], pairs[:, 1]] = torch.arange(len(pairs), device=pairs.device)
    dense = clip.contacts.new_zeros(len(pairs), clip.num_frames, 2 * CONTACTS)
    frame, first, second = clip.contact_places.unbind(1)
    for side, wanted in enumerate((row[first, second], row[second, first])):
        known = wanted >= 0
        dense[wanted[known], frame[known], side * CONTACTS : (side + 1) * CONTACTS] = clip.contacts[known]
    return dense
