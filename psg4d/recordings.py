"""RGB-D recordings to look at: a folder, or a video of a PSG4D data set."""

from collections.abc import Iterator
from pathlib import Path

from psg4d.frame import RGBDFrame
from psg4d.videos import PSG4DFile
from scenegraph import InputError, Source
from scenegraph.checked_json import located
from scenegraph.formats.rgbd import RGBDFolder


class Recording:
    """Frames in order, read one at a time, and what is known of them.

    >>> recording = Recording.open("redkitchen/seq-01")  # doctest: +SKIP
    >>> graph = predictor.predict(recording)  # doctest: +SKIP

    Args:
        source: name, size, number of frames, rate and camera.
        frames: a new pass over the frames.
    """

    def __init__(self, source: Source, frames: Iterator[RGBDFrame]) -> None:
        self.source, self._frames = source, frames

    @classmethod
    def open(
        cls,
        path: str | Path,
        video: int = 0,
        layout: str = "auto",
        units: float | None = None,
        intrinsics: tuple[float, float, float, float] | None = None,
    ) -> "Recording":
        """An RGB-D folder (7-Scenes, TUM or Open3D), or a video of a PSG4D data set.

        Args:
            path: the folder; or sailvos3d.json or psg4d_hoi.json.
            video: which video of a data set.
            layout: of a folder; see `scenegraph.formats.rgbd.RGBDFolder.open`.
            units: stored units of depth a metre, of a folder.
            intrinsics: fx, fy, cx, cy in pixels, of a folder.

        Raises:
            InputError: nothing of the kind is there, or it is broken; the message names the file.
        """
        if Path(path).suffix.lower() == ".json":
            file = PSG4DFile.open(path)
            if not 0 <= video < len(file):
                raise InputError(f"{path}: there is no video {video}; it has {len(file)}, counted from 0")
            return cls(file.graph(video, masks=False).source, file.frames(video))
        folder = RGBDFolder.open(path, layout, units, intrinsics)
        return cls(folder.source, _frames(folder))

    def __len__(self) -> int:
        return self.source.num_frames

    def __iter__(self) -> Iterator[RGBDFrame]:
        return self._frames


def _frames(folder: RGBDFolder) -> Iterator[RGBDFrame]:
    for number, (colour, depth) in enumerate(folder):
        with located(f"{folder.root}: frame {number}"):
            yield RGBDFrame(colour, depth).seen_by(folder.camera, number)
