"""Stage one, training and evaluation of relations in space and time, through their configs."""

import shutil

import numpy as np
import pytest

from psg.checkpoints import best_checkpoint, read_checkpoint
from psg.training import prepare, train
from psg.training import test as evaluate
from psg4d.videos import PSG4DFile
from pvsg.tracks import SUFFIX, TrackedVideo
from scenegraph import InputError, Track4D


def relations(make, tracks, name="tiny/psg4d.py", **options):
    """The tiny config on given tracks, which are made of true masks where they are missing."""
    config = make(name, **options)
    config.stage_one = {"type": "TracksOfRGBDVideos", "segmenter": "truth", "tracks": str(tracks)}
    config.model.feature_size = 0
    for loader in ("train_dataloader", "val_dataloader", "test_dataloader"):
        config[loader].dataset.update(tracks=str(tracks), feature_size=0)
    config.test_evaluator.frequency = config.test_dataloader.dataset.ann_file
    return config


@pytest.fixture(scope="session")
def true_tracks(rgbd_config, tmp_path_factory):
    """Tracks of the true masks of all videos."""
    folder = tmp_path_factory.mktemp("true_tracks")
    prepare(relations(rgbd_config, folder))
    return folder


def test_tracks_of_true_masks(true_tracks, hoi_json):
    file = PSG4DFile.open(hoi_json)
    files = sorted(true_tracks.iterdir())
    assert len(files) == len(file) == 4
    truth = file.graph(0)
    video = TrackedVideo.read(true_tracks / f"{file.videos[0].video_id}{SUFFIX}")
    assert video.ids.tolist() == sorted(node.id for node in truth.nodes)
    assert all(tube == truth.node(track).region for track, tube in zip(video.ids.tolist(), video.tubes, strict=True))
    measured = ~np.isnan(video.metres[video.present]).any(axis=1)
    assert 0.5 < measured.mean() < 1  # the sky has no depth
    assert isinstance(video.graph().nodes[0].region, Track4D)


@pytest.mark.parametrize("depth", [True, False])
def test_a_run_and_its_scores(depth, rgbd_config, true_tracks, tmp_path):
    config = relations(rgbd_config, true_tracks, **{"model.depth": depth})
    config.work_dir = str(tmp_path)
    best = train(config)
    config = relations(rgbd_config, true_tracks, **{"model.depth": depth})
    config.work_dir = str(tmp_path / "test")
    config.test_evaluator.out = str(tmp_path / "graphs")
    scores = evaluate(config, best)
    assert scores["videos"] == 1 and scores["strict video/ceiling"] > 0.9
    assert {"strict video/R@20", "frequency/R@20", "margin/mR@20", "VPQ", "STQ"} <= set(scores)
    assert len(list((tmp_path / "graphs").iterdir())) == 1
    described = read_checkpoint(best)["meta"]["groundgraph"]
    assert described["model"]["depth"] is depth and described["stage_one"]["segmenter"] == "truth"


def test_a_run_is_resumed(rgbd_config, true_tracks, tmp_path):
    for iterations in (2, 4):
        config = relations(rgbd_config, true_tracks, **{"train_cfg.max_iters": iterations})
        config.work_dir = str(tmp_path)
        train(config, resume=True)
    assert (tmp_path / "iter_4.pth").is_file() and best_checkpoint(tmp_path) is not None


def test_the_loss_falls(rgbd_config, true_tracks, tmp_path):
    """Of a few videos, within some seconds."""
    import torch
    from mmdet.registry import MODELS
    from mmengine.dataset import pseudo_collate
    from mmengine.registry import DATASETS, DefaultScope

    config = relations(rgbd_config, true_tracks)
    prepare(config)
    with DefaultScope.overwrite_default_scope("mmdet"):
        dataset = DATASETS.build(config.train_dataloader.dataset)
        torch.manual_seed(0)
        model = MODELS.build(config.model).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    batch = pseudo_collate([dataset[index] for index in range(2)])
    losses = []
    for _ in range(25):
        loss = sum(model(**batch, mode="loss").values())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.7 * losses[0]


def test_tracks_by_a_trained_segmenter(rgbd_config, tmp_path):
    """Segments, metres and relations all come from models of a few steps."""
    segmenter = rgbd_config()
    segmenter.work_dir = str(tmp_path / "segmenter")
    train(segmenter)
    config = rgbd_config("tiny/psg4d.py")
    config.stage_one = {
        "type": "TracksOfRGBDVideos",
        "segmenter": f"rgbd:{tmp_path / 'segmenter'}",
        "tracks": str(tmp_path / "tracks"),
    }
    for loader in ("train_dataloader", "val_dataloader", "test_dataloader"):
        config[loader].dataset.tracks = str(tmp_path / "tracks")
    config.work_dir = str(tmp_path / "relations")
    assert train(config).is_file()
    video = TrackedVideo.read(next((tmp_path / "tracks").iterdir()))
    assert video.features.shape[2] == 32 and video.metres is not None


def test_what_does_not_fit(rgbd_config, tmp_path):
    config = relations(rgbd_config, tmp_path / "tracks")
    config.stage_one.segmenter = "rgbd:"
    with pytest.raises(InputError, match="expected rgbd:CHECKPOINT"):
        prepare(config)
    shutil.rmtree(tmp_path / "tracks", ignore_errors=True)
    config.stage_one.segmenter = f"rgbd:{tmp_path / 'none.pth'}"
    with pytest.raises(InputError, match="there is no such"):
        prepare(config)
