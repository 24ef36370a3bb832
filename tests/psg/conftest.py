"""Fixtures of the psg tests."""

from pathlib import Path

import pytest

from tests.psg import data

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def psg_json(tmp_path_factory):
    """A data set of 8 training and 4 test pictures."""
    return data.write(tmp_path_factory.mktemp("psg"))


@pytest.fixture(scope="session")
def small_config(psg_json):
    """The tiny config of a model on the drawn pictures; a function, since training changes configs."""
    from psg.training import load_config

    def make(name="psgformer", **options):
        config = load_config(ROOT / "configs" / "tiny" / f"{name}.py", options)
        config.toyworld = None
        for loader in ("train_dataloader", "val_dataloader", "test_dataloader"):
            config[loader].dataset.ann_file = str(psg_json)
            config[loader].batch_size = 2
        config.test_evaluator.frequency = str(psg_json)
        for evaluator in ("val_evaluator", "test_evaluator"):
            config[evaluator].subsets = {"sides": ["left of", "right of"]}
        return config

    return make


@pytest.fixture(scope="session")
def trained(small_config, tmp_path_factory):
    """The work folder of a run of four iterations."""
    from psg.training import train

    config = small_config(**{"train_cfg.max_iters": 4, "train_cfg.val_interval": 2})
    config.work_dir = str(tmp_path_factory.mktemp("run"))
    train(config)
    return Path(config.work_dir)
