"""The video segmenter: clips as tall pictures, its model, and clips that are linked."""

import numpy as np
import pytest
import torch

from psg.parts.truth import Truth
from psg.samples import SceneGraphSample
from psg.training import load_config
from psg.transforms import build_pipeline
from pvsg.tracks import TrackedVideo
from pvsg.video_segmenter import predictor as module
from pvsg.video_segmenter.clips import PVSGClips
from pvsg.video_segmenter.features import frame_truth, frames_of, tall_of
from pvsg.video_segmenter.linking import ClipLinker, ClipSegments
from scenegraph import InputError
from tests.factories import VOCABULARY
from tests.psg.conftest import ROOT
from tests.pvsg.scenes import CLIPS, block, dataset


@pytest.mark.parametrize("shape", [(6, 4, 5), (6, 2, 4, 5), (3, 4, 5)])
def test_frames_and_tall_pictures_are_inverse(shape):
    frames = torch.arange(int(np.prod(shape))).reshape(shape)
    tall = tall_of(frames, 3)
    assert tall.shape == (shape[0] // 3, *shape[1:-2], 12, 5)
    assert torch.equal(frames_of(tall, 3), frames)
    assert torch.equal(tall[0, ..., 4:8, :], frames[1])


def test_truth_of_frames():
    """One thing in the second of two frames: it is present there only, with its box in the frame."""
    masks = torch.zeros(1, 1, 8, 6, dtype=torch.bool)
    masks[0, 0, 5:7, 2:4] = True
    truth = Truth(
        torch.tensor([[2]]),
        torch.ones(1, 1, dtype=torch.bool),
        torch.tensor([[[2.0, 5, 4, 7]]]),
        masks,
        (),
        (1,),
        ((8, 6),),
    )
    frames = frame_truth(truth, 2)
    assert frames.present.tolist() == [[False], [True]] and frames.labels.tolist() == [[2], [2]]
    assert frames.boxes.tolist() == [[[0, 0, 0, 0]], [[2, 1, 4, 3]]]
    assert frames.masks_at(2).shape == (2, 1, 2, 3)


@pytest.fixture(scope="module")
def model():
    from mmdet.registry import MODELS
    from mmengine.registry import DefaultScope

    config = load_config(ROOT / "configs" / "tiny" / "pvsg_video_segmenter.py")
    names = {kind: list(getattr(VOCABULARY, kind)) for kind in ("things", "stuff", "predicates")}
    torch.manual_seed(0)
    with DefaultScope.overwrite_default_scope("mmdet"):
        return MODELS.build({**config.model, "vocabulary": names})


def batch(path, count=2):
    clips = dataset(path, PVSGClips, CLIPS, split="test", length=3)
    items = [clips[at] for at in range(count)]
    return {key: [item[key] for item in items] for key in ("inputs", "data_samples")}


def test_losses_reach_every_parameter(model, park_json):
    data = model.data_preprocessor(batch(park_json), training=True)
    losses = model(**data, mode="loss")
    assert set(losses) == {"loss_class", "loss_mask", "loss_dice", "loss_centre", "loss_semantic"}
    sum(losses.values()).backward()
    without = [name for name, value in model.named_parameters() if value.grad is None]
    assert not without and all(torch.isfinite(value) for value in losses.values())


def test_it_learns_a_clip(model, park_json):
    data = model.data_preprocessor(batch(park_json), training=True)
    optimizer = torch.optim.AdamW(model.parameters(), 2e-3)
    first = None
    for _ in range(15):
        total = sum(model(**data, mode="loss").values())
        first = first or total.item()
        optimizer.zero_grad()
        total.backward()
        optimizer.step()
    assert total.item() < 0.75 * first


def test_prediction_has_the_size_of_the_clip(model, park_json):
    model.eval()
    with torch.inference_mode():
        samples = model.test_step(batch(park_json))
    assert all(sample.pred_map.size == (96, 30) for sample in samples)
    assert all(sample.pred_graph.relations == () for sample in samples)


def test_clips_that_do_not_fit(model):
    sample = SceneGraphSample(metainfo={"img_shape": (32, 32), "ori_shape": (32, 32), "clip_length": 3})
    with pytest.raises(InputError, match="all clips of a batch"):
        model(torch.zeros(1, 3, 32, 32), [sample], mode="tensor")


def clip(first, frames, features, categories=None, scores=None):
    """Rows of masks (None: not seen) as a clip."""
    masks = tuple(tuple(block(0, 0, 0, 0) if mask is None else mask for mask in row) for row in frames)
    count = len(features)
    return ClipSegments(
        first,
        masks,
        np.array(categories or [1] * count, dtype=np.int64),
        np.array(scores or [0.9] * count),
        np.array(features, dtype=np.float32).reshape(count, len(features[0]) if count else 2),
    )


A, B = [1.0, 0.0], [0.0, 1.0]


def test_shared_frames_link_clips():
    """Two things without features that tell them apart; in the second clip they come in the other order."""
    linker = ClipLinker()
    left, right = [block(3 * k, 10) for k in range(5)], [block(60, 3 * k) for k in range(5)]
    first = linker.update(clip(0, [[left[k], right[k]] for k in range(3)], [A, A]), 5)
    second = linker.update(clip(2, [[right[k], left[k]] for k in range(2, 5)], [A, A]), 5)
    assert [frame.frame for frame in first + second] == [0, 1, 2, 3, 4]
    assert [frame.tracks.tolist() for frame in second] == [[1, 0]] * 2
    assert second[0].masks == (right[3], left[3])


def test_features_link_what_was_hidden():
    linker = ClipLinker()
    here = block(10, 10)
    linker.update(clip(0, [[here, block(50, 10)]] * 2, [A, B]), 5)
    linker.update(clip(1, [[block(50, 10)]] * 2, [B]), 5)
    back = linker.update(clip(2, [[None, block(50, 10)], [block(30, 40), block(50, 10)]], [A, B]), 5)
    assert back[0].tracks.tolist() == [0, 1]
    assert linker.update(clip(3, [[block(0, 0)]] * 2, [[-1.0, 0.0]], [0]), 5)[0].tracks.tolist() == [2]


def test_lost_tracks_are_forgotten_and_numbers_distinct():
    linker = ClipLinker(patience=4)
    for first in range(0, 60, 2):
        frames = linker.update(
            clip(first, [[block(10, 10), block(40, 10)]] * 2, np.eye(64)[[first, first + 1]].tolist(), [first % 3, 3]),
            5,
        )
        assert all(len(set(frame.tracks.tolist())) == 2 for frame in frames)
    assert len(linker._known.ids) <= 12


def test_clips_must_follow_one_another():
    linker = ClipLinker()
    with pytest.raises(InputError, match="expected frame 0"):
        linker.update(clip(1, [[block(1, 1)]], [A]), 5)
    linker.update(clip(0, [[]] * 3, []), 5)
    with pytest.raises(InputError, match="expected frame 3"):
        linker.update(clip(1, [[block(1, 1)]] * 2, [A]), 5)


def test_whole_videos(tmp_path, model, park_json, monkeypatch):
    """10 frames in clips of 3 that share one, and a last clip of 2; a model that is not trained finds what it finds."""

    class Trained:
        path = tmp_path / "best.pth"

        def __init__(self, *arguments):
            self.model = model.eval()

        def samples(self, items):
            packed = [build_pipeline(CLIPS)(item) for item in items]
            return self.model.test_step({key: [item[key] for item in packed] for key in packed[0]})

    monkeypatch.setattr(module, "TrainedModel", Trained)
    predictor = module.VideoSegmenterPredictor("any")
    pictures = [np.full((20, 30, 3), 20 * k, np.uint8) for k in range(10)]
    video = TrackedVideo.read(predictor.track(pictures, tmp_path / "a", fps=5.0, progress=False))
    assert video.num_frames == 10 and video.size == (20, 30) and video.features.shape[2] == 32
    holes = [None, None, *pictures[:3], None, pictures[4]]
    path = predictor.track(holes, tmp_path / "holes", num_frames=8, progress=False)
    assert TrackedVideo.read(path).num_frames == 8
    assert [frame.frame for frame in predictor.frames(holes)] == list(range(7))
    assert all(len(frame) == 0 for frame in predictor.frames(holes) if frame.frame in (0, 1, 5))
    (one,) = predictor.frames(pictures[:1])
    assert one.frame == 0
    with pytest.raises(InputError, match="has no frames"):
        predictor.track([], tmp_path / "b", progress=False)
    with pytest.raises(InputError, match="frame 3 is"):
        predictor.track([*pictures[:3], pictures[0][1:]], tmp_path / "b", progress=False)
    assert not (tmp_path / "b").exists()
    with pytest.raises(InputError, match="cannot share 3"):
        module.VideoSegmenterPredictor("any", length=3, shared=3)
