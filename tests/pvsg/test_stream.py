"""A video frame by frame and at once."""

import numpy as np
import pytest
import torch

from pvsg.relations import stream as streams
from pvsg.relations.clip import clip_of_frames, clip_of_video, places_of
from pvsg.relations.stream import Ranking, RelationStream
from pvsg.tracks import TrackedFrame
from scenegraph import InputError
from tests.pvsg.clips import FEATURES, HEADS, SIZE, frames_of, model_of, video_of

ONLINE = [name for name in HEADS if name != "transformer"]


def batch(model, frames, length=None):
    video = video_of(frames, length)
    found = RelationStream(model)
    found.add_video(clip_of_video(video), video.ids)
    return found.relations()


def online(model, frames, length=None, stride=1):
    stream = RelationStream(model, SIZE, stride)
    for frame in frames:
        stream.update(frame)
    stream.finish(len(frames) if length is None else length)
    return stream.relations()


def same(first, second):
    assert {r.triple: r.spans for r in first} == {r.triple: r.spans for r in second}
    scores = {r.triple: r.score for r in second}
    assert {r.triple: r.score for r in first} == pytest.approx(scores, abs=1e-5)


@pytest.mark.parametrize("stride", [1, 5])
@pytest.mark.parametrize("head", ONLINE)
def test_the_graph_at_the_end_is_that_of_the_whole_video(head, stride):
    torch.manual_seed(1)
    model, frames = model_of(head), frames_of()
    whole = batch(model, frames)
    assert len(whole) > 3
    same(online(model, frames, stride=stride), whole)


@pytest.mark.parametrize("head", ONLINE)
def test_long_videos_are_computed_in_stretches(head, monkeypatch):
    torch.manual_seed(2)
    model, frames = model_of(head), frames_of(40, seed=1)
    whole = batch(model, frames)
    monkeypatch.setattr(streams, "STRETCH", 7)
    same(batch(model, frames), whole)


def test_a_head_that_sees_all_frames_follows_a_stream_approximately():
    model, frames = model_of("transformer"), frames_of()
    assert {r.triple[::2] for r in online(model, frames)} == {r.triple[::2] for r in batch(model, frames)}


@pytest.mark.parametrize("head", HEADS)
def test_one_frame_one_track_and_none(head):
    model = model_of(head)
    for frames in (frames_of(1, empty=()), frames_of(3, tracks=1), frames_of(3, tracks=0), frames_of(2, empty=(0, 1))):
        same(online(model, frames), batch(model, frames))


def test_frames_that_are_left_out_are_frames_without_tracks():
    model, frames = model_of(), frames_of(12, empty=(4, 5, 6))
    left = [frame for frame in frames if len(frame)]
    same(online(model, left, length=12), batch(model, frames))
    stream = RelationStream(model, SIZE)
    stream.update(frames[1])
    with pytest.raises(InputError, match="frame 1 came; expected 2 or later"):
        stream.update(frames[1])


def test_only_a_window_is_kept():
    model = model_of("mlp", inputs="ours", proposal=None)
    stream = RelationStream(model, SIZE)
    for number in range(300):
        stream.update(TrackedFrame.empty(number, FEATURES))
        assert len(stream._recent) <= model.past + 2
    assert stream.answered == 300


def test_a_stretch_of_a_stream_is_a_stretch_of_the_video():
    frames = frames_of(10)
    whole = clip_of_video(video_of(frames)).stretch(2, 7)
    part = frames[2:7]
    touching = [places_of(frame.masks, SIZE) for frame in part]
    labels = {track: (track - 1) // 3 % 3 for track in (1, 4, 7, 10)}
    clip, ids = clip_of_frames(part, touching, 2, 7, SIZE, labels)
    rows = torch.from_numpy(np.searchsorted(video_of(frames).ids, ids))
    expected, _ = whole.of_tracks(rows)
    for ours, theirs in zip(clip, expected, strict=True):
        torch.testing.assert_close(ours, theirs)


def test_what_holds_now():
    model = model_of(ranking=dict(thresholds=(1e-12,)))
    stream = RelationStream(model, SIZE)
    for frame in frames_of(12, empty=()):
        stream.update(frame)
    now = stream.active()
    newest = stream.answered
    assert now and all(0 <= score <= 1 and span.stop == newest for *_, score, span in now)


def test_rankings_that_are_none():
    with pytest.raises(InputError, match="expected a score of overlap, predicate"):
        Ranking(score="best")
    with pytest.raises(InputError, match="probabilities between 0 and 1"):
        Ranking(thresholds=(0.5, 1.0))


def test_mirrored_videos_have_the_same_graph():
    torch.manual_seed(3)
    model, frames = model_of("window"), frames_of()
    video = video_of(frames)
    clip = clip_of_video(video)

    def graph(seen):
        found = RelationStream(model)
        found.add_video(seen, video.ids)
        return found.relations()

    once = {r.triple: r.score for r in graph(clip)}
    assert once != pytest.approx({r.triple: r.score for r in graph(clip.mirrored())})
    model.ranking = Ranking(mirrored=True)
    same(graph(clip.mirrored()), graph(clip))
    same(online(model, frames), batch(model, frames))
