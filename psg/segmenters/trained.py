"""A model that tools/train.py trained, used for its segments only."""

from collections.abc import Sequence
from pathlib import Path

import torch

from psg.fitting import RGB
from psg.predictor import Predictor
from psg.segmenters.interface import NamedSegmenter
from psg.segmenters.maps import PanopticMap
from psg.segmenters.names import Naming
from scenegraph import Vocabulary


class TrainedSegmenter(NamedSegmenter):
    """The segments that a one-stage model of ours finds.

    >>> TrainedSegmenter("best.pth").segment("photo.jpg")  # doctest: +SKIP

    Args:
        checkpoint: a file that tools/train.py wrote.
        vocabulary: the names that maps shall use; None: the model's own.
        device: "cpu", "cuda:1", ...; a GPU if there is one.
        drop_unknown: see `psg.segmenters.names.Naming`.

    Raises:
        InputError: as `psg.predictor.Predictor`; or classes are unknown to the vocabulary.
    """

    def __init__(
        self,
        checkpoint: str | Path,
        vocabulary: Vocabulary | None = None,
        device: str | torch.device | None = None,
        drop_unknown: bool = False,
    ) -> None:
        self.predictor = Predictor.from_checkpoint(checkpoint, device)
        own = self.predictor.vocabulary
        self.naming = Naming.of(own.categories, vocabulary or own, str(checkpoint), own.things, drop_unknown)

    @property
    def name(self) -> str:
        """Class and checkpoint of the model."""
        return f"{type(self.predictor.model).__name__} {self.predictor.checkpoint.name}"

    def _segment(self, images: Sequence[RGB], names: Sequence[str]) -> list[PanopticMap]:
        graphs = self.predictor.predict_many(images, batch_size=max(1, len(images)), progress=False)
        return [PanopticMap.of_graph(self.naming.renamed(graph)) for graph in graphs]
