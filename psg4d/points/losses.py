"""What the point-cloud branch learns."""

from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int64
from torch import Tensor
from torch.nn import functional

from psg4d.points.instances import Fields

_SHARPNESS = 25.0
"""Heat falls to exp(-25) at the border of an instance (DKNet)."""


class CubeTruth(NamedTuple):
    """The labels of the cubes of one cloud.

    Attributes:
        semantic: class, -1 where it is not known.
        instance: number of the thing, -1 for none.
        middle: of every instance, metres.
        radius: of every instance: the distance of its farthest cube from its middle.
    """

    semantic: Int64[Tensor, " v"]
    instance: Int64[Tensor, " v"]
    middle: Float[Tensor, "i 3"]
    radius: Float[Tensor, " i"]

    @classmethod
    def of(
        cls, semantic: Int64[Tensor, " v"], instance: Int64[Tensor, " v"], centres: Float[Tensor, "v 3"]
    ) -> "CubeTruth":
        """With places and sizes; instances are renumbered to those that have cubes."""
        things = instance >= 0
        kept, place = torch.unique(instance[things], return_inverse=True)
        renumbered = torch.full_like(instance, -1)
        renumbered[things] = place
        count = torch.bincount(place, minlength=len(kept)).clamp(min=1)
        middle = centres.new_zeros(len(kept), 3).index_add_(0, place, centres[things]) / count[:, None]
        far = (centres[things] - middle[place]).norm(dim=1)
        radius = far.new_zeros(len(kept)).scatter_reduce(0, place, far, "amax").clamp(min=1e-3)
        return cls(semantic, renumbered, middle, radius)


def field_losses(fields: Fields, centres: Float[Tensor, "v 3"], truth: CubeTruth) -> dict[str, Tensor]:
    """Semantic (cross entropy and dice), offset (L1 and direction) and heat (L1); all weigh 1, as in DKNet."""
    known, things = truth.semantic >= 0, truth.instance >= 0
    return {
        "loss_semantic": _semantic(fields.semantic[known], truth.semantic[known]),
        "loss_offset": _offset(fields.offset, centres, things, truth),
        "loss_heat": _heat(fields.heat.sigmoid(), centres, things, truth),
    }


def mask_losses(logits: Float[Tensor, "k v"], truth: Bool[Tensor, "k v"]) -> Float[Tensor, ""]:
    """Binary cross entropy and dice, mean over the rows; 0 without rows."""
    if not logits.numel():
        return logits.sum() * 0
    wanted = truth.to(logits)
    entropy = functional.binary_cross_entropy_with_logits(logits, wanted)
    return entropy + dice(logits.sigmoid(), wanted)


def dice(probabilities: Float[Tensor, "k v"], truth: Float[Tensor, "k v"]) -> Float[Tensor, ""]:
    """1 minus the overlap coefficient (Milletari et al. 2016), mean over the rows.

    >>> float(dice(torch.ones(1, 4), torch.ones(1, 4)))
    0.0
    """
    shared = (probabilities * truth).sum(1)
    whole = (probabilities**2).sum(1) + (truth**2).sum(1)
    return (1 - (2 * shared + 1e-6) / (whole + 1e-6)).mean()


def _semantic(logits: Float[Tensor, "v c"], truth: Int64[Tensor, " v"]) -> Float[Tensor, ""]:
    if not len(truth):
        return logits.sum() * 0
    present = torch.unique(truth)
    shares = logits.softmax(1).T[present]
    return functional.cross_entropy(logits, truth) + dice(shares, (truth[None] == present[:, None]).to(shares))


def _offset(
    offset: Float[Tensor, "v 3"], centres: Float[Tensor, "v 3"], things: Bool[Tensor, " v"], truth: CubeTruth
) -> Float[Tensor, ""]:
    if not things.any():
        return offset.sum() * 0
    wanted = truth.middle[truth.instance[things]] - centres[things]
    length = (offset[things] - wanted).abs().sum(1).mean()
    direction = functional.cosine_similarity(offset[things], wanted, dim=1, eps=1e-4).mean()
    return length + 1 - direction


def _heat(
    heat: Float[Tensor, " v"], centres: Float[Tensor, "v 3"], things: Bool[Tensor, " v"], truth: CubeTruth
) -> Float[Tensor, ""]:
    if not len(heat):
        return heat.sum()
    owner = truth.instance[things]
    distance = (centres[things] - truth.middle[owner]).norm(dim=1)
    wanted = torch.zeros_like(heat)
    wanted[things] = torch.exp(-_SHARPNESS * (distance / truth.radius[owner]) ** 2)
    # The few cubes that are warm weigh as much as the many that are not.
    warm = wanted > 0.01
    error = (heat - wanted).abs()
    return sum((error[part].mean() for part in (warm, ~warm) if part.any()), heat.sum() * 0)
