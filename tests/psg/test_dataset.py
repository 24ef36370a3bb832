"""The data set and its transforms: what an item holds, and what geometry may not change."""

import json
import pickle
import shutil

import numpy as np
import pytest
import torch
from PIL import Image

from psg.dataset import PSGDataset, one_a_pair
from psg.transforms import LoadScene, PackScene, RelationCrop, SceneFlip, build_pipeline
from scenegraph import InputError
from tests.psg.data import HEIGHT, WIDTH, WORDS, drawn

PIPELINE = [{"type": "LoadScene"}, {"type": "PackScene"}]


def loaded(number=0):
    """An item after `LoadScene`, without a file."""
    graph, image = drawn(number)
    return LoadScene().transform(
        {
            "img": image,
            "graph": graph,
            "labels": np.array([node.category for node in graph.nodes]),
            "relations": np.array([relation.triple for relation in graph.relations]),
        }
    )


def unpacked(results):
    packed = PackScene().transform(results)
    return packed["inputs"], packed["data_samples"]


def test_an_item(psg_json):
    dataset = PSGDataset(str(psg_json), split="test", pipeline=PIPELINE)
    assert len(dataset) == 4
    item = dataset[1]
    graph, _ = drawn(9)
    sample = item["data_samples"]
    assert item["inputs"].shape == (3, HEIGHT, WIDTH)
    assert item["inputs"].dtype == torch.uint8
    assert sample.img_id == "000009"
    assert sample.ori_shape == sample.img_shape == (HEIGHT, WIDTH)
    assert sample.scale_factor == (1.0, 1.0)
    assert not sample.flip
    assert sample.graph.relations == graph.relations
    assert [node.region for node in sample.graph.nodes] == [node.region for node in graph.nodes]
    instances = sample.gt_instances
    assert instances.labels.tolist() == [2, 3, 0, 1]
    assert instances.masks.dtype == torch.bool
    for node, mask, box in zip(graph.nodes, instances.masks, instances.bboxes, strict=True):
        np.testing.assert_array_equal(mask.numpy(), node.region.mask.array())
        assert tuple(box.tolist()) == node.region.box
    assert sample.gt_relations.tolist() == [list(relation.triple) for relation in graph.relations]
    assert dataset.vocabulary == WORDS
    assert dataset.metainfo["vocabulary"]["things"] == list(WORDS.things)


def test_training_items_carry_no_graph_and_the_list_is_serialised(psg_json):
    dataset = PSGDataset(psg_json.name, data_root=str(psg_json.parent), pipeline=PIPELINE)
    assert len(dataset) == 8
    assert "graph" not in dataset[0]["data_samples"]
    assert isinstance(dataset.data_bytes, np.ndarray)
    assert not dataset.data_list
    assert len(pickle.dumps(dataset)) < 20_000


def test_random_predicates_take_each_of_a_pair(psg_json):
    dataset = PSGDataset(str(psg_json), predicates="random", pipeline=PIPELINE)
    np.random.seed(0)
    drawn_rows = [dataset[0]["data_samples"].gt_relations for _ in range(20)]
    assert {len(rows) for rows in drawn_rows} == {5}
    between = {int(rows[(rows[:, 0] == 2) & (rows[:, 2] == 3)][0, 1]) for rows in drawn_rows}
    assert between in ({1, 4}, {2, 4})


def test_one_a_pair_keeps_the_order_and_nothing_else():
    relations = np.array([[3, 0, 0], [0, 1, 3], [3, 2, 0], [1, 1, 2]])
    kept = one_a_pair(relations)
    assert {tuple(row) for row in kept[:, [0, 2]]} == {(3, 0), (0, 3), (1, 2)}
    places = [relations.tolist().index(row) for row in kept.tolist()]
    assert places == sorted(places)
    assert one_a_pair(np.zeros((0, 3), dtype=np.int64)).shape == (0, 3)


