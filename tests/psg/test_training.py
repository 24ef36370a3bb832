"""Runs: what they leave behind, and how they go on."""

import json
import shutil

import numpy as np
import pytest
import torch

from psg.checkpoints import best_checkpoint, read_checkpoint
from psg.dataset import PSGDataset
from psg.hooks import AtomicBackend
from psg.training import digest, load_config, newest_checkpoint, starting_point, test, train
from scenegraph import InputError
from tests.psg.conftest import ROOT

test.__test__ = False


def test_a_run_leaves_checkpoints_and_logs(trained):
    assert newest_checkpoint(trained).name == "iter_4.pth"
    assert best_checkpoint(trained).name.startswith("best_strict_R@20_iter_")
    assert list(trained.glob("*/vis_data/events.out.tfevents*"))  # TensorBoard
    assert not list(trained.glob(".*.part"))
    (scalars,) = trained.glob("*/vis_data/scalars.json")
    rows = [json.loads(line) for line in scalars.read_text().splitlines()]
    assert any("loss" in row for row in rows)
    assert any("strict/R@20" in row and "PQ" in row and "strict[sides]/mR@20" in row for row in rows)


def test_the_same_command_after_the_end_does_nothing(trained, small_config):
    config = small_config(**{"train_cfg.max_iters": 4, "train_cfg.val_interval": 2})
    config.work_dir = str(trained)
    times = {path: path.stat().st_mtime_ns for path in trained.iterdir()}
    assert train(config) == best_checkpoint(trained)
    assert {path: path.stat().st_mtime_ns for path in trained.iterdir()} == times


def test_a_stopped_run_goes_on(trained, small_config, tmp_path):
    """After 2 + 2 iterations optimizer and schedule stand where they stand after 4."""
    for path in (trained / "iter_2.pth", best_checkpoint(trained)):
        shutil.copy(path, tmp_path)
    config = small_config(**{"train_cfg.max_iters": 4, "train_cfg.val_interval": 2})
    config.work_dir = str(tmp_path)
    train(config)
    went_on, whole = (read_checkpoint(folder / "iter_4.pth") for folder in (tmp_path, trained))
    assert went_on["meta"]["iter"] == 4
    steps = [{int(state["step"]) for state in run["optimizer"]["state"].values()} for run in (went_on, whole)]
    assert steps == [{4}, {4}]
    assert went_on["param_schedulers"] == whole["param_schedulers"]
    assert went_on["message_hub"]["runtime_info"]["best_score"] == whole["message_hub"]["runtime_info"]["best_score"]


@pytest.mark.parametrize("options", [{}, {"load_from": "begun"}, {"begin_from": None}])
def test_a_run_begins_with_what_another_has_learned(options, trained, small_config, tmp_path):
    shutil.copy(best_checkpoint(trained), tmp_path)
    begun = {"config": str(ROOT / "configs" / "tiny" / "psgformer.py"), "work_dir": str(tmp_path)}
    options = {key: value and str(best_checkpoint(tmp_path)) for key, value in options.items()}
    unchanged = {"train_cfg.max_iters": 1, "train_cfg.val_interval": 1, "optim_wrapper.optimizer.lr": 0.0}
    config = small_config(begin_from=begun, **unchanged)
    config.merge_from_dict(options)
    config.work_dir = str(tmp_path / "run")
    train(config)
    first, after = (
        read_checkpoint(path)["state_dict"] for path in (best_checkpoint(trained), best_checkpoint(tmp_path / "run"))
    )
    same = [torch.equal(first[name], after[name]) for name in first if name.endswith("weight")]
    assert all(same) != ("begin_from" in options)
    assert [path.name for path in tmp_path.glob("*.pth")] == [
        best_checkpoint(trained).name
    ]  # it was there: not trained


def test_a_run_trains_first_what_it_begins_with(monkeypatch, small_config, tmp_path):
    monkeypatch.chdir(tmp_path)  # where the tiny data set is made
    started = []
    name, first = "psg.training.SceneRunner.from_cfg", tmp_path / "first"

    class Runner:
        def __init__(self, config):
            self.config = config

        def train(self):
            started.append((self.config.work_dir, self.config.load_from))
            (tmp_path / self.config.work_dir).mkdir(exist_ok=True)
            (tmp_path / self.config.work_dir / "best_strict_R@20_iter_4.pth").touch()

    monkeypatch.setattr(name, Runner)
    config = small_config(
        begin_from={"config": str(ROOT / "configs" / "tiny" / "psgformer.py"), "work_dir": str(first)}
    )
    config.work_dir = str(tmp_path / "second")
    train(config)
    assert started == [(str(first), None), (str(tmp_path / "second"), str(best_checkpoint(first)))]


def test_a_run_with_other_settings_is_not_mixed_up(trained, small_config):
    config = small_config(**{"train_cfg.max_iters": 8})
    config.work_dir = str(trained)
    config.settings_digest = digest(config)
    with pytest.raises(InputError, match=r"other settings.*--resume.*--restart"):
        starting_point(config, resume=False, restart=False)
    assert starting_point(config, resume=True, restart=False) == trained / "iter_4.pth"


