"""Fixtures of the pvsg tests: small videos, their tracks, and a trained relation model."""

from dataclasses import replace

import numpy as np
import pytest

from pvsg.tracks import SUFFIX, TrackedFrame, TrackedVideo, TracksHeader, TrackWriter
from scenegraph.formats.pvsg import PVSGFile, PVSGWriter
from tests.factories import VOCABULARY, park_video
from tests.psg.conftest import ROOT
from tests.pvsg.segmenter import FEATURES
from toyworld.datasets import ensure_pvsg


@pytest.fixture(scope="session")
def pvsg_json(tmp_path_factory):
    """Five training and two held-out videos of eight frames."""
    return ensure_pvsg(tmp_path_factory.mktemp("pvsg"), train=5, test=2, frames=8, progress=False, workers=1)


@pytest.fixture(scope="session")
def tracks(pvsg_json, tmp_path_factory):
    """The true tubes with random features, as files."""
    return true_tracks(pvsg_json, tmp_path_factory.mktemp("tracks"), FEATURES)


def true_tracks(path, folder, features):
    """The true tubes of a pvsg.json with so many random features, as files in the folder."""
    file = PVSGFile.open(path)
    generator = np.random.default_rng(0)
    for index in range(len(file)):
        graph = file.graph(index)
        shape = (len(graph.nodes), graph.source.num_frames, features)
        video = TrackedVideo.of_graph(graph, generator.normal(size=shape).astype(np.float32))
        header = TracksHeader(
            graph.source.uri, *graph.source.size, graph.vocabulary, 5.0, graph.source.num_frames, features, "truth"
        )
        with TrackWriter(folder / f"{file.videos[index].video_id}{SUFFIX}", header) as writer:
            for frame in frames_of(video):
                writer.write(frame)
    return folder


def frames_of(video):
    """A video frame by frame."""
    for number in range(video.num_frames):
        rows = np.flatnonzero(video.present[:, number])
        masks = tuple(video.tubes[row].segment(number).mask for row in rows)
        yield TrackedFrame(
            number, video.ids[rows], video.categories[rows], video.scores[rows], masks, video.features[rows, number]
        )


@pytest.fixture(scope="session")
def small(pvsg_json, tracks):
    """The tiny config on these videos; a function, since training changes configs."""
    from psg.training import load_config

    def make(name="tiny/pvsg.py", **options):
        config = load_config(ROOT / "configs" / name, options)
        config.toyworld = config.stage_one = None
        for loader in ("train_dataloader", "val_dataloader", "test_dataloader"):
            config[loader].dataset.update(
                ann_file=str(pvsg_json), tracks=str(tracks), held_out=1, feature_size=FEATURES
            )
        config.test_evaluator.frequency = str(pvsg_json)
        config.model.feature_size = FEATURES
        return config

    return make


@pytest.fixture(scope="session")
def run(small, tmp_path_factory):
    """The work folder of four iterations."""
    from psg.training import train

    config = small()
    config.work_dir = str(tmp_path_factory.mktemp("video_run"))
    train(config)
    return config.work_dir


@pytest.fixture(scope="session")
def park_json(tmp_path_factory):
    """Three training videos and one held-out video of 10 frames each; frame k is of brightness 20 k."""
    root = tmp_path_factory.mktemp("pvsg")
    graph = park_video()
    with PVSGWriter(root, VOCABULARY) as writer:
        for number, split in enumerate(("train", "train", "train", "val")):
            named = replace(graph, source=replace(graph.source, uri=f"000{number}_park"))
            writer.add(named, (np.full((20, 30, 3), 20 * k, np.uint8) for k in range(10)), split, "vidor")
    return root / "pvsg.json"
