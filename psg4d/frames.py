"""Single frames of a PSG4D data set, colour and depth with their true graphs: what a segmenter learns from."""

from pathlib import Path
from typing import Any

from mmengine.registry import DATASETS

from psg4d.videos import PSG4DFile
from pvsg.frames import PVSGFrames, VideoFrames


@DATASETS.register_module()
class PSG4DFrames(PVSGFrames):
    """Every so manyth frame of the videos of a split, with depth; the options are those of `PVSGFrames`.

    Items have `depth`, float32 [height, width] in metres (0: none), and `camera`, for
    `psg4d.rgbd.transforms.StackDepth` or `psg4d.points.transforms.PackPoints`.

    Raises:
        InputError: as `PVSGFrames`.
    """

    file: PSG4DFile

    def open_file(self) -> PSG4DFile:
        """The data set, of either layout."""
        return PSG4DFile.open(self.ann_file, self.data_root or None)

    def frames_of(self, index: int) -> VideoFrames:
        """All frames of a record: every frame of PSG4D is labelled."""
        graph = self.file.graph(index, masks=False)
        pictures: dict[int, Path] = dict(enumerate(self.file.frame_paths(index)))
        return VideoFrames(graph, pictures, lambda frame: self.file.masks(index, frame, graph.source))

    def get_data_info(self, idx: int) -> dict[str, Any]:
        """As `PVSGFrames`, with the pictures themselves: `img` and `depth`."""
        info = super().get_data_info(idx)
        frame = self.file.frame(info["index"], info["frame"])
        camera = self._video(info["index"]).graph.source.camera
        return info | {"img": frame.colour, "depth": frame.depth, "camera": camera}
