"""The relation model of RGB-D videos: tracks in metres in, losses or graphs in space and time out."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from jaxtyping import Bool, Float, Int64
from mmdet.registry import MODELS
from torch import Tensor

from psg4d.relations.encoders import TubeEncoder
from psg4d.relations.geometry import PAIR_NUMBERS, pair_space
from pvsg.relations import geometry
from pvsg.relations.clip import Clip
from pvsg.relations.model import VideoRelationModel


@MODELS.register_module()
class SpaceTimeRelationModel(VideoRelationModel):
    """Which relations hold between tracks in metres, and when.

    PSG4DFormer's relation model (Yang et al. 2023, "4D Panoptic Scene Graph Generation", section 4.3): a
    spatial encoder over the objects of a frame (`ObjectEncoder`, as subjects and as objects), a temporal
    encoder over every tube (`TubeEncoder`), and a head over pairs that finds predicates and their spans.
    Ours adds to every pair how it lies and moves in metres (`psg4d.relations.geometry`).

    Args:
        vocabulary: `things`, `stuff`, `predicates`: lists of names, from the data set.
        feature_size: columns of the tracks' features.
        embedding: config of what a track is: `SpaceEmbedding`.
        head: config of a head that takes the layout of pairs: `WindowHead`.
        objective: config of what is learned; see `pvsg.relations.objectives`.
        depth: look at metres; False is the same model without depth, on the same tracks.
        tube: arguments of `TubeEncoder`; None for no temporal encoder.
        options: of `VideoRelationModel`.

    Raises:
        InputError: as `VideoRelationModel`.
    """

    def __init__(
        self,
        vocabulary: Mapping[str, Sequence[str]] | None,
        feature_size: int,
        embedding: dict[str, Any],
        head: dict[str, Any],
        objective: dict[str, Any],
        depth: bool = True,
        tube: dict[str, Any] | None = None,
        **options: Any,
    ) -> None:
        numbers = geometry.PAIR_NUMBERS + (PAIR_NUMBERS if depth else 0)
        super().__init__(
            vocabulary,
            feature_size,
            {**embedding, "depth": depth},
            {**head, "layout_numbers": numbers},
            objective,
            **options,
        )
        self.depth = depth
        self.tube_encoder = None if tube is None else TubeEncoder(self.embedding.dims, **tube)

    @property
    def past(self) -> int | None:
        """Frames before a frame that its logits depend on."""
        before = super().past
        return before if self.tube_encoder is None or before is None else before + self.tube_encoder.past

    @property
    def future(self) -> int | None:
        """Frames after a frame that its logits depend on."""
        after = super().future
        return after if self.tube_encoder is None or after is None else after + self.tube_encoder.future

    def encode(self, clip: Clip) -> tuple[Float[Tensor, "n t d"], Float[Tensor, "n t d"]]:
        """Tracks as subjects and as objects, in view of their frame and of their past."""
        roles = super().encode(clip)
        if self.tube_encoder is None:
            return roles
        subjects, objects = (self.tube_encoder(each, clip.present) for each in roles)
        return subjects, objects

    def joined(
        self,
        clip: Clip,
        pairs: Int64[Tensor, "p 2"],
        subjects: Float[Tensor, "n t d"],
        objects: Float[Tensor, "n t d"],
    ) -> tuple[Float[Tensor, "p t e"], Bool[Tensor, "p t"], Float[Tensor, "p t g"] | None]:
        """What a head takes, with the pairs in metres."""
        tracks, together, layout = super().joined(clip, pairs, subjects, objects)
        if self.depth:
            layout = torch.cat((layout, pair_space(clip, pairs)), -1)
        return tracks, together, layout
