from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenegraph import InputError, Mask, Node, Relation, SceneGraph, Segment, Source, Vocabulary
from scenegraph.drawing import OBJECT, SUBJECT, compare, draw, draw_pair
from scenegraph.label_placement import place_labels
from scenegraph.palette import colour
from scenegraph.relation_list import load_font
from tests.factories import VOCABULARY, park, park_video
from tests.scenegraph.strategies import graphs

pytestmark = pytest.mark.filterwarnings("ignore:Do not use the `random` module")

GREY = np.full((20, 30, 3), 120, dtype=np.uint8)


def without_relations(graph):
    return replace(graph, relations=())


def shows(picture, shade) -> np.ndarray:
    return (picture == np.array(shade, dtype=np.uint8)).all(axis=-1)


@settings(max_examples=40, deadline=None)
@given(graphs(), st.integers(0, 3), st.booleans())
def test_every_graph_can_be_drawn(graph, arrows, grey):
    image = np.zeros((*graph.source.size, 3), dtype=np.uint8)
    picture = draw(graph, image[..., 0] if grey else image, arrows=arrows)
    assert picture.dtype == np.uint8 and picture.ndim == 3 and picture.shape[2] == 3
    for relation in graph.relations[:1]:
        assert draw_pair(graph, relation, image).ndim == 3


def test_segments_are_tinted_and_the_rest_is_not():
    nodes = (park().nodes[0], park().nodes[3])  # person (a thing) at 2-8 x 4-16, grass (stuff) below 16
    graph = replace(park(), nodes=nodes, relations=())
    picture = draw(graph, GREY, names=False, opacity=0.5)
    assert picture.shape == (160, 240, 3)  # 8 times larger
    assert tuple(picture[8, 200]) == (120, 120, 120)
    thing = (np.array(colour(0)) + 120) / 2
    stuff = 120 + (np.array(colour(3)) - 120) * 0.3
    assert np.abs(picture[8 * 10, 8 * 5] - thing).max() <= 1
    assert np.abs(picture[8 * 18, 8 * 15] - stuff).max() <= 1
    assert tuple(picture[8 * 10, 8 * 2]) == colour(0)  # the outline, inside the segment
    assert tuple(picture[8 * 10, 8 * 2 - 1]) == (120, 120, 120)


def test_boxes_without_masks_are_outlined_only():
    node = Node(7, 0, Segment.from_box((2, 2, 12, 12), 20, 30))
    picture = draw(replace(park(), nodes=(node,), relations=()), GREY, names=False)
    assert tuple(picture[16, 40]) == colour(7)
    assert tuple(picture[60, 60]) == (120, 120, 120)


def test_names_are_written_in_the_node_s_colour():
    graph = without_relations(park())
    plain, named = draw(graph, GREY, names=False), draw(graph, GREY)
    assert (shows(named, colour(1)).sum() - shows(plain, colour(1)).sum()) > 100


def test_relations_are_listed_best_first_and_counted():
    few, all_of_them = draw(park(), GREY, relations=1), draw(park(), GREY)
    picture = draw(without_relations(park()), GREY)
    assert picture.shape[0] < few.shape[0] < all_of_them.shape[0]
    assert np.array_equal(draw(park(), GREY, relations=0), picture)
    lines = few[picture.shape[0] :]
    assert shows(lines, colour(0)).any() and shows(lines, colour(3)).any()  # person on grass, the best
    assert not shows(lines, colour(2)).any() and not shows(lines, colour(1)).any()


def test_the_list_stands_beside_tall_pictures():
    def drawn(height, width):
        mask = Mask.from_array(np.ones((height, width), dtype=bool))
        source = Source("image", "a", height, width)
        graph = SceneGraph(source, (Node(0, 0, Segment(mask)),), (Relation(0, 0, 0),), VOCABULARY)
        return draw(graph, np.zeros((height, width, 3), dtype=np.uint8)).shape

    assert drawn(900, 300)[:2] > (900, 300) and drawn(900, 300)[0] == 900
    assert drawn(300, 900)[1] == 900 and drawn(300, 900)[0] > 300
    assert drawn(30, 5000)[1] == 2048
    assert drawn(1, 1)[1] > 8


def test_arrows_are_drawn_for_the_first_relations_only():
    none, one, two = (draw(park(), GREY, arrows=count) for count in (0, 1, 2))
    rows = 160  # the picture above the list
    assert np.array_equal(none[rows:], one[rows:])
    assert not np.array_equal(none[:rows], one[:rows]) and not np.array_equal(one[:rows], two[:rows])


def test_a_frame_of_a_video_shows_what_holds_in_it():
    first, later = draw(park_video(), GREY, frame=0), draw(park_video(), GREY, frame=5)
    rows = 160
    assert not shows(first[:rows], colour(2)).any() and shows(later[:rows], colour(2)).any()  # the dog comes at 2
    assert not shows(first[rows:], colour(2)).any() and shows(later[rows:], colour(2)).any()  # and chases at 4
    with pytest.raises(InputError, match="no frame 10; the source has frames 0-9"):
        draw(park_video(), GREY, frame=10)


