"""What a track learns from the other tracks of its frame."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn


class ObjectEncoder(nn.Module):
    """Attention between the tracks of every frame; frames do not see each other.

    Two post-norm transformer layers without position code: OpenPVSG's subject and object encoders (two of
    them, with weights of their own). There, a track that is missing in a frame takes part as a row of
    zeros; here it takes no part unless `published`.

    Args:
        dims: width.
        hidden: of the feed-forward layers.
        heads: of the attention.
        layers: how many.
        dropout: in the layers.
        published: let missing tracks take part.
    """

    def __init__(
        self,
        dims: int = 256,
        hidden: int = 512,
        heads: int = 8,
        layers: int = 2,
        dropout: float = 0.1,
        published: bool = False,
    ) -> None:
        super().__init__()
        layer = nn.TransformerEncoderLayer(dims, heads, hidden, dropout, batch_first=True)
        self.layers = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.published = published

    def forward(self, tracks: Float[Tensor, "n t d"], present: Bool[Tensor, "n t"]) -> Float[Tensor, "n t d"]:
        """Encoded tracks; zeros where a track is missing, unless `published`."""
        if not tracks.numel():
            return tracks
        if self.published:
            return self.layers(tracks.transpose(0, 1)).transpose(0, 1)
        seen = present.any(0).nonzero()[:, 0]  # attention over nothing is not a number
        encoded = torch.zeros_like(tracks)
        if len(seen):
            mask = ~present[:, seen].T
            found = self.layers(tracks[:, seen].transpose(0, 1), src_key_padding_mask=mask).transpose(0, 1)
            encoded[:, seen] = torch.where(present[:, seen, None], found, 0.0)
        return encoded
