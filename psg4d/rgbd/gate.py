"""The gate between the streams of colour and of depth."""

import torch
from jaxtyping import Float
from torch import Tensor, nn

_REDUCTION = 16
"""Channels of both streams a channel of the bottleneck, as published; at least `_NARROWEST` are left."""
_NARROWEST = 8
_UNMEASURED = 1e-4
"""Share of measured pixels that a cell without depth is taken to have: its weight is then as small as this."""


class SeparationAggregationGate(nn.Module):
    """Lets each stream correct the other, and joins both where each is more telling.

    SA-Gate (Chen et al. 2020, "Bi-directional Cross-Modality Feature Propagation with
    Separation-and-Aggregation Gate", section 3), as PSG4DFormer's RGB-D branch has it after every stage:
    channel weights from the means of both streams filter what each takes from the other; then one weight
    a cell and stream, by softmax, says of whose features the joined map is made.

    Ours differs in one thing: a cell knows what share of its pixels had a depth. What was not measured
    neither corrects the colours nor enters the joined map.

    Args:
        channels: of both streams.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        hidden = max(2 * channels // _REDUCTION, _NARROWEST)
        self.to_colour, self.to_depth = (
            nn.Sequential(
                nn.Linear(2 * channels, hidden), nn.ReLU(inplace=True), nn.Linear(hidden, channels), nn.Sigmoid()
            )
            for _ in range(2)
        )
        self.weigh = nn.Conv2d(2 * channels, 2, 1)

    def forward(
        self, colour: Float[Tensor, "b c h w"], depth: Float[Tensor, "b c h w"], measured: Float[Tensor, "b 1 h w"]
    ) -> tuple[Float[Tensor, "b c h w"], Float[Tensor, "b c h w"], Float[Tensor, "b c h w"]]:
        """(joined, colour, depth): the map for the neck, and what the next stages of both streams get.

        Args:
            colour: features.
            depth: features.
            measured: share of the pixels of every cell that have a depth, 0 to 1.
        """
        known = depth * measured
        means = torch.cat((colour, known), 1).mean((2, 3))
        corrected = torch.cat(
            (
                colour + self.to_colour(means)[..., None, None] * known,
                depth + self.to_depth(means)[..., None, None] * colour,
            ),
            1,
        )
        logits = self.weigh(corrected)
        certainty = torch.cat((torch.zeros_like(measured), measured.clamp(min=_UNMEASURED).log()), 1)
        first, second = (logits + certainty).softmax(1).chunk(2, 1)
        joined = colour * first + depth * second
        return joined, ((colour + joined) / 2).relu(), ((depth + joined) / 2).relu()
