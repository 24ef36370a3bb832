"""A model that tools/train.py trained, used for its segments only."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch

from psg.fitting import RGB
from psg.predictor import Predictor
from psg.samples import SceneGraphSample
from psg.segmenters.interface import NamedSegmenter
from psg.segmenters.maps import PanopticMap
from psg.segmenters.names import Naming
from scenegraph import Vocabulary


class CheckpointSegmenter(NamedSegmenter):
    """What segmenters of checkpoints share: the model, and the names that its maps use.

    Args:
        checkpoint: a file that tools/train.py wrote, or the work folder of a run.
        vocabulary: the names that maps shall use; None: the model's own.
        device: "cpu", "cuda:1", ...; a GPU if there is one.
        drop_unknown: see `psg.segmenters.names.Naming`.

    Raises:
        InputError: as `psg.predictor.Predictor`; the model is of another kind; or classes are unknown to the
            vocabulary.
    """

    def __init__(
        self,
        checkpoint: str | Path,
        vocabulary: Vocabulary | None = None,
        device: str | torch.device | None = None,
        drop_unknown: bool = False,
    ) -> None:
        self.predictor = Predictor.from_checkpoint(checkpoint, device)
        self.model = self.predictor.model
        self._check_kind()
        own = self.predictor.vocabulary
        self.naming = Naming.of(own.categories, vocabulary or own, str(checkpoint), own.things, drop_unknown)

    @property
    def name(self) -> str:
        """Class and checkpoint of the model."""
        return f"{type(self.predictor.model).__name__} {self.predictor.checkpoint.name}"

    def _check_kind(self) -> None:
        """Refuse a model that takes other inputs; by default none is."""

    def _map(self, sample: SceneGraphSample) -> PanopticMap:
        graph = self.naming.renamed(sample.pred_graph)
        found = PanopticMap.of_graph(graph)
        if "pred_map" not in sample:
            return found
        kept = [node.id for node in graph.nodes]  # classes that the vocabulary lacks are gone
        return replace(found, features=sample.pred_map.features[kept])


class TrainedSegmenter(CheckpointSegmenter):
    """The segments that a one-stage model of ours finds; of a `PanopticSegmenter` with their features.

    >>> TrainedSegmenter("best.pth").segment("photo.jpg")  # doctest: +SKIP
    """

    def _segment(self, images: Sequence[RGB], names: Sequence[str]) -> list[PanopticMap]:
        samples = self.predictor.trained.samples([{"img": image, "img_path": ""} for image in images])
        return [self._map(sample) for sample in samples]
