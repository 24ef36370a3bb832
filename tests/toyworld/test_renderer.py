"""The renderer against closed forms: balls and boxes whose picture is known."""

from math import pi

import numpy as np
import pytest

from toyworld.ground import GRASS, KINDS, ROAD, SKY, Ground, Strip, backdrop
from toyworld.raster import rasterise
from toyworld.renderer import compose
from toyworld.shapes import Builder, place
from toyworld.views import View, camera_of

LEVEL = View(0.0, 0.0, 2.0, pi / 2, 0.0, (101, 121))
SUN = np.array([0.0, -1.0, 0.0], dtype=np.float32)


def render(bodies, positions, view=LEVEL, ground=None):
    n = len(bodies)
    placed = place(
        bodies,
        np.array(positions, dtype=np.float32).reshape(-1, 3),
        np.zeros(n, dtype=np.float32),
        np.ones(n, dtype=np.float32),
    )
    fragments, parts = rasterise(placed, view, SUN)
    back = backdrop(ground or Ground(GRASS), view, np.ones((5, 3), dtype=np.float32), 0)
    return compose(back, fragments, parts, n, np.ones(n, dtype=bool))


def test_a_ball_is_a_disc_of_the_right_size_and_depth():
    body = Builder().ball((0, 0, 0), 0.5, 0).body()
    seen = render([body], [(0.0, 8.0, 2.0)])
    mask = seen.code == 0
    radius = 0.5 * LEVEL.focal / 8.0
    rows, columns = np.nonzero(mask)
    assert rows.mean() == pytest.approx(50, abs=0.5) and columns.mean() == pytest.approx(60, abs=0.5)
    assert mask.sum() == pytest.approx(np.pi * radius**2, rel=0.05)
    assert seen.depth[50, 60] == pytest.approx(7.5, abs=1e-3)
    assert (seen.depth[mask] <= 8.0 + 1e-5).all()


def test_a_box_shows_its_front_at_its_depth():
    body = Builder().box((-1, -1, 0), (1, 1, 1), 0).body()
    seen = render([body], [(0.0, 9.0, 1.5)])
    mask = seen.code == 0
    assert seen.depth[50, 60] == pytest.approx(8.0, abs=1e-4)
    side = LEVEL.focal / 8.0
    assert mask.sum() == pytest.approx(2 * side * side, rel=0.06)


def test_the_nearer_body_wins_and_what_it_hides_is_counted():
    ball = Builder().ball((0, 0, 0), 0.5, 0).body()
    seen = render([ball, ball], [(0.0, 9.0, 2.0), (0.0, 6.0, 2.0)])
    assert seen.code[50, 60] == 1
    assert seen.hidden[0, 1] == seen.whole[0] and seen.hidden[0, 0] == 0
    assert seen.hidden[1, 1] == seen.whole[1] == (seen.code == 1).sum()
    assert seen.sides[0].tolist() == [0, 0]
    rows, columns = np.nonzero(seen.code == 1)
    assert seen.sides[1].tolist() == [np.ptp(rows) + 1, np.ptp(columns) + 1]


def test_bodies_behind_or_beside_the_camera_are_left_out():
    ball = Builder().ball((0, 0, 0), 0.5, 0).body()
    seen = render([ball, ball], [(0.0, -5.0, 2.0), (40.0, 5.0, 2.0)])
    assert seen.whole.tolist() == [0, 0]


def test_nothing_at_all():
    seen = render([], [])
    assert set(np.unique(seen.code)) == {SKY, GRASS}
    assert seen.hidden.shape == (0, 0)


def test_ground_lies_where_the_camera_says():
    view = View(1.0, -2.0, 3.0, 1.2, 0.3, (96, 120))
    ground = Ground(GRASS, (Strip(ROAD, 0.4, 3.0, 6.0),))
    back = backdrop(ground, view, np.ones((5, 3), dtype=np.float32), 3)
    camera = camera_of([view])
    points = camera.to_world(camera.points(np.where(np.isfinite(back.depth), back.depth, 0)), 0)
    below = np.isfinite(back.depth)
    assert np.abs(points[below][:, 2]).max() < 1e-3
    assert (back.kind[~below] == SKY).all()
    rows, columns = np.nonzero(below & (back.depth < 30))
    for row, column in list(zip(rows, columns, strict=True))[::97]:
        x, y, _ = points[row, column]
        if ground.around(x, y, 0.01) is not None:
            assert KINDS[back.kind[row, column]] == KINDS[ground.at(x, y)]


def test_views_invert():
    view = View(1.0, -2.0, 3.0, 1.2, 0.3, (96, 120))
    assert view.seen_from(*view.on_ground(1.5, 7.0)) == pytest.approx((1.5, 7.0))
    point = np.array([[2.0, 5.0, 0.0]], dtype=np.float32)
    expected = camera_of([view]).to_camera(point.astype(np.float64), 0)
    assert view.camera_points(point) == pytest.approx(expected, abs=1e-5)
    row = view.centre[1] + view.focal * np.tan(-view.pitch)
    assert view.horizon == pytest.approx(row)
