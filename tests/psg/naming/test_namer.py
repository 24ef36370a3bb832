"""The arithmetic of naming, with an encoder whose vectors are known."""

import json

import numpy as np
import pytest

from psg.naming import Descriptors, Namer, read_descriptors
from psg.naming.crops import FILL, crop
from psg.naming.namer import class_scores
from scenegraph import InputError, Mask, Node, SceneGraph, Segment, Source, files
from tests.factories import VOCABULARY, park, park_video, rectangle


class Colours:
    """Pictures are their mean colour; texts are the colours that they name, the other words add nothing."""

    name = "colours"
    scale = 10.0

    def __init__(self, **words):
        self.words = words or {"red": (1, 0, 0), "green": (0, 1, 0), "blue": (0, 0, 1), "yellow": (1, 1, 0)}

    def encode_images(self, images):
        return np.stack([image.reshape(-1, 3).mean(axis=0) for image in images]).astype(np.float32)

    def encode_texts(self, texts):
        rows = [
            sum((np.array(self.words[w]) for w in t.replace(",", "").split() if w in self.words), np.zeros(3))
            for t in texts
        ]
        return np.stack(rows).astype(np.float32)


FRUIT = Descriptors(
    {"apple": ("is red", "is green"), "plum": ("is blue",), "lemon": ("is yellow",)}, {"lawn": ("is green",)}
)


def picture(colour):
    return np.full((20, 30, 3), colour, dtype=np.uint8)


def one_node(segment=None, category=0):
    segment = segment or Segment(rectangle(20, 30, 5, 5, 15, 15))
    return SceneGraph(Source("image", "a.png", 20, 30), (Node(4, category, segment, 0.5, {"age": 3}),), (), VOCABULARY)


def test_the_score_of_a_class_is_the_mean_over_its_descriptors(tmp_path):
    graph = Namer(Colours(), FRUIT, top=1).name(one_node(), picture((200, 0, 0)))
    (node,) = graph.nodes
    # Similarities: red 1, green 0, blue 0, yellow 1 / sqrt(2); so apple has 1/2 and lemon 0.7071.
    assert graph.category_name(4) == "lemon"
    assert node.attributes == {
        "age": 3,
        "naming": {
            "similarity": 0.7071,
            "descriptors": [{"text": "is yellow", "similarity": 0.7071}],
            "second": {"name": "apple", "similarity": 0.5},
        },
    }
    logits = 10 * np.array([0.5, 0, np.sqrt(0.5), 0])
    assert node.score == pytest.approx(np.exp(logits[2]) / np.exp(logits).sum())
    assert graph.vocabulary.things == ("apple", "plum", "lemon") and graph.vocabulary.stuff == ("lawn",)
    assert graph.metadata["naming"]["descriptors_sha256"] == FRUIT.sha256
    files.save(graph, tmp_path / "a.scenegraph.json")
    assert files.load(tmp_path / "a.scenegraph.json") == graph


def test_the_descriptors_that_fit_best_are_the_reason():
    only = Descriptors({"apple": ("is blue", "is green", "is red"), "coal": ()}, {})
    (node,) = Namer(Colours(), only, top=2).name(one_node(), picture((200, 100, 0))).nodes
    assert [each["text"] for each in node.attributes["naming"]["descriptors"]] == ["is red", "is green"]


def test_a_class_scores_by_its_name_alone():
    graph = Namer(Colours(dog=(1, 0, 0), cat=(0, 1, 0)), Descriptors({"dog": (), "cat": ()}, {})).name(
        one_node(), picture((0, 9, 0))
    )
    assert graph.category_name(4) == "cat"
    assert graph.nodes[0].attributes["naming"]["descriptors"] == []


def test_things_among_things_and_stuff_among_stuff():
    namer = Namer(Colours(), FRUIT)
    green = picture((0, 200, 0))
    assert namer.name(one_node(), green).category_name(4) == "lawn"
    assert namer.name(one_node(), green, within_kind=True).category_name(4) == "lemon"
    stuff = namer.name(one_node(category=4), picture((200, 0, 0)), within_kind=True)
    assert stuff.category_name(4) == "lawn" and stuff.nodes[0].score == 1
    assert "second" not in stuff.nodes[0].attributes["naming"]
    with pytest.raises(InputError, match="no descriptors for its kind"):
        Namer(Colours(), Descriptors({"apple": ()}, {})).name(one_node(category=4), green, within_kind=True)


def test_means_by_class():
    scores = class_scores(np.array([[1.0, 2, 6, 4], [0, 0, 3, 8]]), np.array([0, 1, 3, 4]))
    assert scores.tolist() == [[1, 4, 4], [0, 1.5, 8]]
    assert class_scores(np.zeros((0, 2)), np.array([0, 2])).shape == (0, 1)


