import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from PIL import Image

from scenegraph import InputError
from scenegraph.formats.coco_panoptic import Categories, COCOPanopticFile, panoptic_graph, read_segments
from scenegraph.panoptic import write_id_map
from tests.scenegraph.strategies import damaged

CATEGORIES = [
    {"id": 90, "name": "grass", "isthing": 0},
    {"id": 18, "name": "dog", "isthing": 1},
    {"id": 17, "name": "cat", "isthing": 1},
]
SEGMENTS = [
    {"id": 70000, "category_id": 90, "iscrowd": 0},
    {"id": 5, "category_id": 17, "iscrowd": 1, "score": 0.5},
    {"id": 300, "category_id": 18},
]


@pytest.fixture
def folder(tmp_path):
    ids = np.zeros((4, 6), dtype=np.int32)
    ids[2:], ids[0, :2], ids[1, 4:] = 70000, 5, 300
    write_id_map(tmp_path / "a.png", ids)
    Image.new("RGB", (6, 4)).save(tmp_path / "a.jpg")
    return tmp_path


def info(folder, value):
    path = folder / "info.json"
    path.write_text(json.dumps(value))
    return path


def whole(**changes):
    annotation = {"image_id": 1, "file_name": "a.png", "segments_info": SEGMENTS}
    images = [{"id": 1, "file_name": "pictures/a.jpg", "height": 4, "width": 6}]
    return {"images": images, "annotations": [annotation], "categories": CATEGORIES, **changes}


def names(graph):
    return [graph.label(node.id) for node in graph.nodes]


FORMS = [
    whole(),
    {"segments_info": SEGMENTS, "categories": CATEGORIES},
    whole(annotations=[{"file_name": "b.png"}, {"file_name": "x/a.png", "segments_info": SEGMENTS}, {}]),
    whole(annotations=[{"file_name": "b.png"}, {"file_name": "a.jpg", "segments_info": SEGMENTS}]),
]


@pytest.mark.parametrize("value", FORMS)
def test_every_form_of_the_list(folder, value):
    graph = panoptic_graph(folder / "a.jpg", folder / "a.png", info(folder, value))
    assert names(graph) == ["grass-1", "cat-1", "dog-1"]
    assert graph.vocabulary.things == ("dog", "cat") and graph.vocabulary.stuff == ("grass",)
    assert [node.region.box for node in graph.nodes] == [(0, 2, 6, 4), (0, 0, 2, 1), (4, 1, 6, 2)]
    assert graph.nodes[1].attributes == {"iscrowd": True} and graph.nodes[0].attributes == {}
    assert [node.score for node in graph.nodes] == [1.0, 0.5, 1.0]
    assert (graph.source.uri, graph.source.size, graph.relations) == ("a.jpg", (4, 6), ())


def test_names_may_come_from_another_file(folder):
    bare = info(folder, SEGMENTS)
    with pytest.raises(InputError, match=r"info.json: the segments have category ids but no names; give"):
        read_segments(folder / "a.png", bare)
    for value in (CATEGORIES, whole()):
        (folder / "names.json").write_text(json.dumps(value))
        vocabulary, nodes = read_segments(folder / "a.png", bare, (4, 6), folder / "names.json")
        assert [vocabulary.categories[node.category] for node in nodes] == ["grass", "cat", "dog"]


def test_a_whole_file(folder):
    file = COCOPanopticFile(info(folder, whole()))
    graph = file.graph(0, folder)
    assert (len(file), graph.source.uri, graph.source.size, names(graph)[0]) == (1, "pictures/a.jpg", (4, 6), "grass-1")
    file = COCOPanopticFile(info(folder, whole(annotations=[{"file_name": "../a.png", "segments_info": []}])))
    with pytest.raises(InputError, match=r"annotations\[0\]: file_name: '../a.png' is not a path inside"):
        file.graph(0, folder)


def without(*path, value=None):
    result = json.loads(json.dumps(whole()))
    place = result
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return result


