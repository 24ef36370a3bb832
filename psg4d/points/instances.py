"""Instances as kernels: where they may be, which belong together, and their masks by dynamic convolution."""

from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int64
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from torch import Tensor, nn
from torch.nn import functional

_NUMBERS = 1 << 22
"""Hidden numbers of the dynamic convolution computed at a time: some tens of megabytes."""


class Fields(NamedTuple):
    """What the network says of every cube.

    Attributes:
        semantic: logits of the classes.
        offset: metres to the middle of the instance that the cube belongs to.
        heat: logit of being in the middle of an instance.
        masks: features that kernels are applied to.
        kernels: features that kernels are made of.
    """

    semantic: Float[Tensor, "v classes"]
    offset: Float[Tensor, "v 3"]
    heat: Float[Tensor, " v"]
    masks: Float[Tensor, "v d"]
    kernels: Float[Tensor, "v d"]


class Candidates(NamedTuple):
    """Places that may be the middle of an instance: k rows.

    Attributes:
        cube: the cube of each.
        position: where its own offset points, metres.
        inside: features of the cubes around it that point to it, their mean.
        outside: features of those around it that do not.
        size: how many point to it.
    """

    cube: Int64[Tensor, " k"]
    position: Float[Tensor, "k 3"]
    inside: Float[Tensor, "k d"]
    outside: Float[Tensor, "k d"]
    size: Float[Tensor, " k"]


class FieldHeads(nn.Module):
    """From the features of a cube to `Fields`.

    Args:
        width: of the features.
        classes: semantic classes.
        dims: of mask and kernel features.
    """

    def __init__(self, width: int, classes: int, dims: int = 16) -> None:
        super().__init__()
        self.classes, self.dims = classes, dims
        outputs = (classes, 3, 1, dims, dims)
        self.heads = nn.ModuleList(
            nn.Sequential(nn.Linear(width, width), nn.ReLU(), nn.Linear(width, each)) for each in outputs
        )

    def forward(self, features: Float[Tensor, "v w"]) -> Fields:
        """See the class."""
        semantic, offset, heat, masks, kernels = (head(features) for head in self.heads)
        return Fields(semantic, offset, heat[:, 0], masks, kernels)


@torch.no_grad()
def peaks(
    positions: Float[Tensor, "v 3"], heat: Float[Tensor, " v"], radius: float, least: float, most: int
) -> Int64[Tensor, " k"]:
    """The hottest cubes of which no two lie within a radius; the hottest first.

    First the hottest cube of every cell of space of that size is taken, so that only some hundreds are
    compared with each other.

    >>> line = torch.tensor([[0.0, 0, 0], [0.1, 0, 0], [2.0, 0, 0]])
    >>> peaks(line, torch.tensor([0.8, 0.9, 0.7]), 0.3, 0.5, 10).tolist()
    [1, 2]
    """
    warm = (heat > least).nonzero()[:, 0]
    warm = warm[heat[warm].argsort(descending=True, stable=True)]
    if not len(warm):
        return warm
    cells = (positions[warm] / radius).floor().long()
    _, owner = torch.unique(cells, dim=0, return_inverse=True)
    first = torch.full((int(owner.max()) + 1,), len(warm), device=warm.device)
    first = first.scatter_reduce(0, owner, torch.arange(len(warm), device=warm.device), "amin")
    warm = warm[first.sort().values[: 4 * most]]
    near = torch.cdist(positions[warm], positions[warm]) < radius
    kept: list[int] = []
    free = torch.ones(len(warm), dtype=torch.bool, device=warm.device)
    for place in range(len(warm)):  # of some hundreds at most
        if len(kept) == most:
            break
        if free[place]:
            kept.append(place)
            free &= ~near[place]
    return warm[kept]


def gathered(
    cubes: Int64[Tensor, " k"],
    fields: Fields,
    centres: Float[Tensor, "v 3"],
    things: Bool[Tensor, " v"],
    radius: float,
) -> Candidates:
    """What the surroundings of some cubes say: those that point to the same place, and the others.

    Args:
        cubes: the candidates.
        fields: of the whole cloud.
        centres: of the cubes, metres.
        things: cubes that belong to things.
        radius: metres within which offsets point to the same place.
    """
    aimed = centres + fields.offset.detach()
    pointing = (torch.cdist(aimed[cubes], aimed) < radius) & things
    pointing[torch.arange(len(cubes), device=cubes.device), cubes] = True
    around = (torch.cdist(centres[cubes], centres) < 2 * radius) & ~pointing
    means = []
    for chosen in (pointing, around):
        weights = chosen.to(fields.kernels)
        means.append(weights @ fields.kernels / weights.sum(1, keepdim=True).clamp(min=1))
    return Candidates(cubes, aimed[cubes], *means, pointing.sum(1).float())


