"""Scores of graphs in space and time as an mmengine metric."""

from mmengine.registry import METRICS

from psg4d.videos import PSG4DFile
from pvsg.metric import VideoSceneGraphMetric


@METRICS.register_module()
class RGBDSceneGraphMetric(VideoSceneGraphMetric):
    """The strict video protocol on mask tubes, VPQ and STQ; `frequency` is the file of a PSG4D data set."""

    def open_file(self, path: str) -> PSG4DFile:
        """The data set that class pairs are counted in, of either layout."""
        return PSG4DFile.open(path)
