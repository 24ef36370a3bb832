"""`groundgraph predict`: graphs and drawings of photos, and photos that cannot be used."""

import json
import shutil

import numpy as np
import pytest
from PIL import Image

from groundgraph.main import main
from groundgraph.predict import list_photos
from scenegraph import InputError, files
from scenegraph.panoptic import read_id_map, write_id_map

CATEGORIES = [
    {"id": 1, "name": "person", "isthing": 1},
    {"id": 7, "name": "grass", "isthing": 0},
    {"id": 9, "name": "sky", "isthing": 0},
]
HEIGHT, WIDTH = 60, 80


def panoptic(folder, name="photo", ids=(5, 6, 7)):
    """A person on grass under the sky: the photo, its panoptic PNG and the COCO file with its segments."""
    folder.mkdir(exist_ok=True)
    numbers = np.full((HEIGHT, WIDTH), ids[1])
    numbers[:25] = ids[2]
    numbers[15:50, 30:42] = ids[0]
    Image.fromarray((numbers[..., None] * (20, 25, 30)).astype(np.uint8)).save(folder / f"{name}.jpg")
    segments = folder / "segments"
    segments.mkdir(exist_ok=True)
    write_id_map(segments / f"{name}.png", numbers)
    info = {
        "categories": CATEGORIES,
        "annotations": [
            {
                "file_name": f"{name}.png",
                "image_id": 3,
                "segments_info": [
                    {"id": number, "category_id": category, "iscrowd": 0}
                    for number, category in zip(ids, (1, 7, 9), strict=True)
                ],
            }
        ],
    }
    (folder / "panoptic.json").write_text(json.dumps(info))
    return folder / f"{name}.jpg", segments / f"{name}.png", folder / "panoptic.json"


def with_a_line_of(number, ids):
    return np.where(np.eye(*ids.shape, dtype=bool), number, ids)


def predict(*words):
    return main(["predict", *map(str, words)])


def test_a_photo_with_segments(tmp_path, capsys):
    photo, png, info = panoptic(tmp_path / "in")
    out = tmp_path / "out"
    assert predict(photo, "--segments", png, "--segments-info", info, "--out", out) == 0
    assert sorted(path.name for path in out.iterdir()) == ["photo.graph.png", "photo.scenegraph.json"]
    graph = files.load(out / "photo.scenegraph.json")
    assert graph.source.uri == "photo.jpg"
    said = [graph.sentence(relation) for relation in graph.relations]
    assert "person-1 on grass-1" in said
    assert "sky-1 over grass-1" in said
    printed = capsys.readouterr().out
    assert "3 segments" in printed
    assert "person-1 on grass-1" in printed
    with Image.open(out / "photo.graph.png") as drawing:
        assert drawing.width >= WIDTH


def test_json_and_top_k(tmp_path, capsys):
    photo, png, info = panoptic(tmp_path / "in")
    words = ("--segments", png, "--segments-info", info, "--out", tmp_path / "out", "--top-k", 1, "--json")
    assert predict(photo, *words) == 0
    (entry,) = json.loads(capsys.readouterr().out)
    assert entry["photo"] == str(photo)
    assert len(entry["relations"]) == 1
    assert entry["nodes"] == ["person-1", "grass-1", "sky-1"]
    assert len(files.load(entry["graph"]).relations) == 1


def test_a_folder_goes_on_after_a_bad_photo(tmp_path, capsys):
    folder = tmp_path / "in"
    _, png, info = panoptic(folder)
    shutil.copy(png, png.with_name("broken.png"))
    (folder / "broken.jpg").write_text("no picture")
    out = tmp_path / "out"
    assert predict(folder, "--segments", png.parent, "--segments-info", info, "--out", out) == 2
    assert sorted(path.name for path in out.iterdir()) == ["photo.graph.png", "photo.scenegraph.json"]
    errors = capsys.readouterr().err
    assert "broken" in errors
    assert "1 of 2 photos could not be used" in errors


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda photo, png, info: Image.new("RGB", (WIDTH, HEIGHT + 2)).save(photo), "pixels"),
        (lambda photo, png, info: write_id_map(png, with_a_line_of(99, read_id_map(png))), "99"),
        (lambda photo, png, info: photo.write_text("no picture"), "not a picture"),
        (lambda photo, png, info: photo.write_bytes(photo.read_bytes()[:700]), "cut off"),
        (lambda photo, png, info: png.write_bytes(b"PNG"), "picture"),
        (lambda photo, png, info: info.write_text('{"annotations": '), "JSON"),
        (lambda photo, png, info: photo.unlink(), "no such file"),
    ],
)
def test_bad_input_writes_nothing(tmp_path, capsys, spoil, message):
    photo, png, info = panoptic(tmp_path / "in")
    spoil(photo, png, info)
    out = tmp_path / "out"
    assert predict(photo, "--segments", png, "--segments-info", info, "--out", out) == 2
    assert message in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "give --checkpoint FILE"),
        (("--segments", "x.png"), "belong together"),
        (("--checkpoint", "none.pth"), "no such checkpoint"),
        (("--checkpoint", "none.pth", "--top-k", "0"), "--top-k 0"),
        (("--segmenter", "maps:a,b", "--segments", "x.png", "--segments-info", "x.json"), "either --segmenter"),
        (("--segmenter", "yolo:x"), "expected one of eomt:FOLDER"),
        (("--segmenter", "maps:a,b", "--tile", "1"), "expected an overlap"),
    ],
)
def test_wrong_options(tmp_path, capsys, words, message):
    photo, _, _ = panoptic(tmp_path / "in")
    assert predict(photo, *words, "--out", tmp_path / "out") == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_several_photos_need_a_folder_of_segments(tmp_path, capsys):
    photo, png, info = panoptic(tmp_path / "in")
    other, _, _ = panoptic(tmp_path / "in", "other")
    assert predict(photo, other, "--segments", png, "--segments-info", info, "--out", tmp_path / "out") == 2
    assert "give a folder" in capsys.readouterr().err


