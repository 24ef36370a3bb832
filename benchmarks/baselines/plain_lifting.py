"""Segments in metres as most programs have it: every mask by itself over the whole map of points."""

import numpy as np


def lift(ids, depth, camera, count, pose):
    """Centre and size [count, 3] of the points of every segment, in the world."""
    positions, extents = (np.full((count, 3), np.nan) for _ in range(2))
    points = camera.points(depth) @ pose[:3, :3].T + pose[:3, 3]
    for number in range(count):
        own = points[(ids == number) & (depth > 0)]
        if len(own):
            low, high = np.percentile(own, [1, 99], axis=0)
            positions[number], extents[number] = (low + high) / 2, high - low
    return positions, extents
