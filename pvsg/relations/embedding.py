"""What a relation model knows of a track in a frame before it looks at others."""

import torch
from jaxtyping import Float
from mmdet.registry import MODELS
from torch import Tensor, nn

from pvsg.relations import geometry
from pvsg.relations.clip import Clip


@MODELS.register_module()
class QueryFeatures(nn.Module):
    """The features that the segmenter's queries had, as they are (OpenPVSG's input).

    Args:
        feature_size: columns of the features.
        num_categories: not used.
    """

    past = 0

    def __init__(self, feature_size: int, num_categories: int) -> None:
        super().__init__()
        self.dims = feature_size

    def forward(self, clip: Clip) -> Float[Tensor, "n t d"]:
        """Zeros where a track is not seen."""
        return torch.where(clip.present[..., None], clip.features, 0.0)


@MODELS.register_module()
class TrackEmbedding(nn.Module):
    """Appearance, category, place and movement of a track.

    Args:
        feature_size: columns of the segmenter's features; 0 for none.
        num_categories: of the vocabulary.
        dims: width of the result.
        dropout: of the features, which a model can learn by heart.
    """

    past = geometry.PAST

    def __init__(self, feature_size: int, num_categories: int, dims: int = 96, dropout: float = 0.1) -> None:
        super().__init__()
        self.dims = dims
        self.category = nn.Embedding(num_categories, dims)
        self.place = nn.Linear(geometry.TRACK_NUMBERS, dims)
        self.appearance = (
            nn.Sequential(nn.LayerNorm(feature_size), nn.Dropout(dropout), nn.Linear(feature_size, dims))
            if feature_size
            else None
        )
        self.joined = nn.Sequential(nn.GELU(), nn.Linear(dims, dims), nn.LayerNorm(dims))

    def forward(self, clip: Clip) -> Float[Tensor, "n t d"]:
        """Zeros where a track is not seen."""
        return torch.where(clip.present[..., None], self.joined(self.known(clip)), 0.0)

    def known(self, clip: Clip) -> Float[Tensor, "n t d"]:
        """The sum of what is known of a track, before it is mixed."""
        known = self.category(clip.categories)[:, None] + self.place(geometry.track_geometry(clip))
        if self.appearance is not None:
            known = known + self.appearance(clip.features)
        return known
