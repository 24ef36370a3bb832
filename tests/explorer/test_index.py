"""The index holds what the graphs hold, reads only what changed, and survives interruptions."""

import json
import multiprocessing
import os
import shutil
from collections import Counter
from dataclasses import replace

import numpy as np
import pyarrow.parquet as pq
import pytest
from PIL import Image

from explorer import index as index_module
from explorer import layout, reading
from explorer.index import build
from explorer.manifest import Manifest, is_index
from explorer.plan import plan_items
from explorer.sources import Entry, GraphFiles, Pictures, PSGRecords, open_sources
from scenegraph import InputError, Relation, SceneGraph, Source, Vocabulary, files
from tests import factories
from tests.explorer.scenes import scene, write_predictions, write_truth, write_video


def table(scenes_or_manifest, name, index=None):
    manifest = getattr(scenes_or_manifest, "manifest", scenes_or_manifest)
    folder = manifest.columns(index if index is not None else scenes_or_manifest.index)
    return pq.read_table(folder / f"{name}.parquet")


def named(graph: SceneGraph, relation: Relation):
    categories = graph.vocabulary.categories
    return (
        categories[graph.node(relation.subject).category],
        graph.vocabulary.predicates[relation.predicate],
        categories[graph.node(relation.object).category],
    )


@pytest.mark.parametrize(("name", "field"), [("truth", "truth"), ("model", "predicted")])
def test_relations_equal_a_brute_force_count(scenes, name, field):
    graphs = getattr(scenes, field)
    expected = Counter(named(graph, relation) for graph in graphs for relation in graph.relations)
    rows = table(scenes, f"{name}.relations").select(["subject", "predicate", "object"]).to_pylist()
    assert Counter(tuple(row.values()) for row in rows) == expected
    assert len(expected) > 10


def test_ids_name_what_the_names_say(scenes):
    relations = table(scenes, "model.relations")
    for column, names in (
        ("subject", scenes.manifest.categories),
        ("predicate", scenes.manifest.predicates),
        ("object", scenes.manifest.categories),
    ):
        ids = relations[f"{column}_id"].to_pylist()
        assert [names[i] for i in ids] == relations[column].to_pylist()


def test_rows_point_to_their_items_and_nodes(scenes):
    ids = table(scenes, "items")["item_id"].to_pylist()
    relations, nodes = table(scenes, "truth.relations"), table(scenes, "truth.nodes")
    assert ids == [graph.source.uri.removesuffix(".jpg") for graph in scenes.truth]
    assert np.all(np.diff(relations["item"].to_numpy().astype(int)) >= 0)
    by_item = {}
    for row in nodes.to_pylist():
        by_item.setdefault(row["item"], []).append(row)
    for item, graph in enumerate(scenes.truth):
        assert [row["node"] for row in by_item[item]] == [node.id for node in graph.nodes]
        for row, node in zip(by_item[item], graph.nodes, strict=True):
            assert (row["x1"], row["y1"], row["x2"], row["y2"]) == node.region.box


def test_graph_files_are_whole_graphs_again(scenes):
    for graph in scenes.truth[:3]:
        key = layout.key_of(graph.source.uri.removesuffix(".jpg"))
        again = files.load(layout.graph_path(scenes.index, "truth", key))
        assert again.relations == graph.relations
        assert [node.region for node in again.nodes] == [
            node.region for node in graph.nodes
        ]  # masks from the linked PNG


def test_predictions_belong_to_the_true_items_of_the_same_name(scenes):
    assert scenes.manifest.items == len(scenes.truth)
    assert [graphs.role for graphs in scenes.manifest.sets] == ["truth", "prediction"]
    assert [graphs.scored for graphs in scenes.manifest.sets] == [False, True]


def test_a_second_build_reads_nothing(scenes, monkeypatch):
    def refuse(*arguments):
        raise AssertionError("nothing changed, nothing is to be read")

    monkeypatch.setattr(reading._Reader, "part", refuse)
    sources = {"truth": scenes.data, "model": scenes.predictions}
    assert build(sources, scenes.index, title="Painted scenes", progress=False) == scenes.manifest


