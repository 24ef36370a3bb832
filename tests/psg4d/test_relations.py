"""Relations in space and time: metres as numbers, the model, and training from nothing."""

import numpy as np
import pytest
import torch
from mmdet.registry import MODELS
from mmengine.registry import DefaultScope

import psg4d.relations.model  # noqa: F401 - registers the model
from psg4d.relations.geometry import PAIR_NUMBERS, TRACK_NUMBERS, pair_space, track_space
from pvsg.relations.clip import Clip, clip_of_frames, clip_of_video, places_of
from pvsg.relations.model import VideoSample
from pvsg.relations.stream import RelationStream
from pvsg.tracks import TrackedFrame, TrackedVideo, TracksHeader
from scenegraph import Track4D
from tests.pvsg.clips import FEATURES, SIZE, WORDS, frames_of


def measured(frames, seed=0, missing=0.1, turned=None):
    """The frames with wandering places; `turned` rotates the world, which the camera does not notice."""
    generator, found = np.random.default_rng(seed), []
    for frame in frames:
        place = generator.normal(size=(len(frame), 3)) + np.array([0, 0, 5])
        place[:, 0] += frame.tracks
        world = place if turned is None else place @ turned.T + 3.0
        unsure = np.full((len(frame), 3), 0.1)
        rows = np.concatenate([world, np.full((len(frame), 3), 0.5), unsure, place], axis=1).astype(np.float32)
        rows[generator.random(len(frame)) < missing] = np.nan
        columns = (frame.frame, frame.tracks, frame.categories, frame.scores, frame.masks, frame.features)
        found.append(TrackedFrame(*columns, rows))
    return found


def video(length=12, **options):
    frames = measured(frames_of(length), **options)
    return TrackedVideo.from_frames(frames, TracksHeader("clip", *SIZE, WORDS, 5.0, length, FEATURES, "t", True))


def model(**options):
    config = {
        "type": "SpaceTimeRelationModel",
        "vocabulary": WORDS.names,
        "feature_size": FEATURES,
        "embedding": {"type": "SpaceEmbedding", "dims": 16},
        "encoder": {"hidden": 16, "heads": 2, "layers": 1},
        "tube": {"heads": 2, "back": 2, "ahead": 1},
        "head": {"type": "WindowHead", "hidden": 16, "heads": 2, "layers": 1, "back": 3, "ahead": 1},
        "objective": {"type": "ActivityObjective"},
    }
    torch.manual_seed(0)
    with DefaultScope.overwrite_default_scope("mmdet"):
        return MODELS.build(config | options)


def sample_of(clip):
    active = torch.zeros(1, clip.num_frames, dtype=torch.bool)
    active[0, 2:9] = True
    return VideoSample(triples=torch.tensor([[0, 1, 2]]), active=active & clip.present[0] & clip.present[2])


def test_pairs_in_metres_by_hand():
    """Two things 3 m apart, of 1 m each; the second comes 1 m nearer."""
    rows = np.zeros((2, 2, 12), dtype=np.float32)
    rows[..., 3:6], rows[..., 6:9] = 1.0, 0.1
    rows[1, :, 0], rows[1, :, 9] = (4, 3), (4, 3)
    clip = clip_of_video(video(2))
    both = torch.ones(2, 2, dtype=torch.bool)
    clip = clip._replace(present=both, metres=torch.from_numpy(rows), boxes=torch.zeros(2, 2, 4))
    found = pair_space(clip, torch.tensor([[0, 1], [1, 0]]))
    distance, gap = found[0, 1, 4].expm1(), found[0, 1, 5].expm1()
    assert found.shape == (2, 2, PAIR_NUMBERS) and distance == pytest.approx(3) and gap == pytest.approx(2)
    still, moves, left, right = (found[0, 1, 12 + at].item() for at in range(4))
    assert (still, left) == (0, 0) and moves == pytest.approx(np.log(5)) and right == pytest.approx(-np.log(5))
    assert (found[:, 0, 12:] == 0).all()  # nothing is known before the first frame
    assert found[0, 1, 1] == -found[1, 1, 1]  # to the right of the camera


