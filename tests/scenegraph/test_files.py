import copy
import errno
import json
import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from scenegraph import InputError, Mask, Node, SceneGraph, Segment, Source, Vocabulary, files
from scenegraph.panoptic import read_id_map, write_id_map
from tests.factories import VOCABULARY, park, park_video, rectangle
from tests.scenegraph.strategies import damaged, graphs

# The type checker looks at random elements of the tuples that strategies build.
pytestmark = pytest.mark.filterwarnings("ignore:Do not use the `random` module")

schema_validator = Draft202012Validator(files.json_schema())


def coded(graph=None):
    return json.loads(files.dumps(graph or park()))


def refusal(value) -> str:
    with pytest.raises(InputError) as caught:
        files.loads(value if isinstance(value, str) else json.dumps(value))
    return str(caught.value)


def edited(path, value, graph=None):
    """The coded park with one value changed (or removed) at a path of keys and positions."""
    result = place = coded(graph)
    for step in path[:-1]:
        place = place[step]
    if value is KeyError:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return result


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(files.json_schema())


@settings(max_examples=150, deadline=None)
@given(graphs())
def test_every_graph_comes_back_equal_and_fits_the_schema(graph):
    text = files.dumps(graph)
    back = files.loads(text)
    assert back == graph
    assert files.dumps(back) == text
    schema_validator.validate(json.loads(text))


@settings(max_examples=50, deadline=None)
@given(graph=graphs(kinds=("image",)))
def test_images_come_back_from_a_panoptic_png(graph, tmp_path_factory):
    path = tmp_path_factory.mktemp("png") / "a.scenegraph.json"
    masks = [node.region.mask for node in graph.nodes if node.region.mask is not None]
    if sum(mask.area for mask in masks) > np.count_nonzero(sum((m.array().astype(int) for m in masks), 0)):
        with pytest.raises(InputError, match="overlap"):
            files.save(graph, path, masks="png")
        assert list(path.parent.iterdir()) == []
        return
    files.save(graph, path, masks="png")
    schema_validator.validate(json.loads(path.read_text("utf-8")))
    assert files.load(path) == graph


def test_the_file_is_readable_and_names_agree():
    value = coded()
    assert list(value) == ["schema", "source", "vocabulary", "nodes", "relations"]
    assert value["schema"] == "scenegraph/1"
    node, relation = value["nodes"][1], value["relations"][2]
    assert (node["id"], node["category"], node["category_name"]) == (1, 1, "dog")
    assert (relation["subject"], relation["predicate"], relation["object"]) == (1, 3, 2)
    assert relation["predicate_name"] == "chasing"
    assert files.dumps(park()).count("\n") == 22  # one node or relation a line


def test_names_and_defaults_may_be_left_out():
    value = {
        "schema": "scenegraph/1",
        "source": {"kind": "image", "uri": "a.png", "height": 4, "width": 5},
        "vocabulary": {"things": ["cat"], "stuff": [], "predicates": ["on"]},
        "nodes": [{"id": 7, "category": 0, "box": [0, 0, 2, 3]}],
        "relations": [{"subject": 7, "predicate": 0, "object": 7}],
    }
    schema_validator.validate(value)
    graph = files.loads(json.dumps(value))
    assert graph.node(7).score == 1.0 and graph.relations[0].spans == () and graph.metadata == {}


