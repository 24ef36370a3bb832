"""Frames and clips of a pvsg.json as items for training."""

import shutil

import numpy as np
import pytest
from PIL import Image

from pvsg.video_segmenter.clips import PVSGClips, tall
from scenegraph import InputError
from tests.factories import VOCABULARY
from tests.pvsg.scenes import CLIPS, dataset

PERSON, DOG, BALL, GRASS = range(4)


def test_splits(park_json):
    assert len(dataset(park_json)) == 30
    assert len(dataset(park_json, held_out=1)) == 20
    val = dataset(park_json, held_out=1, split="val", every=4)
    assert [val.get_data_info(at)["img_id"] for at in range(len(val))] == [f"0002_park/{f:04d}" for f in (0, 4, 8)]
    assert dataset(park_json, split="test").get_data_info(0)["img_id"] == "0003_park/0000"
    assert dataset(park_json).metainfo["vocabulary"]["things"] == list(VOCABULARY.things)


def test_a_frame_is_a_picture_with_what_holds_in_it(park_json):
    """The person holds the ball in frames 0-3 and 8-9; the dog is seen from frame 2 on and chases it in 4-7."""
    frames = dataset(park_json, split="test")
    chasing = VOCABULARY.predicates.index("chasing")
    for frame, predicates in ((0, [0, 1]), (3, [0, 1]), (5, [0, chasing]), (9, [0, 1])):
        info = frames.get_data_info(frame)
        graph = info["graph"]
        assert [node.id for node in graph.nodes] == list(range(len(graph.nodes)))
        assert len(graph.nodes) == (3 if frame < 2 else 4)
        assert [relation.predicate for relation in graph.relations] == predicates
        packed = frames[frame]
        assert packed["inputs"].shape == (3, 20, 30) and int(packed["inputs"][0, 0, 0]) == 20 * frame
        sample = packed["data_samples"]
        assert sample.gt_relations[:, 1].tolist() == predicates
        assert sample.gt_instances.masks.sum().item() == sum(node.region.area for node in graph.nodes)
    counts = frames.predicate_counts()
    assert counts[:, 1].tolist() == [1] * 4 + [0] * 4 + [1] * 2 and counts[:, chasing].sum() == 4


def test_frames_that_lack_a_file_are_left_out(park_json, tmp_path):
    root = shutil.copytree(park_json.parent, tmp_path / "copy")
    (root / "vidor" / "frames" / "0003_park" / "0004.png").unlink()
    (root / "vidor" / "masks" / "0003_park" / "0006.png").unlink()
    frames = dataset(root / "pvsg.json", split="test")
    assert [int(frames.get_data_info(at)["img_id"][-4:]) for at in range(len(frames))] == [0, 1, 2, 3, 5, 7, 8, 9]
    mask = root / "vidor" / "masks" / "0003_park" / "0005.png"
    Image.fromarray(np.zeros((20, 31), np.uint8)).save(mask)
    with pytest.raises(InputError, match=r"0005\.png"):
        frames[4]
    mask.write_bytes(mask.read_bytes()[:30])
    with pytest.raises(InputError, match=r"0005\.png"):
        frames[4]


@pytest.mark.parametrize(("options", "message"), [({"every": 0}, "every=0"), ({"split": "x"}, "split")])
def test_options_that_are_none(park_json, options, message):
    with pytest.raises(InputError, match=message):
        dataset(park_json, **options)
    with pytest.raises(InputError, match="no labelled frames"):
        dataset(park_json, held_out=3)


def test_a_clip_is_a_tall_picture(park_json):
    clips = dataset(park_json, PVSGClips, CLIPS, split="test", length=3)
    assert len(clips) == 8
    item = clips[1]  # frames 1 to 3; the dog comes in frame 2
    sample = item["data_samples"]
    assert item["inputs"].shape == (3, 96, 30) and sample.clip_length == 3  # frames of 20 rows are extended to 32
    assert [int(item["inputs"][0, 32 * k, 0]) for k in range(3)] == [20, 40, 60]
    assert sample.gt_instances.labels.tolist() == [PERSON, DOG, BALL, GRASS]
    dog = sample.gt_instances.masks[1]
    assert not dog[:32].any() and dog[32:64].sum() == dog[64:].sum() == 48
    assert not sample.gt_instances.masks[:, 20:32].any()
    assert sample.graph.source.size == (96, 30) and len(sample.graph.nodes) == 4
    with pytest.raises(InputError, match="11 labelled frames"):
        dataset(park_json, PVSGClips, CLIPS, length=11)


def test_clips_need_frames_of_one_size():
    black = np.zeros((20, 30, 3), np.uint8)
    assert tall([black])["img"].shape == (32, 30, 3)
    with pytest.raises(InputError, match="all of one size"):
        tall([black, black[1:]])
    with pytest.raises(InputError, match="at least one"):
        tall([])
