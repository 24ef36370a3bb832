"""Files of tracks say what made them; those that other settings or weights made are noticed."""

import json
import shutil

import numpy as np
import pyarrow.parquet as pq
import pytest
import torch

from psg.provenance import weights_digest
from psg.training import prepare
from pvsg import track_sets
from pvsg.track_origin import check_weights, is_made
from pvsg.tracking import SegmenterAndTracker, Tracker, track_video
from pvsg.tracks import SUFFIX, TrackedVideo, read_frames, read_header
from scenegraph import InputError
from tests.pvsg.scenes import SIZE, Listed, block, picture
from tests.pvsg.segmenter import Halves

BLACK = np.zeros((*SIZE, 3), dtype=np.uint8)


class Weighted(Listed):
    """A segmenter whose weights can be said."""

    def __init__(self, maps=(), weights="3f"):
        super().__init__(maps)
        self.weights = weights

    @property
    def settings(self):
        return {"weights": self.weights}


def written(folder, segmenter=None, **options):
    """A file of one frame."""
    maker = SegmenterAndTracker(segmenter or Weighted([picture((1, block(3, 3)))]), Tracker(**options))
    return maker.track([BLACK], folder / f"walk{SUFFIX}", progress=False)


def made_before_settings(path):
    """Take the settings out of a file, as versions before them wrote it."""
    header = json.loads(pq.read_metadata(path).metadata[b"tracks"])
    del header["settings"]
    pq.write_table(pq.read_table(path).replace_schema_metadata({b"tracks": json.dumps(header)}), path)


def test_a_file_says_its_settings(tmp_path):
    path = written(tmp_path, memory=0.7, affinity={"strangers": 0.8})
    header = read_header(path)
    assert header.made_by == "Weighted, Tracker"
    assert header.settings["segmenter.weights"] == "3f"
    assert header.settings["tracker.memory"] == 0.7 and header.settings["tracker.affinity.strangers"] == 0.8
    assert header.settings["tracker.patience"] == 25  # defaults too: they may change
    assert len(list(read_frames(path))) == TrackedVideo.read(path).num_frames == 1


@pytest.mark.parametrize(
    ("segmenter", "options", "message"),
    [
        (Weighted(), {"memory": 0.7}, "tracker.memory 0.9, wanted 0.7"),
        (Weighted(), {"affinity": {"gate": 5.0}}, "tracker.affinity.gate 18.47, wanted 5.0"),
        (Weighted(weights="4a"), {}, "segmenter.weights '3f', wanted '4a'"),
        (Listed([]), {}, "made by 'Weighted, Tracker', wanted 'Listed, Tracker'"),
    ],
)
def test_a_file_of_other_settings_is_refused(tmp_path, segmenter, options, message):
    path = written(tmp_path)
    before = path.read_bytes()
    with pytest.raises(InputError, match=rf"walk.*: .*{message}.*(delete|move)"):
        track_video([BLACK], segmenter, Tracker(**options), path, progress=False)
    assert path.read_bytes() == before


def test_a_file_without_settings_is_taken_with_one_line(tmp_path, capsys):
    path = written(tmp_path)
    made_before_settings(path)
    assert read_header(path).settings == {}
    before, idle = path.read_bytes(), Weighted()
    for _ in range(3):
        track_video([BLACK], idle, Tracker(memory=0.7), path, progress=False)
    assert idle.seen == 0 and path.read_bytes() == before
    told = capsys.readouterr().err.strip().splitlines()
    assert len(told) == 1 and str(tmp_path) in told[0] and "segmenter.weights" in told[0] and "delete" in told[0]
    with pytest.raises(InputError, match="made by 'Weighted, Tracker', wanted 'Listed, Tracker'"):
        track_video([BLACK], Listed([]), Tracker(), path, progress=False)


def test_what_has_no_settings_is_not_warned_of(tmp_path, capsys):
    path = written(tmp_path)
    made_before_settings(path)
    assert is_made(path, "walk", "Weighted, Tracker", {})
    assert not capsys.readouterr().err


def test_weights_are_told_apart():
    torch.manual_seed(0)
    layers = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3))
    digest = weights_digest(layers)
    assert weights_digest(layers) == digest and len(digest) == 16
    copied = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3))
    copied.load_state_dict(layers.state_dict())
    assert weights_digest(copied) == digest
    with torch.no_grad():
        copied[0].bias[2] += 1e-6
    assert weights_digest(copied) != digest
    assert weights_digest(layers.bfloat16()) != digest


