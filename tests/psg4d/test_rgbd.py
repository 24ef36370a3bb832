"""The RGB-D branch: depth as a network sees it, the gate, the two streams, and training."""

import numpy as np
import pytest
import torch
from mmdet.registry import MODELS

from psg.checkpoints import best_checkpoint
from psg.samples import SceneGraphSample
from psg.training import train
from psg.transforms import PackScene
from psg4d.frames import PSG4DFrames
from psg4d.rgbd.gate import SeparationAggregationGate
from psg4d.rgbd.preprocessor import RGBDPreprocessor, depth_channels
from psg4d.rgbd.streams import TwoStreams
from psg4d.rgbd.transforms import LoseDepth, ResizeRGBD, StackDepth
from psg4d.videos import PSG4DFile
from scenegraph import InputError

COMPACT = {"type": "CompactResNet", "widths": (8, 12, 16, 24), "depths": (1, 1, 1)}


def streams(**options):
    torch.manual_seed(0)
    return TwoStreams(**{"colour": COMPACT, "depth": True, "widths": COMPACT["widths"]} | options).eval()


def test_depth_is_robust_and_knows_what_was_not_measured():
    depth = torch.rand(20, 30) * 3 + 2
    channels = depth_channels(depth)
    broken = depth.clone()
    broken[0, :5] = torch.tensor([0.0, torch.nan, torch.inf, -torch.inf, 5000.0])
    seen = depth_channels(broken)
    assert (seen[:, 0, :5] == 0).all() and (seen[2].sum() == 595)
    assert torch.allclose(seen[:2, 1:], channels[:2, 1:], atol=0.05)
    assert torch.allclose(depth_channels(2 * depth)[0], channels[0], atol=1e-4)  # another scale of the camera
    assert not torch.allclose(depth_channels(2 * depth)[1], channels[1])  # metres stay metres
    assert (depth_channels(torch.zeros(4, 5)) == 0).all()
    assert depth_channels(torch.zeros(0, 5)).shape == (3, 0, 5)
    assert depth_channels(torch.full((4, 5), 2.0)).isfinite().all()  # a wall seen straight on


def test_the_gate_ignores_what_was_not_measured():
    torch.manual_seed(0)
    gate = SeparationAggregationGate(8)
    colour, depth = torch.rand(2, 8, 5, 6), torch.rand(2, 8, 5, 6)
    joined, after, _ = gate(colour, depth, torch.zeros(2, 1, 5, 6))
    assert torch.allclose(joined, colour, atol=1e-3) and torch.allclose(after, colour, atol=1e-3)
    other, _, _ = gate(colour, depth, torch.ones(2, 1, 5, 6))
    assert not torch.allclose(other, colour, atol=1e-2)
    low, high = torch.minimum(colour, depth), torch.maximum(colour, depth)
    assert ((other >= low - 1e-6) & (other <= high + 1e-6)).all()  # a mean of both


def test_streams_give_the_maps_that_the_neck_expects():
    inputs = torch.randn(2, 6, 32, 48)
    inputs[:, 5] = 1
    maps = streams()(inputs)
    assert [tuple(each.shape) for each in maps] == [
        (2, 8, 16, 24),
        (2, 12, 8, 12),
        (2, 16, 4, 6),
        (2, 24, 2, 3),
    ]
    changed = inputs.clone()
    changed[:, 3] += 1
    assert not torch.allclose(streams()(changed)[3], maps[3])
    colour_only = streams(depth=False)
    assert torch.equal(colour_only(changed)[3], colour_only(inputs)[3])
    assert sum(p.numel() for p in colour_only.parameters()) < sum(p.numel() for p in streams().parameters()) / 2


def test_streams_of_published_resnets():
    three = {"num_stages": 3, "strides": (1, 2, 2), "dilations": (1, 1, 1), "out_indices": (0, 1, 2)}
    resnet = {"type": "ResNet", "depth": 50, "style": "pytorch", **three}
    model = streams(colour=resnet, widths=(64, 256, 512, 1024), shared_shortcuts=True)
    maps = model(torch.randn(1, 6, 64, 64))
    assert [each.shape[-1] for each in maps] == [32, 16, 8, 4]
    assert model.depth.layer2[0].downsample is model.colour.layer2[0].downsample
    with pytest.raises(InputError, match="3 widths for a backbone of 4 stages"):
        streams(colour=resnet, widths=(64, 256, 512))


