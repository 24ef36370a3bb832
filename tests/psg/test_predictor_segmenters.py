"""The predictor with segmenters, tiles, and pictures of every size and kind."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from psg import Predictor
from psg.loading import TrainedModel
from psg.provenance import weights_digest
from psg.segmenters import PanopticMap, Segmenter, segmenter_of
from psg.tiles import Tiling
from psg.transforms import build_pipeline
from scenegraph import InputError, Vocabulary, files
from tests import factories
from tests.psg.data import COLOURS, HEIGHT, WIDTH, WORDS, drawn
from tests.psg.two_stage import small


class ByColour(Segmenter):
    """Knows the drawn pictures: grass, sky, person and dog by their colours."""

    vocabulary = WORDS

    def _segment(self, images, names):
        return [self._map(image) for image in images]

    def _map(self, image):
        ids = np.abs(image[:, :, None].astype(int) - COLOURS.astype(int)).sum(-1).argmin(-1)
        return PanopticMap.of_ids(ids, [2, 3, 0, 1], [0.9] * 4, WORDS)


class Blind(Segmenter):
    """Finds nothing."""

    vocabulary = WORDS

    def __init__(self, vocabulary=WORDS):
        self.vocabulary = vocabulary

    def _segment(self, images, names):
        return [PanopticMap(*image.shape[:2], (), self.vocabulary) for image in images]


@pytest.fixture(scope="module")
def checkpoint(trained):
    return next(trained.glob("best_*.pth"))


@pytest.fixture(scope="module")
def one_stage(checkpoint):
    return Predictor.from_checkpoint(checkpoint, device="cpu")


PICTURES = {
    "one pixel": Image.new("RGB", (1, 1), (9, 9, 9)),
    "one row": Image.new("RGB", (700, 1), (9, 90, 9)),
    "grey": Image.new("L", (40, 30), 120),
    "alpha": Image.new("RGBA", (40, 30), (200, 0, 0, 90)),
    "palette": Image.new("P", (40, 30)),
    "16 bits": Image.new("I;16", (40, 30), 40_000),
    "print": Image.new("CMYK", (40, 30)),
}


@pytest.mark.parametrize("kind", PICTURES)
def test_any_picture_gives_a_valid_graph(one_stage, kind):
    picture = PICTURES[kind]
    for predictor in (one_stage, Predictor(segmenter=ByColour()), Predictor(segmenter=Blind())):
        assert predictor.predict(picture).source.size == (picture.height, picture.width)


def test_files_with_rotation_and_animation(one_stage, tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (40, 30)).save(tmp_path / "turned.jpg", exif=exif)
    Image.new("P", (30, 40)).save(tmp_path / "moving.gif", save_all=True, append_images=[Image.new("P", (30, 40), 3)])
    for name in ("turned.jpg", "moving.gif"):
        assert one_stage.predict(tmp_path / name).source.size == (40, 30)


def test_a_segmenter_without_a_model(tmp_path):
    predictor = Predictor(segmenter=ByColour())
    image = drawn(0)[1]
    Image.fromarray(image).save(tmp_path / "photo.png")
    graph = predictor.predict(tmp_path / "photo.png")
    assert graph.source.uri == "photo.png"
    assert graph.metadata == {"segmenter": "ByColour"}
    assert sorted(graph.vocabulary.categories[node.category] for node in graph.nodes) == [
        "dog",
        "grass",
        "person",
        "sky",
    ]
    assert "person-1 on grass-1" in [graph.sentence(relation) for relation in graph.relations]
    files.save(graph, tmp_path / "photo.scenegraph.json")
    assert files.load(tmp_path / "photo.scenegraph.json") == graph


def test_tiles_change_nothing_for_a_segmenter_that_sees_all(tmp_path):
    image = np.tile(drawn(1)[1], (2, 3, 1))
    whole, tiled = (Predictor(segmenter=ByColour(), tile=tile) for tile in (None, 50))
    assert tiled.predict(image).metadata == {"segmenter": "ByColour in tiles of 50", "tile": 50}
    found, wanted = tiled.predict(image), whole.predict(image)
    areas = [
        sorted((node.category, node.region.area) for node in graph.nodes if node.category > 1)
        for graph in (found, wanted)
    ]
    assert areas[0] == areas[1]


def test_a_one_stage_model_in_tiles(one_stage, checkpoint):
    tiled = Predictor.from_checkpoint(checkpoint, device="cpu", tile=48, overlap=16)
    image = drawn(2)[1]
    graph = tiled.predict(image)
    assert graph.source.size == (HEIGHT, WIDTH)
    assert graph.metadata["tile"] == 48
    ids = {node.id for node in graph.nodes}
    assert all({relation.subject, relation.object} <= ids for relation in graph.relations)
    pairs = [(relation.subject, relation.object) for relation in graph.relations]
    assert len(set(pairs)) == len(pairs)
    assert len(Tiling.of((HEIGHT, WIDTH), 48, 16).tiles) == 4
    small = drawn(2)[1][:40, :40]
    assert tiled.predict(small).nodes == one_stage.predict(small).nodes  # one tile is the picture


def test_a_large_picture(one_stage):
    """What networks see is bounded; the graph has the picture's size."""
    image = np.repeat(np.repeat(drawn(3)[1], 40, axis=0), 40, axis=1)
    assert image.shape[0] * image.shape[1] > 8_000_000
    for predictor in (one_stage, Predictor(segmenter=ByColour())):
        graph = predictor.predict(image)
        assert graph.source.size == (HEIGHT * 40, WIDTH * 40)
    assert "sky-1 over grass-1" in [graph.sentence(relation) for relation in graph.relations]


