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
from psg.checkpoints import best_checkpoint, iteration_of
from psg.segmenters import segmenter_of
from pvsg.tracking import Tracker, track_videos
from pvsg.tracks import SUFFIX
from pvsg.video_sets import VideoSet
from scenegraph import InputError
from scenegraph.formats.pvsg import PVSGFile

_LOADERS = ("train_dataloader", "val_dataloader", "test_dataloader")


@TASK_UTILS.register_module()
class TracksOfVideos:
    """Stage one of a config of relations: trains the segmenter and tracks the videos, where that is missing.

    Both can be interrupted: training goes on from its last checkpoint, tracking with the first video
    that has no file.

    Args:
        tracks: folder of the files, which the data sets of the config name too.
        config: the segmenter's config; None if `segmenter` is given.
        work_dir: where the segmenter is trained.
        segmenter: another segmenter, as text for `psg.segmenters.segmenter_of`.
        tracker: arguments of `Tracker`.

    Raises:
        InputError: neither or both of `config` and `segmenter` are given.
    """

    def __init__(
        self,
        tracks: str,
        config: str | None = None,
        work_dir: str | None = None,
        segmenter: str | None = None,
        tracker: dict[str, Any] | None = None,
    ) -> None:
        if (config is None) == (segmenter is None) or (config is None) != (work_dir is None):
            raise InputError("stage_one needs either config and work_dir of a segmenter to train, or segmenter")
        self.tracks, self.config, self.work_dir = Path(tracks), config, work_dir
        self.segmenter, self.tracker = segmenter, dict(tracker or {})

    def prepare(self, config: Config) -> None:
        """Make the tracks of all videos that the config's data sets name.

        Raises:
            InputError: data are missing or broken, or the segmenter cannot be used.
        """
        missing = self.missing(config)
        if missing and self.segmenter is None:
            self._train()
        if missing and is_main_process():
            self.track(missing)
        barrier()

    def _train(self) -> None:
        """Train the segmenter, or go on; one that is there without the checkpoints of its run is taken as it is."""
        stage_one = training.load_config(self.config)
        stage_one.work_dir = self.work_dir
        newest = training.newest_checkpoint(self.work_dir)
        unfinished = newest is not None and iteration_of(newest) < stage_one.train_cfg.max_iters
        if unfinished or best_checkpoint(self.work_dir) is None:
            tqdm.write(f"stage one: {self.config}; if interrupted, the same command goes on", file=sys.stderr)
            training.train(stage_one)

    def open_file(self, path: Path, root: str | None) -> VideoSet:
        """A data set with its videos; other layouts open theirs."""
        return PVSGFile.open(path, root)

    def missing(self, config: Config) -> list[tuple[VideoSet, int]]:
        """Videos without a file of tracks."""
        found: dict[Path, tuple[VideoSet, int]] = {}
        files: dict[Path, VideoSet] = {}
        for loader in _LOADERS:
            dataset = config[loader].dataset if config.get(loader) else {}
            if dataset.get("tracks") != str(self.tracks):
                continue
            path = Path(dataset.get("data_root", "")) / dataset.ann_file
            if path not in files:
                files[path] = self.open_file(path, dataset.get("data_root"))
            file = files[path]
            for index in range(len(file)):
                tracks = self.tracks / f"{file.videos[index].video_id}{SUFFIX}"
                if not tracks.is_file():
                    found.setdefault(tracks, (file, index))
        return list(found.values())

    def track(self, missing: list[tuple[VideoSet, int]]) -> None:
        """Make the tracks of some records."""
        source = self.segmenter or f"groundgraph:{best_checkpoint(self.work_dir)}"
        segmenter = segmenter_of(source, missing[0][0].vocabulary)
        for file, group in groupby(missing, key=itemgetter(0)):
            track_videos(file, [index for _, index in group], segmenter, Tracker(**self.tracker), self.tracks)
