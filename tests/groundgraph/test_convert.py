import json
import pickle
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from groundgraph.main import main
from scenegraph import files
from scenegraph.formats.exchange import WRITERS
from scenegraph.formats.psg import PSGFile, PSGWriter, validate
from scenegraph.formats.psg4d import GTAFile, GTAWriter, HOIFile, HOIWriter
from scenegraph.formats.pvsg import PVSGFile, PVSGWriter
from tests.factories import VOCABULARY, park, park_video
from tests.scenegraph.formats import test_action_genome, test_openlabel, test_picture_readers, test_psg4d, test_vidor

PICTURE = np.full((20, 30, 3), 80, dtype=np.uint8)


def named(uri, graph=None):
    graph = graph or park()
    return replace(graph, source=replace(graph.source, uri=uri))


@pytest.fixture
def psg(tmp_path):
    with PSGWriter(tmp_path / "psg", VOCABULARY) as writer:
        for number in range(3):
            writer.add(named(f"park-{number}"), PICTURE, test=number == 2)
    return tmp_path / "psg" / "psg.json"


@pytest.fixture
def pvsg(tmp_path):
    with PVSGWriter(tmp_path / "pvsg", VOCABULARY) as writer:
        writer.add(named("one", park_video()), [PICTURE] * 10, "train", "ego4d", summary="A park.")
        writer.add(named("two", park_video()), [PICTURE] * 10, "val")
    return tmp_path / "pvsg" / "pvsg.json"


def convert(*arguments):
    return main(["convert", *map(str, arguments), "--quiet"])


def test_psg_to_graphs_and_back(psg, tmp_path, capsys):
    graphs = tmp_path / "graphs"
    assert convert(psg, graphs) == 0
    assert capsys.readouterr().out == f"{graphs}: 3 graphs written, 0 there already\n"
    file = PSGFile.open(psg)
    for index in range(3):
        assert files.load(graphs / f"park-{index}.scenegraph.json") == file.graph(index)
    assert convert(psg, graphs) == 0
    assert "0 graphs written, 3 there already" in capsys.readouterr().out
    assert convert(graphs, tmp_path / "again", "--to", "psg", "--root", psg.parent) == 0
    again = PSGFile.open(tmp_path / "again" / "psg.json")
    assert validate(again.path, progress=False) == []
    assert again.test_ids == file.test_ids
    assert [again.graph(index) for index in range(3)] == [file.graph(index) for index in range(3)]
    assert convert(graphs, tmp_path / "again", "--to", "psg") == 2
    assert "there is a data set already" in capsys.readouterr().err


def test_options_of_psg(psg, tmp_path, capsys):
    assert convert(psg, tmp_path / "test", "--split", "test", "--masks", "png") == 0
    assert sorted(path.suffix for path in (tmp_path / "test").iterdir()) == [".json", ".png"]
    assert convert(psg, tmp_path / "boxes", "--no-masks", "--limit", "2") == 0
    assert len(list((tmp_path / "boxes").iterdir())) == 2
    graph = files.load(tmp_path / "boxes" / "park-0.scenegraph.json")
    assert graph.nodes[0].region.mask is None and graph.nodes[0].region.box == (2, 4, 8, 16)
    assert convert(psg, tmp_path / "x", "--to", "psg", "--no-masks") == 2
    assert convert(psg, tmp_path / "x", "--split", "night") == 2
    assert "expected 'train', 'test' or 'all'" in capsys.readouterr().err


def test_pvsg_to_graphs_and_back(pvsg, tmp_path):
    graphs = tmp_path / "graphs"
    assert convert(pvsg, graphs) == 0
    file = PVSGFile.open(pvsg)
    assert files.load(graphs / "one.scenegraph.json") == file.graph(0)
    assert convert(graphs, tmp_path / "again", "--to", "pvsg", "--root", pvsg.parent) == 0
    again = PVSGFile.open(tmp_path / "again" / "pvsg.json")
    assert again.videos == file.videos
    assert [again.graph(index) for index in range(2)] == [file.graph(index) for index in range(2)]
    assert convert(pvsg, tmp_path / "none", "--no-masks", "--split", "val") == 0
    assert [path.name for path in (tmp_path / "none").iterdir()] == ["two.scenegraph.json"]