def test_validation_is_held_out_of_training(psg_json):
    def ids(**options):
        dataset = PSGDataset(str(psg_json), pipeline=PIPELINE, held_out=3, **options)
        return [dataset[i]["data_samples"].img_id for i in range(len(dataset))]

    assert ids(split="train") == [f"{number:06d}" for number in range(5)]
    assert ids(split="val") == ["000005", "000006", "000007"]
    assert ids(split="test") == [f"{number:06d}" for number in range(8, 12)]
    assert ids(split="test", indices=1) == ["000008"]
    with pytest.raises(InputError, match="'val' has no pictures"):
        PSGDataset(str(psg_json), split="val")
    with pytest.raises(InputError, match="held_out=8 of 8 training pictures leaves none"):
        PSGDataset(str(psg_json), split="train", held_out=8)


def test_flip_twice_is_the_identity():
    before = loaded()
    flip = SceneFlip(prob=1.0, mirrored=[("left of", "right of")])
    once = flip.transform(dict(before))
    assert once["flip"]
    assert once["relations"].tolist() != before["relations"].tolist()
    pixels, sample = unpacked(dict(once))
    whole_pixels, whole = unpacked(dict(before))
    assert torch.equal(pixels.flip(2), whole_pixels)
    assert torch.equal(sample.gt_instances.masks.flip(2), whole.gt_instances.masks)
    mirrored = whole.gt_instances.bboxes.clone()
    mirrored[:, [0, 2]] = WIDTH - mirrored[:, [2, 0]]
    assert torch.equal(sample.gt_instances.bboxes, mirrored)
    twice = flip.transform(once)
    np.testing.assert_array_equal(twice["img"], before["img"])
    np.testing.assert_array_equal(twice["gt_seg_map"], before["gt_seg_map"])
    np.testing.assert_array_equal(twice["relations"], before["relations"])


def test_a_flip_leaves_other_predicates_alone():
    before = loaded()
    after = SceneFlip(prob=1.0).transform(dict(before))
    np.testing.assert_array_equal(after["relations"], before["relations"])


def test_resize_keeps_segments_in_place():
    _, whole = unpacked(loaded())
    resize = build_pipeline([{"type": "Resize", "scale": (2 * WIDTH, 2 * HEIGHT), "keep_ratio": True}])
    pixels, sample = unpacked(resize(loaded()))
    assert pixels.shape == (3, 2 * HEIGHT, 2 * WIDTH)
    assert sample.scale_factor == (2.0, 2.0)
    assert sample.ori_shape == (HEIGHT, WIDTH)
    assert torch.equal(sample.gt_instances.masks[:, ::2, ::2], whole.gt_instances.masks)
    torch.testing.assert_close(sample.gt_instances.bboxes, 2 * whole.gt_instances.bboxes)


def test_a_crop_keeps_a_relation_and_its_ends():
    np.random.seed(0)
    sizes = set()
    for number in range(20):
        before = loaded(number)
        image, labels = before["img"], before["labels"]
        pixels, sample = unpacked(RelationCrop((16, 40)).transform(before))
        sizes.add(tuple(pixels.shape[1:]))
        instances = sample.gt_instances
        assert len(sample.gt_relations) >= 1
        assert sample.gt_relations[:, [0, 2]].max() < len(instances.labels)
        assert instances.masks.any(dim=(1, 2)).all()
        assert instances.masks.shape[1:] == pixels.shape[1:]
        for label, mask in zip(instances.labels, instances.masks, strict=True):
            assert int(label) in labels
            colour = pixels[:, mask].float().mean(dim=1)
            whole = image[before["graph"].nodes[labels.tolist().index(int(label))].region.mask.array()].mean(axis=0)
            assert np.abs(colour.numpy() - whole).max() < 12  # the segment kept its own pixels
    assert all(16 <= side <= 40 for size in sizes for side in size)


def test_a_crop_without_any_relation_leaves_the_picture_whole():
    item = loaded()
    item["relations"] = np.zeros((0, 3), dtype=np.int64)
    assert RelationCrop((8, 8)).transform(item)["img"].shape == (HEIGHT, WIDTH, 3)


