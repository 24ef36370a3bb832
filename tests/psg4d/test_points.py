"""The point-cloud branch: cubes, convolutions, kernels, losses and training."""

import numpy as np
import pytest
import torch
from mmdet.registry import MODELS
from mmengine.dataset import pseudo_collate

from psg.training import test as evaluate
from psg.training import train
from psg4d.frames import PSG4DFrames
from psg4d.points.instances import CandidateMerging, Candidates, DynamicMasks, merged, peaks
from psg4d.points.losses import CubeTruth
from psg4d.points.model import PointSegmenter, _of_cubes
from psg4d.points.network import CubeConvolution, Halving
from psg4d.points.transforms import PackPoints
from psg4d.points.voxels import OFFSETS, levels_of, voxelise
from psg4d.segmenters import TrainedPointSegmenter
from psg4d.videos import PSG4DFile
from scenegraph import Camera, InputError

WORDS = {"things": ["ball", "box"], "stuff": ["floor"], "predicates": []}


def cloud_of(points, side=1.0, clouds=None):
    points = torch.tensor(points, dtype=torch.float32).reshape(-1, 3)
    clouds = torch.zeros(len(points), dtype=torch.int64) if clouds is None else torch.tensor(clouds)
    return voxelise(points, clouds, side)


def test_cubes_hold_their_points_and_have_a_bound():
    torch.manual_seed(0)
    points = torch.rand(500, 3) * 4
    found = voxelise(points, torch.zeros(500, dtype=torch.int64), 0.5)
    assert ((points - found.centres[found.owner]).abs() <= 0.25 + 1e-5).all()
    assert torch.allclose(found.means(torch.ones(500, 2)), torch.ones(len(found.cells), 2))
    few = voxelise(points, torch.zeros(500, dtype=torch.int64), 0.05, most=40)
    assert len(few.cells) <= 40 and few.side >= 0.4
    assert ((points - few.centres[few.owner]).abs() <= few.side / 2 + 1e-5).all()
    apart = voxelise(torch.zeros(2, 3), torch.tensor([0, 1]), 0.5)  # one place in two clouds
    assert len(apart.cells) == 2
    assert len(voxelise(torch.zeros(0, 3), torch.zeros(0, dtype=torch.int64), 0.5).cells) == 0


def test_a_sparse_convolution_is_a_dense_one_where_something_is():
    torch.manual_seed(0)
    full = torch.stack(torch.meshgrid(*[torch.arange(5.0)] * 3, indexing="ij"), -1).reshape(-1, 3)
    chosen = full[torch.rand(len(full)) < 0.4]
    voxels = cloud_of(chosen.tolist())
    convolution = CubeConvolution(3, 4)
    values = torch.randn(len(voxels.cells), 3)
    sparse = convolution(values, levels_of(voxels.cells, 1)[0])
    x, y, z = voxels.cells[:, 1:].unbind(1)
    dense = torch.zeros(1, 3, 9, 9, 9)
    dense[0, :, x, y, z] = values.T
    kernel = convolution.weight.reshape(3, 3, 3, 3, 4).permute(4, 3, 0, 1, 2)
    expected = torch.nn.functional.conv3d(dense, kernel, padding=1)[0][:, x, y, z].T
    assert torch.allclose(sparse, expected, atol=1e-4)
    assert OFFSETS[13] == (0, 0, 0) and all(a + b == 0 for a, b in zip(OFFSETS[3], OFFSETS[23], strict=True))


def test_larger_cubes_and_back():
    voxels = cloud_of([[0, 0, 0], [0, 0, 1], [5, 5, 5]])
    first, second = levels_of(voxels.cells, 2)
    assert second.count <= 3 and first.parent.max() == second.count - 1
    halving = Halving(2, 3)
    coarse = halving.coarser(torch.ones(3, 2), first, second.count)
    assert coarse.shape == (second.count, 3) and halving.finer(coarse, first).shape == (3, 2)


def test_peaks_and_merging():
    line = torch.tensor([[0.0, 0, 0], [0.29, 0, 0], [0.31, 0, 0], [5.0, 0, 0]])
    assert peaks(line, torch.tensor([0.9, 0.8, 0.7, 0.1]), 0.3, 0.5, 10).tolist() == [0, 2]
    assert peaks(line, torch.tensor([0.9, 0.8, 0.7, 0.6]), 0.3, 0.5, 1).tolist() == [0]
    assert peaks(line, torch.zeros(4), 0.3, 0.5, 10).tolist() == []
    found = Candidates(torch.arange(3), torch.zeros(3, 3), torch.zeros(3, 4), torch.zeros(3, 4), torch.ones(3))
    logits = torch.full((3, 3), -1.0)
    logits[0, 2] = logits[2, 0] = 1.0
    group = merged(found, logits)
    assert group[0] == group[2] != group[1]
    assert CandidateMerging(4)(found).shape == (3, 3)


