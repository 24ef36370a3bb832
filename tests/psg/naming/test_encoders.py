import numpy as np
import pytest

from psg.naming import ClipEncoder, Descriptors, Namer
from scenegraph import InputError
from tests.factories import park
from tests.psg.naming.tiny_clip import save_tiny_clip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save_tiny_clip(tmp_path_factory.mktemp("clip") / "tiny")


@pytest.fixture(scope="module")
def encoder(folder):
    return ClipEncoder(folder, device="cpu", batch_size=2)


def noise(seed, height=20, width=30):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def test_pictures_and_texts_become_rows(encoder):
    pictures = [noise(0), noise(1, 9, 9), noise(2, 1, 1)]
    rows = encoder.encode_images(pictures)
    assert rows.shape == (3, 8) and rows.dtype == np.float32
    assert np.allclose(rows[1], encoder.encode_images(pictures[1:2])[0], atol=1e-5)  # batches change nothing
    texts = ["a dog", "a photo of a cat, which purrs", "x" * 300]
    rows = encoder.encode_texts(texts)
    assert rows.shape == (3, 8)
    assert np.allclose(rows[0], encoder.encode_texts(texts[:1])[0], atol=1e-5)
    assert encoder.encode_images([]).shape == (0, 0)
    assert encoder.name == "tiny" and encoder.scale == pytest.approx(np.exp(2.6592), rel=1e-3)


def test_rows_are_those_of_the_model(encoder):
    import torch
    from PIL import Image

    inputs = encoder.processor(text=["a dog"], images=[Image.fromarray(noise(0))], return_tensors="pt")
    with torch.inference_mode():
        expected = encoder.model(**inputs)
    vectors = encoder.encode_images([noise(0)]), encoder.encode_texts(["a dog"])
    image, text = (rows[0] / np.linalg.norm(rows[0]) for rows in vectors)
    assert np.allclose(image, expected.image_embeds[0].numpy(), atol=1e-5)
    assert np.allclose(text, expected.text_embeds[0].numpy(), atol=1e-5)


def test_a_graph_is_named(encoder):
    descriptors = Descriptors({"dog": ("has a snout", "has fur"), "ball": ()}, {"grass": ("is green",)})
    photo = noise(3)
    graph = Namer(encoder, descriptors).name(park(), photo)
    assert graph.relations == park().relations and len(graph.nodes) == 5
    assert all(0 < node.score <= 1 for node in graph.nodes)
    again = Namer(encoder, descriptors, how="masked").name(park(), photo)
    assert [node.attributes["naming"] for node in again.nodes] != [node.attributes["naming"] for node in graph.nodes]


def test_folders_of_another_sort(tmp_path, folder):
    with pytest.raises(InputError, match="no such folder"):
        ClipEncoder(tmp_path / "none")
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(InputError, match="no CLIP model"):
        ClipEncoder(tmp_path)
    with pytest.raises(InputError, match="batch size 0"):
        ClipEncoder(folder, batch_size=0)
