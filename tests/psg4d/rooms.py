"""A room of two walls, a floor and a table seen by a camera, with exact depth: nothing but planes."""

import numpy as np

from scenegraph import Camera

SIZE = 120, 160
CAMERA = Camera(150.0, 150.0, 79.5, 59.5)


def looking(eye, target, up=(0.0, 0.0, 1.0)):
    """Camera-to-world of a camera at `eye` that looks at `target`; OpenCV axes."""
    forward = np.subtract(target, eye) / np.linalg.norm(np.subtract(target, eye))
    right = np.cross(forward, up)
    right /= np.linalg.norm(right)
    pose = np.eye(4)
    pose[:3, :3] = np.stack([right, np.cross(forward, right), forward], axis=1)
    pose[:3, 3] = eye
    return pose


def room_depth(pose, table=0.8):
    """Depth and node ids: 0 the floor z = 0, 1 the wall y = 4, 2 the wall x = 3, 3 a table top, -1 nothing."""
    rows, columns = np.mgrid[: SIZE[0], : SIZE[1]]
    rays = (
        np.stack([(columns - CAMERA.cx) / CAMERA.fx, (rows - CAMERA.cy) / CAMERA.fy, np.ones(SIZE)], axis=-1)
        @ pose[:3, :3].T
    )
    eye, depth, ids = pose[:3, 3], np.full(SIZE, np.inf), np.full(SIZE, -1)
    for node, (axis, place) in enumerate(((2, 0.0), (1, 4.0), (0, 3.0), (2, table))):
        with np.errstate(divide="ignore", invalid="ignore"):
            z = (place - eye[axis]) / rays[..., axis]
            hit = eye + z[..., None] * rays
            inside = (hit[..., 2] > -1e-6) & (hit[..., 1] < 4 + 1e-6) & (hit[..., 0] < 3 + 1e-6)
        if node == 3:
            inside &= (np.abs(hit[..., 0]) < 1) & (np.abs(hit[..., 1] - 2.2) < 0.7)
        nearer = (z > 0.1) & (z < depth) & inside
        depth[nearer], ids[nearer] = z[nearer], node
    return np.where(np.isfinite(depth), depth, 0).astype(np.float32), ids


POSES = np.stack([looking((x, -1.5, 1.6), (0.3, 2.2, 0.6)) for x in (-1.0, -0.5, 0.0, 0.5)])