def test_coco_to_graphs_and_to_psg(real_data, tmp_path):
    sample = real_data / "coco_panoptic" / "sample_data"
    png_root = sample / "panoptic_examples"
    assert convert(sample / "panoptic_examples.json", tmp_path / "graphs", "--root", png_root) == 0
    graph = files.load(tmp_path / "graphs" / "000000142238.scenegraph.json")
    assert len(graph.nodes) == 18 and graph.source.uri == "000000142238.jpg"
    images = sample / "input_images"
    assert convert(tmp_path / "graphs", tmp_path / "data", "--to", "psg", "--root", images) == 0
    found = validate(tmp_path / "data" / "psg.json", progress=False)
    assert {problem.severity for problem in found if problem.item != "psg.json"} == {"warning"}


def test_an_interrupted_conversion_continues(psg, tmp_path, capsys):
    graphs = tmp_path / "graphs"
    assert convert(psg, graphs) == 0
    (psg.parent / "images" / "park-1.jpg").unlink()
    assert convert(graphs, tmp_path / "again", "--to", "psg", "--root", psg.parent) == 2
    assert "park-1.jpg: there is no such file" in capsys.readouterr().err
    assert not (tmp_path / "again" / "psg.json").exists()
    Image.fromarray(PICTURE).save(psg.parent / "images" / "park-1.jpg")
    assert convert(graphs, tmp_path / "again", "--to", "psg", "--root", psg.parent) == 0
    assert "2 graphs written, 1 there already" in capsys.readouterr().out
    assert len(PSGFile.open(tmp_path / "again" / "psg.json")) == 3


def test_broken_items_stop_or_are_skipped(psg, tmp_path, capsys):
    value = json.loads(psg.read_text())
    value["data"][1]["relations"] = [[0, 7, 0]]
    psg.write_text(json.dumps(value))
    assert convert(psg, tmp_path / "a") == 2
    assert "data[1] (image park-1): relations[0]: [0, 7, 0] names a segment outside 0-4" in capsys.readouterr().err
    assert convert(psg, tmp_path / "a", "--skip-broken") == 1
    captured = capsys.readouterr()
    assert "1 graphs written, 1 there already" in captured.out and "skipped: psg.json: data[1]" in captured.err
    assert convert(psg, tmp_path / "b", "--to", "psg", "--skip-broken") == 1
    assert len(PSGFile.open(tmp_path / "b" / "psg.json")) == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"a": 1}', "neither psg.json, pvsg.json"),
        ("", "neither psg.json"),
        ('{"schema": "scenegraph/9"}', "'scenegraph/9'"),
    ],
)
def test_foreign_input_is_refused(tmp_path, content, message, capsys):
    (tmp_path / "x.json").write_text(content)
    assert convert(tmp_path / "x.json", tmp_path / "out") == 2
    assert message in capsys.readouterr().err


def test_a_text_that_is_no_unicode_is_named_with_its_graph(psg, tmp_path, capsys):
    value = json.loads(psg.read_text())
    value["data"][1]["coco_image_id"] = "\ud800"
    psg.write_text(json.dumps(value))
    assert convert(psg, tmp_path / "graphs") == 2
    assert "park-1: the graph holds a text that is not Unicode" in capsys.readouterr().err
    assert convert(psg, tmp_path / "graphs", "--skip-broken") == 1
    assert len(list((tmp_path / "graphs").iterdir())) == 2
    value["thing_classes"][0] = "\ud800"
    psg.write_text(json.dumps(value))
    assert convert(psg, tmp_path / "taught", "--to", "llava") == 2
    assert "psg.json: a text in it is not Unicode" in capsys.readouterr().err


def test_graphs_of_one_name_are_refused_not_skipped(tmp_path, capsys):
    for folder, uri in (("morning", "a.png"), ("evening", "b.png")):
        (tmp_path / "days" / folder).mkdir(parents=True)
        files.save(named(uri), tmp_path / "days" / folder / "park.scenegraph.json")
    assert convert(tmp_path / "days", tmp_path / "out", "--to", "csv") == 2
    assert "two graphs are called 'park'" in capsys.readouterr().err
    assert convert(tmp_path / "days" / "morning", tmp_path / "out", "--to", "csv") == 0


