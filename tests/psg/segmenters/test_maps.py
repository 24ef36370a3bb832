"""The panoptic map, the interface around back ends, class names, given maps, and texts that name segmenters."""

import json
import sys
import types

import numpy as np
import pytest
import torch
from PIL import Image

from psg.fitting import MAX_ASPECT, MAX_PIXELS, fitted, restored, seen
from psg.segmenters import PanopticMap, Segmenter, segmenter_of
from psg.segmenters.adapter_detectron2 import Detectron2Segmenter
from psg.segmenters.given import GivenMaps
from psg.segmenters.names import Naming, coco_vocabulary
from scenegraph import InputError, Mask, Node, Relation, SceneGraph, Segment, Source, Vocabulary
from scenegraph.panoptic import write_id_map
from tests.psg.segmenters.conftest import WORDS

pytestmark = pytest.mark.filterwarnings("ignore:faster_coco_eval")  # mmdet, when it is imported

IDS = np.array([[0, 0, 2], [-1, 3, 2]])


def test_a_map_of_ids():
    features = np.arange(8, dtype=np.float32).reshape(4, 2)
    found = PanopticMap.of_ids(IDS, [0, 1, 2, 0], [0.9, 0.8, 0.7, 0.6], WORDS, features)
    assert found.ids.tolist() == [[0, 0, 1], [-1, 2, 1]]
    assert found.categories.tolist() == [0, 2, 0]
    assert found.scores.tolist() == [0.9, 0.7, 0.6]
    assert found.features.tolist() == [[0, 1], [4, 5], [6, 7]]
    graph = found.graph("x.jpg")
    assert (graph.source.uri, graph.source.size) == ("x.jpg", (2, 3))
    assert PanopticMap.of_graph(graph).nodes == found.nodes
    assert found.window(0, 2, 2, 1).categories.tolist() == [2]
    assert found.resized(4, 6).ids[::2, ::2].tolist() == found.ids.tolist()
    assert PanopticMap.of_ids(IDS * 0 - 1, [], [], WORDS).nodes == ()


def test_maps_that_are_none():
    def node(number, bits, **changes):
        return Node(number, 0, Segment(Mask.from_array(np.array(bits, dtype=bool))), **changes)

    good = node(0, [[1, 0]])
    for nodes, message in (
        ((good, node(1, [[1, 1]])), "overlap"),
        ((good, node(2, [[0, 1]])), "ids 0, 1"),
        ((node(0, [[1, 0, 0]]),), "pixels"),
        ((node(0, [[1, 0]], score=1.5),), "score"),
        ((Node(0, 0, Segment.from_box((0, 0, 1, 1), 1, 2)),), "box only"),
    ):
        with pytest.raises(InputError, match=message):
            PanopticMap(1, 2, nodes, WORDS)
    with pytest.raises(InputError, match="2 rows of features for 1"):
        PanopticMap(1, 2, (good,), WORDS, np.zeros((2, 4), dtype=np.float32))


class Halves(Segmenter):
    """A dog above, grass below; notes what it was shown."""

    vocabulary = WORDS

    def __init__(self):
        self.shown = []

    def _segment(self, images, names):
        self.shown += [image.shape for image in images]
        rows = [np.arange(len(image))[:, None] for image in images]
        ids = [(row >= len(row) / 2) + np.zeros(image.shape[:2], int) for row, image in zip(rows, images, strict=True)]
        return [PanopticMap.of_ids(each, [1, 2], [0.9, 0.8], WORDS) for each in ids]


@pytest.mark.parametrize(
    "picture",
    [
        Image.new("L", (6, 8), 200),
        Image.new("RGBA", (6, 8), (9, 9, 9, 0)),
        Image.new("P", (6, 8)),
        Image.new("I;16", (6, 8), 40_000),
        Image.new("CMYK", (6, 8)),
        np.zeros((8, 6), dtype=np.uint8),
    ],
    ids=["grey", "alpha", "palette", "16 bits", "print", "grey array"],
)
def test_every_kind_of_picture(picture):
    segmenter = Halves()
    found = segmenter.segment(picture)
    assert segmenter.shown == [(8, 6, 3)]
    assert [node.region.area for node in found.nodes] == [24, 24]


