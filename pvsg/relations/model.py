"""The relation model of videos: tracks in, losses or graphs out."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import torch
from jaxtyping import Bool, Float, Int64
from mmdet.registry import MODELS
from mmengine.model import BaseModel
from mmengine.structures import BaseDataElement
from torch import Tensor

import pvsg.relations.embedding
import pvsg.relations.heads.convolution
import pvsg.relations.heads.filter
import pvsg.relations.heads.transformer
import pvsg.relations.heads.window  # noqa: F401 - registers the heads that configs name
from pvsg.relations.clip import Clip
from pvsg.relations.contrast import MotionContrast
from pvsg.relations.encoders import ObjectEncoder
from pvsg.relations.geometry import pair_geometry
from pvsg.relations.heads.head import PairLogits
from pvsg.relations.objectives import pair_loss, truth_of
from pvsg.relations.proposal import PairProposal
from pvsg.relations.stream import Ranking, RelationStream
from pvsg.tracks import TrackedVideo
from scenegraph import InputError, SceneGraph, Vocabulary


class VideoSample(BaseDataElement):
    """One video of a batch: `video`, and in training its labels, in evaluation its true graph."""

    video: TrackedVideo
    triples: Tensor
    """int64 [r, 3]: (subject, predicate, object), tracks by position."""
    active: Tensor
    """bool [r, t]: when they hold."""
    graph: SceneGraph
    """The true graph."""
    pred_graph: SceneGraph
    """The predicted graph."""


@MODELS.register_module()
class VideoRelationModel(BaseModel):
    """Which relations hold between the tracks of a video, and when.

    Tracks are embedded, encoded twice (as subjects and as objects, in view of the other tracks of their
    frame) and joined to pairs; a head follows every pair over time. OpenPVSG (Yang et al. 2023,
    "Panoptic Video Scene Graph Generation", section 4.2) with `QueryFeatures`, a proposal and one of its
    four heads; ours with `TrackEmbedding` and `WindowHead`.

    Args:
        vocabulary: `things`, `stuff`, `predicates`: lists of names, from the data set.
        feature_size: columns of the tracks' features.
        embedding: config of what a track is; see `pvsg.relations.embedding`.
        head: config of a head; see `pvsg.relations.heads`.
        objective: config of what is learned; see `pvsg.relations.objectives`.
        encoder: arguments of both `ObjectEncoder`s; None leaves tracks as they are.
        proposal: arguments of the `PairProposal`; None looks at all pairs.
        ranking: arguments of `pvsg.relations.stream.Ranking`.
        contrast: arguments of `MotionContrast`; None for none. Needs a head with tokens (`WindowHead`).
        data_preprocessor: of mmengine.
        init_cfg: of mmengine.

    Raises:
        InputError: there is no vocabulary, or the head cannot be contrasted.
    """

    def __init__(
        self,
        vocabulary: Mapping[str, Sequence[str]] | None,
        feature_size: int,
        embedding: dict[str, Any],
        head: dict[str, Any],
        objective: dict[str, Any],
        encoder: dict[str, Any] | None = None,
        proposal: dict[str, Any] | None = None,
        ranking: dict[str, Any] | None = None,
        contrast: dict[str, Any] | None = None,
        data_preprocessor: dict[str, Any] | None = None,
        init_cfg: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data_preprocessor, init_cfg)
        if vocabulary is None:
            raise InputError("the model has no vocabulary; tools/train.py takes it from the data set")
        self.vocabulary = Vocabulary.of_names(vocabulary)
        predicates, categories = len(self.vocabulary.predicates), len(self.vocabulary.categories)
        self.feature_size = feature_size
        self.embedding = MODELS.build({**embedding, "feature_size": feature_size, "num_categories": categories})
        dims = self.embedding.dims
        encoders = [None if encoder is None else ObjectEncoder(dims, **encoder) for _ in range(2)]
        self.subject_encoder, self.object_encoder = encoders
        self.proposal = None if proposal is None else PairProposal(dims, **proposal)
        self.head = MODELS.build({**head, "dims": 2 * dims, "num_predicates": predicates})
        self.objective = MODELS.build({**objective, "num_predicates": predicates})
        self.ranking = Ranking(**(ranking or {}))
        self.contrast = None if contrast is None else MotionContrast(**contrast)
        if self.contrast is not None and not hasattr(self.head, "tokens"):
            raise InputError(f"contrast needs the tokens of a head; {type(self.head).__name__} has none")

    @property
    def past(self) -> int | None:
        """Frames before a frame that its logits depend on; None: all."""
        return None if self.head.past is None else self.head.past + self.embedding.past

    @property
    def future(self) -> int | None:
        """Frames after a frame that its logits depend on; None: all."""
        return self.head.future

    def forward(
        self,
        inputs: Sequence[Any],
        data_samples: Sequence[VideoSample] | None = None,
        mode: Literal["tensor", "loss", "predict"] = "tensor",
    ) -> Any:
        """A batch of videos, one after the other: their tracks differ in number and length.

        Args:
            inputs: `Clip` with a list for every field, as mmengine collates named tuples.
            data_samples: see `VideoSample`.
            mode: "loss" for a dict of losses, "predict" for the samples with `pred_graph`, "tensor" for the
                logits of all pairs.
        """
        clips = [Clip(*fields) for fields in zip(*inputs, strict=True)]
        if mode == "loss":
            return self._losses(clips, data_samples)
        if mode == "predict":
            for clip, sample in zip(clips, data_samples, strict=True):
                sample.pred_graph = self.graph(clip, sample.video)
            return data_samples
        return [self.logits(clip, clip.pairs(), *self.encode(clip)) for clip in clips]

    def graph(self, clip: Clip, video: TrackedVideo) -> SceneGraph:
        """The tracks with their relations."""
        stream = RelationStream(self)
        stream.add_video(clip, video.ids)
        certainty = dict(zip(video.ids.tolist(), video.scores.tolist(), strict=True))
        return video.graph(stream.relations(certainty))

    def encode(self, clip: Clip) -> tuple[Float[Tensor, "n t d"], Float[Tensor, "n t d"]]:
        """Tracks as subjects and as objects."""
        tracks = self.embedding(clip)
        if self.subject_encoder is None:
            return tracks, tracks
        return self.subject_encoder(tracks, clip.present), self.object_encoder(tracks, clip.present)

    def joined(
        self,
        clip: Clip,
        pairs: Int64[Tensor, "p 2"],
        subjects: Float[Tensor, "n t d"],
        objects: Float[Tensor, "n t d"],
    ) -> tuple[Float[Tensor, "p t e"], Bool[Tensor, "p t"], Float[Tensor, "p t g"] | None]:
        """What a head takes."""
        together = clip.present[pairs[:, 0]] & clip.present[pairs[:, 1]]
        layout = pair_geometry(clip, pairs) if self.head.uses_layout else None
        return torch.cat((subjects[pairs[:, 0]], objects[pairs[:, 1]]), -1), together, layout

    def logits(
        self,
        clip: Clip,
        pairs: Int64[Tensor, "p 2"],
        subjects: Float[Tensor, "n t d"],
        objects: Float[Tensor, "n t d"],
    ) -> PairLogits:
        """Logits of some pairs of encoded tracks."""
        return self.head(*self.joined(clip, pairs, subjects, objects))

    def _losses(self, clips: Sequence[Clip], samples: Sequence[VideoSample]) -> dict[str, Tensor]:
        found: list[dict[str, Tensor]] = []
        tokens, truths = [], []
        for clip, sample in zip(clips, samples, strict=True):
            encoded = self.encode(clip)
            candidates = clip.pairs()
            related = torch.zeros(clip.num_tracks, clip.num_tracks, dtype=torch.bool, device=candidates.device)
            related[sample.triples[:, 0], sample.triples[:, 2]] = True
            pairs, weights = self.objective.chosen(candidates, related[tuple(candidates.T)], clip.num_frames)
            truth = truth_of(
                pairs, weights, sample.triples, sample.active, clip.present, len(self.vocabulary.predicates)
            )
            inputs = self.joined(clip, pairs, *encoded)
            if self.contrast is None:
                losses = self.objective(self.head(*inputs), truth)
            else:
                tokens.append(self.head.tokens(*inputs))
                truths.append((clip, sample, truth))
                losses = self.objective(self.head.read(tokens[-1]), truth)
            if self.proposal is not None:
                summaries = (self.proposal.summary(each, clip.present) for each in encoded)
                losses["loss_pair"] = pair_loss(self.proposal(*summaries), sample.triples)
            found.append(losses)
        losses = {name: torch.stack([each[name] for each in found]).mean() for name in found[0]}
        if self.contrast is not None:
            losses["loss_contrast"] = self.contrast(tokens, truths)
        return losses
