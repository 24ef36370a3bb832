"""Both layouts of PSG4D behind the face that `pvsg` knows from a pvsg.json."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from psg4d.frame import RGBDFrame
from scenegraph import InputError, Mask, SceneGraph, Source
from scenegraph.formats.psg4d import GTAFile, HOIFile

_READERS = {"sailvos3d.json": GTAFile, "psg4d_hoi.json": HOIFile}
"""By the name of the annotation file; both layouts have fixed ones."""


class Video(NamedTuple):
    """A record: its id as a name that files can have (ids of HOI are paths)."""

    video_id: str


class PSG4DFile:
    """A PSG4D data set of either layout.

    >>> file = PSG4DFile.open("data/toyworld/psg4d/psg4d_hoi.json")  # doctest: +SKIP
    >>> depth = file.frame(0, 12).depth  # doctest: +SKIP

    Attributes:
        file: the reader of the layout.
        path: of the annotations.
        vocabulary: things, stuff and predicates.
        videos: the records in file order.
    """

    def __init__(self, file: GTAFile | HOIFile) -> None:
        self.file, self.path, self.vocabulary = file, file.path, file.vocabulary
        self.videos = tuple(Video(name.strip("/").replace("/", "_")) for name in file.videos)

    @classmethod
    def open(cls, path: str | Path, root: str | Path | None = None) -> "PSG4DFile":
        """Read the annotations; the name of the file says which layout it is.

        Args:
            path: sailvos3d.json (GTA) or psg4d_hoi.json (HOI).
            root: the folder with the pictures; that of the file if None.

        Raises:
            InputError: the name is another one, or the file is missing, truncated or of another kind.
        """
        reader = _READERS.get(Path(path).name)
        if reader is None:
            raise InputError(f"{path}: expected {' or '.join(_READERS)}, the annotations of a PSG4D data set")
        return cls(reader.open(path, root))

    def __len__(self) -> int:
        return len(self.videos)

    def item(self, index: int) -> str:
        """How messages name a record."""
        return f"video {self.file.videos[index]}"

    def indices(self, split: str = "all") -> list[int]:
        """Positions of the videos of a split (train, val or all).

        Raises:
            InputError: there is no such split.
        """
        return self.file.indices(split)

    def graph(self, index: int, masks: bool = True) -> SceneGraph:
        """The true graph of a video, with its camera.

        Raises:
            InputError: the record, a mask or the camera is broken.
        """
        return self.file.graph(index, masks=masks)

    def frame_paths(self, index: int) -> list[Path]:
        """The colour pictures of a video, by frame."""
        return self.file.frame_paths(index)

    def frame(self, index: int, frame: int) -> RGBDFrame:
        """Colour and depth of a frame.

        Raises:
            InputError: a file is missing or broken, or depth has another size than colour.
        """
        colour, depth = self.file.image(index, frame), self.file.depth(index, frame)
        if depth.shape != colour.shape[:2]:
            raise InputError(
                f"{self.path.name}: {self.item(index)}, frame {frame}: depth is {depth.shape} (height, width), colour "
                f"{colour.shape[:2]}; both must have one size"
            )
        return RGBDFrame(colour, depth)

    def frames(self, index: int) -> Iterator[RGBDFrame]:
        """The frames of a video in order, with camera and pose, read one at a time."""
        camera = self.file.camera(index)
        for frame in range(self.file.num_frames(index)):
            yield self.frame(index, frame).seen_by(camera, frame)

    def masks(self, index: int, frame: int, source: Source) -> dict[int, Mask]:
        """The masks of one frame by object id.

        Raises:
            InputError: the record or the mask is broken.
        """
        return self.file.masks(index, frame, source)
