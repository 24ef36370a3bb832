"""RGB-D videos: frames, depth that a browser can decode, and the camera, in the index."""

import io

import numpy as np
import pytest
from PIL import Image

from explorer import layout
from explorer.columns import read_table
from explorer.index import build
from explorer.rgbd_sources import POINTS, depth_png
from scenegraph import files
from tests.explorer.scenes import rgbd_video, write_rgbd


def decoded(content):
    pixels = np.array(Image.open(io.BytesIO(content))).astype(int)
    return (256 * pixels[..., 0] + pixels[..., 1]) / 1000


def test_depth_survives_to_a_millimetre():
    metres = np.array([[0.0, 1.2345, 3.0], [np.nan, 65.0, 70.0]])
    assert decoded(depth_png(metres)) == pytest.approx(np.array([[0, 1.234, 3.0], [0, 65.0, 0]]), abs=6e-4)
    assert np.prod(decoded(depth_png(np.ones((900, 1200)))).shape) <= 1.1 * POINTS


def test_an_rgbd_video_brings_depth_and_camera(tmp_path):
    graph, depths = rgbd_video()
    write_rgbd(tmp_path / "data", graph, depths)
    manifest = build({"truth": tmp_path / "data"}, tmp_path / "index", progress=False)
    assert manifest.kinds == ("rgbd",) and not manifest.missing_pictures and not manifest.problems
    items = read_table(manifest.columns(tmp_path / "index") / "items.parquet").to_pylist()
    frames = graph.source.num_frames
    assert [(row["frame_pictures"], row["frame_depths"]) for row in items] == [(frames, frames)]
    for frame in range(frames):
        path = layout.depth_path(tmp_path / "index", items[0]["key"], frame)
        assert decoded(path.read_bytes()) == pytest.approx(depths[frame], abs=1.1e-3)
    stored = files.load(layout.graph_path(tmp_path / "index", "truth", items[0]["key"]))
    assert stored.source.camera is not None and len(stored.relations) == len(graph.relations)
    before = path.stat().st_mtime_ns
    assert build({"truth": tmp_path / "data"}, tmp_path / "index", title="new", progress=False).items == 1
    assert path.stat().st_mtime_ns == before  # depth is written once
