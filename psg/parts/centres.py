"""Object queries that start where things are: the peaks of a learned map of centres.

Zhou et al. 2019, "Objects as Points", for the map, its target and its loss; a decoder whose queries
start on the things finds small ones in a fraction of the training that learned queries need.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int64
from mmdet.models.losses.gaussian_focal_loss import gaussian_focal_loss
from torch import Tensor, nn
from torch.nn import functional

from psg.parts.features import tokens
from psg.parts.truth import Truth

_PRIOR = -2.19
"""Logit of 0.1: the map starts low nearly everywhere, as its target is."""

_SPREAD = 0.1
"""Standard deviation of a target peak as a share of the thing's box, along each axis."""


@dataclass(frozen=True)
class CentreQueries:
    """The strongest peaks: what is there, where it is, and the map they come from."""

    queries: Float[Tensor, "b q d"]
    positions: Float[Tensor, "b q d"]
    heat_logits: Float[Tensor, "b t h w"]


class CentreHead(nn.Module):
    """A map of thing centres, one channel a class, and queries from its peaks.

    Args:
        num_things: thing classes.
        num_queries: peaks taken from a picture.
        in_channels: channels of the map that it reads.
        dims: width of the queries.
    """

    def __init__(self, num_things: int, num_queries: int, in_channels: int, dims: int) -> None:
        super().__init__()
        self.num_queries = num_queries
        self.heat = nn.Sequential(
            nn.Conv2d(in_channels, in_channels, 1), nn.ReLU(), nn.Conv2d(in_channels, num_things, 1)
        )
        nn.init.constant_(self.heat[-1].bias, _PRIOR)
        self.content = nn.Linear(in_channels, dims)
        self.category = nn.Embedding(num_things, dims)

    def forward(
        self,
        maps: Float[Tensor, "b c h w"],
        positions: Float[Tensor, "b d h w"],
        padding: Bool[Tensor, "b h w"],
        target: Float[Tensor, "b t h w"] | None = None,
    ) -> CentreQueries:
        """The peaks of every picture as queries, strongest first.

        With a `target` (see `centre_targets`) true centres are among them whatever the map says.
        """
        heat_logits = self.heat(maps).float()
        heat = heat_logits.detach().sigmoid()
        if target is not None:
            heat = torch.maximum(heat, target * torch.rand_like(target[:, :, :1, :1]))
        categories, cells = peaks(heat, padding, self.num_queries)
        content = _at(tokens(maps), cells)
        queries = self.content(content) + self.category(categories)
        return CentreQueries(queries, _at(tokens(positions), cells), heat_logits)


def peaks(
    heat: Float[Tensor, "b t h w"], padding: Bool[Tensor, "b h w"], number: int
) -> tuple[Int64[Tensor, "b n"], Int64[Tensor, "b n"]]:
    """Class and cell of the highest local maxima (3 x 3) of each class's map, highest first.

    A map with fewer maxima than `number` fills up with arbitrary cells; a picture with fewer values
    than `number` gives them all.
    """
    heat = heat.masked_fill(padding[:, None], -1.0)
    highest = functional.max_pool2d(heat, 3, stride=1, padding=1)
    candidates = heat.masked_fill(heat < highest, -1.0).flatten(1)
    found = candidates.topk(min(number, candidates.shape[1])).indices
    cells_per_map = padding.shape[1] * padding.shape[2]
    return found // cells_per_map, found % cells_per_map


def centre_targets(truth: Truth, num_things: int, stride: int) -> Float[Tensor, "b t h w"]:
    """A Gaussian bump of height 1 at the centroid of every thing, in the map of its class."""
    masks = truth.masks_at(stride)
    _, _, height, width = masks.shape
    rows = torch.arange(height, device=masks.device)
    columns = torch.arange(width, device=masks.device)
    area = masks.sum((-2, -1)).clamp(min=1e-6)
    row = ((masks.sum(-1) * rows).sum(-1) / area).round()
    column = ((masks.sum(-2) * columns).sum(-1) / area).round()
    spread = (truth.boxes[..., 2:] - truth.boxes[..., :2]).clamp(min=stride) / stride * _SPREAD
    vertical = ((rows - row[..., None]) / spread[..., 1:]).square()
    horizontal = ((columns - column[..., None]) / spread[..., :1]).square()
    bumps = torch.exp(-0.5 * (vertical[..., :, None] + horizontal[..., None, :]))
    things = truth.present & (truth.labels < num_things)
    channel = torch.where(things, truth.labels, num_things)  # one more channel swallows stuff and padding
    target = bumps.new_zeros(bumps.shape[0], num_things + 1, height, width)
    index = channel[:, :, None, None].expand_as(bumps)
    return target.scatter_reduce(1, index, bumps, "amax")[:, :num_things]


def centre_loss(
    heat_logits: Float[Tensor, "b t h w"], truth: Truth, stride: int, padding: Bool[Tensor, "b h w"]
) -> Float[Tensor, ""]:
    """Penalty-reduced focal loss of the map, summed over its cells, a thing."""
    target = centre_targets(truth, heat_logits.shape[1], stride)
    inside = (~padding[:, None]).expand_as(target).float()
    number = (target == 1).sum().clamp(min=1)
    probabilities = heat_logits.float().sigmoid().clamp(1e-4, 1 - 1e-4)
    return gaussian_focal_loss(probabilities, target, inside, reduction="sum") / number


def _at(sequence: Float[Tensor, "b n d"], cells: Int64[Tensor, "b q"]) -> Float[Tensor, "b q d"]:
    return sequence.gather(1, cells[..., None].expand(-1, -1, sequence.shape[-1]))