def test_photos_of_a_folder(tmp_path):
    for name in ("b.JPG", "a.png", "a.graph.png", "c.gif", ".hidden.png", "notes.txt"):
        (tmp_path / name).touch()
    assert [path.name for path in list_photos([tmp_path])] == ["a.png", "b.JPG", "c.gif"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="holds no pictures"):
        list_photos([tmp_path / "empty"])
    (tmp_path / "a.jpg").touch()
    with pytest.raises(InputError, match="several photos are named 'a'"):
        list_photos([tmp_path])


def test_a_full_disk_leaves_nothing(tmp_path, capsys, monkeypatch):
    """The drawing is written, the graph is not: the drawing goes too."""
    photo, png, info = panoptic(tmp_path / "in")

    def full(*_, **__):
        raise InputError("the disk is full")

    monkeypatch.setattr(files, "save", full)
    out = tmp_path / "out"
    assert predict(photo, "--segments", png, "--segments-info", info, "--out", out) == 2
    assert "disk is full" in capsys.readouterr().err
    assert list(out.iterdir()) == []


def test_a_segmenter_by_name(tmp_path):
    photo, png, info = panoptic(tmp_path / "in")
    out = tmp_path / "out"
    assert predict(photo, "--segmenter", f"maps:{png.parent},{info}", "--out", out) == 0
    graph = files.load(out / "photo.scenegraph.json")
    assert graph.metadata["segmenter"] == "panoptic.json"
    assert "person-1 on grass-1" in [graph.sentence(relation) for relation in graph.relations]


def test_an_interrupted_run_goes_on(tmp_path, capsys, monkeypatch):
    photo, png, info = panoptic(tmp_path / "in")
    out = tmp_path / "out"
    words = (photo, "--segments", png, "--segments-info", info, "--out", out, "--resume", "--json")
    assert predict(*words) == 0
    first = capsys.readouterr().out

    def again(*_):
        raise InputError("predicted again")

    monkeypatch.setattr("psg.predictor.Predictor.predict", again)
    assert predict(*words) == 0  # nothing is predicted, and the same is printed
    assert capsys.readouterr().out == first
    assert predict(*words, "--top-k", 1) == 2  # another run
    (out / "photo.graph.png").unlink()
    assert predict(*words) == 2  # half a result
    assert capsys.readouterr().err.count("predicted again") == 2


def test_real_photos(tmp_path, real_data):
    folder = real_data / "coco_panoptic" / "sample_data"
    words = ("--segments", folder / "panoptic_examples", "--segments-info", folder / "panoptic_examples.json")
    assert predict(folder / "input_images", *words, "--out", tmp_path) == 0
    riders = files.load(tmp_path / "000000439180.scenegraph.json")
    said = {riders.sentence(relation) for relation in riders.relations}
    assert {"person-11 on horse-10", "person-8 on horse-8", "horse-1 on gravel-1"} <= said
    cats = real_data / "coco_hf_fixture"
    words = (
        *("--segments", cats / "coco_panoptic" / "000000039769.png"),
        *("--segments-info", cats / "coco_panoptic_annotations.txt"),
        *("--categories", real_data / "coco_panoptic" / "panoptic_coco_categories.json"),
    )
    assert predict(cats / "000000039769.png", *words, "--out", tmp_path) == 0
    graph = files.load(tmp_path / "000000039769.scenegraph.json")
    said = {graph.sentence(relation) for relation in graph.relations}
    assert {"cat-1 on couch-1", "cat-2 on couch-1", "remote-1 on couch-1"} <= said
