"""The public pvsg.json: its conventions, on the golden data set and on a real excerpt."""

import json
from collections import Counter

import numpy as np
import pytest
from PIL import Image

from scenegraph import InputError, Span
from scenegraph.formats.pvsg import PVSGFile, validate
from scenegraph.masks import paint


@pytest.fixture(scope="module")
def mini(golden, tmp_path_factory):
    """The golden data set; the compact copy has its masks as arrays, from which the PNGs are made again."""
    path = golden / "pvsg" / "mini_pvsg" / "data" / "pvsg.json"
    root = path.parent
    if not (root / "vidor" / "masks").is_dir():
        root = tmp_path_factory.mktemp("mini_pvsg")
        for video in PVSGFile.open(path).videos:
            folder = root / video.source / "masks" / video.video_id
            folder.mkdir(parents=True)
            maps = np.load(golden / "pvsg" / "videos" / f"{video.video_id}.npz")["gt_panoptic"]
            for frame, ids in enumerate(maps):
                picture = Image.fromarray(ids)
                picture.putpalette(bytes(range(256)) * 3)
                picture.save(folder / f"{frame:04d}.png")
    return PVSGFile.open(path, root)


def test_golden_masks_are_the_golden_maps(mini, golden):
    assert mini.indices("train") == [] and mini.indices("val") == mini.indices("all")
    for index in mini.indices("val"):
        expected = np.load(golden / "pvsg" / "videos" / f"{mini.videos[index].video_id}.npz")["gt_panoptic"]
        graph = mini.graph(index)
        assert (graph.source.num_frames, *graph.source.size) == expected.shape
        for frame, ids in enumerate(expected):
            seen = [(node.id, node.region.segment(frame)) for node in graph.nodes if node.region.segment(frame)]
            lookup = np.array([0, *(node_id for node_id, _ in seen)])
            assert np.array_equal(lookup[paint([s.mask for _, s in seen], *ids.shape) + 1], ids)


def test_golden_relations_are_all_kept_or_noted(mini, golden):
    expected = json.loads((golden / "pvsg" / "expected.json").read_text())["full_protocol"]["per_predicate"]
    found = Counter()
    for index in mini.indices():
        graph = mini.graph(index)
        found.update(relation.predicate for relation in graph.relations)
        dropped = [note["relation"][2] for note in graph.metadata.get("dropped_relations", ())]
        found.update(mini.vocabulary.predicate_id(name) for name in dropped if name in mini.vocabulary.predicates)
        assert len(dropped) + len(graph.relations) == len(mini.record(index)["relations"])
    assert dict(found) == {int(p): row["total"] for p, row in expected["20"].items()}


def test_the_golden_data_set_has_only_known_irregularities(mini):
    found = validate(mini.path, mini.root, frames=False, progress=False)
    assert {problem.severity for problem in found} == {"warning"}
    unknown = [p.item for p in found if "not in the vocabulary" in p.message]
    unseen = [p.item for p in found if "no mask in any frame" in p.message]
    dropped = [mini.item(i) for i in mini.indices() if mini.graph(i).metadata.get("unseen_objects")]
    assert unseen == dropped and len(unknown) == 3
    without_frames = validate(mini.path, mini.root, masks=False, progress=False)
    assert sum(problem.field == "frames" for problem in without_frames) == len(mini)


def test_the_real_excerpt_loads_and_validates(real_data):
    path = real_data / "pvsg" / "pvsg_excerpt.json"
    found = validate(path, masks=False, frames=False, progress=False)
    assert [(problem.severity, problem.field) for problem in found] == [("warning", "split")]
    file = PVSGFile.open(path)
    assert [len(names) for names in (file.vocabulary.things, file.vocabulary.stuff)] == [115, 11]
    assert len(file.vocabulary.predicates) == 57
    for index in file.indices():
        graph, record = file.graph(index, masks=False), file.record(index)
        assert len(graph.nodes) == len(record["objects"]) and len(graph.relations) == len(record["relations"])
        assert graph.metadata["captions"] == record["captions"]
        for relation, row in zip(graph.relations, record["relations"], strict=True):
            assert [relation.subject, relation.object, graph.predicate_name(relation)] == row[:3]
            assert [[span.start, span.stop - 1] for span in relation.spans] == row[3]
        assert all(node.attributes == {"located": False} for node in graph.nodes)
        assert graph.nodes[0].region.spans == (Span(0, graph.source.num_frames),)
    with pytest.raises(InputError, match=r"video 0001_4164158586: .*masks.*there is no such folder"):
        file.graph(0)
