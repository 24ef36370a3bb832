"""The configs of the public data, from nothing to scores, on a miniature of its layout: three sources, three sizes."""

import json
from pathlib import Path

import numpy as np
import pytest

from psg.checkpoints import best_checkpoint, iteration_of, read_checkpoint
from psg.training import load_config, newest_checkpoint, train
from psg.training import test as evaluate
from pvsg.track_sets import TracksOfVideos
from pvsg.tracks import read_header
from scenegraph import Node, Relation, SceneGraph, Segment, Source, Span, Tube
from scenegraph.formats.pvsg import PVSGWriter
from tests.factories import rectangle
from tests.psg.conftest import ROOT
from tests.pvsg.conftest import true_tracks
from tests.scenegraph.golden_pvsg import words

OURS = ("segmenter", "window")
SOURCES = {"vidor": (36, 48), "epic_kitchen": (54, 96), "ego4d": (54, 72)}


def video(name, size, vocabulary, frames=6):
    """A child holds a ball on the floor, and both move to the right."""
    height, width = size
    things = [("child", 8, 4, 20, 30), ("ball", 22, 8, 34, 16), ("floor", 0, 32, width, height)]
    nodes = [
        Node(
            number,
            vocabulary.category_id(category),
            Tube({
                frame: Segment(rectangle(height, width, x1 + frame * (x1 > 0), y1, x2 + frame * (x1 > 0), y2))
                for frame in range(frames)
            }),
        )
        for number, (category, x1, y1, x2, y2) in enumerate(things, start=1)
    ]  # fmt: skip
    held = Relation(1, vocabulary.predicate_id("holding"), 2, spans=(Span(0, frames - 1),))
    stands = Relation(1, vocabulary.predicate_id("standing on"), 3, spans=(Span(0, frames),))
    return SceneGraph(Source("video", name, *size, frames, 5.0), tuple(nodes), (held, stands), vocabulary)


@pytest.fixture(scope="module")
def public(golden, tmp_path_factory):
    """The data set under the real vocabulary: two training videos and one other of each source."""
    root, vocabulary = tmp_path_factory.mktemp("public"), words(golden / "pvsg")
    generator = np.random.default_rng(0)
    with PVSGWriter(root, vocabulary) as writer:
        for number, (source, size) in enumerate(SOURCES.items()):
            for split in ("train", "train_2", "val"):
                graph = video(f"{number:04d}_{split}", size, vocabulary)
                frames = generator.integers(0, 255, (6, *size, 3), dtype=np.uint8)
                writer.add(graph, frames, split.partition("_")[0], source)
    return root


@pytest.fixture(scope="module")
def configured(public):
    """A config of configs/pvsg on the miniature, with `steps` of training."""

    def make(name, steps, folder):
        config = load_config(ROOT / "configs" / "pvsg" / f"{name}.py")
        for loader in ("train_dataloader", "val_dataloader", "test_dataloader"):
            config[loader].dataset.update(data_root=str(public), held_out=2)
            config[loader].update(num_workers=0, batch_size=min(config[loader].batch_size, 2))
        config.train_cfg.update(max_iters=steps, val_interval=steps)
        config.param_scheduler = [dict(type="ConstantLR", factor=1.0, by_epoch=False)]
        config.work_dir = str(folder)
        return config

    return make


@pytest.fixture(scope="module")
def segmenter(configured, tmp_path_factory):
    """The work folder of two steps of the segmenter; it looks at small pictures."""
    config = configured("public_segmenter", 2, tmp_path_factory.mktemp("segmenter"))
    for loader in ("train_dataloader", "val_dataloader", "test_dataloader"):
        config[loader].dataset.pipeline[1].scale = (64, 48)
    train(config)
    next(Path(config.work_dir).glob("iter_*.pth")).unlink()  # given away without its run, which is not finished
    return config.work_dir


def test_the_segmenter_begins(segmenter):
    described = read_checkpoint(best_checkpoint(segmenter))["meta"]["groundgraph"]
    assert len(described["model"]["vocabulary"]["things"]) == 115
    kinds = [step["type"] for step in described["pipeline"]]
    assert kinds == ["LoadScene", "Resize", "PackScene"]  # what predicts looks at pictures of that size too


def begun(config, segmenter, tracks, public):
    """Two steps of a relation model, and a third one after an interruption; its scores."""
    config.stage_one.update(work_dir=segmenter, tracks=str(tracks))
    for loader in ("train_dataloader", "val_dataloader", "test_dataloader"):
        config[loader].dataset.tracks = str(tracks)
    config.test_evaluator.frequency = str(public / "pvsg.json")
    again = config.copy()
    train(config)
    again.train_cfg.max_iters = 3
    train(again, resume=True)
    assert iteration_of(newest_checkpoint(config.work_dir)) == 3
    return evaluate(again, best_checkpoint(config.work_dir))


@pytest.mark.slow
def test_relations_begin_on_tracks_of_the_segmenter(configured, segmenter, public, tmp_path):
    scores = begun(configured("public_window", 2, tmp_path / "run"), segmenter, tmp_path / "tracks", public)
    made = sorted((tmp_path / "tracks").iterdir())
    assert len(made) == 9 and read_header(made[0]).feature_size == 256
    assert scores["videos"] == 3 and 0 <= scores["strict video/R@20"] <= 1


@pytest.mark.slow
def test_a_published_head_begins(configured, segmenter, public, tmp_path):
    """On true tubes: what two steps of a segmenter find covers nothing."""
    tracks = tmp_path / "tracks"
    tracks.mkdir()
    true_tracks(public / "pvsg.json", tracks, 256)
    config = configured("public_transformer", 2, tmp_path / "run")
    config.stage_one.keep = True
    config.optim_wrapper.accumulative_counts = 1  # of 32; a step that does not come is warned of
    assert begun(config, segmenter, tracks, public)["strict video/ceiling"] > 0.9


def test_the_published_variants_differ_in_the_head_only():
    paths = [path for path in (ROOT / "configs/pvsg").glob("public_*.py") if path.stem.split("_")[1] not in OURS]
    configs = {path.stem: load_config(path) for path in paths}
    assert {config.model.pop("head").type for config in configs.values()} == {
        "FrameHead",
        "FilterHead",
        "ConvolutionHead",
        "TransformerHead",
    }
    assert len({json.dumps(config.to_dict(), sort_keys=True, default=str) for config in configs.values()}) == 1


def test_another_segmenter_may_be_named(tmp_path):
    both = TracksOfVideos(str(tmp_path), "configs/pvsg/public_segmenter.py", "work_dirs/x", "mask2former:FOLDER")
    assert both.source("groundgraph") == "mask2former:FOLDER"
