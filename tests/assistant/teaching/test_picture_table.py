"""MIMIC-IT's table of pictures: every id that the instructions name is in it, and holds that very picture."""

import base64
import io
import json

import numpy as np
import pytest
from PIL import Image

from assistant.teaching.files import SAMPLES
from assistant.teaching.picture_table import picture_ids, shown_frames, wanted, write_table
from assistant.teaching.samples import Sample
from groundgraph.main import main
from scenegraph import InputError, files
from tests.assistant.scenes import birthday, riders

pq = pytest.importorskip("pyarrow.parquet")


def picture(graph, seed, path, kind=None):
    path.parent.mkdir(parents=True, exist_ok=True)
    height, width = graph.source.size
    array = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    Image.fromarray(array).save(path, kind)
    return array


@pytest.fixture
def data(tmp_path):
    """A picture and a video as graphs, with their pictures below `media`, and the uri of the video."""
    graphs = {"riders": riders(), "party": birthday()}
    for name, graph in graphs.items():
        (tmp_path / "graphs").mkdir(exist_ok=True)
        files.save(graph, tmp_path / "graphs" / f"{name}.scenegraph.json")
    return tmp_path, graphs


def instructed(folder, *options):
    out = folder / "out"
    arguments = ["data", "instruct", str(folder / "graphs"), "--root", str(folder / "media"), "--out", str(out)]
    kinds = ("conversation", "detail", "captions", "temporal", "difference")
    code = main([*arguments, "--each", "2", "--quiet", "--pictures", "--kinds", *kinds, *options])
    return code, out


def table(out):
    rows = pq.read_table(out / "mimic_it_images.parquet")
    assert json.loads(rows.schema.metadata[b"pandas"])["index_columns"] == ["__index_level_0__"]
    columns = rows.to_pydict()
    return dict(zip(columns["__index_level_0__"], columns["base64"], strict=True))


def test_every_picture_that_is_named_is_there(data):
    folder, graphs = data
    video = graphs["party"].source
    array = picture(graphs["riders"], 0, folder / "media" / graphs["riders"].source.uri, "PNG")
    for frame in range(video.num_frames):
        picture(graphs["party"], frame + 1, folder / "media" / video.uri / f"{frame:04d}.png")
    code, out = instructed(folder)
    assert code == 0
    instructions = json.loads((out / "mimic_it_instructions.json").read_text())["data"]
    named = {each for record in instructions.values() for each in record["image_ids"]}
    rows = table(out)
    assert named == set(rows)
    assert any(len(record["image_ids"]) == 8 for record in instructions.values())  # a video is shown by frames
    assert any(len(record["image_ids"]) == 2 for record in instructions.values())  # two moments are compared
    shown = Image.open(io.BytesIO(base64.urlsafe_b64decode(rows[f"GG_IMG_{graphs['riders'].source.uri}"])))
    if shown.format == "PNG":
        assert (np.asarray(shown.convert("RGB")) == array).all()


def test_media_that_are_missing_are_named_and_the_rest_is_written(data, capsys):
    folder, graphs = data
    picture(graphs["riders"], 0, folder / "media" / graphs["riders"].source.uri)
    code, out = instructed(folder)
    assert code == 0 and set(table(out)) == {f"GG_IMG_{graphs['riders'].source.uri}"}
    said = capsys.readouterr()
    assert f"no pictures of 1 of the media were found ({graphs['party'].source.uri})" in said.err
    assert "mimic_it_images.parquet: 1 records" in said.out
    assert (out / SAMPLES).exists() and (out / "llava.json").exists()


def test_ids_and_frames():
    assert shown_frames(100, 4) == [0, 33, 66, 99] and shown_frames(3) == [0, 1, 2]
    assert picture_ids("v", {"w": [1]}) == ["GG_IMG_v"] and picture_ids("v", {"v": [1, 5]})[1] == "GG_IMG_v#frame=5"
    samples = [
        Sample("a", "detail", ("v",), True, ()),
        Sample("b", "difference", ("v#frame=3", "v#frame=9"), False, ()),
    ]
    assert wanted(samples) == {"v": {None, 3, 9}}


def test_an_interrupted_table_is_not_left_half_written(tmp_path):
    def pictures():
        yield "a", b"1"
        raise InputError("stopped")

    with pytest.raises(InputError, match="stopped"):
        write_table(tmp_path / "t.parquet", pictures())
    assert not list(tmp_path.iterdir())
    assert write_table(tmp_path / "t.parquet", ((str(at), b"x") for at in range(130))) == 130
    assert pq.read_table(tmp_path / "t.parquet").num_rows == 130