def test_numbers_do_not_depend_on_the_axes_of_the_world():
    angle = np.pi / 2
    turn = np.array([[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]])
    clips = [clip_of_video(video(turned=turned)) for turned in (None, turn)]
    pairs = clips[0].pairs()
    spaces = [pair_space(clip, pairs) for clip in clips]
    axes = [5, 6, 7]  # gaps along the axes of the boxes
    others = [at for at in range(PAIR_NUMBERS) if at not in axes]
    assert torch.allclose(spaces[0][..., others], spaces[1][..., others], atol=1e-3)
    assert torch.allclose(*(track_space(clip) for clip in clips), atol=1e-3)


@pytest.mark.parametrize("missing", [0.0, 1.0])
def test_depth_that_is_missing(missing):
    clip = clip_of_video(video(missing=missing))
    pairs = clip.pairs()
    for numbers, size in ((track_space(clip), TRACK_NUMBERS), (pair_space(clip, pairs), PAIR_NUMBERS)):
        assert numbers.shape[-1] == size and numbers.isfinite().all()
        assert (numbers == 0).all() == (missing == 1)
    plain = clip._replace(metres=clip.metres[..., :0])
    assert (track_space(plain) == 0).all() and (pair_space(plain, pairs) == 0).all()


def test_every_parameter_learns():
    clip = clip_of_video(video())
    for options in ({}, {"depth": False}, {"tube": None}):
        built = model(**options)
        losses = built(Clip(*([each] for each in clip)), [sample_of(clip)], mode="loss")
        sum(losses.values()).backward()
        assert not [name for name, each in built.named_parameters() if each.grad is None]


def test_without_depth_nothing_of_it_is_seen():
    clip = clip_of_video(video())
    moved = clip._replace(metres=clip.metres * 2)
    for depth in (True, False):
        built = model(depth=depth).eval()
        logits = [built([[field] for field in each])[0].spans for each in (clip, moved)]
        assert torch.equal(*logits) != depth


def test_videos_without_tracks():
    built, header = model().eval(), TracksHeader("n", *SIZE, WORDS, 5.0, 3, FEATURES, "t", True)
    found = TrackedVideo.from_frames([], header)
    clip = clip_of_video(found)
    assert clip.metres.shape == (0, 3, 12)
    assert built.graph(clip, found).nodes == ()


def test_a_stream_finds_what_the_whole_video_has():
    frames = measured(frames_of(30))
    whole = TrackedVideo.from_frames(frames, TracksHeader("clip", *SIZE, WORDS, 5.0, 30, FEATURES, "t", True))
    built = model().eval()
    graph = built.graph(clip_of_video(whole), whole)
    assert all(isinstance(node.region, Track4D) for node in graph.nodes) and graph.source.kind == "rgbd"
    stream = RelationStream(built, SIZE)
    for frame in frames:
        stream.update(frame)
    stream.finish(30)
    certainty = dict(zip(whole.ids.tolist(), whole.scores.tolist(), strict=True))
    found = stream.relations(certainty)
    assert [(r.triple, r.spans) for r in found] == [(r.triple, r.spans) for r in graph.relations]
    assert np.allclose([r.score for r in found], [r.score for r in graph.relations], atol=1e-4)


def test_clips_are_cut_and_mirrored_with_their_metres():
    frames = measured(frames_of(6))
    clip = clip_of_video(video(6))
    part, _ = clip_of_frames(
        frames[2:5], [places_of(f.masks, SIZE) for f in frames[2:5]], 2, 5, SIZE, dict.fromkeys(range(99), 0)
    )
    assert part.metres.shape[1:] == (3, 12)
    assert torch.equal(clip.stretch(2, 5).metres.nan_to_num(), clip.metres[:, 2:5].nan_to_num())
    mirrored = clip.mirrored().metres.nan_to_num()
    assert torch.equal(mirrored[..., 9], -clip.metres[..., 9].nan_to_num())
    assert torch.equal(mirrored[..., :9], clip.metres[..., :9].nan_to_num())