@pytest.fixture
def folder(tmp_path):
    """Four pictures with graphs in a folder of graph files."""
    root = tmp_path / "graphs"
    root.mkdir()
    for number in range(4):
        graph = factories.park()
        files.save(
            replace(graph, source=replace(graph.source, uri=f"p{number}.png")), root / f"p{number}.scenegraph.json"
        )
        Image.fromarray(np.full((20, 30, 3), 60 * number, np.uint8)).save(root / f"p{number}.png")
    return root


def reads(monkeypatch):
    """The item ids that builds read from now on."""
    seen = []
    original = reading._Reader.part

    def spy(self, jobs):
        seen.extend(item for item, _ in jobs)
        return original(self, jobs)

    monkeypatch.setattr(reading._Reader, "part", spy)
    return seen


def test_only_what_changed_is_read_again(folder, tmp_path, monkeypatch):
    index = tmp_path / "index"
    build({"truth": folder}, index, progress=False)
    seen = reads(monkeypatch)
    graph = files.load(folder / "p1.scenegraph.json")
    files.save(replace(graph, relations=graph.relations[:1]), folder / "p1.scenegraph.json")
    (folder / "p3.scenegraph.json").unlink()
    files.save(factories.park(), folder / "new.scenegraph.json")
    manifest = build({"truth": folder}, index, progress=False)
    assert sorted(seen) == ["new", "p1"]
    assert table(manifest, "items", index)["item_id"].to_pylist() == ["new", "p0", "p1", "p2"]
    counts = Counter(table(manifest, "truth.relations", index)["item"].to_pylist())
    assert counts == {0: 4, 1: 4, 2: 1, 3: 4}
    assert not layout.graph_path(index, "truth", "p3").exists()
    assert not layout.image_path(index, "p3", ".png").is_symlink()
    assert len(list((index / "columns").iterdir())) == 1


def test_an_interrupted_build_continues(folder, tmp_path, monkeypatch):
    index = tmp_path / "index"
    monkeypatch.setattr(reading, "PART", 2)
    original = reading._Reader.part
    calls = []

    def killed_in_the_second_part(self, jobs):
        calls.append(jobs)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return original(self, jobs)

    monkeypatch.setattr(reading._Reader, "part", killed_in_the_second_part)
    with pytest.raises(KeyboardInterrupt):
        build({"truth": folder}, index, progress=False)
    assert not is_index(index)
    monkeypatch.setattr(reading._Reader, "part", original)
    seen = reads(monkeypatch)
    manifest = build({"truth": folder}, index, progress=False)
    assert seen == ["p2", "p3"]
    assert manifest.sets[0].relations == 16
    assert not (index / "parts").exists()


def test_an_older_index_stays_whole_when_a_build_fails(folder, tmp_path, monkeypatch):
    index = tmp_path / "index"
    before = build({"truth": folder}, index, progress=False)
    (folder / "p0.scenegraph.json").unlink()

    def full_disk(*arguments):
        raise InputError("no space left on device")

    monkeypatch.setattr(index_module, "write_table", full_disk)
    with pytest.raises(InputError, match="no space"):
        build({"truth": folder}, index, progress=False)
    assert Manifest.read(index) == before
    assert len(table(before, "truth.relations", index)) == 16


def test_a_power_cut_is_noticed(folder, tmp_path, monkeypatch):
    index = tmp_path / "index"
    build({"truth": folder}, index, progress=False)
    layout.graph_path(index, "truth", "p2").write_bytes(b"")
    os.utime(folder / "p0.scenegraph.json")
    seen = reads(monkeypatch)
    build({"truth": folder}, index, progress=False)
    assert seen == ["p0", "p2"]


def test_several_processes_give_the_same_tables(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "PART", 1)
    one = build({"truth": folder}, tmp_path / "one", progress=False, workers=1)
    two = build({"truth": folder}, tmp_path / "two", progress=False, workers=2)
    for name in ("items", "truth.graphs", "truth.nodes", "truth.relations"):
        assert table(one, name, tmp_path / "one").equals(table(two, name, tmp_path / "two"))


def test_unreadable_graphs_are_named_and_the_rest_is_indexed(folder, tmp_path):
    (folder / "p1.scenegraph.json").write_text('{"schema": "scenegr')
    manifest = build({"truth": folder}, tmp_path / "index", progress=False)
    assert manifest.sets[0].problems == 1
    assert "p1.scenegraph.json" in manifest.problems[0] and "cut off" in manifest.problems[0]
    assert str(folder) not in manifest.problems[0]  # the page may go where this path is nobody's business
    problems = table(manifest, "truth.graphs", tmp_path / "index")["problem"].to_pylist()
    assert [bool(problem) for problem in problems] == [False, True, False, False]


