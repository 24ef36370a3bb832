"""Frames into one cloud: by hand, against a plain loop, in a room of planes and on real frames."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psg4d.floor import SUPPORT, Plane, camera_up, find_floor, find_up
from psg4d.fusion import Fusion, reprojection_error, surface_normals
from scenegraph import Camera, InputError
from scenegraph.formats.rgbd import RGBDFolder
from scenegraph.point_cloud import PointCloud
from tests.psg4d.rooms import CAMERA, POSES, room_depth

SMALL = Camera(10.0, 10.0, 1.5, 1.5)


def fused_room(voxel=0.05, poses=POSES, noise=0.0):
    fusion = Fusion(voxel)
    random = np.random.default_rng(0)
    for pose in poses:
        depth, ids = room_depth(pose)
        depth *= 1 + noise * random.standard_normal(depth.shape).astype(np.float32)
        fusion.add(depth, CAMERA, pose, nodes=ids)
    return fusion.cloud()


def test_one_voxel_by_hand():
    fusion = Fusion(voxel=1.0)
    depth = np.zeros((4, 4), dtype=np.float32)
    depth[1, 1:3] = 2.0  # x = -0.1 and 0.1 m: two voxels, for -0.1 lies in [-1, 0)
    colours = np.zeros((4, 4, 3), dtype=np.uint8)
    colours[1, 1], colours[1, 2] = (10, 20, 30), (40, 50, 60)
    fusion.add(depth, SMALL, colours=colours, nodes=np.full((4, 4), 7))
    depth[1, 1] = 0
    depth[1, 2] = 2.4
    colours[1, 2] = (50, 60, 70)
    fusion.add(depth, SMALL, colours=colours, nodes=np.full((4, 4), 7))
    cloud = fusion.cloud()
    assert len(fusion) == 2 and cloud.nodes.tolist() == [7, 7]
    np.testing.assert_allclose(cloud.points, [[-0.1, -0.1, 2], [0.11, -0.11, 2.2]], atol=1e-6)
    assert cloud.colours.tolist() == [[10, 20, 30], [45, 55, 65]]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 4))
def test_equals_a_plain_loop(seed, frames):
    random = np.random.default_rng(seed)
    fusion, points, labels = Fusion(0.5), {}, {}
    fusion_in_parts = Fusion(0.5)
    for _ in range(frames):
        depth = np.where(random.random((6, 7)) < 0.2, np.nan, random.uniform(1, 3, (6, 7))).astype(np.float32)
        nodes = np.full((6, 7), random.integers(0, 2))
        fusion.add(depth, SMALL, nodes=nodes)
        fusion_in_parts.add(depth, SMALL, nodes=nodes)
        len(fusion_in_parts)  # merges at once
        for point, node in zip(SMALL.points(depth).reshape(-1, 3), nodes.ravel(), strict=True):
            if not np.isnan(point).any():
                cell = tuple(np.floor(point / 0.5).astype(int))
                points.setdefault(cell, []).append(point)
                labels.setdefault(cell, Counter())[int(node)] += 1
    cloud = fusion.cloud()
    expected = np.array([np.mean(points[cell], axis=0) for cell in sorted(points)]).reshape(-1, 3)
    np.testing.assert_allclose(cloud.points, expected, atol=1e-4)
    np.testing.assert_allclose(fusion_in_parts.cloud().points, expected, atol=1e-4)
    for merged in (cloud, fusion_in_parts.cloud()):
        for node, cell in zip(merged.nodes.tolist(), sorted(points), strict=True):
            (_, most), *others = labels[cell].most_common()
            assert labels[cell][node] == most or not others


def test_memory_is_bounded_by_voxels():
    """The same room a second time adds no voxel; more voxels than allowed are refused."""
    fusion = Fusion(0.05)
    counts = []
    for _ in range(3):
        for pose in POSES:
            depth, ids = room_depth(pose)
            fusion.add(depth, CAMERA, pose, nodes=ids)
        counts.append(len(fusion))
    assert counts[0] == counts[1] == counts[2] < 4 * 120 * 160 / 2
    with pytest.raises(InputError, match="larger voxels"):
        small = Fusion(0.05, max_voxels=100)
        small.add(*room_depth(POSES[0])[:1], CAMERA, POSES[0])
        len(small)


def test_labels_and_normals_of_a_room():
    cloud = fused_room()
    for node, axis, place, normal in ((0, 2, 0.0, (0, 0, 1)), (1, 1, 4.0, (0, -1, 0)), (3, 2, 0.8, (0, 0, 1))):
        own = cloud[cloud.nodes == node]
        assert len(own) > 50
        assert np.median(np.abs(own.points[:, axis] - place)) < 1e-3
        known = np.isfinite(own.normals).all(axis=1)
        assert known.mean() > 0.5 and np.median(own.normals[known] @ np.array(normal, dtype=np.float32)) > 0.99


def test_normals_of_a_slope():
    """z = 2 + y: the normal lies halfway between towards the camera and down."""
    rows = np.arange(40)[:, None] * np.ones((1, 40))
    slope = (rows - 19.5) / 100
    depth = (2 / (1 - slope)).astype(np.float32)
    normals = surface_normals(Camera(100.0, 100.0, 19.5, 19.5).points(depth))
    assert np.isnan(normals[0]).all() and np.isnan(normals[:, -1]).all()
    np.testing.assert_allclose(normals[20, 20], [0, 0.5**0.5, -(0.5**0.5)], atol=1e-3)


def test_empty():
    assert len(Fusion().cloud()) == 0
    fusion = Fusion()
    fusion.add(np.zeros((48, 64), dtype=np.float32), SMALL)
    fusion.add(np.zeros((0, 0), dtype=np.float32), SMALL)
    assert len(fusion) == 0 and np.isnan(fusion.cloud().bounds).all()
    assert np.isnan(reprojection_error(fusion.cloud(), Camera(1.0, 1.0, 0.0, 0.0, np.eye(4)[None]), [np.ones((2, 2))]))


def test_bad_input():
    depth = np.ones((4, 4), dtype=np.float32)
    with pytest.raises(InputError, match="register depth to colour"):
        Fusion().add(depth, SMALL, colours=np.zeros((5, 4, 3), dtype=np.uint8))
    with pytest.raises(InputError, match="register depth to colour"):
        Fusion().add(depth, SMALL, nodes=np.zeros((4, 5), dtype=int))
    with pytest.raises(InputError, match="no rotation"):
        Fusion().add(depth, SMALL, np.diag([1.0, 2, 1, 1]))
    with pytest.raises(InputError, match="is the scale of depth or poses right"):
        Fusion().add(depth * 1e6, SMALL)
    with pytest.raises(InputError, match="below 0 m"):
        Fusion().add(-depth, SMALL)
    for voxel in (0.0, -1.0, np.nan):
        with pytest.raises(InputError, match="above 0"):
            Fusion(voxel)


def test_floor_below_a_table():
    cloud = fused_room(noise=0.002)
    up = find_up(cloud, np.array([0.0, 0.5, 1.0]))  # 27 degrees off
    assert up @ (0, 0, 1) > np.cos(np.deg2rad(3))
    floor = find_floor(cloud, up)
    assert floor.normal @ (0, 0, 1) > np.cos(np.deg2rad(1)) and floor.offset == pytest.approx(0, abs=0.01)
    np.testing.assert_allclose(floor.heights(np.array([[0, 0, 1.0]])), 1.0, atol=0.02)
    assert (cloud.nodes == 3).sum() > SUPPORT * (cloud.nodes == 0).sum()  # only its height tells the table apart


def test_no_floor():
    """A wall only, and a table top above things: neither is a floor."""
    cloud = fused_room()
    assert find_floor(cloud[cloud.nodes == 1], np.array([0.0, 0, 1])) is None
    lower = PointCloud.of(
        cloud.points * np.array([1, 1, 0], dtype=np.float32) - np.array([0, 0, 3], dtype=np.float32),
        normals=cloud.normals * 0 + np.array([1, 0, 0], dtype=np.float32),
    )
    both = PointCloud.of(
        np.concatenate([cloud.points[cloud.nodes == 3], lower.points[:2000]]),
        normals=np.concatenate([cloud.normals[cloud.nodes == 3], lower.normals[:2000]]),
    )
    assert find_floor(both, np.array([0.0, 0, 1])) is None
    assert find_floor(Fusion().cloud(), np.array([0.0, 0, 1])) is None
    with pytest.raises(InputError, match="no normals"):
        find_floor(PointCloud.of(np.zeros((3, 3))), np.array([0.0, 0, 1]))
    with pytest.raises(InputError, match="no direction"):
        find_floor(cloud, np.zeros(3))


@pytest.fixture(scope="module")
def real_frames(real_data):
    folder = RGBDFolder.open(real_data / "rgbd/tsdf_fusion_7scenes_style/rgbd-frames")
    return folder.camera, [folder.depth(frame)[::2, ::2] for frame in range(len(folder))]


def halved(camera, poses):
    return Camera(camera.fx / 2, camera.fy / 2, camera.cx / 2, camera.cy / 2, poses)


def fused(camera, depths):
    fusion = Fusion(0.02)
    for frame, depth in enumerate(depths):
        fusion.add(depth, camera, camera.poses[frame])
    return fusion.cloud()


def test_real_frames_fuse(real_frames):
    """Issue 5, Numbers: below 2 cm; with the poses inverted more than 10 cm (measured: 1.2 and 15 cm)."""
    given, depths = real_frames
    right, wrong = halved(given, given.poses), halved(given, np.linalg.inv(given.poses))
    cloud = fused(right, depths)
    errors = [
        float(np.median(reprojection_error(each, camera, depths)))
        for each, camera in ((cloud, right), (fused(wrong, depths), wrong))
    ]
    assert errors[0] < 0.02 < 0.1 < errors[1], f"{errors[0]:.4f} m; with inverted poses {errors[1]:.4f} m"
    assert len(depths) == 15 and 20_000 < len(cloud) < 15 * depths[0].size / 10


def test_real_floor(real_frames):
    """A kitchen: the worktop is larger in the pictures than the floor, and lies 0.9 m above it."""
    given, depths = real_frames
    camera = halved(given, given.poses)
    cloud = fused(camera, depths)
    floor = find_floor(cloud, find_up(cloud, camera_up(camera)))
    heights = floor.heights(cloud.points)
    assert (heights < -0.05).mean() < 0.01 and floor.spread < 0.015
    assert 1.2 < floor.heights(camera.poses[:1, :3, 3])[0] < 1.8  # held by a person
    level = np.nan_to_num(cloud.normals) @ floor.normal > 0.9
    worktop = heights[level & (heights > 0.5)]
    assert len(worktop) > 300 and np.median(worktop) == pytest.approx(0.92, abs=0.06)


def test_plane_heights():
    plane = Plane(np.array([0.0, 0.6, 0.8]), 1.0)
    np.testing.assert_allclose(plane.heights(np.array([[5.0, 1, 2], [0, 0, 0]])), [1.2, -1])
    assert camera_up(Camera(1.0, 1.0, 0.0, 0.0)).tolist() == [0, -1, 0]
