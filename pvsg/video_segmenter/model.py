"""The video segmenter: the image segmenter with queries that are shared by all frames of a clip."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from jaxtyping import Float
from mmdet.registry import MODELS
from torch import Tensor

from psg.parts.centres import CentreQueries, centre_loss, centre_targets
from psg.parts.masked_objects import COARSE_STRIDE, MaskedObjectDecoder, MaskedObjects
from psg.parts.truth import Truth
from psg.samples import SceneGraphSample
from psg.segmentation import PanopticSegmenter
from pvsg.video_segmenter.features import ClipFeatures, clip_features, frame_truth, frames_of, tall_of
from scenegraph import InputError


@dataclass(frozen=True)
class ClipObjects(MaskedObjects):
    """Objects of clips, whose masks are tall pictures of `length` frames."""

    length: int = 1


@MODELS.register_module()
class ClipObjectDecoder(MaskedObjectDecoder):
    """As `MaskedObjectDecoder`, over clips: queries start on the things of every frame and answer for all frames.

    A thing that several frames show has a query from each; the assignment of tubes lets one of them
    answer and teaches the others to stand back. `num_centres` is that of a frame.
    """

    def forward(self, features: ClipFeatures, truth: Truth | None = None) -> ClipObjects:
        """Objects of every clip."""
        found = super().forward(features, truth)
        known = {field.name: getattr(found, field.name) for field in fields(found)}
        return ClipObjects(**known, length=features.length)

    def start(self, features: ClipFeatures, truth: Truth | None) -> CentreQueries:
        """Queries on the centres in every frame, those of a clip together."""
        length = features.length
        fine, positions = (frames_of(maps[COARSE_STRIDE], length) for maps in (features.maps, features.positions))
        padding = frames_of(features.padding[COARSE_STRIDE], length)
        target = None
        if truth is not None and self.true_centres:
            target = centre_targets(frame_truth(truth, length), self.num_things, COARSE_STRIDE)
        found = self.centres(fine, positions, padding, target)
        queries, placed = (each.unflatten(0, (-1, length)).flatten(1, 2) for each in (found.queries, found.positions))
        return CentreQueries(queries, placed, tall_of(found.heat_logits, length))

    def start_loss(self, objects: ClipObjects, truth: Truth) -> Float[Tensor, ""]:
        """The loss of every frame's map."""
        heat, padding = (frames_of(each, objects.length) for each in (objects.heat_logits, objects.padding))
        return centre_loss(heat, frame_truth(truth, objects.length), COARSE_STRIDE, padding)


@MODELS.register_module()
class VideoSegmenter(PanopticSegmenter):
    """Segments of short clips with one query for all frames of a clip.

    Inputs are tall pictures (`pvsg.video_segmenter.features`): the frames of a clip below one another, as
    `pvsg.video_segmenter.clips.PVSGClips` packs them; the metainfo `clip_length` of a sample says how many.
    Backbone and neck see single frames, so the weights of a `PanopticSegmenter` fit.

    Args:
        time: config of the positions of cells and frames; mmdet's `SinePositionalEncoding3D`.
        parts: the arguments of `PanopticSegmenter`; the object decoder is a `ClipObjectDecoder`.
    """

    def __init__(self, time: dict[str, Any], **parts: Any) -> None:
        super().__init__(**parts)
        self.time = MODELS.build(time)

    def encode(
        self, inputs: Float[Tensor, "b 3 tall w"], data_samples: Sequence[SceneGraphSample] | None
    ) -> ClipFeatures:
        """The features of clips.

        Raises:
            InputError: clips of one batch differ in length or height, or do not divide into frames.
        """
        lengths = {int(sample.get("clip_length", 1)) for sample in data_samples or ()} or {1}
        heights = {sample.img_shape[0] for sample in data_samples or ()} or {inputs.shape[-2]}
        length = max(lengths)
        if len(lengths) > 1 or len(heights) > 1 or inputs.shape[-2] % length or heights != {inputs.shape[-2]}:
            raise InputError(
                f"clips of {sorted(lengths)} frames and {sorted(heights)} rows in a batch of {inputs.shape[-2]} rows; "
                "all clips of a batch need the same frames and height, a multiple of 16 a frame"
            )
        frames = frames_of(inputs, length)
        height = frames.shape[-2]
        widths = [sample.img_shape[1] for sample in data_samples] if data_samples else [inputs.shape[-1]] * len(inputs)
        sizes = [(height, width) for width in widths for _ in range(length)]
        encoded = self.neck(self.backbone(frames), sizes, (height, inputs.shape[-1]))
        return clip_features(encoded, length, self.time)
