"""A head in which all frames of a pair attend to each other."""

import torch
from jaxtyping import Bool, Float
from mmdet.registry import MODELS
from torch import Tensor, nn

from pvsg.relations.heads.head import FrameHead


@MODELS.register_module()
class TransformerHead(FrameHead):
    """OpenPVSG's "transformer" head: sinusoidal positions and one post-norm layer (the paper says three).

    A frame depends on all frames, so this head cannot follow a stream exactly: it then sees the last
    `window` frames.

    Args:
        dims: width of a pair.
        num_predicates: outputs.
        layers: how many.
        heads: of the attention.
        hidden: of the feed-forward layer.
        dropout: in the layers and after the positions.
        published: see `FrameHead`; missing frames are then attended to.
    """

    past = future = None

    def __init__(
        self,
        dims: int,
        num_predicates: int,
        layers: int = 1,
        heads: int = 4,
        hidden: int = 512,
        dropout: float = 0.1,
        published: bool = False,
    ) -> None:
        super().__init__(dims, num_predicates, published)
        layer = nn.TransformerEncoderLayer(dims, heads, hidden, dropout, batch_first=True)
        self.layers = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(dims)
        self.dropout = nn.Dropout(dropout)

    def over_time(self, pairs: Float[Tensor, "p t d"], present: Bool[Tensor, "p t"]) -> Float[Tensor, "p t d"]:
        """Attention within every pair."""
        if not pairs.numel():
            return pairs
        # A pair that is never seen together attends to everything: over nothing there is no mean.
        missing = None if self.published else ~present & present.any(1, keepdim=True)
        placed = self.dropout(pairs + sinusoids(pairs.shape[1], pairs.shape[2]).to(pairs))
        return self.norm(self.layers(placed, src_key_padding_mask=missing))


def sinusoids(length: int, dims: int) -> Float[Tensor, "{length} {dims}"]:
    """Positions as sines and cosines in turn (Vaswani et al. 2017, section 3.5)."""
    rates = 10_000.0 ** (-torch.arange(0, dims, 2) / dims)
    angles = torch.arange(length)[:, None] * rates
    return torch.stack((angles.sin(), angles.cos()), 2).flatten(1)[:, :dims]
