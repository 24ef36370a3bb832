"""What tracks know in space and time before they are paired."""

from typing import Any

import torch
from jaxtyping import Bool, Float
from mmdet.registry import MODELS
from torch import Tensor, nn

from psg4d.relations.geometry import TRACK_NUMBERS, track_space
from pvsg.relations.clip import Clip
from pvsg.relations.embedding import TrackEmbedding
from pvsg.relations.heads.window import WindowLayer


@MODELS.register_module()
class SpaceEmbedding(TrackEmbedding):
    """`TrackEmbedding` with place, extent and speed in metres.

    Args:
        feature_size: columns of the segmenter's features; 0 for none.
        num_categories: of the vocabulary.
        depth: look at metres; without, it is `TrackEmbedding`.
        options: of `TrackEmbedding`.
    """

    def __init__(self, feature_size: int, num_categories: int, depth: bool = True, **options: Any) -> None:
        super().__init__(feature_size, num_categories, **options)
        self.space = nn.Linear(TRACK_NUMBERS, self.dims) if depth else None

    def known(self, clip: Clip) -> Float[Tensor, "n t d"]:
        """With what is known in metres."""
        known = super().known(clip)
        return known if self.space is None else known + self.space(track_space(clip))


class TubeEncoder(nn.Module):
    """Attention over time within every tube, in windows, so that a stream needs no more than them.

    The temporal encoder of PSG4DFormer (Yang et al. 2023, section 4.3), which has two layers over whole
    videos. Frames in which a track is not seen take no part.

    Args:
        dims: width.
        heads: of the attention.
        layers: how many.
        back: frames before a frame that a layer sees.
        ahead: frames after it.
        dropout: in the layers.
    """

    def __init__(
        self, dims: int, heads: int = 4, layers: int = 1, back: int = 6, ahead: int = 2, dropout: float = 0.1
    ) -> None:
        super().__init__()
        self.past, self.future = layers * back, layers * ahead
        self.layers = nn.ModuleList(WindowLayer(dims, heads, back, ahead, dropout) for _ in range(layers))
        self.norm = nn.LayerNorm(dims)

    def forward(self, tracks: Float[Tensor, "n t d"], present: Bool[Tensor, "n t"]) -> Float[Tensor, "n t d"]:
        """Zeros where a track is not seen."""
        for layer in self.layers:
            tracks = layer(tracks, present)
        return torch.where(present[..., None], self.norm(tracks), 0.0)
