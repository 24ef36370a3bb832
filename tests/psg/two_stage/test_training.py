"""The four configs train through the same door as every model, and a trained segmenter gives them segments."""

import pytest

from psg.checkpoints import read_checkpoint
from psg.training import best_checkpoint, load_config, test, train
from tests.conftest import ROOT

test.__test__ = False
SETTINGS = {
    "train_cfg.max_iters": 2,
    "train_cfg.val_interval": 2,
    "model.backbone.widths": (8, 12, 16, 24),
    "model.backbone.depths": (1, 1, 1),
    "model.neck.in_channels": [8, 12, 16, 24],
}


def small(name, psg_json, work, **options):
    config = load_config(ROOT / "configs" / "two_stage" / f"{name}.py", SETTINGS | options)
    config.toyworld = None
    for loader in ("train_dataloader", "val_dataloader", "test_dataloader"):
        config[loader].dataset.ann_file = str(psg_json)
        config[loader].batch_size = 2
        config[loader].num_workers = 0
    for loader in ("train_dataloader", "val_dataloader"):
        config[loader].dataset.held_out = 4
    for evaluator in ("val_evaluator", "test_evaluator"):
        config[evaluator].subsets = {"sides": ["left of", "right of"]}
    config.test_evaluator.frequency = str(psg_json)
    config.work_dir = str(work)
    return config


MODELS = ("imp", "motifs", "vctree", "gpsnet")
SLOW = [pytest.param(name, marks=pytest.mark.slow) for name in ("imp", "gpsnet")]
TWO_OF_THEM = ("motifs", "vctree", *SLOW)


@pytest.mark.parametrize("name", MODELS)
def test_given_segments(name, psg_json, tmp_path):
    """PredCls: the segments of the prediction are the true ones."""
    best = train(small(name, psg_json, tmp_path))
    assert best == best_checkpoint(tmp_path)
    scores = test(small(name, psg_json, tmp_path / "test"), best)
    assert scores["images"] == 4 and scores["PQ"] == 1
    assert scores["strict/R@50"] > 0


@pytest.mark.parametrize("name", TWO_OF_THEM)
def test_given_masks_without_their_names(name, psg_json, tmp_path):
    """SGCls: the segments are the true ones, what they are is guessed; two steps guess badly."""
    options = {"model.mode": "sgcls"}
    best = train(small(name, psg_json, tmp_path, **options))
    scores = test(small(name, psg_json, tmp_path / "test", **options), best)
    assert scores["images"] == 4 and 0 <= scores["PQ"] < 1
    assert scores["PQ"] == pytest.approx(scores["RQ"])  # what is named right has its true mask


@pytest.mark.parametrize("name", TWO_OF_THEM)
def test_segments_of_a_trained_model(name, psg_json, trained, tmp_path):
    """SGDet, with the class-pair frequencies as bias; the segmenter does not go into the checkpoint."""
    options = {
        "model.mode": "sgdet",
        "model.segmenter": f"groundgraph:{trained}",
        "model.head.frequency": str(psg_json),
    }
    best = train(small(name, psg_json, tmp_path, **options))
    assert test(small(name, psg_json, tmp_path / "test", **options), best)["images"] == 4
    content = read_checkpoint(best)["state_dict"]
    assert not any(key.startswith("segmenter") for key in content)
    assert content["head.frequency.table.weight"].abs().sum() > 0
