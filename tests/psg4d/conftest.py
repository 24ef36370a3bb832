"""Fixtures of the psg4d tests: small RGB-D videos in both layouts."""

import pytest

from tests.psg.conftest import ROOT
from toyworld.datasets import ensure_psg4d


@pytest.fixture(scope="session")
def hoi_json(tmp_path_factory):
    """Three training videos and a held-out one, of four frames each, with depth."""
    root = tmp_path_factory.mktemp("psg4d_hoi")
    return ensure_psg4d(root, "hoi", train=3, test=1, frames=4, progress=False, workers=1)


@pytest.fixture(scope="session")
def gta_json(tmp_path_factory):
    """One training video and a held-out one, of two frames each, in the other layout."""
    root = tmp_path_factory.mktemp("psg4d_gta")
    return ensure_psg4d(root, "gta", train=1, test=1, frames=2, progress=False, workers=1)


@pytest.fixture(scope="session")
def rgbd_config(hoi_json):
    """A tiny config of frames on these videos; a function, since training changes configs."""
    from psg.training import load_config

    def make(name="tiny/psg4d_segmenter.py", **options):
        config = load_config(ROOT / "configs" / name, options)
        config.toyworld = None
        for loader in ("train_dataloader", "val_dataloader", "test_dataloader"):
            config[loader].dataset.ann_file = str(hoi_json)
        return config

    return make
