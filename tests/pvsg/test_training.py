"""Relations of videos through tools/train.py and tools/test.py, and the configs."""

import json
import shutil

import numpy as np
import pytest

from psg.checkpoints import best_checkpoint, read_checkpoint
from psg.segmenters import PanopticMap, Segmenter
from psg.training import load_config, prepare, train
from psg.training import test as evaluate
from pvsg import track_sets
from pvsg.tracks import SUFFIX, TrackedVideo, TracksHeader, TrackWriter, read_header
from scenegraph import InputError
from scenegraph.formats.pvsg import PVSGFile
from tests.psg.conftest import ROOT
from toyworld.datasets import ensure_pvsg

FEATURES = 32


@pytest.fixture(scope="session")
def pvsg_json(tmp_path_factory):
    """Five training and two held-out videos of eight frames."""
    return ensure_pvsg(tmp_path_factory.mktemp("pvsg"), train=5, test=2, frames=8, progress=False, workers=1)


@pytest.fixture(scope="session")
def tracks(pvsg_json, tmp_path_factory):
    """The true tubes with random features, as files."""
    folder, file = tmp_path_factory.mktemp("tracks"), PVSGFile.open(pvsg_json)
    generator = np.random.default_rng(0)
    for index in range(len(file)):
        graph = file.graph(index)
        shape = (len(graph.nodes), graph.source.num_frames, FEATURES)
        video = TrackedVideo.of_graph(graph, generator.normal(size=shape).astype(np.float32))
        header = TracksHeader(
            graph.source.uri, *graph.source.size, graph.vocabulary, 5.0, graph.source.num_frames, FEATURES, "truth"
        )
        with TrackWriter(folder / f"{file.videos[index].video_id}{SUFFIX}", header) as writer:
            for frame in frames_of(video):
                writer.write(frame)
    return folder


def frames_of(video):
    from pvsg.tracks import TrackedFrame

    for number in range(video.num_frames):
        rows = np.flatnonzero(video.present[:, number])
        masks = tuple(video.tubes[row].segment(number).mask for row in rows)
        yield TrackedFrame(
            number, video.ids[rows], video.categories[rows], video.scores[rows], masks, video.features[rows, number]
        )


@pytest.fixture(scope="session")
def small(pvsg_json, tracks):
    """The tiny config on these videos; a function, since training changes configs."""

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
    config = small()
    config.work_dir = str(tmp_path_factory.mktemp("video_run"))
    train(config)
    return config.work_dir


def test_a_run_and_its_scores(run, small, tmp_path):
    best = best_checkpoint(run)
    assert best.name.startswith("best_strict_video_R@20_iter_")
    config = small()
    config.work_dir = str(tmp_path)
    config.test_evaluator.out = str(tmp_path / "graphs")
    scores = evaluate(config, best)
    assert scores["videos"] == 2
    known = {"strict video/R@20", "strict video, vIoU 0.1/mR@100", "frequency/R@20", "margin/mR@20", "VPQ", "STQ"}
    assert known <= set(scores)
    assert scores["strict video/ceiling"] > 0.9  # the true tubes
    assert len(list((tmp_path / "graphs").iterdir())) == 2


def test_published_variants_count_the_predicates(small, pvsg_json):
    config = small("pvsg/mlp.py")
    prepare(config)
    file = PVSGFile.open(pvsg_json)
    rows = [relation.predicate for index in file.indices("train")[:-1] for relation in file.graph(index).relations]
    assert config.model.objective.counts == np.bincount(rows, minlength=len(file.vocabulary.predicates)).tolist()
    assert list(config.model.vocabulary.things) == list(file.vocabulary.things)


def test_the_variants_differ_in_the_head_only():
    configs = {path.stem: load_config(path) for path in (ROOT / "configs/pvsg").glob("[!p]*.py")}
    heads = {name: config.model.pop("head") for name, config in configs.items()}
    assert set(heads) == {"mlp", "filter", "convolution", "transformer"}
    assert len({json.dumps(config.to_dict(), sort_keys=True, default=str) for config in configs.values()}) == 1


def test_a_checkpoint_says_what_found_the_segments(run):
    described = read_checkpoint(best_checkpoint(run))["meta"]["groundgraph"]
    assert described["model"]["type"] == "VideoRelationModel"
    assert described["pipeline"] == []


def test_tracks_that_do_not_fit(small, tracks, tmp_path):
    config = small(**{"train_dataloader.dataset.feature_size": 7})
    config.train_dataloader.dataset.feature_size = 7
    config.work_dir = str(tmp_path)
    with pytest.raises(InputError, match="32 features a segment; expected feature_size=7"):
        train(config)
    shutil.copytree(tracks, tmp_path / "some")
    next((tmp_path / "some").iterdir()).unlink()
    config = small()
    config.work_dir = str(tmp_path)
    for loader in ("train_dataloader", "val_dataloader", "test_dataloader"):
        config[loader].dataset.tracks = str(tmp_path / "some")
    with pytest.raises(InputError, match="there is no such file"):
        train(config)
        evaluate(config, best_checkpoint(tmp_path))


class Halves(Segmenter):
    """The upper half is sky, the lower grass."""

    max_pixels = None

    def __init__(self, vocabulary):
        self._vocabulary = vocabulary

    @property
    def vocabulary(self):
        return self._vocabulary

    def _segment(self, images, names):
        maps = []
        for image in images:
            ids = np.zeros(image.shape[:2], dtype=np.int32)
            ids[len(ids) // 2 :] = 1
            kinds = [self.vocabulary.category_id(name) for name in ("sky", "grass")]
            features = np.ones((2, FEATURES), dtype=np.float32)
            maps.append(PanopticMap.of_ids(ids, kinds, [0.9, 0.8], self.vocabulary, features))
        return maps


def test_missing_tracks_are_made(small, pvsg_json, tmp_path, monkeypatch):
    """All videos first, later only those whose file is gone."""
    made = []
    monkeypatch.setattr(track_sets, "segmenter_of", lambda source, words: made.append(source) or Halves(words))
    config, folder = small(), tmp_path / "made"
    config.stage_one = dict(type="TracksOfVideos", tracks=str(folder), segmenter="halves:")
    for loader in ("train_dataloader", "val_dataloader", "test_dataloader"):
        config[loader].dataset.tracks = str(folder)
    prepare(config)
    files = sorted(folder.iterdir())
    assert len(files) == 7 and made == ["halves:"]
    assert read_header(files[0]).num_frames == 8
    files[0].unlink()
    times = {path: path.stat().st_mtime_ns for path in files[1:]}
    prepare(config)
    assert files[0].is_file() and times == {path: path.stat().st_mtime_ns for path in files[1:]}
    prepare(config)
    assert len(made) == 2


def test_stage_one_says_what_it_needs():
    with pytest.raises(InputError, match="either config and work_dir"):
        track_sets.TracksOfVideos("tracks")
