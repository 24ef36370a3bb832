"""What data sets, tracks and metrics of videos ask of a file of annotations, whatever its layout."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from scenegraph import SceneGraph, Vocabulary


@runtime_checkable
class VideoSet(Protocol):
    """Videos with their true graphs, such as `scenegraph.formats.pvsg.PVSGFile`.

    Attributes:
        path: of the annotations.
        vocabulary: names of categories and predicates.
        videos: the records; each has a `video_id`, which names its files.
    """

    path: Path
    vocabulary: Vocabulary
    videos: Sequence[Any]

    def __len__(self) -> int:
        """How many videos."""

    def item(self, index: int) -> str:
        """How messages name a record."""

    def indices(self, split: str = "all") -> list[int]:
        """Positions of the records of a split: train, val or all."""

    def graph(self, index: int, masks: bool = True) -> SceneGraph:
        """The true graph; without masks every object stands for the whole picture in all frames."""

    def frame_paths(self, index: int) -> list[Path]:
        """The pictures of a video, by frame."""