def test_rotated_and_animated_files(tmp_path):
    turned = Image.new("RGB", (8, 6))
    exif = turned.getexif()
    exif[0x0112] = 6  # the camera stood upright
    turned.save(tmp_path / "turned.jpg", exif=exif)
    frames = [Image.new("RGB", (6, 8), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / "moving.gif", save_all=True, append_images=frames[1:])
    for name in ("turned.jpg", "moving.gif"):
        assert Halves().segment(tmp_path / name).size == (8, 6)


def test_large_and_oblong_pictures_come_back_at_their_size():
    segmenter = Halves()
    large = np.zeros((1500, 4000, 3), dtype=np.uint8)
    oblong = np.zeros((2, 3000, 3), dtype=np.uint8)
    found = segmenter.segment_many([large, oblong])
    assert segmenter.shown[0][0] * segmenter.shown[0][1] <= MAX_PIXELS
    assert max(segmenter.shown[1]) <= MAX_ASPECT * min(segmenter.shown[1][:2])
    assert [each.size for each in found] == [(1500, 4000), (2, 3000)]
    assert [node.region.area for node in found[0].nodes] == [1500 * 2000] * 2
    assert [node.category for node in found[1].nodes] == [1]  # the dog: the grass lay in what was added


def test_graphs_of_fitted_pictures_and_back():
    picture = np.zeros((3, 100, 3), dtype=np.uint8)
    image, part = fitted(picture, max_pixels=150)
    bits = np.zeros((3, 100), dtype=bool)
    bits[:, 50:] = True
    nodes = (Node(0, 0, Segment(Mask.from_array(bits))), Node(1, 1, Segment(Mask.from_array(~bits))))
    graph = SceneGraph(Source("image", "x", 3, 100), nodes, (Relation(0, 1, 1),), WORDS)
    small = seen(graph, part, image.shape[:2])
    assert small.source.size == image.shape[:2]
    assert restored(small, part, (3, 100)) == graph
    point = np.zeros((3, 100), dtype=bool)
    point[2, 99] = True
    lost = seen(
        SceneGraph(graph.source, (Node(0, 0, Segment(Mask.from_array(point))), nodes[1]), graph.relations, WORDS),
        (1, 10),
        (1, 10),
    )
    assert [node.id for node in lost.nodes] == [1]
    assert lost.relations == ()


def test_a_back_end_that_breaks_its_promise():
    class Wrong(Halves):
        def _segment(self, images, names):
            return [PanopticMap.of_ids(IDS, [0] * 4, [1.0] * 4, WORDS)]

    with pytest.raises(InputError, match=r"Wrong: a map of \(2, 3\) came for a picture of \(8, 6\)"):
        Wrong().segment(np.zeros((8, 6, 3), dtype=np.uint8))


def test_names():
    coco = coco_vocabulary()
    unnamed = [f"LABEL_{number}" for number in range(133)]
    assert Naming.of(unnamed, None, "EoMT").vocabulary == coco
    for classes, vocabulary, message in (
        (["LABEL_0", "LABEL_1"], None, "does not name its 2 classes"),
        ([], None, "has no classes"),
        (["person", "unicorn"], None, "not COCO's: unicorn"),
        (["person", "unicorn"], WORDS, "lacks 1 of its 2 classes: unicorn; it has: person, dog, grass-merged"),
    ):
        with pytest.raises(InputError, match=message):
            Naming.of(classes, vocabulary, "a network")
    with pytest.raises(InputError, match="lacks 2 of its 2"):  # nothing would be left
        Naming.of(["x", "y"], WORDS, "a network", drop_unknown=True)
    own = Naming.of(["sea", "ship"], None, "a network", things=["ship"])
    assert (own.vocabulary.things, own.vocabulary.stuff, own.table.tolist()) == (("ship",), ("sea",), [1, 0])


@pytest.fixture
def given(tmp_path):
    """A folder with the map of photo.jpg, and its list."""
    write_id_map(tmp_path / "photo.png", np.array([[7, 7, 0], [9, 9, 9]], dtype=np.int32))
    segments = [{"id": 7, "category_id": 18}, {"id": 9, "category_id": 193}]
    categories = [{"id": 193, "name": "grass-merged", "isthing": 0}, {"id": 18, "name": "dog", "isthing": 1}]
    annotation = {"image_id": 1, "file_name": "photo.png", "segments_info": segments}
    (tmp_path / "all.json").write_text(json.dumps({"annotations": [annotation], "categories": categories}))
    (tmp_path / "bare.json").write_text(json.dumps(segments))
    (tmp_path / "names.json").write_text(json.dumps(categories))
    return tmp_path


def test_given_maps(given):
    picture = np.zeros((2, 3, 3), dtype=np.uint8)
    for maps in (
        GivenMaps(given, given / "all.json"),
        GivenMaps(given / "photo.png", given / "bare.json", given / "names.json"),
        segmenter_of(f"maps:{given},{given / 'all.json'}"),
    ):
        found = maps.segment(picture, "photo.jpg")
        assert found.ids.tolist() == [[0, 0, -1], [1, 1, 1]]
        assert found.vocabulary == maps.vocabulary == Vocabulary(("dog",), ("grass-merged",), ())
    under = GivenMaps(given, given / "all.json", vocabulary=WORDS).segment(picture, "photo.jpg")
    assert (under.vocabulary, under.categories.tolist()) == (WORDS, [1, 2])


def test_given_maps_that_do_not_fit(given):
    maps = GivenMaps(given, given / "all.json")
    small = np.zeros((2, 3, 3), dtype=np.uint8)
    for picture, name, message in (
        (small, "other.jpg", "names other.png"),
        (small, None, "give `name`"),
        (np.zeros((3, 3, 3), dtype=np.uint8), "photo.jpg", "2 x 3 pixels.*picture 3 x 3"),
    ):
        with pytest.raises(InputError, match=message):
            maps.segment(picture, name)
    with pytest.raises(InputError, match="no such file or folder"):
        GivenMaps(given / "none", given / "all.json")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("yolo:x", "expected one of eomt:FOLDER"),
        ("eomt", "expected eomt:FOLDER"),
        ("eomt:", "expected eomt:FOLDER"),
        ("mmdet:only.py", "expected mmdet:CONFIG.py,WEIGHTS.pth"),
        ("eomt:no/such", "hf download no/such"),
        ("groundgraph:none.pth", "no such checkpoint"),
        ("mmdet:none.py,none.pth", "no such checkpoint"),
        ("detectron2:none.yaml,none.pth", "detectron2 is not installed"),
    ],
)
def test_segmenters_that_cannot_be_had(text, message):
    with pytest.raises(InputError, match=message):
        segmenter_of(text, WORDS, "cpu")