def test_places_that_do_not_work(psg, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    (tmp_path / "empty").mkdir()
    for arguments, message in [
        ((psg, tmp_path / "file"), "the folder could not be made"),
        ((tmp_path / "none.json", tmp_path / "out"), "there is no such file"),
        ((tmp_path / "empty", tmp_path / "out"), "no *.scenegraph.json file"),
        ((tmp_path / "empty", tmp_path / "out", "--from", "psg"), "is a folder"),
    ]:
        assert convert(*arguments) == 2
        assert message in capsys.readouterr().err


def test_weights_that_are_refused(tmp_path, capsys):
    path = tmp_path / "theirs.pth"
    torch.save({"state_dict": {"a.weight": torch.zeros(1)}}, path)
    assert convert(path) == 2
    assert "none of the known models (PSGTR, PSGFormer" in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["theirs.pth"]
    (tmp_path / "there.pth").touch()
    assert convert(path, tmp_path / "there.pth") == 2
    assert "there is something already" in capsys.readouterr().err


def test_published_weights(golden, tmp_path, capsys):
    listed = golden / "forward" / "keys_psgtr.json"
    if not listed.is_file():
        pytest.skip("needs golden/forward")
    weights = {
        entry["key"]: torch.tensor(0) if "int" in entry["dtype"] else torch.zeros(1).expand(entry["shape"])
        for entry in json.loads(listed.read_text())["keys"]
    }
    torch.save({"state_dict": weights, "meta": {}}, tmp_path / "theirs.pth")
    assert convert(tmp_path / "theirs.pth") == 0
    made = tmp_path / "theirs.groundgraph.pth"
    assert made.stat().st_size > 150_000_000
    made.unlink()
    printed = capsys.readouterr().out
    assert "PSGTR, 585 parameters, SHA-256 " in printed and "theirs.groundgraph.pth" in printed


def test_graphs_need_a_folder(psg, capsys):
    assert convert(psg) == 2
    assert "name the folder to write into" in capsys.readouterr().err


@pytest.mark.parametrize("layout", ["gta", "hoi"])
def test_rgbd_videos(layout, tmp_path):
    form = GTAFile if layout == "gta" else HOIFile
    with (GTAWriter if layout == "gta" else HOIWriter)(tmp_path, test_psg4d.WORDS) as writer:
        writer.add(test_psg4d.film(), test_psg4d.shots(), "val")
    assert convert(writer.path, tmp_path / "graphs", "--split", "val") == 0
    name = "T1" if layout == "gta" else "ZY1_H1_T1"
    graph = files.load(tmp_path / "graphs" / f"{name}.scenegraph.json")
    assert graph == form.open(writer.path).graph(0) and graph.source.camera.poses.shape == (3, 4, 4)


def test_boxes_of_videos(tmp_path, capsys):
    vidor = tmp_path / "vidor" / "validation" / "0001" / "77.json"
    vidor.parent.mkdir(parents=True)
    vidor.write_text(json.dumps(test_vidor.record()))
    genome = tmp_path / "genome"
    genome.mkdir()
    for name, value in (("object_bbox_and_relationship", "objects"), ("person_bbox", "persons")):
        (genome / f"{name}.pkl").write_bytes(pickle.dumps(getattr(test_action_genome, value)()))
    assert convert(tmp_path / "vidor", tmp_path / "graphs", "--split", "val") == 0
    assert convert(vidor, tmp_path / "graphs") == 0
    assert convert(genome, tmp_path / "graphs", "--split", "train") == 0
    assert convert(genome / "object_bbox_and_relationship.pkl", tmp_path / "graphs") == 0
    assert sorted(path.name for path in (tmp_path / "graphs").iterdir()) == [
        f"{name}.scenegraph.json" for name in ("77", "A", "B")
    ]
    assert main(["show", str(tmp_path / "graphs" / "77.scenegraph.json")]) == 0
    assert main(["ask", str(tmp_path / "graphs" / "A.scenegraph.json"), "What is the person holding?"]) == 0
    assert "cup" in capsys.readouterr().out
    assert convert(vidor, tmp_path / "pvsg", "--to", "pvsg") == 2
    assert "regions are boxes" in capsys.readouterr().err


def test_situations(real_data, tmp_path, capsys):
    assert convert(real_data / "star" / "STAR_reduced_2_records.json", tmp_path) == 0
    assert len(list(tmp_path.iterdir())) == 2
    assert convert(real_data / "vidor" / "11566930393.json", tmp_path) == 0
    assert len(files.load(tmp_path / "11566930393.scenegraph.json").relations) == 15
    # VidOR writes "hold" and "next_to"
    assert main(["ask", str(tmp_path / "11566930393.scenegraph.json"), "When is the child holding toy-2?"]) == 0
    assert "child-1 is holding toy-2 at 2.64-3.3 s" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "value", "graphs"),
    [
        ("relationships.json", test_picture_readers.relationships, {"3", "4"}),
        ("val_sceneGraphs.json", test_picture_readers.gqa_record, {"2386621"}),
        ("crossing.json", test_openlabel.annotation, {"crossing"}),
    ],
)
def test_formats_are_told_from_what_stands_in_them(tmp_path, name, value, graphs):
    (tmp_path / name).write_text(json.dumps(value()))
    assert convert(tmp_path / name, tmp_path / "graphs") == 0
    assert {path.name for path in (tmp_path / "graphs").iterdir()} == {f"{each}.scenegraph.json" for each in graphs}