@pytest.mark.slow
def test_6000_by_8000(one_stage):
    image = np.repeat(np.repeat(drawn(3)[1], 100, axis=0), 94, axis=1)[:6000]
    for predictor in (one_stage, Predictor(segmenter=ByColour(), tile=1024)):
        assert predictor.predict(image).source.size == image.shape[:2]


def test_a_trained_model_as_a_segmenter(one_stage, checkpoint):
    image = drawn(4)[1]
    segmenter = segmenter_of(f"groundgraph:{checkpoint}", device="cpu")
    found = segmenter.segment(image)
    assert [node.region for node in found.nodes] == [node.region for node in one_stage.predict(image).nodes]
    assert segmenter.name.startswith("PSGFormer best_")
    other = Vocabulary(("dog", "person", "cat"), ("sky", "grass"), ())
    renamed = segmenter_of(f"groundgraph:{checkpoint}", other, "cpu").segment(image)
    names = [[each.vocabulary.categories[node.category] for node in each.nodes] for each in (found, renamed)]
    assert names[0] == names[1]


def test_what_does_not_fit_together(checkpoint):
    for options, message in (
        ({}, "nothing to predict with"),
        ({"config": "x.py", "segmenter": Blind()}, "needs the checkpoint"),
        ({"checkpoint": checkpoint, "segmenter": Blind(), "device": "cpu"}, "PSGFormer finds its own segments"),
        ({"segmenter": Blind(), "tile": 100, "overlap": 80}, "expected an overlap"),
    ):
        with pytest.raises(InputError, match=message):
            Predictor(**options)


class Stripes(Segmenter):
    """Sees upright stripes of every class, in the two-stage models' vocabulary."""

    vocabulary = factories.VOCABULARY

    def _segment(self, images, names):
        count = len(self.vocabulary.categories)
        maps = []
        for image in images:
            column = np.arange(image.shape[1]) * count // image.shape[1]
            ids = np.repeat(column[None], len(image), axis=0)
            maps.append(PanopticMap.of_ids(ids, range(count), [0.9] * count, self.vocabulary))
        return maps


@pytest.mark.parametrize("mode", ["predcls", "sgdet"])
def test_a_two_stage_model_on_a_segmenter(mode, monkeypatch):
    trained = TrainedModel.__new__(TrainedModel)
    trained.path, trained.model = Path("motifs.pth"), small.build("Motifs", mode).eval()
    trained.pipeline = build_pipeline([{"type": "LoadScene"}, {"type": "PackScene"}])
    monkeypatch.setattr("psg.loading.TrainedModel", lambda *_: trained)
    predictor = Predictor(checkpoint="motifs.pth", segmenter=Stripes())
    for size in ((32, 48), (1600, 2000)):  # the second is reduced for the network
        graph = predictor.predict(np.zeros((*size, 3), dtype=np.uint8))
        found = Stripes().segment(np.zeros((*size, 3), dtype=np.uint8)).nodes
        assert [node.region for node in graph.nodes] == [node.region for node in found]
        if mode == "predcls":  # the others may name the segments anew
            assert graph.nodes == found
        made = {"model": "TwoStage", "checkpoint": "motifs.pth", "segmenter": "Stripes"}
        assert graph.metadata == {**made, "weights": weights_digest(predictor.model)}
        assert len(graph.relations) > 0
    blind = Predictor(checkpoint="motifs.pth", segmenter=Blind(factories.VOCABULARY))
    empty = blind.predict(np.zeros((32, 48, 3), dtype=np.uint8))
    assert (empty.nodes, empty.relations) == ((), ())
    with pytest.raises(InputError, match="its categories are not those of"):
        Predictor(checkpoint="motifs.pth", segmenter=Blind())


def test_a_two_stage_model_needs_segments(monkeypatch):
    trained = TrainedModel.__new__(TrainedModel)
    trained.path, trained.model = Path("motifs.pth"), small.build("Motifs", "predcls").eval()
    monkeypatch.setattr("psg.loading.TrainedModel", lambda *_: trained)
    with pytest.raises(InputError, match=r"among given segments.*--segmenter"):
        Predictor(checkpoint="motifs.pth")
