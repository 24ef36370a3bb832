"""Pictures of clouds: what lies where, what hides what, and whether left is left."""

import numpy as np
import pytest

from psg4d.cloud_pictures import PAPER, draw_cloud, perspective_view, render, top_view
from scenegraph import Camera, InputError, Node, Relation, SceneGraph, Source, Track4D, Tube, Vocabulary
from scenegraph.cameras import check_pose
from scenegraph.point_cloud import UNLABELLED, PointCloud
from scenegraph.regions import Segment

UP, AHEAD = np.array([0.0, 0.0, 1.0]), np.array([0.0, 1.0, 0.0])
VOCABULARY = Vocabulary(("cup", "table"), ("floor",), ("on", "under"))


def block(low, high, node, colour, step=0.05):
    """Points that fill a box."""
    axes = [np.arange(a, b + 1e-6, step) for a, b in zip(low, high, strict=True)]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    return points, np.tile(np.array(colour), (len(points), 1)), np.full(len(points), node)


def room():
    """x to the right, y ahead, z up: a floor, a table on the left, a cup on the table and one under it."""
    blocks = [
        block((-2, 0, 0), (2, 3, 0), 2, (120, 120, 120)),
        block((-1.5, 1, 0.7), (-0.5, 2, 0.75), 1, (150, 100, 50)),
        block((-1.1, 1.4, 0.8), (-0.9, 1.6, 1.0), 0, (250, 0, 0)),
        block((-1.1, 1.4, 0.1), (-0.9, 1.6, 0.3), 5, (0, 250, 0)),
        block((1.0, 2.5, 0.1), (1.4, 2.9, 0.5), UNLABELLED, (0, 0, 250)),
    ]
    points, colours, nodes = (np.concatenate(arrays) for arrays in zip(*blocks, strict=True))
    return PointCloud.of(points, colours, nodes)


def graph():
    tube = Tube({0: Segment.from_box((0, 0, 4, 4), 8, 8)})
    region = Track4D(tube, np.zeros((1, 3)), np.ones((1, 3)))
    nodes = tuple(Node(node, category, region) for node, category in ((0, 0), (1, 1), (2, 2), (5, 0)))
    relations = (Relation(0, 0, 1, 0.9), Relation(5, 1, 1, 0.8), Relation(1, 0, 2, 0.7))
    return SceneGraph(Source("rgbd", "room", 8, 8, 1, None, Camera(8.0, 8.0, 4.0, 4.0)), nodes, relations, VOCABULARY)


def middle(shown, node):
    """(x, y) of what is seen of a node."""
    rows, columns = np.nonzero(shown.nodes == node)
    return columns.mean(), rows.mean()


@pytest.mark.parametrize("turned", [0.0, 40.0, 180.0])
def test_views_are_upright_and_not_mirrored(turned):
    for view in (top_view(room(), UP, AHEAD), perspective_view(room(), UP, AHEAD, turned=turned)):
        check_pose(view.pose, "view")  # a mirrored one has determinant -1
        pixels, z = view.project(room().points)
        assert np.isfinite(z).all()
        assert (pixels.min(axis=0) > 0).all() and (pixels.max(axis=0) < view.size[::-1]).all()


def test_top_view_by_hand():
    view = top_view(room(), UP, AHEAD, width=424)
    assert view.size == (318, 424) and view.scale == pytest.approx(100)  # 4 m and 6 % of margin
    shown = render(room(), view)
    # The table's middle is 1 m to the left and level with the middle of the picture; ahead is up.
    assert middle(shown, 1) == pytest.approx((211.5 - 100, 158.5), abs=4)
    assert (shown.nodes == 5).sum() == 0 and (shown.nodes == 0).sum() > 300  # one cup lies under the table
    assert (shown.nodes == 2).any() and tuple(shown.pixels[0, 0]) == PAPER
    blue = np.argwhere((shown.pixels == (0, 0, 250)).all(axis=2)).mean(axis=0)
    assert blue[0] < 100 and blue[1] > 300  # ahead and to the right
    table = shown.nodes == 1
    assert table.sum() + (shown.nodes == 0).sum() == pytest.approx(105**2, rel=0.08)  # no holes


def test_perspective_shows_what_is_under_the_table_but_not_through_it():
    shown = render(room(), perspective_view(room(), UP, AHEAD, width=400))
    assert (shown.nodes == 0).sum() > 50
    assert middle(shown, 1)[0] < 200 and middle(shown, 0)[1] < middle(shown, 1)[1]
    front = render(room(), perspective_view(room(), UP, AHEAD, width=400, turned=180))
    assert middle(front, 1)[0] > 200  # seen from the other side left is right
    red = shown.distance[shown.nodes == 0].mean()
    assert np.isfinite(red) and red > 0 and np.isinf(shown.distance[shown.nodes == UNLABELLED]).any()


def test_drawing_names_relations():
    without = draw_cloud(graph(), room(), top_view(room(), UP, AHEAD, width=400), relations=0)
    drawn = draw_cloud(graph(), room(), top_view(room(), UP, AHEAD, width=400))
    assert drawn.shape[1] > without.shape[1] or drawn.shape[0] > without.shape[0]  # the list beside it
    shown = draw_cloud(graph(), room()[room().nodes == UNLABELLED], top_view(room(), UP, AHEAD))
    assert shown.dtype == np.uint8 and shown.ndim == 3  # nothing to name


def test_odd_clouds():
    with pytest.raises(InputError, match="no points"):
        top_view(PointCloud.of(np.zeros((0, 3))), UP)
    for cloud in (PointCloud.of([[1, 2, 3]]), PointCloud.of(np.zeros((5, 3)))):
        for view in (top_view(cloud, UP), perspective_view(cloud, UP, UP)):
            assert (render(cloud, view).pixels != PAPER).any()
    far = PointCloud.of([[0, 0, 0], [0, 1, 0], [1, 0, 0], [0, 0, 1]])
    behind = perspective_view(far, UP, AHEAD)
    inside = type(behind)(np.eye(4), (20, 20), 10.0, parallel=False)
    assert (render(far, inside, spacing=0.01).nodes == UNLABELLED).all()
