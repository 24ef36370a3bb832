"""From a checkpoint and a picture to a graph; checkpoints that cannot be used say why."""

import pathlib
import re

import numpy as np
import pytest
import torch
from PIL import Image

from psg import Predictor
from psg.checkpoints import checkpoint_file, description_of, read_checkpoint
from scenegraph import InputError
from tests.psg.conftest import ROOT
from tests.psg.data import HEIGHT, WIDTH, WORDS, drawn


@pytest.fixture(scope="module")
def checkpoint(trained):
    return next(trained.glob("best_*.pth"))


@pytest.fixture(scope="module")
def predictor(checkpoint):
    return Predictor.from_checkpoint(checkpoint, device="cpu")


def test_a_picture_becomes_a_graph(predictor, tmp_path):
    image = drawn(0)[1]
    path = tmp_path / "photo.png"
    Image.fromarray(image).save(path)
    graph = predictor.predict(path)
    assert graph.source.uri == "photo.png"
    assert graph.source.size == (HEIGHT, WIDTH)
    assert graph.vocabulary == predictor.vocabulary == WORDS
    assert graph.metadata["model"] == "PSGFormer"
    for source in (image, Image.fromarray(image), path.read_bytes()):
        again = predictor.predict(source)
        assert again.nodes == graph.nodes
        assert again.relations == graph.relations


def test_many_pictures_in_batches(predictor):
    images = [drawn(number)[1] for number in range(5)]
    graphs = list(predictor.predict_many(iter(images), batch_size=2, progress=False))
    assert [graph.nodes for graph in graphs] == [predictor.predict(image).nodes for image in images]
    assert list(predictor.predict_many([], progress=False)) == []


def test_pictures_of_several_sizes_in_one_batch(predictor):
    images = [drawn(0)[1], drawn(1)[1][:40, :50]]
    assert [graph.source.size for graph in predictor.predict_many(images, progress=False)] == [(64, 80), (40, 50)]


def test_config_and_checkpoint_give_the_same_model(predictor, checkpoint):
    other = Predictor(ROOT / "configs" / "tiny" / "psgformer.py", checkpoint, device="cpu")
    assert other.predict(drawn(3)[1]).nodes == predictor.predict(drawn(3)[1]).nodes


def test_training_changes_the_weights(trained):
    first, second = (read_checkpoint(trained / f"iter_{number}.pth")["state_dict"] for number in (2, 4))
    assert any(not torch.equal(first[name], second[name]) for name in first)


def test_pictures_that_are_none(predictor, tmp_path):
    (tmp_path / "x.jpg").write_text("no picture")
    for path in (tmp_path / "x.jpg", tmp_path / "none.jpg", tmp_path):
        with pytest.raises(InputError, match=r"picture|no such file"):
            predictor.predict(path)


def changed(checkpoint, path, change):
    content = torch.load(checkpoint, weights_only=True)
    change(content)
    torch.save(content, path)
    return path


def test_a_work_folder_stands_for_its_best_checkpoint(checkpoint):
    assert checkpoint_file(checkpoint.parent) == checkpoint


def test_files_that_are_no_checkpoints(checkpoint, tmp_path):
    text = tmp_path / "text.pth"
    text.write_text("no checkpoint")
    empty = tmp_path / "empty.pth"
    empty.touch()
    cut = tmp_path / "cut.pth"
    cut.write_bytes(checkpoint.read_bytes()[:5000])
    foreign = tmp_path / "foreign.pth"
    torch.save({"weights": 1}, foreign)
    for path, message in (
        (tmp_path / "none.pth", "no such checkpoint"),
        (tmp_path, "this folder holds no best_"),
        (text, "no PyTorch checkpoint, or was cut off"),
        (cut, "no PyTorch checkpoint, or was cut off"),
        (empty, "is empty"),
        (foreign, "expected a checkpoint with `state_dict`.*weights"),
    ):
        with pytest.raises(InputError, match=message):
            Predictor.from_checkpoint(path)


