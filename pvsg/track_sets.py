"""Tracks of all videos of a data set, made on first use by a trained segmenter and a tracker."""

import sys
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from mmengine import Config
from mmengine.dist import barrier, is_main_process
from mmengine.registry import TASK_UTILS
from tqdm import tqdm

from psg import training
from psg.checkpoints import checkpoint_file
from psg.provenance import flat, nested
from psg.segmenters import segmenter_of
from pvsg.track_origin import WEIGHTS, Origin, check
from pvsg.tracking import SegmenterAndTracker, Tracker, make_tracks
from pvsg.tracks import SUFFIX, read_header
from pvsg.video_sets import VideoSet
from scenegraph import InputError, Vocabulary
from scenegraph.formats.pvsg import PVSGFile

_LOADERS = ("train_dataloader", "val_dataloader", "test_dataloader")


@TASK_UTILS.register_module()
class TracksOfVideos:
    """Stage one of a config of relations: trains the segmenter and tracks the videos, where that is missing.

    Both can be interrupted: training goes on from its last checkpoint, tracking with the first video
    that has no file. Tracks of another segmenter, of other weights or settings are refused and left as they are.

    Args:
        tracks: folder of the files, which the data sets of the config name too.
        config: the segmenter's config.
        work_dir: where the segmenter is trained.
        segmenter: another segmenter instead, as text for `psg.segmenters.segmenter_of`.
        tracker: arguments of `Tracker`.
        keep: learn from the tracks that are there, whatever made them.
        weights: digest of the weights that made the tracks; checkpoints say it, so that what predicts can compare.

    Raises:
        InputError: neither `config` and `work_dir` nor `segmenter` are given.
    """

    def __init__(
        self,
        tracks: str,
        config: str | None = None,
        work_dir: str | None = None,
        segmenter: str | None = None,
        tracker: dict[str, Any] | None = None,
        keep: bool = False,
        weights: str | None = None,
    ) -> None:
        if (config is None) != (work_dir is None) or (config is None and segmenter is None):
            raise InputError("stage_one needs either config and work_dir of a segmenter to train, or segmenter")
        self.tracks, self.config, self.work_dir = Path(tracks), config, work_dir
        self.segmenter, self.tracker, self.keep = segmenter, dict(tracker or {}), keep
        self.weights = weights

    def prepare(self, config: Config) -> None:
        """Make the tracks of all videos that the config's data sets name, where they are missing.

        Raises:
            InputError: data are missing or broken, the segmenter cannot be used, or tracks that are there were
                made by another one or with other settings.
        """
        wanted = self.wanted(config)
        missing = {path: record for path, record in wanted.items() if not path.is_file()}
        if missing and self.segmenter is None:
            training.trained(self.config, self.work_dir)
        if is_main_process() and wanted:
            maker = self._maker_of(next(iter(wanted.values()))[0].vocabulary, bool(missing))
            if not self.keep:
                self._check([path for path in wanted if path not in missing], maker)
            if missing:
                self.track(list(missing.values()), maker)
        barrier()
        if wanted:  # defaults may change: the checkpoint says all, so that what predicts follows things likewise
            first = next(iter(wanted))
            config.stage_one.tracker = self._tracker_of(first)
            config.stage_one.weights = read_header(first).settings.get(WEIGHTS)

    def _maker_of(self, words: Vocabulary, needed: bool) -> Origin | None:
        """What makes the tracks; None where it is not here, and nothing is missing."""
        try:
            return self.maker(words)
        except InputError as error:
            if needed:
                raise
            message = f"{self.tracks}: what made these tracks is not here, so its weights are not compared ({error})"
            tqdm.write(message, file=sys.stderr)
            return None

    def _tracker_of(self, path: Path) -> dict[str, Any]:
        """All arguments of the tracker that made a file; where it says none, those of tracks made now."""
        said = nested(read_header(path).settings).get("tracker")
        return said or nested(Tracker(**self.tracker).settings)

    def _check(self, paths: list[Path], maker: Origin | None) -> None:
        """Refuse tracks that were made otherwise: what is learned on them would not fit what predicts."""
        remedy = (
            f"Move or delete {self.tracks} and they are made anew, or learn from them as they are: "
            "--cfg-options stage_one.keep=True"
        )
        if maker is None:
            check(paths, None, flat(Tracker(**self.tracker).settings, "tracker"), remedy)
        else:
            check(paths, maker.name, maker.settings, remedy)

    def open_file(self, path: Path, root: str | None) -> VideoSet:
        """A data set with its videos; other layouts open theirs."""
        return PVSGFile.open(path, root)

    def wanted(self, config: Config) -> dict[Path, tuple[VideoSet, int]]:
        """The file of tracks of every video, and its record."""
        found: dict[Path, tuple[VideoSet, int]] = {}
        files: dict[Path, VideoSet] = {}
        for loader in _LOADERS:
            dataset = config[loader].dataset if config.get(loader) else {}
            if dataset.get("tracks") != str(self.tracks):
                continue
            path = Path(dataset.get("data_root", "")) / dataset.ann_file
            if path not in files:
                files[path] = self.open_file(path, dataset.get("data_root"))
            for index, video in enumerate(files[path].videos):
                found.setdefault(self.tracks / f"{video.video_id}{SUFFIX}", (files[path], index))
        return found

    def maker(self, words: Vocabulary) -> Origin:
        """What makes the tracks.

        Args:
            words: the names that categories index.

        Raises:
            InputError: the segmenter is not there, or cannot be used.
        """
        return SegmenterAndTracker(segmenter_of(self.source("groundgraph"), words), Tracker(**self.tracker))

    def source(self, kind: str) -> str:
        """The segmenter as text, KIND:CHECKPOINT where it was trained here.

        Raises:
            InputError: there is no checkpoint of it.
        """
        return self.segmenter or f"{kind}:{checkpoint_file(self.work_dir)}"

    def track(self, missing: list[tuple[VideoSet, int]], maker: Any) -> None:
        """Make the tracks of some records."""
        for file, group in groupby(missing, key=itemgetter(0)):
            make_tracks(file, [index for _, index in group], maker, self.tracks)