SEGMENTS_AT = ("annotations", 0, "segments_info")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (without(*SEGMENTS_AT, value=SEGMENTS[:2]), r"a.png: pixels have the ids 300, which are not listed"),
        (without(*SEGMENTS_AT, value=[*SEGMENTS, {"id": 9, "category_id": 17}]), "the listed ids 9 have no pixel"),
        (without(*SEGMENTS_AT, value=[*SEGMENTS, SEGMENTS[0]]), "ids stand there twice: 70000"),
        (without(*SEGMENTS_AT, 1, "category_id", value=3), r"\[1\].category_id: 3 is not one of the 3 categories"),
        (without(*SEGMENTS_AT, 1, "id", value="5"), r"segments_info: \[1\].id: expected a whole number"),
        (without(*SEGMENTS_AT, 1, value=7), r"\[1\]: expected an object, found 7"),
        (without(*SEGMENTS_AT, 1, "score", value=None), r"\[1\].score: expected a finite number, found null"),
        (without(*SEGMENTS_AT), r"annotations\[0\].segments_info: expected a list, found null"),
        (without("categories", 0, "id", value=17), "categories: expected categories with distinct ids"),
        (without("categories", 0, "name", value="cat"), "categories: .*more than once"),
        (without("categories", 0, value=1), r"categories\[0\]: expected an object"),
        (whole(categories=[]), "categories: expected categories with distinct ids, found a list of 0"),
        (whole(annotations=[{"file_name": "b.png"}] * 2), "none of the 2 annotations names a.png"),
        (whole(annotations=[{"file_name": "a.png"}] * 2), "2 of the 2 annotations names a.png; expected exactly one"),
        (whole(annotations=[]), "none of the 0 annotations names a.png"),
        ({"data": []}, "info.json: the file: the key 'annotations' is missing; found data"),
        (3, "info.json: the file: expected an object, found 3"),
    ],
)
def test_broken_lists_are_named(folder, value, message):
    with pytest.raises(InputError, match=message):
        panoptic_graph(folder / "a.jpg", folder / "a.png", info(folder, value))


def test_broken_pictures_are_named(folder):
    path = info(folder, whole())
    Image.new("RGB", (6, 5)).save(folder / "b.jpg")
    with pytest.raises(InputError, match=r"a.png is 4 x 6 pixels .height x width., the picture 5 x 6; they must"):
        panoptic_graph(folder / "b.jpg", folder / "a.png", path)
    (folder / "b.jpg").write_bytes(b"no picture")
    with pytest.raises(InputError, match=r"b.jpg: not a picture"):
        panoptic_graph(folder / "b.jpg", folder / "a.png", path)
    with pytest.raises(InputError, match=r"c.png: there is no such file"):
        panoptic_graph(folder / "a.jpg", folder / "c.png", path)
    with pytest.raises(InputError, match=r"c.json: there is no such file"):
        panoptic_graph(folder / "a.jpg", folder / "a.png", folder / "c.json")


def test_real_coco_pictures(real_data):
    sample = real_data / "coco_panoptic" / "sample_data"
    listed = sample / "panoptic_examples.json"
    for stem, count in (("000000142238", 18), ("000000439180", 32)):
        png = sample / "panoptic_examples" / f"{stem}.png"
        graph = panoptic_graph(sample / "input_images" / f"{stem}.jpg", png, listed)
        assert len(graph.nodes) == count and len(graph.vocabulary.categories) == 133
    file = COCOPanopticFile(listed)
    graph = file.graph(0, sample / "panoptic_examples")
    areas = [segment["area"] for segment in file.annotations[0]["segments_info"]]
    assert [node.region.area for node in graph.nodes] == areas and graph.source.uri == "000000142238.jpg"


def test_a_real_bare_list(real_data):
    folder = real_data / "coco_hf_fixture"
    png, bare = folder / "coco_panoptic" / "000000039769.png", folder / "coco_panoptic_annotations.txt"
    categories = real_data / "coco_panoptic" / "panoptic_coco_categories.json"
    graph = panoptic_graph(folder / "000000039769.png", png, bare, categories)
    assert names(graph) == ["cat-1", "cat-2", "couch-1", "remote-1", "remote-2", "blanket-1"]
    assert Categories.read(categories).vocabulary == graph.vocabulary


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damaged(whole()))
def test_a_damaged_list_is_read_or_refused_but_never_breaks(folder, value):
    path = info(folder, value)
    try:
        assert len(read_segments(folder / "a.png", path)[1]) == 3
        file = COCOPanopticFile(path)
        assert all(len(file.graph(index, folder).nodes) == 3 for index in range(len(file)))
    except InputError:
        pass