def test_restart_deletes_only_checkpoints(trained, small_config, tmp_path):
    work = tmp_path / "run"
    shutil.copytree(trained, work)
    (work / "notes.txt").write_text("mine")
    config = small_config()
    config.work_dir = str(work)
    assert starting_point(config, resume=False, restart=True) is None
    assert not list(work.glob("*.pth"))
    assert (work / "notes.txt").exists()


def test_evaluation_of_a_checkpoint(trained, small_config, tmp_path):
    config = small_config()
    config.work_dir = str(tmp_path)
    config.test_evaluator.out = str(tmp_path / "graphs")
    scores = test(config, best_checkpoint(trained))
    assert scores["images"] == 4
    assert {"strict/R@20", "PQ", "frequency/R@20", "margin/mR@20", "strict[sides]/R@20"} <= set(scores)
    assert len(list((tmp_path / "graphs").iterdir())) == 4


def test_a_checkpoint_of_other_names_is_refused(trained, small_config, tmp_path):
    content = torch.load(best_checkpoint(trained), weights_only=True)
    content["meta"]["dataset_meta"]["vocabulary"]["things"][0] = "robot"
    torch.save(content, tmp_path / "x.pth")
    config = small_config()
    config.work_dir = str(tmp_path)
    with pytest.raises(InputError, match="trained with other things: 0: 'robot' instead of "):
        test(config, tmp_path / "x.pth")


def test_a_broken_item_is_named_without_a_traceback(small_config, psg_json, tmp_path):
    """Also where a data loading worker meets it."""
    shutil.copytree(psg_json.parent, tmp_path / "set")
    for path in (tmp_path / "set" / "panoptic").iterdir():
        path.write_bytes(b"no picture")
    config = small_config(**{"train_dataloader.num_workers": 1})
    config.train_dataloader.dataset.ann_file = str(tmp_path / "set" / "psg.json")
    config.work_dir = str(tmp_path / "work")
    with pytest.raises(InputError) as caught:
        train(config)
    assert str(caught.value).startswith("psg.json: data[")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("scope", ["mmengine", "mmdet"])
def test_the_published_augmentation(scope, psg_json):
    """DETR's random sizes and cuts keep masks and pictures of one size, and a relation."""
    from mmengine.registry import DefaultScope

    config = load_config(ROOT / "configs" / "psg" / "psgformer_r50.py", {"load_from": None})
    with DefaultScope.overwrite_default_scope(scope):
        dataset = PSGDataset(
            str(psg_json), predicates="random", pipeline=config.train_dataloader.dataset.pipeline, lazy_init=True
        )
    dataset.full_init()
    np.random.seed(0)
    for _ in range(4):
        item = dataset[0]
        sample = item["data_samples"]
        assert sample.gt_instances.masks.shape[1:] == item["inputs"].shape[1:]
        assert 480 <= min(item["inputs"].shape[1:]) <= 800
        assert len(sample.gt_relations) >= 1


def test_settings_that_do_not_matter_do_not_change_the_digest(small_config):
    assert digest(small_config()) == digest(small_config(log_level="ERROR", **{"train_dataloader.num_workers": 3}))
    assert digest(small_config()) != digest(small_config(**{"optim_wrapper.optimizer.lr": 1.0}))


def test_configs_that_are_none(tmp_path):
    with pytest.raises(InputError, match="no such config"):
        load_config(tmp_path / "none.py")
    broken = tmp_path / "broken.py"
    broken.write_text("model = dict(")
    with pytest.raises(InputError, match="cannot be read as a config"):
        load_config(broken)


CONFIGS = sorted(ROOT.glob("configs/[!_]*/*.py")) + sorted(ROOT.glob("configs/*.py"))


@pytest.mark.parametrize("path", [path for path in CONFIGS if not path.stem.startswith("tune_")], ids=str)
def test_every_config_builds(path):
    """Data sets, transforms, metric and model of every config are known and fit together."""
    import copy

    from mmdet.registry import MODELS
    from mmengine.registry import DATASETS, METRICS, DefaultScope

    config = load_config(path)
    with DefaultScope.overwrite_default_scope(config.default_scope):
        for name in ("train", "val", "test"):
            DATASETS.build(copy.deepcopy(config[f"{name}_dataloader"].dataset) | {"lazy_init": True})
        for name in ("val", "test"):
            METRICS.build(config[f"{name}_evaluator"])
        names = {"things": ["person", "dog"], "stuff": ["grass"], "predicates": ["on"]}
        model = MODELS.build(copy.deepcopy(config.model) | {"vocabulary": names})
    assert sum(parameter.numel() for parameter in model.parameters()) > 1000


def test_files_are_written_whole_or_not_at_all(tmp_path):
    backend = AtomicBackend()
    backend.put(b"first", tmp_path / "new" / "x.pth")
    assert (tmp_path / "new" / "x.pth").read_bytes() == b"first"
    (tmp_path / "file").touch()
    with pytest.raises((InputError, OSError)):
        backend.put(b"second", tmp_path / "file" / "x.pth")