def test_many_nodes_and_none():
    mask = Segment(rectangle(20, 30, 1, 1, 4, 4))
    nodes = tuple(Node(number, 0, mask) for number in range(150))
    graph = SceneGraph(Source("image", "a.png", 20, 30), nodes, (), VOCABULARY)
    named = Namer(Colours(), FRUIT).name(graph, picture((0, 0, 250)))
    assert {named.category_name(node.id) for node in named.nodes} == {"plum"}
    assert [node.id for node in named.nodes] == list(range(150))
    assert Namer(Colours(), FRUIT).name(park().restricted_to([]), picture(0)).nodes == ()


def test_crops():
    photo = np.arange(20 * 30 * 3, dtype=np.uint16).astype(np.uint8).reshape(20, 30, 3)
    segment = Segment(rectangle(20, 30, 10, 5, 20, 10))
    boxed = crop(photo, segment, "boxed", 0)
    assert np.array_equal(boxed, photo[2:12, 10:20])  # as wide as long, round the middle
    masked = crop(photo, segment, "masked", 0)
    assert np.array_equal(masked[3:8], photo[5:10, 10:20])
    assert (masked[:3] == FILL).all() and (masked[8:] == FILL).all()
    assert crop(photo, segment, margin=0.5).shape == (20, 20, 3)


def test_crops_at_the_edge_are_filled():
    photo = np.zeros((20, 30, 3), dtype=np.uint8)
    wide = crop(photo, Segment(rectangle(20, 30, 0, 0, 30, 4)), "boxed", 0)
    assert wide.shape == (30, 30, 3)
    assert (wide[:13] == FILL).all() and not wide[13:].any()
    assert crop(photo[:1, :1], Segment(Mask.from_array(np.ones((1, 1), dtype=bool)))).shape == (1, 1, 3)


def test_boxes_without_masks():
    graph = one_node(Segment.from_box((5, 5, 15, 15), 20, 30))
    for how in ("boxed", "masked"):
        assert Namer(Colours(), FRUIT, how).name(graph, picture((0, 0, 99))).category_name(4) == "plum"


@pytest.mark.parametrize(
    ("graph", "message"),
    [
        (park_video(), "image graph"),
        (one_node(Segment(rectangle(20, 30, 0, 0, 0, 0))), "node 4: the segment has no pixels"),
        (one_node(Segment.from_box((40, 5, 50, 9), 20, 30)), "node 4: the segment has no pixels"),
    ],
)
def test_graphs_that_cannot_be_named(graph, message):
    with pytest.raises(InputError, match=message):
        Namer(Colours(), FRUIT).name(graph, picture(0))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"template": "no fields"}, "{name} and {descriptor}"),
        ({"template": "{name.__class__} {descriptor}"}, "expected a text"),
        ({"template": "{name} {descriptor} {x}"}, "expected a text"),
        ({"top": -1}, "top is -1"),
    ],
)
def test_wrong_options(options, message):
    with pytest.raises(InputError, match=message):
        Namer(Colours(), FRUIT, **options)
    with pytest.raises(InputError, match="margin -1"):
        Namer(Colours(), FRUIT, margin=-1.0).name(one_node(), picture(0))


def test_the_built_in_descriptors_are_for_the_names_of_psg(real_data):
    descriptors = read_descriptors()
    categories = json.loads((real_data / "coco_panoptic" / "panoptic_coco_categories.json").read_text())
    assert tuple(descriptors.things) == tuple(each["name"] for each in categories if each["isthing"])
    assert tuple(descriptors.stuff) == tuple(each["name"] for each in categories if not each["isthing"])


def test_the_built_in_descriptors_are_distinct():
    by_category = read_descriptors().by_category()
    assert len(by_category) == 133 and all(len(set(words)) == len(words) >= 3 for words in by_category)
    assert len({frozenset(words) for words in by_category}) == 133
    assert all(20 < len(text) < 120 for sentences in read_descriptors().sentences() for text in sentences)


def test_files_of_descriptors(tmp_path):
    path = tmp_path / "own.json"
    path.write_text('{"dog": ["has a snout"], "lawn-merged": []}')
    assert read_descriptors(path) == Descriptors({"dog": ("has a snout",), "lawn-merged": ()}, {})
    assert read_descriptors(path).sentences("{name}: {descriptor}") == [["dog: has a snout"], ["a photo of a lawn"]]
    path.write_text('{"things": {"dog": []}, "stuff": {"grass": ["is green"]}}')
    assert read_descriptors(path) == Descriptors({"dog": ()}, {"grass": ("is green",)})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "an object"),
        ("{}", "no classes"),
        ('{"dog": "has a snout"}', "a list"),
        ('{"dog": [3]}', "a text"),
        ('{"dog": [" "]}', "1 to 300"),
        ('{"things": {"dog": []}, "stuff": {"dog": []}}', "more than once"),
        ('{"dog": ', "JSON"),
    ],
)
def test_broken_files_of_descriptors(tmp_path, text, message):
    path = tmp_path / "own.json"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        read_descriptors(path)
