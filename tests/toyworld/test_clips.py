"""Clips: frames, ids, tubes, spans and geometry tell one story."""

import numpy as np
import pytest

from scenegraph import InputError, Track4D, Tube
from scenegraph.spans import to_frames
from toyworld import clips, scenes
from toyworld.names import PVSG


def test_frames_are_the_same_whenever_they_are_rendered(clip):
    again = scenes.video(4, frames=24, rgbd=True)
    for frame in (17, 3):
        for one, two in zip(clip[frame], again[frame], strict=True):
            assert np.array_equal(one, two)


def test_tubes_are_the_ids_of_the_frames(clip):
    for number in (0, 11, 23):
        ids = clip[number].ids
        seen = {node.id for node in clip.graph.nodes if node.region.segment(number) is not None}
        assert seen == set(np.unique(ids).tolist()) - {clips.VOID}
        for node in clip.graph.nodes:
            segment = node.region.segment(number)
            if segment is not None:
                assert np.array_equal(segment.mask.array(), ids == node.id)


def test_relations_hold_only_while_both_are_seen(clip):
    n = clip.graph.source.num_frames
    for relation in clip.graph.relations:
        active = to_frames(relation.spans, n)
        for end in (relation.subject, relation.object):
            seen = set(clip.graph.node(end).region.frames)
            assert set(np.flatnonzero(active)) <= seen


def test_everyone_on_the_ground_does_one_thing_at_a_time(clip):
    """Support relations of a node never overlap in time, and cover the time in which it is seen by itself."""
    support = {"standing on", "walking on", "running on", "sitting on", "lying on", "riding", "parked on", "driving on"}
    n = clip.graph.source.num_frames
    actors = 0
    for node in clip.graph.nodes:
        name = clip.graph.category_name(node.id)
        if name not in ("person", "dog", "horse", "car"):
            continue
        total = np.zeros(n, dtype=int)
        for relation in clip.graph.relations_of(node.id):
            if relation.subject == node.id and clip.graph.predicate_name(relation) in support:
                total += to_frames(relation.spans, n)
        assert total.max() == 1
        actors += 1
    assert actors


def test_tracks_lie_where_depth_says(clip):
    camera = clip.graph.source.camera
    for number in (2, 20):
        frame = clip[number]
        points = camera.to_world(camera.points(frame.depth), number)
        for node in clip.graph.nodes:
            assert isinstance(node.region, Track4D)
            position, extent = node.region.position(number), node.region.extent(number)
            if position is None or not clip.graph.vocabulary.is_thing(node.category):
                continue
            inside = points[frame.ids == node.id]
            assert (np.abs(inside - position) <= extent / 2 + 0.12).all()


def test_the_sky_has_no_place(clip):
    (sky,) = [node for node in clip.graph.nodes if clip.graph.category_name(node.id) == "sky"]
    assert sky.region.position(0) is None


def test_a_plain_video_has_tubes_and_the_names_of_pvsg():
    clip = scenes.video(9, frames=5)
    assert clip.graph.source.kind == "video" and clip.graph.vocabulary == PVSG.vocabulary
    assert all(isinstance(node.region, Tube) for node in clip.graph.nodes)
    assert [node.id for node in clip.graph.nodes] == list(range(1, len(clip.graph.nodes) + 1))


def test_one_frame_is_a_clip_and_none_is_not():
    assert scenes.video(5, frames=1).graph.source.num_frames == 1
    with pytest.raises(InputError, match="at least 1"):
        scenes.video(5, frames=0)
    with pytest.raises(IndexError, match="frames 0-0"):
        scenes.video(5, frames=1)[1]


def test_short_gaps_close_and_flickers_vanish():
    active = np.array([1, 1, 1, 0, 1, 1, 0, 0, 0, 1, 0, 0], dtype=bool)
    assert clips._steady(active, gap=1, flicker=2).astype(int).tolist() == [1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0]
    assert clips._steady(np.ones(2, dtype=bool), gap=1, flicker=3).all(), "what lasts the whole clip stays"