def test_equal_masks_give_equal_bytes():
    def graph(counts):
        node = Node(0, 0, Segment(Mask(2, 2, np.array(counts))))
        return SceneGraph(Source("image", "a", 2, 2), (node,), (), VOCABULARY)

    first, second = graph([1, 2, 1]), graph([1, 1, 0, 1, 1, 0])
    assert first == second and files.dumps(first) == files.dumps(second)
    assert hash(first.nodes[0].region.mask) == hash(second.nodes[0].region.mask)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (
            ("nodes", 3, "mask", "counts"),
            "0?",
            r"nodes\[3\]\.mask\.counts: the runs of a mask|nodes\[3\]\.mask\.counts: .*negative",
        ),
        (("nodes", 3, "mask", "counts"), "5", r"nodes\[3\]\.mask\.counts: .*cover 5 pixels; 20 x 30 needs 600"),
        (("nodes", 3, "mask", "counts"), None, r"nodes\[3\]\.mask\.counts: expected a text, found null"),
        (("nodes", 3, "mask", "counts"), [1.5], r"nodes\[3\]\.mask\.counts: "),
        (("nodes", 3, "mask", "size"), [20, 31], r"nodes\[3\]\.mask\.size: \[20, 31\]; the source is \[20, 30\]"),
        (("nodes", 3, "mask"), KeyError, r"nodes\[3\]: expected one of the keys mask, box"),
        (("nodes", 3, "box"), [0, 0, 1, 1], r"nodes\[3\]: expected one of the keys mask, box"),
        (("nodes", 1, "id"), KeyError, r"nodes\[1\]: the key 'id' is missing"),
        (("nodes", 1, "id"), 1.0, r"nodes\[1\]\.id: expected a whole number, found 1\.0"),
        (("nodes", 1, "id"), True, r"nodes\[1\]\.id: expected a whole number, found true"),
        (("nodes", 1, "id"), 0, "node id 0 is used twice"),
        (("nodes", 1, "category"), 5, r"nodes\[1\]\.category: 5 is not in the vocabulary, which has 0-4"),
        (("nodes", 1, "category_name"), "cat", r"nodes\[1\]\.category_name: 'cat', but category 1 is 'dog'"),
        (("nodes", 1, "scores"), 0.5, r"nodes\[1\]: unknown key 'scores'"),
        (("nodes", 1, "score"), "high", r"nodes\[1\]\.score: expected a finite number, found the text 'high'"),
        (("nodes", 1, "score"), 1.5, "node 1 has score 1.5"),
        (("nodes", 1), [], r"nodes\[1\]: expected an object, found a list of 0"),
        (("nodes",), {}, "nodes: expected a list"),
        (("relations", 2, "object"), 9, "relation 2 names node 9; the graph has nodes 0-4"),
        (("relations", 2, "predicate"), 4, r"relations\[2\]\.predicate: 4 is not in the vocabulary"),
        (
            ("relations", 2, "predicate_name"),
            "on",
            r"relations\[2\]\.predicate_name: 'on', but predicate 3 is 'chasing'",
        ),
        (("relations", 2, "spans"), [[0]], r"relations\[2\]\.spans\[0\]: expected \[start, stop\]"),
        (("relations", 2, "spans"), [[0, 3]], r"relation 2 has span \[0, 3\)"),
        (("relations",), KeyError, "the key 'relations' is missing"),
        (("source", "kind"), "sound", "source: source kind 'sound'"),
        (("source", "height"), 10**6, "source: 1000000 x 30 pixels, 1 frames; at most|source is"),
        (("source", "height"), 10**8, r"at most [0-9,]+ pixels"),
        (("source", "fps"), -1, "source: .*fps -1"),
        (("source", "camera"), {"fx": 1, "fy": 1, "cx": 0}, "camera: the key 'cy' is missing"),
        (
            ("source", "camera"),
            {"fx": 1, "fy": 1, "cx": 0, "cy": 0, "poses": [[[1]]]},
            r"camera\.poses\[0\]: expected 4",
        ),
        (("vocabulary", "things"), ["a", "a", "b"], "vocabulary: categories name"),
        (("vocabulary", "things"), ["a", 3, "b"], r"vocabulary\.things\[1\]: expected a text, found 3"),
        (("metadata",), [], "metadata: expected an object"),
        (("schema",), "scenegraph/2", "written as 'scenegraph/2'; this program reads 'scenegraph/1'"),
        (("schema",), "other", 'expected "schema": "scenegraph/1"'),
        (("panoptic",), "a.png", "'a.png' beside the file"),
        (("extra",), 1, "the file: unknown key 'extra'"),
    ],
)
def test_what_is_wrong_is_named(path, value, message):
    with pytest.raises(InputError, match=message):
        files.loads(json.dumps(edited(path, value)))


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("nodes", 0, "tube", 1, "frame"), 0, r"nodes\[0\]\.tube\[1\]\.frame: frame 0 stands twice"),
        (("nodes", 0, "tube", 1, "mask"), KeyError, r"nodes\[0\]\.tube\[1\]: the key 'box' is missing"),
        (("nodes", 0, "tube"), [], r"nodes\[0\]\.tube: a tube needs a segment"),
        (("nodes", 0, "tube", 1, "frame"), 10, "node 1 is seen in frame 10"),
        (("nodes", 0, "track"), {"positions": [], "extents": []}, r"nodes\[0\]\.track: positions has shape \(0, 3\)"),
        (("nodes", 0, "track"), {"positions": [[1, 2]]}, r"nodes\[0\]\.track\.positions\[0\]: expected 3 numbers"),
        (("nodes", 0, "track"), {"positions": [["a", 2, 1]]}, r"nodes\[0\]\.track\.positions\[0\]: expected a finite"),
    ],
)
def test_what_is_wrong_in_a_video_is_named(path, value, message):
    with pytest.raises(InputError, match=message):
        files.loads(json.dumps(edited(path, value, park_video())))


