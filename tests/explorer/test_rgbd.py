"""RGB-D videos: frames, depth that a browser can decode, and the camera, in the index."""

import io
from dataclasses import replace

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from explorer import layout
from explorer.columns import read_table
from explorer.index import build
from explorer.rgbd_sources import POINTS, depth_png
from explorer.server import create_app
from scenegraph import files
from scenegraph.formats.clouds import CloudFile, write_cloud
from scenegraph.point_cloud import PointCloud
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


def write_recording(root, depths, poses):
    """A plain folder of colour, depth in millimetres and poses, as cameras of the 7-Scenes kind write it."""
    root.mkdir(parents=True)
    np.savetxt(root / "camera-intrinsics.txt", [[30.0, 0, 15], [0, 30.0, 10], [0, 0, 1]])
    for frame, (depth, pose) in enumerate(zip(depths, poses, strict=True)):
        Image.new("RGB", depth.shape[::-1], (20 * frame, 0, 0)).save(root / f"frame-{frame:06d}.color.png")
        Image.fromarray((1000 * depth).astype(np.uint16)).save(root / f"frame-{frame:06d}.depth.png")
        np.savetxt(root / f"frame-{frame:06d}.pose.txt", pose)


@pytest.mark.parametrize("named", ["beside", "its parent", "itself"])
def test_a_graph_of_a_recording_brings_its_frames_and_depth(tmp_path, named):
    """What `groundgraph predict kitchen` writes: the graph names the folder; the user says where that is."""
    graph, depths = rgbd_video()
    graph = replace(graph, source=replace(graph.source, uri="kitchen"))
    graphs = tmp_path / "graphs"
    graphs.mkdir()
    files.save(graph, graphs / "kitchen.scenegraph.json")
    folder = (graphs if named == "beside" else tmp_path / "recordings") / "kitchen"
    write_recording(folder, depths, graph.source.camera.poses)
    pictures = {"beside": [], "its parent": [folder.parent], "itself": [folder]}[named]
    manifest = build({"graphs": graphs}, tmp_path / "index", pictures=pictures, progress=False)
    (row,) = read_table(manifest.columns(tmp_path / "index") / "items.parquet").to_pylist()
    assert (row["frame_pictures"], row["frame_depths"], row["picture"]) == (10, 10, ".png")
    shown = Image.open(layout.frame_path(tmp_path / "index", row["key"], 7, ".png"))
    assert shown.getpixel((0, 0)) == (140, 0, 0)
    path = layout.depth_path(tmp_path / "index", row["key"], 7)
    assert decoded(path.read_bytes()) == pytest.approx(depths[7], abs=1.1e-3)


def test_a_recording_of_another_length_is_not_shown_under_a_graph(tmp_path):
    graph, depths = rgbd_video()
    graph = replace(graph, source=replace(graph.source, uri="kitchen"))
    files.save(graph, tmp_path / "kitchen.scenegraph.json")
    write_recording(tmp_path / "kitchen", depths[:9], graph.source.camera.poses[:9])
    manifest = build({"graphs": tmp_path}, tmp_path / "index", progress=False)
    (row,) = read_table(manifest.columns(tmp_path / "index") / "items.parquet").to_pylist()
    assert (row["frame_pictures"], row["frame_depths"], row["picture"]) == (0, 0, "")


def written_cloud(path):
    """Two points of the person and one of nobody."""
    cloud = PointCloud.of(np.array([[0.0, 0, 2], [0.1, 0, 2], [1, 1, 3]]), nodes=[1, 1, -1])
    write_cloud(path, CloudFile(cloud, np.array([0.0, -1, 0]), {1: "person-1"}))
    return path.read_bytes()


def test_a_cloud_beside_the_data_comes_with_its_item(tmp_path):
    graph, depths = rgbd_video()
    write_rgbd(tmp_path / "data", graph, depths)
    (tmp_path / "graphs").mkdir()
    files.save(graph, tmp_path / "graphs" / "kitchen.scenegraph.json")
    index, sources = tmp_path / "index", {"truth": [tmp_path / "data", tmp_path / "graphs"]}

    def clouds():
        manifest = build(sources, index, progress=False)
        return {
            row["item_id"]: row["cloud"] for row in read_table(manifest.columns(index) / "items.parquet").to_pylist()
        }

    assert clouds() == {"CAM1_park": 0, "kitchen": 0}
    written = {
        "CAM1_park": written_cloud(tmp_path / "data" / "CAM1_park.glb"),
        "kitchen": written_cloud(tmp_path / "graphs" / "kitchen.glb"),
    }
    assert clouds() == {"CAM1_park": 1, "kitchen": 1}  # what is new is seen
    client = TestClient(create_app(index), base_url="http://127.0.0.1")
    for item, content in written.items():
        key = layout.key_of(item)
        assert client.get(f"/index/clouds/{layout.shard(key)}/{key}.glb").content == content
        assert client.get(f"/index/clouds/{layout.shard(key)}/{key}.ply").status_code == 404
    (tmp_path / "data" / "CAM1_park.glb").unlink()
    assert clouds() == {"CAM1_park": 0, "kitchen": 1}


def test_a_cloud_outside_the_data_is_left_alone(tmp_path):
    graph, _ = rgbd_video()
    (tmp_path / "graphs").mkdir()
    files.save(graph, tmp_path / "graphs" / "kitchen.scenegraph.json")
    written_cloud(tmp_path / "secret.glb")
    (tmp_path / "graphs" / "kitchen.glb").symlink_to(tmp_path / "secret.glb")
    manifest = build({"truth": tmp_path / "graphs"}, tmp_path / "index", progress=False)
    table = read_table(manifest.columns(tmp_path / "index") / "items.parquet")
    assert table["cloud"].to_pylist() == [0]
