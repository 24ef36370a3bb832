"""From the queries of a mask transformer to a map, whichever library ran it."""

import numpy as np
from jaxtyping import Float, Float32, Int64
from torch import Tensor
from torch.nn import functional

from psg.postprocess import PostProcessing, Segments
from psg.segmenters.maps import PanopticMap
from psg.segmenters.names import UNKNOWN
from scenegraph import Vocabulary

PUBLISHED = PostProcessing(object_score=0.8, mask_probability=0.5, visible_share=0.8)
"""The thresholds with which Mask2Former and EoMT report panoptic quality: 0.8 for classes and for the
visible share of a mask, 0.5 for pixels."""


def known_probabilities(
    logits: Float[Tensor, "q classes"], table: Int64[Tensor, " named"], num_categories: int
) -> Float[Tensor, "q categories"]:
    """Probability of each query's best class, in the column of its category; zeros for nothing and classes left out.

    Args:
        logits: of the classes and, last, of "nothing".
        table: category by class, `psg.segmenters.names.UNKNOWN` where it is left out.
        num_categories: columns of the result.
    """
    scores, labels = logits.softmax(-1).max(-1)
    category = functional.pad(table, (0, 1), value=UNKNOWN)[labels]
    return functional.one_hot(category.clamp(min=0), num_categories) * (scores * (category >= 0))[:, None]


def map_of(segments: Segments, vocabulary: Vocabulary, features: Float[Tensor, "q d"] | None = None) -> PanopticMap:
    """The map of post-processed queries; the feature of a segment is that of its most probable query."""
    rows: Float32[np.ndarray, "n d"] | None = None
    if features is not None:
        _, first = np.unique(segments.owner.cpu().numpy(), return_index=True)  # queries stand in the order of scores
        rows = features.cpu().numpy()[segments.queries.cpu().numpy()[first]]
    return PanopticMap.of_ids(
        segments.ids.cpu().numpy(),
        segments.categories.cpu().numpy(),
        segments.scores.double().cpu().numpy(),
        vocabulary,
        rows,
    )