def test_pairs_have_a_solid_and_a_dashed_outline():
    relation = park().relations[1]  # person holding ball
    picture = draw_pair(park(), relation, GREY)[:160]
    around_ball = picture[8 * 8 : 8 * 11, 8 * 13 + 1]  # just right of the ball
    assert shows(around_ball, OBJECT).any() and shows(around_ball, (255, 255, 255)).any()
    beside_person = picture[8 * 5 : 8 * 7, 8 * 2 - 2]
    assert shows(beside_person, SUBJECT).all()
    assert picture[8, 200].max() < 80 and tuple(picture[8 * 5, 8 * 5]) == (120, 120, 120)  # sky dimmed, person not


def test_pairs_choose_the_frame_in_which_they_hold():
    graph = park_video()
    chasing = graph.relations[2]
    assert np.array_equal(draw_pair(graph, chasing, GREY), draw_pair(graph, chasing, GREY, frame=4))
    assert not np.array_equal(draw_pair(graph, chasing, GREY), draw_pair(graph, chasing, GREY, frame=0))
    with pytest.raises(InputError, match="there is no node 9"):
        draw_pair(graph, replace(chasing, object=9), GREY)


def test_truth_and_prediction_share_colours_where_nodes_match():
    prediction = replace(park(), nodes=tuple(replace(node, id=node.id + 10) for node in park().nodes[:2]), relations=())
    both = compare(park(), prediction, GREY)
    alone = draw(without_relations(prediction), GREY, colours={10: colour(0), 11: colour(1)})
    right = both[:, -240:]
    assert any(np.array_equal(right[row : row + 160], alone) for row in range(len(right) - 159))
    with pytest.raises(InputError, match="compare draws images"):
        compare(park_video(), park_video(), GREY)


def test_the_same_graph_gives_the_same_picture():
    assert np.array_equal(draw(park(), GREY, arrows=2), draw(park(), GREY, arrows=2))


def test_a_picture_of_other_proportions_is_refused():
    with pytest.raises(InputError, match=r"the picture is 30 x 20 pixels .*; the graph describes 20 x 30"):
        draw(park(), GREY.transpose(1, 0, 2).copy())
    assert draw(park(), np.zeros((40, 60, 3), dtype=np.uint8)).ndim == 3  # a larger copy is fine


def test_many_nodes_leave_the_picture_visible():
    ids = np.kron(np.arange(500).reshape(20, 25), np.ones((12, 12), dtype=int))
    nodes = tuple(Node(i, i % 3, Segment(Mask.from_array(ids == i))) for i in range(500))
    graph = SceneGraph(Source("image", "a", 240, 300), nodes, (), Vocabulary(("a", "b", "c"), (), ()))
    picture, plain = (draw(graph, np.zeros((240, 300, 3), dtype=np.uint8), names=names) for names in (True, False))
    assert 0.05 < (picture != plain).any(axis=-1).mean() < 0.35


def test_fonts_are_checked(tmp_path):
    (tmp_path / "a.ttf").write_bytes(b"no font")
    for path, message in [(tmp_path / "a.ttf", "a.ttf: not a font"), (tmp_path / "none.ttf", "none.ttf: not a font")]:
        with pytest.raises(InputError, match=message):
            draw(park(), GREY, font=path)
    assert load_font(None, 12).width("ii") < load_font(None, 12).width("WW")


# Placing labels


def test_a_label_goes_inside_its_own_segment():
    ids = np.full((20, 40), -1)
    ids[:, 20:] = 0
    (place,) = place_labels(ids, [0], [(3, 10)]).values()
    assert 20 <= place[1] <= 30


def test_labels_do_not_lie_on_each_other():
    ids = np.zeros((20, 20), dtype=np.int64)
    ids[8:12, 8:12] = 1
    places = place_labels(ids, [0, 1], [(4, 12), (4, 12)])
    assert abs(places[0][0] - places[1][0]) >= 4


def test_a_small_segment_is_not_hidden_by_its_own_label():
    ids = np.full((30, 30), -1)
    ids[14:16, 14:16] = 0
    row, column = place_labels(ids, [0], [(4, 12)])[0]
    covered = ids[row : row + 4, column : column + 12] == 0
    assert covered.sum() <= 2
    assert np.hypot(row + 1.5 - 14.5, column + 5.5 - 14.5) < 10


def test_labels_without_room_or_segment_are_left_out():
    ids = np.zeros((4, 4), dtype=np.int64)
    assert place_labels(ids, [0], [(5, 2)]) == {}
    assert place_labels(ids, [3], [(1, 1)]) == {}
    assert place_labels(np.full((4, 4), -1), [], []) == {}
    ids[2:] = 1
    assert list(place_labels(ids, [0, 1], [(4, 4), (4, 4)])) == [0]