class CandidateMerging(nn.Module):
    """Whether two candidates are of one instance: a network of how their kernels and places differ.

    Wu et al. 2022, section 3.3, with |difference| of inside, outside and position (35 numbers for 16 features).

    Args:
        dims: of kernel features.
    """

    def __init__(self, dims: int) -> None:
        super().__init__()
        self.score = nn.Sequential(nn.Linear(2 * dims + 3, 2 * dims), nn.ReLU(), nn.Linear(2 * dims, 1))

    def forward(self, found: Candidates) -> Float[Tensor, "k k"]:
        """Logits."""
        rows = torch.cat((found.inside, found.outside, found.position), 1)
        return self.score((rows[:, None] - rows[None]).abs())[..., 0]


def merged(found: Candidates, logits: Float[Tensor, "k k"]) -> Int64[Tensor, " k"]:
    """The instance of every candidate: those that are linked by scores above 0.5 are one.

    DKNet joins greedily and scores again after every union; here all links hold at once.
    """
    linked = ((logits + logits.T) > 0).cpu().numpy()
    _, group = connected_components(coo_matrix(linked), directed=False)
    return torch.from_numpy(group).long().to(logits.device)


def joined(found: Candidates, group: Int64[Tensor, " k"], count: int) -> Candidates:
    """One candidate a group: means weighted by size; its cube is that of the first."""
    weights = found.inside.new_zeros(count, len(group))
    weights[group, torch.arange(len(group), device=group.device)] = found.size.clamp(min=1)
    weights = weights / weights.sum(1, keepdim=True).clamp(min=1e-6)
    first = group.new_full((count,), len(group)).scatter_reduce(
        0, group, torch.arange(len(group), device=group.device), "amin"
    )
    size = found.size.new_zeros(count).index_add_(0, group, found.size)
    return Candidates(
        found.cube[first], weights @ found.position, weights @ found.inside, weights @ found.outside, size
    )


class DynamicMasks(nn.Module):
    """Masks by networks whose weights are made of kernels (Wu et al. 2022, section 3.4).

    Every instance has its own two layers (mask features and relative position to `dims`, then to a logit);
    one linear layer makes all their weights of its kernel.

    Args:
        dims: of mask and kernel features.
    """

    def __init__(self, dims: int) -> None:
        super().__init__()
        self.dims = dims
        self.sizes = ((dims + 3) * dims, dims, dims, 1)
        self.weights = nn.Linear(dims, sum(self.sizes))

    def forward(
        self, found: Candidates, masks: Float[Tensor, "v d"], centres: Float[Tensor, "v 3"]
    ) -> Float[Tensor, "k v"]:
        """Logits of every cube for every instance; computed some instances at a time."""
        rows = self.weights(found.inside)
        step = max(1, _NUMBERS // max(len(masks) * self.dims, 1))
        parts = [
            self._logits(rows[at : at + step], found.position[at : at + step], masks, centres)
            for at in range(0, len(rows), step)
        ]
        return torch.cat(parts) if parts else masks.new_zeros(0, len(masks))

    def _logits(
        self,
        rows: Float[Tensor, "k n"],
        positions: Float[Tensor, "k 3"],
        masks: Float[Tensor, "v d"],
        centres: Float[Tensor, "v 3"],
    ) -> Float[Tensor, "k v"]:
        first, bias, second, last = rows.split(self.sizes, 1)
        first = first.unflatten(1, (self.dims + 3, self.dims))
        # The weights are linear in the position: what is subtracted is computed once an instance.
        place = torch.einsum("vx,kxd->kvd", centres, first[:, self.dims :])
        shift = torch.einsum("kx,kxd->kd", positions, first[:, self.dims :])
        hidden = torch.einsum("vc,kcd->kvd", masks, first[:, : self.dims]) + place
        hidden = functional.relu(hidden + (bias - shift)[:, None])
        return torch.einsum("kvd,kd->kv", hidden, second) + last


def otsu(probabilities: Float[Tensor, "k v"], bins: int = 64) -> Float[Tensor, " k"]:
    """The threshold of every row that parts its values best into low and high ones (Otsu 1979).

    >>> otsu(torch.tensor([[0.1, 0.12, 0.8, 0.82]])).item() > 0.12
    True
    """
    place = (probabilities * bins).long().clamp(0, bins - 1)
    counts = probabilities.new_zeros(len(probabilities), bins).scatter_add_(1, place, torch.ones_like(probabilities))
    values = (torch.arange(bins, device=counts.device) + 0.5) / bins
    below, total = counts.cumsum(1), counts.sum(1, keepdim=True)
    low = (counts * values).cumsum(1)
    high = low[:, -1:] - low
    above = total - below
    between = below * above * (low / below.clamp(min=1) - high / above.clamp(min=1)) ** 2
    return (between.argmax(1) + 1) / bins