def test_folders_that_are_no_segmenters(tmp_path, eomt_folder):
    with pytest.raises(InputError, match=r"expected config\.json"):
        segmenter_of(f"eomt:{tmp_path}")
    with pytest.raises(InputError, match="type 'eomt'; expected one of mask2former"):
        segmenter_of(f"mask2former:{eomt_folder}")


class FakePredictor:
    """Answers in detectron2's recorded format: ids from 1, 0 is void; stuff ids count from a place for "things"."""

    def __init__(self, settings):
        self.model = torch.nn.Linear(1, 1)

    def __call__(self, image):
        ids = torch.tensor([[1, 1, 0], [2, 2, 3]])
        infos = [
            {"id": 1, "isthing": True, "score": 0.9, "category_id": 1, "instance_id": 0},
            {"id": 2, "isthing": False, "category_id": 1, "area": 2},
            {"id": 3, "isthing": True, "score": 0.8, "category_id": 0, "instance_id": 1},
        ]
        return {"panoptic_seg": (ids, infos)}


@pytest.fixture
def detectron2(monkeypatch, tmp_path):
    """The parts of its interface that the adapter uses, and files to load."""
    settings = types.SimpleNamespace(
        MODEL=types.SimpleNamespace(), DATASETS=types.SimpleNamespace(TEST=["coco"]), merge_from_file=lambda path: None
    )
    names = types.SimpleNamespace(thing_classes=["person", "dog"], stuff_classes=["things", "grass-merged"])
    modules = {
        "detectron2": types.ModuleType("detectron2"),
        "detectron2.config": types.SimpleNamespace(get_cfg=lambda: settings),
        "detectron2.engine": types.SimpleNamespace(DefaultPredictor=FakePredictor),
        "detectron2.data": types.SimpleNamespace(MetadataCatalog={"coco": names}),
    }
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    (tmp_path / "config.yaml").write_text("")
    torch.save({"model": torch.nn.Linear(1, 1).state_dict()}, tmp_path / "weights.pth")
    return tmp_path


def test_the_format_of_detectron2(detectron2):
    segmenter = Detectron2Segmenter(detectron2 / "config.yaml", detectron2 / "weights.pth", WORDS, "cpu")
    found = segmenter.segment(np.zeros((2, 3, 3), dtype=np.uint8))
    assert found.ids.tolist() == [[0, 0, -1], [1, 1, 2]]
    assert [WORDS.categories[category] for category in found.categories] == ["dog", "grass-merged", "person"]
    assert found.scores.tolist() == [0.9, 1.0, 0.8]


def test_weights_of_detectron2(detectron2):
    config = detectron2 / "config.yaml"
    (detectron2 / "zoo.pkl").write_bytes(b"")
    (detectron2 / "text.pth").write_text("x")
    torch.save({"model": {"other": torch.zeros(1)}}, detectron2 / "other.pth")
    for name, message in (
        ("zoo.pkl", "is a pickle, which can run code"),
        ("none.pth", "no such file of weights"),
        ("text.pth", "is no file of weights"),
        ("other.pth", "2 are missing.*1 unknown"),
    ):
        with pytest.raises(InputError, match=message):
            Detectron2Segmenter(config, detectron2 / name, WORDS, "cpu")