def test_nothing_readable_is_an_error(tmp_path):
    (tmp_path / "a.scenegraph.json").write_text("{}")
    with pytest.raises(InputError, match=r"none of the 1 graphs can be read"):
        build({"truth": tmp_path}, tmp_path / "index", progress=False)


def test_an_index_of_another_version_is_built_anew(folder, tmp_path, monkeypatch):
    index = tmp_path / "index"
    build({"truth": folder}, index, progress=False)
    text = (index / "manifest.json").read_text().replace("groundgraph-index/4", "groundgraph-index/0")
    (index / "manifest.json").write_text(text)
    with pytest.raises(InputError, match=r"groundgraph-index/0.*build the index again"):
        Manifest.read(index)
    seen = reads(monkeypatch)
    build({"truth": folder}, index, progress=False)
    assert len(seen) == 4
    assert Manifest.read(index).items == 4


@pytest.mark.parametrize("damage", ["{", "[]", '{"schema": "groundgraph-index/4"}'])
def test_a_damaged_manifest_is_an_error(tmp_path, damage):
    (tmp_path / "manifest.json").write_text(damage)
    with pytest.raises(InputError):
        Manifest.read(tmp_path)


def test_other_folders_are_never_taken_for_an_index(folder, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(InputError, match="no index"):
        build({"truth": folder}, tmp_path / "mine", progress=False)
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"


def _hold(index, held, release):
    from explorer.folder import claimed, locked

    with locked(claimed(index)):
        held.set()
        release.wait(20)


def test_two_builds_at_once_are_refused(folder, tmp_path):
    context = multiprocessing.get_context("spawn")
    held, release = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(tmp_path / "index", held, release))
    other.start()
    try:
        assert held.wait(120)  # a busy machine takes its time to start a process
        with pytest.raises(InputError, match="another build"):
            build({"truth": folder}, tmp_path / "index", progress=False)
    finally:
        release.set()
        other.join()


def test_videos_and_empty_graphs_are_indexed(tmp_path):
    files.save(factories.park_video(), tmp_path / "clip.scenegraph.json")
    empty = SceneGraph(Source("image", "none.png", 4, 5), (), (), Vocabulary(("cat",), (), ("on",)))
    files.save(empty, tmp_path / "empty.scenegraph.json")
    manifest = build({"graphs": tmp_path}, tmp_path / "index", progress=False)
    assert table(manifest, "graphs.relations", tmp_path / "index")["spans"].to_pylist() == [
        [0, 10],
        [0, 4, 8, 10],
        [4, 8],
    ]
    assert table(manifest, "graphs.graphs", tmp_path / "index")["num_nodes"].to_pylist() == [4, 0]
    assert "cat" in manifest.things


def test_videos_of_a_data_set_bring_their_frames(tmp_path):
    graph = write_video(tmp_path / "data")
    index = tmp_path / "index"
    manifest = build({"truth": tmp_path / "data"}, index, progress=False)
    assert manifest.kinds == ("video",) and manifest.missing_pictures == 0
    rows = table(manifest, "truth.nodes", index).to_pylist()
    assert [(row["node"], row["frame"]) for row in rows] == [(1, 0), (2, 2), (3, 0), (4, 0)]
    item = table(manifest, "items", index).to_pylist()[0]
    assert item["frame_pictures"] == 10 and item["num_frames"] == 10
    again = files.load(layout.graph_path(index, "truth", item["key"]))
    assert [node.region for node in again.nodes] == [node.region for node in graph.nodes]
    frame = layout.frame_path(index, item["key"], 7, item["picture"])
    assert abs(int(np.asarray(Image.open(frame)).mean()) - 140) <= 2
    shutil.rmtree(tmp_path / "data" / "vidor" / "masks")
    build({"truth": tmp_path / "data"}, tmp_path / "unmasked", progress=False)  # the public excerpt has no masks