def test_segments_that_vanish_take_their_relations_along():
    item = loaded()
    item["gt_seg_map"][item["gt_seg_map"] == 0] = -1  # the grass
    _, sample = unpacked(item)
    assert sample.gt_instances.labels.tolist() == [3, 0, 1]
    ends = {(int(s), int(o)) for s, _, o in sample.gt_relations}
    assert ends == {(1, 2), (2, 1)}


def test_a_picture_without_truth():
    results = LoadScene().transform({"img": drawn(0)[1]})
    _, sample = unpacked(results)
    assert "gt_instances" not in sample
    assert sample.ori_shape == (HEIGHT, WIDTH)


def test_grey_pictures_and_other_sizes(psg_json, tmp_path):
    shutil.copytree(psg_json.parent, tmp_path / "set")
    dataset = PSGDataset("psg.json", data_root=str(tmp_path / "set"), split="test", pipeline=PIPELINE)
    picture = tmp_path / "set" / dataset.file.record(8)["file_name"]
    Image.new("L", (WIDTH, HEIGHT), 90).save(picture)
    assert dataset[0]["inputs"].shape == (3, HEIGHT, WIDTH)
    Image.new("RGB", (WIDTH, HEIGHT + 1)).save(picture)
    with pytest.raises(InputError, match=r"image 000008.*expected 64 x 80"):
        dataset[0]


def test_broken_items_are_named(psg_json, tmp_path):
    shutil.copytree(psg_json.parent, tmp_path / "set")
    path = tmp_path / "set" / "psg.json"
    content = json.loads(path.read_text())
    content["data"][2]["relations"] = [[0, 99, 0]]
    path.write_text(json.dumps(content))
    dataset = PSGDataset(str(path), pipeline=PIPELINE)
    with pytest.raises(InputError, match=r"data\[2\] \(image 000002\).*relations\[0\]"):
        dataset[2]
    (tmp_path / "set" / content["data"][3]["pan_seg_file_name"]).write_bytes(b"no picture")
    with pytest.raises(InputError, match=r"data\[3\]"):
        dataset[3]


def test_bad_arguments(psg_json, tmp_path):
    with pytest.raises(InputError, match="predicates='some'"):
        PSGDataset(str(psg_json), predicates="some")
    with pytest.raises(InputError, match="split='dev'"):
        PSGDataset(str(psg_json), split="dev")
    with pytest.raises(InputError, match="no such file"):
        PSGDataset(str(tmp_path / "none.json"))
    content = json.loads(psg_json.read_text())
    content["test_image_ids"] = []
    (tmp_path / "psg.json").write_text(json.dumps(content))
    with pytest.raises(InputError, match="'test' has no pictures"):
        PSGDataset(str(tmp_path / "psg.json"), split="test")


def test_the_published_loader(golden):
    """mini_psg: which items are kept, their classes, boxes and relations, as the reference loads them."""
    folder = golden / "psg"
    expected = json.loads((folder / "expected_mini_psg.json").read_text())
    for split in ("train", "test"):
        dataset = PSGDataset(
            str(folder / "mini_psg" / "psg.json"), split=split, pipeline=[dict], keep_graph=True, predicates="random"
        )
        wanted = expected[split]["images"]
        assert [dataset.get_data_info(i)["img_id"] for i in range(len(dataset))] == [w["image_id"] for w in wanted]
        for i, want in enumerate(wanted):
            item = dataset[i]
            assert item["labels"].tolist() == want["labels_all"]
            if split == "test":
                rows = [[s, o, p + 1] for s, p, o in (r.triple for r in item["graph"].relations)]
                assert rows == want["rels_1based_predicate"]
            else:
                allowed = {
                    tuple(map(int, k.split(","))): v for k, v in want["allowed_predicates_per_pair_1based"].items()
                }
                assert {(s, o) for s, _, o in item["relations"].tolist()} == set(allowed)
                assert all(p + 1 in allowed[s, o] for s, p, o in item["relations"].tolist())