def test_stacked_depth_moves_with_the_colours():
    colour = np.random.default_rng(0).integers(0, 255, (6, 8, 3), dtype=np.uint8)
    depth = np.arange(48, dtype=np.float32).reshape(6, 8)
    depth[0, 0] = np.nan
    stacked = StackDepth()({"img": colour, "depth": depth})["img"]
    assert stacked.dtype == np.float32 and stacked[0, 0, 3] == 0 and stacked[5, 7, 3] == 47
    assert np.array_equal(stacked[..., :3], colour)
    assert (StackDepth()({"img": colour})["img"][..., 3] == 0).all()
    larger = ResizeRGBD(scale=(16, 12))({"img": stacked})["img"]
    assert larger.shape == (12, 16, 4) and set(np.unique(larger[..., 3])) <= set(np.unique(stacked[..., 3]))
    with pytest.raises(InputError, match=r"depth is \(5, 8\)"):
        StackDepth()({"img": colour, "depth": depth[1:]})
    with pytest.raises(InputError, match="negative"):
        StackDepth()({"img": colour, "depth": -depth[1:].repeat(2, 0)[:6]})


def test_depth_is_lost_in_a_window_or_everywhere():
    np.random.seed(0)
    everywhere = LoseDepth(window=0, all_of_it=1)({"img": np.ones((6, 8, 4), np.float32)})["img"]
    assert (everywhere[..., 3] == 0).all() and (everywhere[..., :3] == 1).all()
    window = LoseDepth(window=1, all_of_it=0)({"img": np.ones((6, 8, 4), np.float32)})["img"]
    assert 0 < (window[..., 3] == 0).sum() <= 12


def test_batches_are_padded_in_all_channels():
    made = RGBDPreprocessor(pad_size_divisor=16)
    pictures = [torch.ones(4, 10, 12), torch.ones(4, 20, 12)]
    batch = made({"inputs": pictures, "data_samples": [SceneGraphSample(), SceneGraphSample()]})
    assert batch["inputs"].shape == (2, 6, 32, 16)
    assert (batch["inputs"][0, :, 10:] == 0).all() and (batch["inputs"][0, 5, :10, :12] == 1).all()
    assert batch["data_samples"][0].batch_input_shape == (32, 16)


@pytest.mark.parametrize("layout", ["hoi", "gta"])
def test_frames_of_both_layouts(layout, request):
    path = request.getfixturevalue(f"{layout}_json")
    steps = [{"type": "LoadScene"}, {"type": "StackDepth"}, PackScene()]
    dataset = PSG4DFrames(ann_file=str(path), split="test", every=2, pipeline=steps)
    item = dataset[0]
    assert item["inputs"].shape == (4, 128, 160) and item["inputs"][3].max() > 3
    sample = item["data_samples"]
    truth = PSG4DFile.open(path).graph(dataset.get_data_info(0)["index"])
    seen = {node.id for node in truth.nodes if node.region.segment(0) is not None}
    assert {node.attributes["object_id"] for node in sample.graph.nodes} == seen
    assert sample.gt_instances.masks.shape[1:] == (128, 160)
    assert dataset.predicate_counts().sum() > 0


def test_files_of_other_names(tmp_path):
    with pytest.raises(InputError, match=r"sailvos3d\.json or psg4d_hoi\.json"):
        PSG4DFile.open(tmp_path / "pvsg.json")


def test_every_parameter_learns(rgbd_config):
    from mmengine.dataset import pseudo_collate

    config = rgbd_config()
    dataset = PSG4DFrames(**{k: v for k, v in config.train_dataloader.dataset.items() if k != "type"})
    model = MODELS.build({**config.model, "vocabulary": dataset.vocabulary.names})
    batch = model.data_preprocessor(pseudo_collate([dataset[0], dataset[7]]), training=True)
    sum(model(**batch, mode="loss").values()).backward()
    lacking = [name for name, each in model.named_parameters() if each.grad is None or not each.grad.isfinite().all()]
    assert not lacking


def test_training_goes_on_where_it_stopped(rgbd_config, tmp_path):
    short = rgbd_config(**{"train_cfg.max_iters": 4})
    short.work_dir = str(tmp_path)
    train(short)
    config = rgbd_config()
    config.work_dir = str(tmp_path)
    best = train(config, resume=True)
    assert (tmp_path / "iter_8.pth").is_file() and best == best_checkpoint(tmp_path)