def test_vocabularies_are_united_by_name(tmp_path):
    for name, things, predicates in (("a", ("cat", "dog"), ("on",)), ("b", ("dog", "owl"), ("near", "on"))):
        words = Vocabulary(things, (), predicates)
        park = factories.park()
        nodes = tuple(replace(node, category=i) for i, node in enumerate(park.nodes[:2]))
        graph = replace(park, nodes=nodes, relations=(Relation(0, predicates.index("on"), 1),), vocabulary=words)
        files.save(graph, tmp_path / f"{name}.scenegraph.json")
    manifest = build({"graphs": tmp_path}, tmp_path / "index", progress=False)
    assert manifest.things == ("cat", "dog", "owl") and manifest.predicates == ("on", "near")
    rows = table(manifest, "graphs.relations", tmp_path / "index")
    assert rows["subject_id"].to_pylist() == [0, 1] and rows["predicate_id"].to_pylist() == [0, 0]


def test_a_missing_panoptic_png_leaves_the_graph_readable(tmp_path):
    write_truth(tmp_path / "data", 2)
    (tmp_path / "data" / "panoptic" / "scene-001.png").unlink()
    manifest = build({"truth": tmp_path / "data"}, tmp_path / "index", progress=False)
    assert manifest.sets[0].problems == 0
    assert not layout.panoptic_path(tmp_path / "index", "truth", "scene-001").exists()
    assert layout.panoptic_path(tmp_path / "index", "truth", "scene-000").is_file()


def test_missing_pictures_are_looked_for_again(folder, tmp_path):
    (folder / "p2.png").rename(tmp_path / "p2.png")
    manifest = build({"truth": folder}, tmp_path / "index", progress=False)
    assert manifest.missing_pictures == 1
    (tmp_path / "p2.png").rename(folder / "p2.png")
    assert build({"truth": folder}, tmp_path / "index", progress=False).missing_pictures == 0


@pytest.mark.parametrize("uri", ["../secret.png", "/etc/secret.png", "a/../../secret.png", "\0", "..", ""])
def test_pictures_outside_the_named_folders_are_never_linked(folder, tmp_path, uri):
    Image.fromarray(np.zeros((20, 30, 3), np.uint8)).save(tmp_path / "secret.png")
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    pictures = Pictures([folder])
    assert pictures.of(uri, folder) is None
    assert pictures.of("link.png", folder) is None
    assert pictures.of("p0.png", folder) == (folder / "p0.png").resolve()


def test_names_of_items():
    def entry(name, path):
        return Entry(name, path, "s", 0, 0)

    plan = plan_items(
        {
            "truth": [entry("1", "val/0001"), entry("a", "x/a"), entry("a", "y/a")],
            "model": [entry("0001", "0001"), entry("a", "x/a"), entry("new", "new")],
        }
    )
    assert plan.ids == ("1", "x/a", "y/a", "new")
    assert plan.rows == {"truth": [0, 1, 2], "model": [0, 1, 3]}


def test_keys_are_safe_file_names():
    for name in ("a", "107902", "../../etc/passwd", "<b>x</b>", "Ä" * 300, "con.txt", ".", "x" * 64, "UPPER"):
        key = layout.key_of(name)
        assert set(key) <= set("abcdefghijklmnopqrstuvwxyz0123456789_-") and len(key) <= 64
    assert len({layout.key_of(name) for name in ("UPPER", "upper", "a/b", "a b")}) == 4


def test_what_a_folder_holds(folder, tmp_path):
    write_truth(tmp_path / "data", 1)
    write_predictions(tmp_path / "data" / "more", [scene(0)[1]])
    assert [type(source) for source in open_sources(tmp_path / "data")] == [PSGRecords, GraphFiles]
    assert [type(source) for source in open_sources(tmp_path / "data" / "psg.json")] == [PSGRecords]
    (tmp_path / "empty").mkdir()
    for bad, message in (("empty", "nothing to explore"), ("absent", "no such file")):
        with pytest.raises(InputError, match=message):
            open_sources(tmp_path / bad)
    (tmp_path / "coco.json").write_text(json.dumps({"images": []}))
    with pytest.raises(InputError, match="not a kind of file"):
        open_sources(tmp_path / "coco.json")


def test_an_index_inside_the_data_is_not_data(folder):
    build({"truth": folder}, folder / "index", progress=False)
    assert len(GraphFiles(folder).paths) == 4


@pytest.mark.parametrize("name", ["", "a/b", "..", "x" * 65, "a b"])
def test_set_names_are_checked(folder, tmp_path, name):
    with pytest.raises(InputError, match="set name"):
        build({name: folder}, tmp_path / "index", progress=False)
