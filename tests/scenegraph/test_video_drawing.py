"""Drawings of videos: bars where relations hold, a cursor that moves, files that are whole."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from scenegraph import InputError, Node, Relation, SceneGraph, Segment, Source, Span, Tube, Vocabulary
from scenegraph.drawing import draw
from scenegraph.palette import colour
from scenegraph.relation_list import load_font
from scenegraph.timeline import Timeline, rows_of
from scenegraph.video_drawing import drawn_frames, write_video
from tests.factories import park, park_video, rectangle

pytestmark = pytest.mark.filterwarnings("ignore:Do not use the `random` module")


def pictures(count=10, size=(20, 30)):
    return [np.full((*size, 3), 40 + 10 * number, dtype=np.uint8) for number in range(count)]


def panel(graph, most=12, width=640):
    rows, left_out = rows_of(graph, most)
    return Timeline(graph, rows, left_out, {n.id: colour(n.id) for n in graph.nodes}, width, load_font(None, 12))


def columns_of(picture, shade):
    """Columns of the panel in which a colour stands."""
    return np.flatnonzero((np.asarray(picture) == np.array(shade)).all(axis=-1).any(axis=0))


def test_rows_are_the_best_relations_in_the_order_in_which_they_begin():
    graph = park_video()
    rows, left_out = rows_of(graph, 12)
    assert [(row.predicate, row.spans) for row in rows] == [
        ("on", (Span(0, 10),)),
        ("holding", (Span(0, 4), Span(8, 10))),
        ("chasing", (Span(4, 8),)),
    ]
    assert left_out == 0
    scored = replace(
        graph, relations=tuple(replace(r, score=s) for r, s in zip(graph.relations, (0.1, 0.9, 0.5), strict=True))
    )
    rows, left_out = rows_of(scored, 2)
    assert [row.predicate for row in rows] == ["holding", "chasing"] and left_out == 1
    # One triple has one row; a relation without spans holds throughout
    twice = replace(
        graph,
        relations=(Relation(1, 1, 3, spans=(Span(0, 3),)), Relation(1, 1, 3, spans=(Span(2, 5),)), Relation(2, 3, 3)),
    )
    assert [row.spans for row in rows_of(twice, 12)[0]] == [(Span(0, 5),), (Span(0, 10),)]


def test_bars_stand_where_relations_hold():
    graph = replace(park_video(), relations=(Relation(1, 1, 3, spans=(Span(0, 4), Span(8, 10))),))
    timeline = panel(graph)
    # In a frame without the relation its name is pale, so that the colours are those of the bar
    picture = timeline.at(5)
    for node_id in (1, 3):
        columns = columns_of(picture, colour(node_id))
        frames = (columns - timeline.left) / (timeline.width - timeline.gap - timeline.left) * 10
        assert len(frames) and all(-0.05 <= frame < 4.05 or 7.95 <= frame < 10.05 for frame in frames)
        assert frames.min() < 0.2 and frames.max() > 9.8
    assert columns_of(timeline.at(2), colour(1)).min() < timeline.left  # the name stands out while it holds


def test_the_cursor_moves_with_the_frame():
    timeline = panel(park_video())
    places = [columns_of(timeline.at(frame), (200, 30, 30)).mean() for frame in range(10)]
    assert np.allclose(places, [timeline.x(frame + 0.5) for frame in range(10)], atol=1.5)


def test_every_frame_has_one_even_size_and_the_picture_of_the_drawing():
    graph = park_video()
    drawn = list(drawn_frames(graph, pictures()))
    assert {frame.shape for frame in drawn} == {drawn[0].shape} and len(drawn) == 10
    height, width = drawn[0].shape[:2]
    assert height % 2 == width % 2 == 0 and width >= 640
    alone = draw(graph, pictures()[0], relations=0, names=False)
    left = (width - alone.shape[1]) // 2
    plain = next(drawn_frames(graph, pictures(), names=False))
    assert np.array_equal(plain[: alone.shape[0], left : left + alone.shape[1]], alone)
    without = next(drawn_frames(graph, pictures(), relations=0))
    assert without.shape[0] == alone.shape[0]


def test_long_and_odd_names_stay_in_their_room():
    words = Vocabulary(("p" * 300, "two\nlines\u202e"), (), ("is " * 90, "ὁ"))
    tube = Tube({0: Segment(rectangle(20, 30, 2, 2, 20, 18))})
    nodes = (Node(0, 0, tube), Node(1, 1, tube))
    graph = SceneGraph(Source("video", "x", 20, 30, 1), nodes, (Relation(0, 0, 1), Relation(1, 1, 0)), words)
    timeline = panel(graph)
    assert timeline.left < timeline.width / 2
    assert all(timeline._name_width(texts) < timeline.left for texts in timeline._names)
    assert len(list(drawn_frames(graph, pictures(1)))) == 1
    assert draw(park(), pictures(1)[0]).ndim == 3 and draw(graph, pictures(1)[0]).ndim == 3


def test_names_stay_where_they_are_while_little_moves():
    """The dog walks one pixel a frame; its name moves along and nothing else does."""

    def at(x, frame):
        return Segment(rectangle(60, 90, 10 + x, 20, 40 + x, 50))

    words = park().vocabulary
    still = Tube({frame: Segment(rectangle(60, 90, 0, 0, 90, 12)) for frame in range(8)})
    nodes = (Node(0, 1, Tube({frame: at(frame, frame) for frame in range(8)})), Node(1, 4, still))
    graph = SceneGraph(Source("video", "x", 60, 90, 8), nodes, (), words)
    drawn = list(drawn_frames(graph, pictures(8, (60, 90)), relations=0, opacity=0.0))
    chips = [np.argwhere((frame == np.array(colour(1))).all(axis=-1)) for frame in drawn]
    centres = [chip.mean(axis=0) for chip in chips]
    assert np.ptp([centre[0] for centre in centres]) < 3 and np.ptp([centre[1] for centre in centres]) < 3


@pytest.mark.parametrize("name", ["clip.mp4", "clip.gif", "clip"])
def test_files(tmp_path, name):
    if name.endswith(".mp4"):
        pytest.importorskip("cv2")
    assert write_video(park_video(), iter(pictures()), tmp_path / name, start=3, frames=2, progress=False) == 2
    found = sorted(path.name for path in tmp_path.rglob("*") if path.is_file())
    assert found == ([name] if "." in name else ["0003.png", "0004.png"])


@pytest.mark.parametrize(
    ("graph", "given", "options", "message"),
    [
        (park(), 1, {}, "is an image"),
        (park_video(), 4, {}, "4 pictures for the frames 0 to 9"),
        (park_video(), 10, {"start": 10}, "the source has frames 0-9"),
        (park_video(), 10, {"frames": 0}, "0 of them"),
    ],
)
def test_bad_input_leaves_nothing(tmp_path, graph, given, options, message):
    with pytest.raises(InputError, match=message):
        write_video(graph, pictures(given), tmp_path / "clip.gif", progress=False, **options)
    with pytest.raises(InputError, match="the graph describes 20 x 30"):
        write_video(park_video(), pictures(10, (30, 20)), tmp_path / "clip.gif", progress=False)
    assert not list(tmp_path.iterdir())


def test_a_png_is_what_is_drawn(tmp_path):
    write_video(park_video(), pictures(), tmp_path / "frames", progress=False)
    expected = list(drawn_frames(park_video(), pictures()))
    assert np.array_equal(np.array(Image.open(tmp_path / "frames" / "0007.png")), expected[7])
