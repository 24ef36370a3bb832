"""Relations of videos through tools/train.py and tools/test.py, and the configs."""

import json
import shutil

import numpy as np
import pytest

from psg.checkpoints import best_checkpoint, read_checkpoint
from psg.training import load_config, prepare, train
from psg.training import test as evaluate
from pvsg import track_sets
from pvsg.dataset import PVSGTracks
from pvsg.tracks import read_header
from scenegraph import InputError
from scenegraph.formats.pvsg import PVSGFile
from tests.psg.conftest import ROOT
from tests.pvsg.segmenter import Halves


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


def test_configs_of_one_data_folder_make_the_same_data():
    """What one of them made is refused by another whose settings differ."""
    made = {}
    for path in sorted((ROOT / "configs").rglob("*.py")):
        other = "_base_" in path.parts or path.stem.startswith("tune_")  # parts, and language models
        settings = None if other else load_config(path).get("toyworld")
        if settings:
            made.setdefault(settings["root"], {})[json.dumps(settings.to_dict(), sort_keys=True)] = path.name
    assert {root: names for root, names in made.items() if len(names) > 1} == {}


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


def test_videos_without_labels_are_read_once(pvsg_json, tracks):
    """As OpenPVSG skips them; if all are such, that is said, not tried a thousand times."""
    options = dict(ann_file=str(pvsg_json), tracks=str(tracks), feature_size=32, keep_empty=False, at_hand=0)
    some = PVSGTracks(**options)
    some._barren.update(range(1, len(some)))
    assert {some._rand_another() for _ in range(5)} == {0}
    none = PVSGTracks(**options, matched_frames=100)  # of eight
    with pytest.raises(InputError, match=r"the 5 training videos have no labels.*Is the segmenter trained"):
        none[0]


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
    assert len(made) == 3  # the last one to see whether what is there is current


@pytest.mark.parametrize(
    ("files", "trained"),
    [
        ((), True),
        (("best_PQ_iter_4.pth",), False),  # given away without its run
        (("best_PQ_iter_4.pth", "iter_4.pth"), True),
        (("best_PQ_iter_4.pth", "iter_8.pth"), False),
    ],
)
def test_the_segmenter_is_trained_to_the_end(files, trained, small, tmp_path, monkeypatch):
    started = []

    def trained_now(config):
        started.append(config.work_dir)
        (tmp_path / "best_PQ_iter_8.pth").touch()

    monkeypatch.setattr(track_sets.training, "train", trained_now)
    monkeypatch.setattr(track_sets, "segmenter_of", lambda source, words: Halves(words))
    for name in files:
        (tmp_path / name).touch()
    config = small()
    config.stage_one = dict(
        type="TracksOfVideos",
        tracks=str(tmp_path / "tracks"),
        config=str(ROOT / "configs" / "tiny" / "pvsg_segmenter.py"),
        work_dir=str(tmp_path),
    )
    for loader in ("train_dataloader", "val_dataloader", "test_dataloader"):
        config[loader].dataset.tracks = str(tmp_path / "tracks")
    prepare(config)
    assert started == [str(tmp_path)] * trained


def test_stage_one_says_what_it_needs():
    with pytest.raises(InputError, match="either config and work_dir"):
        track_sets.TracksOfVideos("tracks")
