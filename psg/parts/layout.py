"""Where masks lie, and how two masks lie to each other, as numbers for a relation head.

All lengths are in shares of the picture's size (the square root of its area) or of the objects' own
sizes, so that they survive resizing. Nothing here is learned and nothing is differentiated.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

OBJECT_NUMBERS = 9
PAIR_NUMBERS = 23
_LIMIT = 4.0
"""Ratios are cut here: beyond four sizes away, farther makes no difference."""
_SMALLEST = 1.0
"""Area in cells below which a mask has no shape to measure."""


@dataclass(frozen=True)
class Layout:
    """Moments of q soft masks a picture, in cells; boxes are x1, y1, x2, y2."""

    masks: Float[Tensor, "b q h w"]
    centre: Float[Tensor, "b q 2"]
    spread: Float[Tensor, "b q 2"]
    box: Float[Tensor, "b q 4"]
    size: Float[Tensor, "b q 1"]

    @classmethod
    @torch.no_grad()
    def of(cls, mask_logits: Float[Tensor, "b q h w"]) -> "Layout":
        """Measure masks. A mask that is nowhere likely gets the box of its one likeliest row and column."""
        # Not sigmoid(): onnxruntime's is wrong by half at -16, and glimpses take its logarithm.
        masks = 1 / (1 + (-mask_logits).exp())
        area = masks.sum((-2, -1)).clamp(min=_SMALLEST)[..., None]
        across, down = masks.sum(-2), masks.sum(-1)
        (x, x_spread), (y, y_spread) = _moments(across, area), _moments(down, area)
        (x1, x2), (y1, y2) = _extent(masks.amax(-2)), _extent(masks.amax(-1))
        return cls(
            masks,
            torch.cat((x, y), -1),
            torch.cat((x_spread, y_spread), -1),
            torch.cat((x1, y1, x2, y2), -1),
            area.sqrt(),
        )

    @torch.no_grad()
    def objects(self, picture_size: Float[Tensor, " b"]) -> Float[Tensor, "b q n"]:
        """`OBJECT_NUMBERS` numbers an object; `picture_size` is the square root of the area in cells."""
        numbers = torch.cat((self.centre, self.spread, self.box, self.size), -1)
        return numbers / picture_size[:, None, None]

    @torch.no_grad()
    def pairs(self) -> Float[Tensor, "b q q n"]:
        """`PAIR_NUMBERS` numbers for every ordered pair, [picture, subject, object]."""
        # Distances in sizes of the subject and of the object: centre to centre, edges to edges.
        away = _difference(self.centre)
        edges = _difference(self.box)
        top_to_bottom = self.box[:, None, :, 1:2] - self.box[:, :, None, 3:4]
        bottom_to_top = self.box[:, None, :, 3:4] - self.box[:, :, None, 1:2]
        distances = torch.cat((away, edges, top_to_bottom, bottom_to_top), -1)
        per_subject, per_object = distances / self.size[:, :, None], distances / self.size[:, None]
        ratio = _difference(torch.cat((self.size, self.spread.clamp(min=0.25)), -1).log())
        overlap = self._box_overlap()
        numbers = torch.cat((per_subject, per_object[..., :2], ratio, overlap, *self._contacts()), -1)
        return numbers.clamp(-_LIMIT, _LIMIT)

    def _box_overlap(self) -> Float[Tensor, "b q q 2"]:
        low = torch.maximum(self.box[:, :, None, :2], self.box[:, None, :, :2])
        high = torch.minimum(self.box[:, :, None, 2:], self.box[:, None, :, 2:])
        shared = (high - low).clamp(min=0).prod(-1)
        area = (self.box[..., 2:] - self.box[..., :2]).prod(-1)
        return torch.stack((shared / area[:, :, None], shared / area[:, None]), -1)

    def _contacts(self) -> list[Float[Tensor, "b q q 1"]]:
        """How much of the object begins one cell below, above, left and right of the subject.

        In sizes of the subject and of the object: feet on the ground, a hand at a ball.
        """
        flat = self.masks.flatten(2).transpose(1, 2)
        contacts = []
        for shift in ((0, 0, 1, -1), (1, -1, 0, 0)):
            below = functional.pad(self.masks, shift).flatten(2) @ flat
            for touching in (below[..., None], below.transpose(1, 2)[..., None]):  # the other way round it is above
                contacts += [touching / self.size[:, :, None], touching / self.size[:, None]]
        return contacts


def _difference(values: Float[Tensor, "b q n"]) -> Float[Tensor, "b q q n"]:
    """Object minus subject."""
    return values[:, None] - values[:, :, None]


def _moments(
    profile: Float[Tensor, "b q n"], area: Float[Tensor, "b q 1"]
) -> tuple[Float[Tensor, "b q 1"], Float[Tensor, "b q 1"]]:
    places = torch.arange(profile.shape[-1], device=profile.device) + 0.5
    mean = (profile * places).sum(-1, keepdim=True) / area
    variance = (profile * (places - mean).square()).sum(-1, keepdim=True) / area
    return mean, variance.clamp(min=0).sqrt()


def _extent(profile: Float[Tensor, "b q n"]) -> tuple[Float[Tensor, "b q 1"], Float[Tensor, "b q 1"]]:
    """First and one past the last place where the profile exceeds a half, or else where it is highest."""
    inside = profile >= profile.amax(-1, keepdim=True).clamp(max=0.5)
    places = torch.arange(profile.shape[-1], device=profile.device, dtype=profile.dtype)
    first = torch.where(inside, places, profile.shape[-1]).amin(-1, keepdim=True)
    last = torch.where(inside, places, -1).amax(-1, keepdim=True)
    return first, last + 1
