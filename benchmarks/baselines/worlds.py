"""The same scene along the axes of another world: what is to be said of it must not change."""

from dataclasses import replace

import numpy as np

from scenegraph import SceneGraph, Track4D

_TURNS = {
    "-y": np.eye(3),
    "y": np.array([[1.0, 0, 0], [0, -1, 0], [0, 0, -1]]),
    "z": np.array([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]]),
}
"""From OpenCV's axes to those of a world in which another axis points up."""


def turned(graph: SceneGraph, up: str) -> SceneGraph:
    """The graph with another axis up (one of `scenegraph.graph.UPS`); its camera needs poses."""
    turn = _TURNS[up] @ _TURNS[graph.source.up].T
    camera = graph.source.camera
    assert camera is not None and camera.poses is not None
    poses = camera.poses.copy()
    poses[:, :3] = turn @ poses[:, :3]
    nodes = []
    for node in graph.nodes:
        region = node.region
        if isinstance(region, Track4D):
            spread = None if region.uncertainty is None else region.uncertainty @ abs(turn).T
            region = Track4D(region.tube, region.positions @ turn.T, region.extents @ abs(turn).T, spread)
        nodes.append(replace(node, region=region))
    source = replace(graph.source, camera=replace(camera, poses=poses), up=up)
    return replace(graph, source=source, nodes=tuple(nodes))
