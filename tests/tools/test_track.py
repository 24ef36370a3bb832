"""tools/track.py and tools/score_tracks.py as a person runs them."""

import json

import numpy as np
import pytest

from pvsg.tracks import TrackedVideo
from scenegraph.formats.pvsg import PVSGFile, PVSGWriter
from scenegraph.panoptic import write_id_map
from tests.factories import VOCABULARY, park_video


@pytest.fixture
def park(tmp_path):
    """A data set of one video, and its true segments as panoptic PNGs: (pvsg.json, maps:...)."""
    graph = park_video()
    with PVSGWriter(tmp_path, VOCABULARY) as writer:
        writer.add(graph, iter([np.zeros((20, 30, 3), np.uint8)] * 10), "val", "vidor")
    maps = tmp_path / "maps"
    maps.mkdir()
    names = [*VOCABULARY.things, *VOCABULARY.stuff]
    categories = [{"id": i, "name": name, "isthing": int(i < 3)} for i, name in enumerate(names)]
    annotations = []
    for frame in range(10):
        seen = [node for node in graph.nodes if node.region.segment(frame)]
        ids = np.zeros((20, 30), dtype=np.int32)
        for node in seen:
            ids[node.region.segment(frame).mask.array()] = node.id
        write_id_map(maps / f"{frame:04d}.png", ids)
        segments = [{"id": n.id, "category_id": n.category, "iscrowd": 0} for n in seen if (ids == n.id).any()]
        annotations.append({"image_id": frame, "file_name": f"{frame:04d}.png", "segments_info": segments})
    content = {"images": [], "annotations": annotations, "categories": categories}
    (tmp_path / "maps.json").write_text(json.dumps(content))
    return tmp_path / "pvsg.json", f"maps:{maps},{tmp_path / 'maps.json'}"


def test_track_and_score(run, park, tmp_path):
    truth, segmenter = park
    out = tmp_path / "tracks"
    code, printed, _ = run("track", segmenter, truth, "--split", "val", "--out", out)
    (path,) = out.iterdir()
    assert code == 0 and printed.strip() == str(path)
    video = TrackedVideo.read(path)
    assert len(video) == 4 and video.present.sum() == 38
    code, printed, _ = run("score_tracks", truth, out, "--json")
    values = json.loads(printed)
    assert code == 0 and values["VPQ"] == values["tubes found at vIoU 0.5"] == 1.0 and values["STQ"] == 1.0
    code, printed, _ = run("score_tracks", truth, tmp_path / "maps")  # no file there: nothing was found
    assert code == 0 and "tubes found at vIoU 0.5  0.0000" in printed
    before = path.read_bytes()
    assert run("track", segmenter, truth, "--split", "val", "--out", out)[0] == 0 and path.read_bytes() == before


def test_what_cannot_be_used(run, park, tmp_path):
    truth, segmenter = park
    for words, message in (
        ((segmenter, tmp_path / "none.json"), "there is no such file"),
        ((segmenter, truth, tmp_path / "clip.mp4"), "give it alone"),
        ((segmenter, tmp_path / "clip.mp4", "--out", tmp_path / "out"), "no such video file"),
        (("yolo:x", truth), "expected one of"),
        ((segmenter, truth, "--fps", 0), "more than 0 frames"),
        ((segmenter, truth, "--patience", -1), "--patience of 0 or more"),
        (("clips:none", truth), "no such checkpoint"),
        ((segmenter, truth, "--out", truth), "could not be made"),
    ):
        code, _, complaint = run("track", *words)
        assert code == 2 and message in complaint and "Traceback" not in complaint
    code, _, complaint = run("score_tracks", truth, tmp_path / "nowhere")
    assert code == 2 and "no such folder" in complaint
    assert len(PVSGFile.open(truth)) == 1
