"""Oriented boxes, and clouds to and from Open3D."""

import sys

import numpy as np
import pytest

from psg4d import open3d_clouds
from psg4d.boxes import node_boxes, upright_box
from scenegraph import InputError
from scenegraph.point_cloud import PointCloud

UP = np.array([0.0, 0.0, 1.0])


def turned(angle):
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])


@pytest.mark.parametrize("angle", [0.0, 0.3, 1.0, 2.5])
def test_turned_box(angle):
    random = np.random.default_rng(0)
    inside = random.uniform(-0.5, 0.5, (4000, 3)) * (2.0, 1.0, 0.5)
    box = upright_box(inside @ turned(angle).T + (3, 4, 5), UP)
    np.testing.assert_allclose(box.extent, [2, 1, 0.5], rtol=0.01)
    np.testing.assert_allclose(box.centre, [3, 4, 5], atol=0.01)
    assert abs(box.axes[0] @ turned(angle)[:, 0]) == pytest.approx(1, abs=1e-3)
    assert np.linalg.det(box.axes) == pytest.approx(1) and box.axes[2].tolist() == [0, 0, 1]
    np.testing.assert_allclose(
        (box.corners - box.centre) @ box.axes.T / box.extent,
        np.sign((box.corners - box.centre) @ box.axes.T) / 2,
        atol=1e-9,
    )


def test_odd_points():
    assert upright_box(np.array([[1.0, 2, 3]]), UP).extent.tolist() == [0, 0, 0]
    line = np.stack([np.linspace(0, 1, 9)] * 3, axis=1)
    np.testing.assert_allclose(upright_box(line, UP).extent, [2**0.5, 0, 1], atol=1e-9)
    np.testing.assert_allclose(upright_box(line, np.array([0.0, -2, 0])).extent, [2**0.5, 0, 1], atol=1e-9)


def test_boxes_of_nodes_without_stray_points():
    random = np.random.default_rng(1)
    points = random.uniform(0, 1, (3000, 3))
    points[:5] = 50.0
    nodes = np.where(np.arange(3000) < 2990, 4, -1)
    nodes[-3:] = 6  # too few
    ((node, box),) = node_boxes(PointCloud.of(points, nodes=nodes), UP).items()
    assert node == 4 and (box.extent < 1.05).all() and (box.extent > 0.9).all()
    assert node_boxes(PointCloud.of(np.zeros((0, 3))), UP) == {}


def test_open3d_that_is_not_there(monkeypatch):
    monkeypatch.setitem(sys.modules, "open3d", None)  # what Python then raises names no libusb
    with pytest.raises(InputError, match=r"pip install 'groundgraph\[rgbd\]'"):
        open3d_clouds.to_open3d(PointCloud.of(np.zeros((1, 3))))


@pytest.mark.parametrize(
    ("raised", "message"),
    [
        (ImportError("libusb-1.0.so.0: cannot open shared object file"), "apt-get install libusb-1.0-0"),
        (ImportError("undefined symbol"), "install it again"),
        (ModuleNotFoundError("No module named 'plotly'", name="plotly"), "'plotly'.*install it again"),
    ],
)
def test_open3d_that_cannot_be_loaded(monkeypatch, raised, message):
    def importing(name):
        if name == "open3d":
            raise raised
        raise ModuleNotFoundError(name=name)

    monkeypatch.setattr(open3d_clouds.importlib, "import_module", importing)
    with pytest.raises(InputError, match=message):
        open3d_clouds.load_open3d()


def test_to_open3d_and_back():
    pytest.importorskip("open3d", reason="needs the extra rgbd")
    random = np.random.default_rng(2)
    points = np.concatenate([random.uniform(0, 1, (2000, 3)), [[9, 9, 9]]])
    cloud = PointCloud.of(points, random.integers(0, 256, (2001, 3)), np.arange(2001) % 5 - 1)
    back = open3d_clouds.from_open3d(open3d_clouds.to_open3d(cloud))
    np.testing.assert_array_equal(back.points, cloud.points)
    np.testing.assert_array_equal(back.colours, cloud.colours)
    np.testing.assert_array_equal(back.nodes, cloud.nodes)
    kept = open3d_clouds.without_outliers(cloud)
    assert kept.points.max() <= 1 and len(kept) > 1900
