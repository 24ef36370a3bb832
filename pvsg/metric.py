"""Scores of video graphs as an mmengine metric."""

from typing import Any

from mmengine.registry import METRICS
from tqdm import tqdm

from psg.metric import SceneGraphMetric
from pvsg.video_sets import VideoSet
from scenegraph.formats.pvsg import PVSGFile
from scenegraph.video_evaluation import VideoEvaluation
from scenegraph.video_frequency import VideoFrequencyModel


@METRICS.register_module()
class VideoSceneGraphMetric(SceneGraphMetric):
    """The strict video protocol, VPQ and STQ of `pred_graph` against `graph`.

    `frequency` is a pvsg.json: class pairs with spans from its training videos
    (`scenegraph.video_frequency`), put on the model's own tubes, are scored too. The names of the log are
    those of the report with `strict_video` for "strict video", since checkpoints are named by them.
    """

    protocol = "strict video"

    def shown(self) -> dict[str, float]:
        """Recall and mean recall at the first threshold, margins, VPQ and STQ."""
        wanted = (f"{self.protocol}/R@", f"{self.protocol}/mR@", "margin/")
        return {
            name.replace(" ", "_"): value
            for name, value in self.values.items()
            if name.startswith(wanted) or name in ("VPQ", "STQ")
        }

    def _evaluations(self) -> list[Any]:
        words = self.vocabulary
        rivals = [VideoEvaluation(words, ks=self.options["ks"])] if self.frequency else []
        return [VideoEvaluation(words, legacy=self.legacy, **self.options), *rivals]

    def open_file(self, path: str) -> VideoSet:
        """The data set that class pairs are counted in; other layouts open theirs."""
        return PVSGFile.open(path)

    def _frequency(self) -> VideoFrequencyModel:
        if self._frequency_model is None:
            file = self.open_file(self.frequency)
            chosen = tqdm(file.indices("train"), "class pairs of the training videos", leave=False)
            self._frequency_model = VideoFrequencyModel(file.vocabulary).fit(file.graph(index) for index in chosen)
        return self._frequency_model