def test_a_dynamic_convolution_by_hand():
    """One instance: the factored product is that of features and relative positions side by side."""
    torch.manual_seed(0)
    module = DynamicMasks(4)
    found = Candidates(
        torch.zeros(2, dtype=torch.int64), torch.randn(2, 3), torch.randn(2, 4), torch.zeros(2, 4), torch.ones(2)
    )
    masks, centres = torch.randn(6, 4), torch.randn(6, 3)
    logits = module(found, masks, centres)
    rows = module.weights(found.inside)[1]
    first, bias, second, last = rows.split(module.sizes)
    inputs = torch.cat((masks, centres - found.position[1]), 1)
    expected = (inputs @ first.reshape(7, 4) + bias).relu() @ second + last
    assert torch.allclose(logits[1], expected, atol=1e-5)
    nothing = Candidates(*(each[:0] for each in found))
    assert module(nothing, masks, centres).shape == (0, 6)


def test_labels_of_cubes():
    voxels = cloud_of([[0, 0, 0], [0.1, 0, 0], [0.2, 0, 0], [3, 0, 0]])
    assert sorted(_of_cubes(voxels, torch.tensor([2, 2, 1, -1])).tolist()) == [-1, 2]
    truth = CubeTruth.of(
        torch.tensor([0, 0, 2]), torch.tensor([7, 7, -1]), torch.tensor([[0.0, 0, 0], [2, 0, 0], [9, 9, 9]])
    )
    assert (
        truth.instance.tolist() == [0, 0, -1] and truth.middle.tolist() == [[1, 0, 0]] and truth.radius.tolist() == [1]
    )


def test_points_of_a_frame():
    depth = np.array([[0, 2.0], [np.nan, 4.0]], dtype=np.float32)
    item = {"img": np.full((2, 2, 3), 255, np.uint8), "depth": depth, "camera": Camera(1.0, 1.0, 0.0, 0.0)}
    packed = PackPoints()(dict(item))
    assert packed["inputs"].tolist() == [[2, 0, 2, 1, 1, 1], [4, 4, 4, 1, 1, 1]]
    assert packed["data_samples"].pixels.tolist() == [1, 3]
    assert PackPoints(farthest=1.0)(dict(item))["inputs"].shape == (0, 6)
    with pytest.raises(InputError, match="intrinsics"):
        PackPoints()({**item, "camera": None})
    with pytest.raises(InputError, match="depth is missing"):
        PackPoints()({**item, "depth": None})


def test_clouds_without_points():
    model = PointSegmenter(WORDS, voxel=0.1, widths=(8, 8)).eval()
    sample = PackPoints()(
        {"img": np.zeros((2, 2, 3), np.uint8), "depth": np.zeros((2, 2)), "camera": Camera(1.0, 1.0, 0.0, 0.0)}
    )
    found = model([sample["inputs"]], [sample["data_samples"]], "predict")[0].found
    assert found.segment.shape == (0,) and found.categories.shape == (0,)
    with pytest.raises(InputError, match="no vocabulary"):
        PointSegmenter()


def batch_of(config):
    settings = {key: value for key, value in config.train_dataloader.dataset.items() if key != "type"}
    dataset = PSG4DFrames(**settings)
    torch.manual_seed(0)
    np.random.seed(0)
    model = MODELS.build({**config.model, "vocabulary": dataset.vocabulary.names})
    return model, model.data_preprocessor(pseudo_collate([dataset[0], dataset[5]]), training=True)


def test_the_loss_falls_and_every_parameter_learns(rgbd_config):
    model, batch = batch_of(rgbd_config("tiny/psg4d_points.py"))
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3)
    losses = []
    for step in range(12):
        loss = sum(model(**batch, mode="loss").values())
        optimizer.zero_grad()
        loss.backward()
        if not step:
            assert not [name for name, each in model.named_parameters() if each.grad is None]
        optimizer.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.8 * losses[0]


def test_a_run_its_scores_and_its_maps(rgbd_config, hoi_json, tmp_path):
    config = rgbd_config("tiny/psg4d_points.py")
    config.work_dir = str(tmp_path)
    best = train(config)
    config = rgbd_config("tiny/psg4d_points.py")
    config.work_dir = str(tmp_path / "test")
    scores = evaluate(config, best)
    assert {"points/mIoU", "points/AP", "points/accuracy"} <= set(scores) and 0 <= scores["points/accuracy"] <= 1
    file = PSG4DFile.open(hoi_json)
    frame = next(iter(file.frames(0)))
    (found,) = TrainedPointSegmenter(best).segment_many([frame])
    assert found.size == frame.depth.shape and found.metres.shape == (len(found.nodes), 12)
    assert (found.ids[frame.depth == 0] == -1).all()