@pytest.mark.parametrize("to", sorted(WRITERS))
def test_to_formats_of_other_programs(tmp_path, capsys, to):
    files.save(park(), tmp_path / "park.scenegraph.json")
    assert convert(tmp_path, tmp_path / "out", "--to", to) == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {f"park{suffix}" for suffix in WRITERS[to].suffixes}
    printed = capsys.readouterr().out
    assert "1 graphs written" in printed and f"{', '.join(WRITERS[to].loses)}\n" in printed
    assert convert(tmp_path, tmp_path / "out", "--to", to) == 0
    assert "0 graphs written, 1 there already" in capsys.readouterr().out


def test_real_samples_reach_every_format(real_data, tmp_path):
    inputs = {
        "vg": real_data / "vg" / "relationships_excerpt.json",
        "star": real_data / "star" / "STAR_reduced_2_records.json",
        "vidor": real_data / "vidor" / "11566930393.json",
    }
    for name, path in inputs.items():
        assert convert(path, tmp_path / name) == 0
        assert convert(path, tmp_path / f"{name}-link", "--to", "node-link") == 0
        for graph in (tmp_path / name).iterdir():
            read = files.load(graph)
            value = json.loads(
                (tmp_path / f"{name}-link" / graph.name.replace(".scenegraph.json", ".node-link.json")).read_text()
            )
            assert (len(value["nodes"]), len(value["edges"])) == (len(read.nodes), len(read.relations))


@pytest.mark.parametrize(("to", "name"), [("llava", "llava.json"), ("messages", "messages.jsonl")])
def test_to_instruction_data(tmp_path, capsys, to, name):
    files.save(park(), tmp_path / "park.scenegraph.json")
    assert convert(tmp_path, tmp_path / "out", "--to", to) == 0
    assert "of 1 graphs" in capsys.readouterr().out
    first = (tmp_path / "out" / name).read_text().strip().splitlines()[-1 if to == "messages" else 1]
    record = json.loads(first.rstrip(","))
    turns = record["messages"] if to == "messages" else record["conversations"]
    assert len(turns) >= 2 and len(turns) % 2 == 0


def test_to_mimic_it(tmp_path):
    files.save(park(), tmp_path / "park.scenegraph.json")
    assert convert(tmp_path, tmp_path / "out", "--to", "mimic-it") == 0
    value = json.loads((tmp_path / "out" / "mimic_it_instructions.json").read_text())
    assert value["data"] and all({"instruction", "answer"} <= row.keys() for row in value["data"].values())
