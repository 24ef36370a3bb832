"""Scores of graphs in space and time, and of labelled points, as mmengine metrics."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from mmengine.evaluator import BaseMetric
from mmengine.logging import MMLogger
from mmengine.registry import METRICS

from psg4d.videos import PSG4DFile
from pvsg.metric import VideoSceneGraphMetric
from scenegraph import InputError
from scenegraph.point_quality import MIN_POINTS, ClassSums, InstanceSums, compare_instances


@METRICS.register_module()
class RGBDSceneGraphMetric(VideoSceneGraphMetric):
    """The strict video protocol on mask tubes, VPQ and STQ; `frequency` is the file of a PSG4D data set."""

    def open_file(self, path: str) -> PSG4DFile:
        """The data set that class pairs are counted in, of either layout."""
        return PSG4DFile.open(path)


@METRICS.register_module()
class PointSegmentationMetric(BaseMetric):
    """Average precision of things and mIoU of classes over points (`scenegraph.point_quality`), as ScanNet has them.

    Args:
        min_points: instances and predictions of fewer points are left out.
        legacy: not known for points.
        out: not known for points, which are no graphs.
        collect_device: "cpu" or "gpu", where results of processes meet.

    Raises:
        InputError: `legacy` or `out` is asked for.

    Attributes:
        values: after evaluation, in the main process: all numbers by name.
    """

    def __init__(
        self,
        min_points: int = MIN_POINTS,
        legacy: bool = False,
        out: str | None = None,
        collect_device: str = "cpu",
    ) -> None:
        super().__init__(collect_device, prefix="points")
        if legacy or out:
            raise InputError("labels of points have no published protocol and no graphs; leave out --legacy and --out")
        self.prefix = None  # the names are complete; without one mmengine would warn
        self.min_points = min_points
        self.values: dict[str, float] = {}

    def process(self, data_batch: Any, data_samples: Sequence[dict[str, Any]]) -> None:
        """Measure the clouds of a batch."""
        self.results += [self._measured(sample) for sample in data_samples]

    def compute_metrics(self, results: list[Any]) -> dict[str, float]:
        """All clouds of all processes together."""
        classes = len(self.dataset_meta["vocabulary"]["things"]) + len(self.dataset_meta["vocabulary"]["stuff"])
        instances, labels = InstanceSums(classes), ClassSums(classes)
        for compared, truth, found in results:
            instances.add(compared)
            labels.add(truth, found)
        self.values = {**instances.values(), **labels.values()}
        rows = "\n".join(f"  {name:24} {value:.4f}" for name, value in self.values.items())
        MMLogger.get_current_instance().info(f"points: {len(results)} clouds\n{rows}")
        return {name: value for name, value in self.values.items() if not np.isnan(value)}

    def _measured(self, sample: dict[str, Any]) -> tuple[Any, np.ndarray, np.ndarray]:
        found, graph = sample["found"], sample["graph"]
        num_things = len(graph.vocabulary.things)
        categories = np.array([node.category for node in graph.nodes], dtype=np.int64)
        things, place = np.unique(sample["instance"].cpu().numpy(), return_inverse=True)
        truth = place.ravel() - int((things < 0).any())
        predicted = found.categories.cpu().numpy()
        kept = predicted < num_things  # things come first
        segment = found.segment.cpu().numpy()
        compared = compare_instances(
            truth,
            categories[things[things >= 0]],
            np.where(segment < kept.sum(), segment, -1),
            predicted[kept],
            found.scores.double().cpu().numpy()[kept],
            self.min_points,
        )
        return compared, sample["semantic"].cpu().numpy(), found.semantic.cpu().numpy()