def test_nan_and_huge_numbers_are_refused():
    text = files.dumps(park())
    assert "NaN" in refusal(text.replace('"score": 0.8', '"score": NaN', 1))
    assert "finite" in refusal(text.replace('"score": 0.8', '"score": 1e999', 1))
    assert "35 bits" in refusal(json.dumps(edited(("nodes", 0, "mask", "counts"), "o" * 50 + "0")))


def test_foreign_json_is_recognised():
    assert "psg.json" in refusal({"data": [], "thing_classes": [], "predicate_classes": []})
    assert "pvsg.json" in refusal({"data": [], "objects": {}, "relations": [], "split": {}})
    assert "COCO" in refusal({"images": [], "annotations": [], "categories": []})
    assert "found a list of 2" in refusal([1, 2])
    assert "found 3" in refusal("3")
    assert "empty" in refusal(" \n")
    assert "deeply" in refusal("[" * 100_000)


@given(st.floats(0, 1, exclude_max=True))
def test_a_truncated_file_says_so(share):
    text = files.dumps(park()).rstrip()
    cut = text[: int(share * len(text))]
    message = refusal(cut)
    assert "JSON" in message
    if cut.strip():
        assert "line" in message


def test_reading_names_the_file(tmp_path):
    path = tmp_path / "a.scenegraph.json"
    for content, message in [
        (b"\xff\xfe", "not a text file"),
        (b"", "empty"),
        (json.dumps(edited(("nodes", 0, "id"), None)).encode(), r"nodes\[0\]\.id"),
    ]:
        path.write_bytes(content)
        with pytest.raises(InputError, match=f"a.scenegraph.json: .*{message}"):
            files.load(path)
    with pytest.raises(InputError, match="no such file"):
        files.load(tmp_path / "none.json")
    with pytest.raises(InputError, match="folder"):
        files.load(tmp_path)
    path.write_bytes(b"\xef\xbb\xbf" + files.dumps(park()).encode())
    assert files.load(path) == park()


def test_a_file_over_the_limit_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "a.scenegraph.json"
    files.save(park(), path)
    monkeypatch.setattr(files, "MAX_BYTES", 100)
    with pytest.raises(InputError, match="at most 100 are read"):
        files.load(path)


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        ({"a": [{"b": float("nan")}]}, r"metadata\.a\[0\]\.b: nan"),
        ({"a": np.float32(1)}, r"metadata\.a: .*float32"),
        ({"a": {3: "x"}}, r"metadata\.a: the key 3 is no text"),
        ({"a": "\ud800"}, "not Unicode"),
    ],
)
def test_what_json_cannot_hold_is_not_written(metadata, message, tmp_path):
    graph = SceneGraph(Source("image", "a", 2, 2), (), (), VOCABULARY, metadata)
    with pytest.raises(InputError, match=message):
        files.save(graph, tmp_path / "a.scenegraph.json")
    assert list(tmp_path.iterdir()) == []


def test_the_png_is_beside_the_file_and_replaced_with_it(tmp_path):
    path = tmp_path / "park.scenegraph.json"
    files.save(park(), path, masks="png")
    (png,) = tmp_path.glob("park.*.png")
    assert set(np.unique(read_id_map(png))) == {0, 1, 2, 3, 4, 5}
    smaller = park().restricted_to([0, 1, 3])
    files.save(smaller, path, masks="png")
    assert files.load(path) == smaller
    assert not png.exists() and len(list(tmp_path.iterdir())) == 2


def test_a_png_that_disagrees_is_named(tmp_path):
    path = tmp_path / "park.scenegraph.json"
    files.save(park(), path, masks="png")
    (png,) = tmp_path.glob("park.*.png")
    ids = read_id_map(png)
    write_id_map(png, np.where(ids == 2, 77, ids))
    with pytest.raises(InputError, match="the listed ids 2 have no pixel"):
        files.load(path)
    ids[0, 0] = 99
    write_id_map(png, ids)
    with pytest.raises(InputError, match="pixels have the ids 99, which are not listed"):
        files.load(path)
    write_id_map(png, ids[1:])
    with pytest.raises(InputError, match=r"is \(19, 30\) pixels"):
        files.load(path)
    png.write_bytes(b"no picture")
    with pytest.raises(InputError, match="not a readable picture"):
        files.load(path)
    png.unlink()
    with pytest.raises(InputError, match=r"park.*png: there is no such file"):
        files.load(path)


