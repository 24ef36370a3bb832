"""Tracks of RGB-D videos: made by a segmenter and the tracker in metres, or of the true masks."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
from mmengine.registry import TASK_UTILS
from tqdm import tqdm

from psg.provenance import Settings
from psg.segmenters import PanopticMap
from psg4d.frame import RGBDFrame, metres_of
from psg4d.segmenters import rgbd_segmenter_of
from psg4d.videos import PSG4DFile
from pvsg.track_files import SUFFIX, TrackWriter
from pvsg.track_origin import is_made
from pvsg.track_sets import TracksOfVideos
from pvsg.tracked_frames import TrackedFrame, TracksHeader
from pvsg.tracking import SegmenterAndTracker, Tracker
from pvsg.video_sets import VideoSet
from scenegraph import Mask, Node, Segment, Vocabulary
from scenegraph.storage import made_folder

TRUE_MASKS = "truth"
"""In place of a segmenter: the true masks, whose object ids are the tracks."""


class TrueMasks:
    """What the tracks of true masks are made by: nothing that could be set."""

    name = TRUE_MASKS

    @property
    def settings(self) -> Settings:
        """None."""
        return {}


@TASK_UTILS.register_module()
class TracksOfRGBDVideos(TracksOfVideos):
    """Stage one of a config of relations in space and time; see `pvsg.track_sets.TracksOfVideos`.

    `segmenter` is a text for `psg4d.segmenters.rgbd_segmenter_of`, or "truth" for tracks of the true masks
    measured with depth. The tracks have metres either way.
    """

    def open_file(self, path: Path, root: str | None) -> PSG4DFile:
        """The data set, of either layout."""
        return PSG4DFile.open(path, root)

    def maker(self, words: Vocabulary) -> SegmenterAndTracker | TrueMasks:
        """What makes the tracks."""
        if self.segmenter == TRUE_MASKS:
            return TrueMasks()
        return SegmenterAndTracker(rgbd_segmenter_of(self.source("rgbd"), words), Tracker(**self.tracker))

    def track(self, missing: list[tuple[VideoSet, int]], maker: SegmenterAndTracker | TrueMasks) -> None:
        """Make the tracks of some records."""
        made_folder(self.tracks)
        for file, index in tqdm(missing, "tracking", unit=" videos", file=sys.stderr):
            path = self.tracks / f"{file.videos[index].video_id}{SUFFIX}"
            if isinstance(maker, TrueMasks):
                true_tracks(file, index, path)
                continue
            video = file.graph(index, masks=False).source
            options: dict[str, Any] = {"fps": video.fps, "num_frames": video.num_frames, "progress": False}
            maker.track(file.frames(index), path, file.videos[index].video_id, **options)


def true_tracks(file: PSG4DFile, index: int, path: Path) -> Path:
    """The true masks of a record as a file of tracks in metres; nothing is done if it is there already.

    Raises:
        InputError: the record is broken, or the file is there but was made of something else.
    """
    name, truth = file.videos[index].video_id, file.graph(index, masks=False)
    if is_made(path, name, TRUE_MASKS, {}):
        return path
    source, words = truth.source, truth.vocabulary
    header = TracksHeader(name, *source.size, words, source.fps, source.num_frames, made_by=TRUE_MASKS, metres=True)
    categories = {node.id: node.category for node in truth.nodes}
    with TrackWriter(path, header) as writer:
        for number, frame in enumerate(file.frames(index)):
            masks = file.masks(index, number, source)
            writer.write(given_frame(number, frame, masks, categories, words))
    return path


def given_frame(
    number: int, frame: RGBDFrame, masks: dict[int, Mask], categories: dict[int, int], words: Vocabulary
) -> TrackedFrame:
    """One frame whose tracks are known, measured.

    Args:
        number: of the frame.
        frame: colour and depth.
        masks: by track id.
        categories: by track id.
        words: what categories index.
    """
    ids = list(masks)
    nodes = tuple(Node(place, categories[track], Segment(masks[track])) for place, track in enumerate(ids))
    found = PanopticMap(*frame.depth.shape, nodes, words)
    return TrackedFrame(
        number,
        np.array(ids, dtype=np.int64),
        found.categories,
        np.ones(len(ids), dtype=np.float32),
        tuple(found.masks),
        np.zeros((len(ids), 0), dtype=np.float32),
        metres_of(found, frame),
    )