@pytest.fixture(scope="module")
def first_tracks(tmp_path_factory):
    """A folder that the first test which needs them fills."""
    return tmp_path_factory.mktemp("first")


@pytest.fixture
def stage_one(small, tmp_path, first_tracks, monkeypatch):
    """Makes a config whose tracks stage one has made; arguments are those of `TracksOfVideos`."""

    def make(weights="3f", **options):
        class Known(Halves):
            @property
            def settings(self):
                return {"weights": weights}

        monkeypatch.setattr(track_sets, "segmenter_of", lambda source, words: Known(words))
        config = small()
        folder = str(tmp_path / "made")
        config.stage_one = {"type": "TracksOfVideos", "tracks": folder, "segmenter": "halves:"} | options
        for loader in ("train_dataloader", "val_dataloader", "test_dataloader"):
            config[loader].dataset.tracks = folder
        return config

    shutil.copytree(first_tracks, tmp_path / "made")
    prepare(make())
    shutil.copytree(tmp_path / "made", first_tracks, dirs_exist_ok=True)
    return make


def test_stage_one_refuses_stale_tracks(stage_one, tmp_path):
    files = sorted((tmp_path / "made").iterdir())
    times = [path.stat().st_mtime_ns for path in files]
    with pytest.raises(InputError, match=r"made.*tracker.memory 0.9, wanted 0.7.*7 of 7.*stage_one.keep=True"):
        prepare(stage_one(tracker={"memory": 0.7}))
    with pytest.raises(InputError, match=r"segmenter\.weights '3f', wanted '4a'"):
        prepare(stage_one("4a"))
    prepare(stage_one("4a", keep=True))
    prepare(stage_one())
    assert [path.stat().st_mtime_ns for path in files] == times


def test_stage_one_makes_nothing_beside_stale_tracks(stage_one, tmp_path):
    """Half a set of each kind would be worse than either."""
    gone = sorted((tmp_path / "made").iterdir())[-1]
    gone.unlink()
    with pytest.raises(InputError, match="6 of 6"):
        prepare(stage_one("4a"))
    assert not gone.exists()


def test_stage_one_takes_earlier_tracks_with_one_line(stage_one, tmp_path, capsys):
    for path in (tmp_path / "made").iterdir():
        made_before_settings(path)
    capsys.readouterr()
    prepare(stage_one("4a", tracker={"memory": 0.7}))
    told = [line for line in capsys.readouterr().err.splitlines() if "settings" in line]
    assert len(told) == 1 and "7 of 7" in told[0]


def test_tracks_without_their_segmenter(stage_one, monkeypatch, capsys):
    """Given away without it, they can be learned from; the tracker is compared all the same."""

    def gone(source, words):
        raise InputError("there is no such folder")

    config = stage_one()
    monkeypatch.setattr(track_sets, "segmenter_of", gone)
    prepare(config)
    assert "there is no such folder" in capsys.readouterr().err
    config = stage_one(tracker={"memory": 0.7})
    monkeypatch.setattr(track_sets, "segmenter_of", gone)
    with pytest.raises(InputError, match=r"tracker\.memory"):
        prepare(config)


def test_the_config_says_which_tracker_made_the_tracks(stage_one):
    """All of its arguments: what predicts must follow things likewise, whatever the defaults are then."""
    config = stage_one()
    prepare(config)
    told = config.stage_one.tracker.to_dict()
    assert told["patience"] == 25 and told["affinity"]["gate"] == 18.47
    assert Tracker(**told).settings == Tracker().settings
    kept = stage_one(keep=True, tracker={"memory": 0.5})
    prepare(kept)
    assert kept.stage_one.tracker.memory == 0.9  # as the tracks say that are learned from


def test_a_segmenter_that_was_trained_again_is_not_used():
    """Its features would be others than those that the relation model knows."""
    said = {"work_dir": "work_dirs/segmenter", "weights": "aaaa"}
    check_weights({"weights": "aaaa"}, said, "best.pth")
    check_weights({}, said, "best.pth")  # a segmenter without weights, and checkpoints of earlier versions
    check_weights({"weights": "bbbb"}, {"work_dir": "x"}, "best.pth")
    with pytest.raises(InputError, match=r"weights aaaa; work_dirs/segmenter has other ones, bbbb\. Put"):
        check_weights({"weights": "bbbb"}, said, "best.pth")
