"""Segmenters of RGB-D frames: what goes in is a `psg4d.frame.RGBDFrame`, what comes out a map with metres."""

from collections.abc import Sequence
from typing import Any

import numpy as np

import psg4d.segmentation  # noqa: F401 - registers the models that checkpoints name
from psg.fitting import fitted
from psg.provenance import Settings
from psg.segmenters import PanopticMap, Segmenter, segmenter_of
from psg.segmenters.colours import coloured
from psg.segmenters.interface import restored
from psg.segmenters.trained import CheckpointSegmenter
from psg4d.frame import RGBDFrame, measured
from psg4d.points.model import PointSegmenter
from psg4d.points.samples import segment_map
from psg4d.rgbd.preprocessor import RGBDPreprocessor
from scenegraph import InputError, Vocabulary

KINDS = ("rgbd", "points")
"""Trained segmenters of RGB-D frames, written KIND:CHECKPOINT, beside the forms of `psg.segmenters`."""


class RGBDSegmenter(Segmenter):
    """Finds the segments of RGB-D frames; its maps say where they are in metres and what colours they have.

    Back ends implement `_segment`, which gets frames where that of other segmenters gets pictures.
    """

    def segment_many(
        self, images: Sequence[RGBDFrame], names: Sequence[str] | None = None, colours: bool = True
    ) -> list[PanopticMap]:
        """The maps of several frames; see `Segmenter.segment_many`.

        Raises:
            InputError: depth does not fit the colours, or has negative numbers.
        """
        frames = [frame.check(f"frame {number}") for number, frame in enumerate(images)]
        if not frames:
            return []
        maps = self._segment(frames, [""] * len(frames) if names is None else names)
        placed = [measured(found, frame) for found, frame in zip(maps, frames, strict=True)]
        if not colours:
            return placed
        return [coloured(found, frame.colour) for found, frame in zip(placed, frames, strict=True)]


class ColourSegmenter(RGBDSegmenter):
    """Any segmenter of pictures: it looks at the colours, and depth says where its segments are.

    Args:
        segmenter: of pictures.
    """

    def __init__(self, segmenter: Segmenter) -> None:
        self.segmenter = segmenter

    @property
    def vocabulary(self) -> Vocabulary:
        """The names that the maps' categories index."""
        return self.segmenter.vocabulary

    @property
    def name(self) -> str:
        """That of the segmenter."""
        return self.segmenter.name

    @property
    def settings(self) -> Settings:
        """Those of the segmenter."""
        return self.segmenter.settings

    def _segment(self, images: Sequence[RGBDFrame], names: Sequence[str]) -> list[PanopticMap]:
        return self.segmenter.segment_many([frame.colour for frame in images], names)


class TrainedRGBDSegmenter(RGBDSegmenter, CheckpointSegmenter):
    """A model that tools/train.py trained on RGB-D frames (configs/psg4d_segmenter.py)."""

    def _check_kind(self) -> None:
        if not isinstance(self.predictor.model.data_preprocessor, RGBDPreprocessor):
            raise InputError(
                f"{self.predictor.checkpoint}: a {type(self.predictor.model).__name__} of pictures without depth; "
                "write groundgraph:CHECKPOINT for it, or train configs/psg4d_segmenter.py"
            )

    def _segment(self, images: Sequence[RGBDFrame], names: Sequence[str]) -> list[PanopticMap]:
        inputs = [_fitted(frame) for frame in images]
        samples = self.predictor.trained.samples(
            [{"img": colour, "img_path": "", "depth": depth} for colour, depth, _ in inputs]
        )
        return [
            restored(self._map(sample), part, frame.colour.shape[:2])
            for sample, frame, (_, _, part) in zip(samples, images, inputs, strict=True)
        ]


class TrainedPointSegmenter(RGBDSegmenter, CheckpointSegmenter):
    """A model that tools/train.py trained on clouds of points (configs/psg4d_points.py).

    Pixels without depth belong to no segment. Frames need a camera.
    """

    def _check_kind(self) -> None:
        if not isinstance(self.predictor.model, PointSegmenter):
            raise InputError(
                f"{self.predictor.checkpoint}: a {type(self.predictor.model).__name__}; expected a PointSegmenter"
            )

    def _segment(self, images: Sequence[RGBDFrame], names: Sequence[str]) -> list[PanopticMap]:
        rows = [{"img": f.colour, "img_path": "", "depth": f.depth, "camera": f.camera} for f in images]
        maps = []
        for sample in self.predictor.trained.samples(rows):
            categories = self.naming.table[sample.found.categories.cpu().numpy()]
            ids, kept = segment_map(sample), categories >= 0
            place = np.append(np.where(kept, np.cumsum(kept) - 1, -1), -1)  # the last one for pixels of no segment
            scores = sample.found.scores.double().cpu().numpy().clip(0, 1)
            words = self.naming.vocabulary
            maps.append(PanopticMap.of_ids(place[ids].astype(np.int32), categories[kept], scores[kept], words))
        return maps


def _fitted(frame: RGBDFrame) -> tuple[np.ndarray, np.ndarray, tuple[int, int]]:
    """Colour and depth no larger than networks see, and what part of them is the frame."""
    colour, part = fitted(frame.colour)
    if colour.shape[:2] == frame.depth.shape:
        return colour, frame.depth, part
    # The nearest pixel: a mean of near and far is nowhere.
    rows, columns = (
        np.minimum((np.arange(new) + 0.5) * old / new, old - 1).astype(np.int64)
        for new, old in zip(part, frame.depth.shape, strict=True)
    )
    depth = np.zeros(colour.shape[:2], dtype=np.float32)
    depth[: part[0], : part[1]] = frame.depth[rows[:, None], columns]
    return colour, depth, part


def rgbd_segmenter_of(
    text: str, vocabulary: Vocabulary | None = None, device: Any = None, drop_unknown: bool = False
) -> RGBDSegmenter:
    """The segmenter that a text names: rgbd:CHECKPOINT, points:CHECKPOINT, or as `psg.segmenters.segmenter_of`.

    Args:
        text: see above.
        vocabulary: the names that maps shall use; None: the segmenter's own.
        device: "cpu", "cuda:1", ...; a GPU if there is one.
        drop_unknown: leave out classes that the vocabulary lacks instead of refusing them.

    Raises:
        InputError: the text is none of these forms, or the segmenter cannot be loaded.
    """
    kind, _, rest = text.partition(":")
    if kind not in KINDS:
        return ColourSegmenter(segmenter_of(text, vocabulary, device, drop_unknown))
    if not rest:
        raise InputError(f"segmenter {text!r}: expected {kind}:CHECKPOINT")
    made = TrainedPointSegmenter if kind == "points" else TrainedRGBDSegmenter
    return made(rest, vocabulary, device, drop_unknown)