def test_objects_are_never_loaded(checkpoint, tmp_path):
    path = changed(checkpoint, tmp_path / "x.pth", lambda content: content["meta"].update(where=pathlib.Path("x")))
    with pytest.raises(InputError, match=r"pathlib.*could run code"):
        Predictor.from_checkpoint(path)


def test_types_are_names_not_paths(checkpoint, tmp_path):
    def change(content):
        content["meta"]["groundgraph"]["model"]["backbone"] = {"type": "os.mkdir", "path": str(tmp_path / "made")}

    with pytest.raises(InputError, match=r"names the type 'os\.mkdir'"):
        Predictor.from_checkpoint(changed(checkpoint, tmp_path / "x.pth", change))
    assert not (tmp_path / "made").exists()


def test_weights_that_do_not_fit_are_listed(checkpoint, tmp_path):
    names = list(read_checkpoint(checkpoint)["state_dict"])

    def change(content):
        weights = content["state_dict"]
        del weights[names[1]]
        weights["strange"] = torch.zeros(1)
        weights[names[0]] = torch.zeros(2, 2)

    with pytest.raises(InputError) as caught:
        Predictor.from_checkpoint(changed(checkpoint, tmp_path / "x.pth", change))
    message = str(caught.value)
    assert f"1 parameters of the model are missing: {names[1]}" in message
    assert "1 parameters are unknown to the model: strange" in message
    assert f"{names[0]} (2, 2) instead of" in message


def test_weights_of_a_diverged_training_are_refused(checkpoint, tmp_path):
    def change(content):
        weights = content["state_dict"]
        name = next(name for name in weights if weights[name].is_floating_point())
        weights[name] = weights[name] * torch.nan

    with pytest.raises(InputError, match=r"1 parameters are not numbers .*earlier checkpoint"):
        Predictor.from_checkpoint(changed(checkpoint, tmp_path / "x.pth", change))


def test_names_of_the_model_are_those_it_was_trained_with(checkpoint, tmp_path):
    """Weights count names by place, so another list would give every relation a wrong name without a sign."""

    def rename(content):
        content["meta"]["groundgraph"]["model"]["vocabulary"]["predicates"][1:3] = ["adores", "fears"]

    def shorten(content):
        del content["meta"]["groundgraph"]["model"]["vocabulary"]["things"][-1]

    def drop(content):
        del content["meta"]["groundgraph"]["model"]["vocabulary"]["stuff"]

    first, second = WORDS.predicates[1:3]
    last = len(WORDS.things) - 1
    for change, message in (
        (rename, f"other predicates: 1: {first!r} instead of 'adores', 2: {second!r} instead of 'fears'"),
        (shorten, f"other things: {last}: {WORDS.things[last]!r} instead of nothing"),
        (drop, f"other stuff: 0: {WORDS.stuff[0]!r} instead of nothing"),
    ):
        with pytest.raises(InputError, match=re.escape(message)):
            Predictor.from_checkpoint(changed(checkpoint, tmp_path / "x.pth", change), device="cpu")


def test_a_checkpoint_of_another_program_needs_a_config(checkpoint, tmp_path):
    path = changed(checkpoint, tmp_path / "x.pth", lambda content: content["meta"].clear())
    with pytest.raises(InputError, match="give the config file too"):
        Predictor.from_checkpoint(path)
    with pytest.raises(InputError, match="vocabulary"):
        Predictor(ROOT / "configs" / "tiny" / "psgformer.py", path)
    with pytest.raises(InputError, match="no such config"):
        Predictor(tmp_path / "none.py", checkpoint)


def test_the_description_is_complete_and_plain(checkpoint):
    description = description_of(read_checkpoint(checkpoint), checkpoint)
    assert description["model"]["type"] == "PSGFormer"
    assert description["model"]["vocabulary"]["things"] == list(WORDS.things)
    assert [step["type"] for step in description["pipeline"]] == ["LoadScene", "PackScene"]


def test_metadata_of_arrays(predictor):
    assert predictor.predict(np.zeros((32, 32, 3), dtype=np.uint8)).source.uri == ""
