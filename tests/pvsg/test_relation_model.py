"""The relation model: what it learns from, and that all of it learns."""

import numpy as np
import pytest
import torch

from pvsg.relations.clip import Clip, clip_of_video
from pvsg.relations.contrast import MotionContrast, _spread
from pvsg.relations.heads.head import PairLogits
from pvsg.relations.model import VideoSample
from pvsg.relations.objectives import ActivityObjective, PublishedObjective, truth_of
from scenegraph import InputError
from tests.pvsg.clips import HEADS, WORDS, frames_of, model_of, settings, video_of


def batch(videos=2, relations=3):
    """Videos with a few labels each, collated as mmengine does."""
    clips, samples = [], []
    for seed in range(videos):
        clip = clip_of_video(video_of(frames_of(seed=seed, empty=())))
        triples = torch.tensor([[0, 1, 1], [1, 2, 2], [3, 0, 0]])[:relations]
        active = (clip.present[triples[:, 0]] & clip.present[triples[:, 2]])[:, :]
        clips.append(clip)
        samples.append(VideoSample(triples=triples, active=active))
    return Clip(*(list(fields) for fields in zip(*clips, strict=True))), samples


@pytest.mark.parametrize("head", HEADS)
def test_every_parameter_gets_a_gradient(head):
    torch.manual_seed(0)
    model = model_of(head, **({"contrast": {}} if head == "window" else {})).train()
    losses = model(*batch(), mode="loss")
    sum(losses.values()).backward()
    still = [name for name, each in model.named_parameters() if each.grad is None or not each.grad.abs().sum() > 0]
    assert not still


@pytest.mark.parametrize("head", ["window", "convolution"])
def test_the_loss_falls(head):
    torch.manual_seed(0)
    model = model_of(head)  # without dropout
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-2)
    clips, samples = batch()
    found = []
    for _ in range(30):
        loss = sum(model(clips, samples, mode="loss").values())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        found.append(float(loss.detach()))
    assert np.mean(found[-5:]) < 0.8 * np.mean(found[:5])


@pytest.mark.parametrize("head", ["window", "mlp"])
def test_videos_without_relations_and_without_tracks(head):
    model = model_of(head).train()
    for found in (batch(relations=0), batch(videos=1, relations=0)):
        losses = model(*found, mode="loss")
        assert all(torch.isfinite(loss) for loss in losses.values())
    empty = clip_of_video(video_of(frames_of(3, tracks=0)))
    sample = VideoSample(triples=torch.zeros(0, 3, dtype=torch.long), active=torch.zeros(0, 3, dtype=torch.bool))
    losses = model(Clip(*([field] for field in empty)), [sample], mode="loss")
    assert all(float(loss.detach()) == 0 or torch.isfinite(loss) for loss in losses.values())


def test_logits_of_all_pairs_and_graphs():
    model = model_of()
    clips, samples = batch(videos=1)
    (logits,) = model(clips, mode="tensor")
    assert logits.spans.shape == (12, 12, 3) and isinstance(logits, PairLogits)
    video = video_of(frames_of(empty=()))
    samples[0].set_field(video, "video")
    (predicted,) = model(clips, samples, mode="predict")
    graph = predicted.pred_graph
    assert [node.id for node in graph.nodes] == video.ids.tolist()
    assert graph.relations and all(
        a.score >= b.score for a, b in zip(graph.relations, graph.relations[1:], strict=False)
    )


def test_labels_of_pairs():
    present = torch.ones(3, 4, dtype=torch.bool)
    active = torch.tensor([[True, True, False, False], [False, True, True, False]])
    truth = truth_of(
        torch.tensor([[2, 0], [0, 1]]), torch.ones(2), torch.tensor([[0, 1, 1], [1, 0, 2]]), active, present, 3
    )
    assert not truth.active[0].any()
    assert truth.active[1, :, 1].tolist() == active[0].tolist()
    assert not truth.active[1, :, [0, 2]].any()


def test_pairs_that_are_left_out_are_made_up_for():
    objective = ActivityObjective(3, most_pairs=6)
    candidates = torch.stack((torch.arange(20), torch.arange(20) + 1), 1)
    pairs, weights = objective.chosen(candidates, torch.arange(20) < 4, 10)
    assert len(pairs) == 6
    assert weights.tolist() == [1.0] * 4 + [8.0] * 2
    assert weights.sum() == 20


def test_published_pairs_are_related_ones():
    objective = PublishedObjective(3, counts=[4, 0, 1])
    assert objective.counts.tolist() == [5.0, 1.0, 2.0]
    candidates = torch.stack((torch.arange(200), torch.arange(200) + 1), 1)
    pairs, _ = objective.chosen(candidates, torch.arange(200) < 120, num_frames=100)
    assert len(pairs) == 100 and int(pairs[:, 0].max()) < 120
    with pytest.raises(InputError, match="2 numbers; expected 3"):
        PublishedObjective(3, counts=[1, 2])


def test_contrast_by_hand():
    """Alike relations are nearer than others, and an order of frames than another one."""
    contrast = MotionContrast(frames=3)
    one = torch.eye(3)[None]
    assert float(contrast.similarity(one, one)) > float(contrast.similarity(one, one.flip(1)))
    assert float(contrast.similarity(one, one)) == pytest.approx(0, abs=0.02)
    active = torch.tensor([[False, True, True, False, True], [True] * 5, [False, False, False, True, False]])
    assert _spread(active, 3).tolist() == [[1, 2, 4], [0, 2, 4], [3, 3, 3]]


def test_contrast_needs_tokens():
    with pytest.raises(InputError, match="FrameHead has none"):
        model_of("mlp", contrast={})


def test_a_vocabulary_is_needed():
    with pytest.raises(InputError, match="no vocabulary"):
        model_of(vocabulary=None)
    assert len(settings()["vocabulary"]["predicates"]) == len(WORDS.predicates)