@pytest.mark.parametrize("name", ["../a.png", "/etc/a.png", "", "b/../../a.png", "..\\a.png", "C:/a.png"])
def test_the_png_must_lie_inside_the_folder(name, tmp_path):
    path = tmp_path / "park.scenegraph.json"
    files.save(park(), path, masks="png")
    value = json.loads(path.read_text())
    value["panoptic"] = name
    path.write_text(json.dumps(value))
    with pytest.raises(InputError, match="not a path inside"):
        files.load(path)


def test_png_references_are_checked(tmp_path):
    path = tmp_path / "park.scenegraph.json"
    files.save(park(), path, masks="png")
    value = json.loads(path.read_text())

    def fails(message, **changes):
        changed = copy.deepcopy(value)
        changed["nodes"][1].update(changes)
        path.write_text(json.dumps(changed))
        with pytest.raises(InputError, match=message):
            files.load(path)

    fails("two nodes refer to the same segment", segment=1)
    fails(r"nodes\[1\]\.segment: 0;", segment=0)
    fails(r"nodes\[1\]\.segment: expected a whole number", segment="2")
    del value["panoptic"]
    fails("the key 'panoptic' is missing")


def test_png_masks_need_an_image(tmp_path):
    with pytest.raises(InputError, match="for images"):
        files.save(park_video(), tmp_path / "a.json", masks="png")


class FullDisk:
    """Lets some writes through, then behaves like a disk without room."""

    def __init__(self, monkeypatch, allowed):
        self.left = allowed
        self.fsync = os.fsync
        monkeypatch.setattr(os, "fsync", self)

    def __call__(self, descriptor):
        if self.left == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        self.left -= 1
        self.fsync(descriptor)


@pytest.mark.parametrize(("masks", "allowed"), [("rle", 0), ("png", 0), ("png", 1)])
def test_a_full_disk_leaves_the_old_file(masks, allowed, tmp_path, monkeypatch):
    path = tmp_path / "park.scenegraph.json"
    files.save(park().restricted_to([0, 3]), path, masks=masks)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    FullDisk(monkeypatch, allowed)
    with pytest.raises(InputError, match=r"could not be written .No space left"):
        files.save(park(), path, masks=masks)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(InputError, match="No such file"):
        files.save(park(), tmp_path / "none" / "a.json")


def test_an_empty_graph_is_a_graph(tmp_path):
    graph = SceneGraph(Source("image", "a", 1, 1), (), (), Vocabulary(("a",), (), ()))
    for masks in ("rle", "png"):
        files.save(graph, tmp_path / "a.scenegraph.json", masks=masks)
        assert files.load(tmp_path / "a.scenegraph.json") == graph


def test_five_hundred_nodes(tmp_path):
    nodes = tuple(Node(i, 0, Segment(rectangle(50, 500, i, 0, i + 1, 50))) for i in range(500))
    graph = SceneGraph(Source("image", "a", 50, 500), nodes, (), VOCABULARY)
    files.save(graph, tmp_path / "a.scenegraph.json", masks="png")
    assert files.load(tmp_path / "a.scenegraph.json") == graph


@settings(max_examples=150, deadline=None)
@given(damaged(json.loads(files.dumps(park()))) | damaged(json.loads(files.dumps(park_video()))))
def test_a_damaged_file_is_read_or_refused_but_never_breaks(value):
    try:
        graph = files.loads(json.dumps(value))
    except InputError:
        return
    schema_validator.validate(value)  # what is read is also what the schema allows
    assert files.loads(files.dumps(graph)) == graph


@pytest.mark.parametrize(
    "counts", [[1.5, 2.5], [4.0], [[4]], [[1], [1, 2]], [2**70], [2**63 - 1, 2**63 - 1, 6], [True] * 4]
)
def test_run_lengths_are_whole_numbers_that_fit(counts):
    with pytest.raises(InputError, match="run"):
        Mask.from_coco({"size": [2, 2], "counts": counts})
