"""The panoptic segmenter of configs/pvsg_segmenter.py: trained for a moment, and used through its checkpoint."""

import numpy as np
import pytest
import torch

from psg.segmenters import segmenter_of
from psg.training import load_config, train
from scenegraph import InputError, Vocabulary
from scenegraph.formats.pvsg import PVSGFile
from tests.psg.conftest import ROOT
from tests.pvsg.scenes import dataset


@pytest.fixture(scope="module")
def trained(park_json, tmp_path_factory):
    """The work folder of four iterations on drawn videos."""
    config = load_config(ROOT / "configs" / "tiny" / "pvsg_segmenter.py")
    config.toyworld = None
    for loader in ("train_dataloader", "val_dataloader", "test_dataloader"):
        config[loader].dataset.ann_file = str(park_json)
    config.model.postprocessing = {"object_score": 0.0, "mask_probability": 0.0, "visible_share": 0.0}
    config.train_cfg.max_iters, config.train_cfg.val_interval = 4, 4
    config.work_dir = str(tmp_path_factory.mktemp("run"))
    train(config)
    return config.work_dir


def test_segments_have_the_features_of_their_queries(trained, park_json):
    file = PVSGFile.open(park_json)
    segmenter = segmenter_of(f"groundgraph:{trained}", file.vocabulary, "cpu")
    found = segmenter.segment(file.frame_paths(0)[4])
    assert found.size == (20, 30) and len(found.nodes) > 0
    assert found.features.shape == (len(found.nodes), 32) and np.isfinite(found.features).all()
    many = segmenter.segment_many(file.frame_paths(0)[4:6])
    np.testing.assert_allclose(many[0].features, found.features, atol=1e-4)
    assert segmenter.name.startswith("PanopticSegmenter best_PQ")


def test_classes_that_a_vocabulary_lacks_go_with_their_features(trained, park_json):
    file = PVSGFile.open(park_json)
    picture = file.frame_paths(0)[4]
    whole = segmenter_of(f"groundgraph:{trained}", None, "cpu").segment(picture)
    kept = file.vocabulary.categories[int(whole.categories[-1])]
    words = Vocabulary((kept,), (), ())
    part = segmenter_of(f"groundgraph:{trained}", words, "cpu", drop_unknown=True).segment(picture)
    rows = np.flatnonzero(whole.categories == whole.categories[-1])
    np.testing.assert_allclose(part.features, whole.features[rows], atol=1e-5)
    with pytest.raises(InputError, match="lacks"):
        segmenter_of(f"groundgraph:{trained}", words, "cpu")


def test_every_parameter_gets_a_gradient(park_json):
    from mmdet.registry import MODELS
    from mmengine.dataset import pseudo_collate
    from mmengine.registry import DefaultScope

    frames = dataset(park_json, split="test")
    config = load_config(ROOT / "configs" / "tiny" / "pvsg_segmenter.py")
    with DefaultScope.overwrite_default_scope("mmdet"):
        model = MODELS.build({**config.model, "vocabulary": frames.metainfo["vocabulary"]})
    data = model.data_preprocessor(pseudo_collate([frames[0], frames[5]]), training=True)
    losses = model(**data, mode="loss")
    sum(losses.values()).backward()
    assert all(parameter.grad is not None for parameter in model.parameters())
    assert all(torch.isfinite(loss) for loss in losses.values())
