import pickle

import torch
from mmengine.dataset import pseudo_collate
from mmengine.structures import InstanceData

from psg.preprocessor import IMAGENET_MEAN, ScenePreprocessor
from psg.samples import SceneGraphSample
from tests import factories


def make_sample(height, width):
    sample = SceneGraphSample(metainfo={"img_id": "7", "img_shape": (height, width), "ori_shape": (height, width)})
    sample.gt_instances = InstanceData(
        labels=torch.tensor([0, 3]),
        bboxes=torch.tensor([[0.0, 0, 2, 2], [1, 1, 3, 3]]),
        masks=torch.zeros(2, height, width, dtype=torch.bool),
    )
    sample.gt_relations = torch.tensor([[0, 1, 1]])
    sample.graph = factories.park()
    return sample


def test_a_sample_survives_pickling_and_moving():
    sample = pickle.loads(pickle.dumps(make_sample(4, 6))).to("cpu")
    assert sample.graph == factories.park()
    assert sample.gt_relations.tolist() == [[0, 1, 1]]
    assert sample.img_shape == (4, 6)
    assert "pred_graph" not in sample and "graph" in sample


def test_pictures_of_two_sizes_are_padded_with_the_mean_colour():
    mean = torch.tensor(IMAGENET_MEAN).round().to(torch.uint8)
    small = torch.full((3, 20, 40), 255, dtype=torch.uint8)
    large = mean[:, None, None].expand(3, 33, 30).clone()
    items = [
        {"inputs": small, "data_samples": make_sample(20, 40)},
        {"inputs": large, "data_samples": make_sample(33, 30)},
    ]
    batch = ScenePreprocessor(pad_size_divisor=32)(pseudo_collate(items))
    assert batch["inputs"].shape == (2, 3, 64, 64)
    assert (batch["inputs"][0, :, :20, :40] > 2).all()
    assert (batch["inputs"][0, :, 20:] == 0).all() and (batch["inputs"][0, :, :, 40:] == 0).all()
    assert batch["inputs"][1].abs().max() < 0.01
    assert [sample.batch_input_shape for sample in batch["data_samples"]] == [(64, 64)] * 2


def test_pictures_without_samples_are_enough_for_inference():
    batch = ScenePreprocessor(pad_size_divisor=16)({"inputs": [torch.zeros(3, 16, 16, dtype=torch.uint8)]})
    assert batch["inputs"].shape == (1, 3, 16, 16) and batch["data_samples"] is None
