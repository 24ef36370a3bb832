"""Tokens of tubes: features of places and frames by hand, and what a language model gets of them."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from assistant.tuning.features import NUMBERS, PLACE, TIME, features_of
from assistant.tuning.graph_tokens import GraphTokens, TokenSettings, collated
from assistant.tuning.language import TinySize, tiny_model, word_tokenizer
from assistant.tuning.packing import Template
from assistant.tuning.reading import APPEARANCE, Reading
from assistant.tuning.texts import Asked, World, graph_text
from assistant.tuning.tubes import PART, TUBES, Tubes, pooled_in_tubes, tubes_of, with_tubes
from scenegraph import InputError, Mask, Node, SceneGraph, Segment, Source, Tube, Vocabulary
from toyworld import clips, scenes


def clip():
    """A dog of 4 x 4 pixels in frames 0 and 2 of 3, one pixel further right in the second."""
    shown = np.zeros((2, 8, 8), dtype=bool)
    shown[0, 2:6, 0:4] = shown[1, 2:6, 1:5] = True
    tube = Tube({frame: Segment(Mask.from_array(each)) for frame, each in zip((0, 2), shown, strict=True)})
    return SceneGraph(Source("video", "clip", 8, 8, 3, 5.0), (Node(0, 0, tube),), (), Vocabulary(("dog",), (), ()))


def maps():
    """The column of every pixel, plus 100 a frame."""
    return [np.broadcast_to(np.arange(8.0), (1, 8, 8)) + 100 * frame for frame in range(3)]


def test_features_of_places_by_hand():
    tubes = pooled_in_tubes(clip(), maps(), frames=3, grid=2)
    assert tubes.frames == (0, 1, 2) and tubes.values.shape == (1, 3, 4, 1)
    assert tubes.values[0, 0, :, 0].tolist() == [0.5, 2.5, 0.5, 2.5]
    assert np.isnan(tubes.values[0, 1]).all()
    assert tubes.values[0, 2, :, 0].tolist() == [201.5, 203.5, 201.5, 203.5]
    with pytest.raises(InputError, match="2 feature maps; expected one for each of the 3 frames"):
        pooled_in_tubes(clip(), maps()[:2])


def test_places_that_the_mask_leaves_empty_get_its_mean():
    shown = np.zeros((8, 8), dtype=bool)
    shown[0:4, 0] = shown[0, 0:4] = True  # an L: nothing in the lower right cell
    tube = Tube({frame: Segment(Mask.from_array(shown)) for frame in range(3)})
    graph = replace(clip(), nodes=(Node(0, 0, tube),))
    values = pooled_in_tubes(graph, maps(), frames=1, grid=2).values[0, 0, :, 0]
    assert values.tolist() == pytest.approx([1 / 3, 2.5, 0, 6 / 7])


def test_t_and_n_tokens_a_node_by_hand():
    graph = clip()
    plain = features_of(graph, np.zeros((1, 1), dtype=np.float32))
    features = with_tubes(plain, graph, pooled_in_tubes(graph, maps(), frames=3, grid=2))
    # The node, two of three frames (it is not seen in the other), four places.
    assert features.numbers.shape == (1 + 2 + 4, NUMBERS + 1)
    assert features.words[1:] == (("dog", "dog-1", "", "", ""),) * 6 and (features.numbers[1:, 0] == PART).all()
    assert features.numbers[1:, -1].tolist() == [1.5, 202.5, 101, 103, 101, 103]
    assert np.allclose(features.numbers[1:3, TIME], [[0, 1 / 3, 1 / 3], [2 / 3, 1, 1 / 3]])
    assert np.allclose(features.numbers[2, PLACE], [3 / 8, 0.5, 0.5, 0.5, 0.5, 1])
    assert np.allclose(features.numbers[3:, TIME], plain.numbers[0, TIME])


def test_metadata_comes_back_and_bad_metadata_is_named():
    tubes = pooled_in_tubes(clip(), maps(), frames=3)
    graph = replace(clip(), metadata={TUBES: tubes.to_json()})
    again = tubes_of(graph, 1)
    assert again.frames == tubes.frames and np.allclose(again.values, tubes.values, equal_nan=True)
    assert tubes_of(scenes.image(2, (64, 80)).graph, 1) is None
    for bad in (graph, clip(), replace(clip(), metadata={TUBES: {"frames": [9], "features": [[[[1.0]]]]}})):
        with pytest.raises(InputError, match=r"clip: metadata\['tubes'\]"):
            tubes_of(bad, 2 if bad is graph else 1)
    with pytest.raises(InputError, match=r"tokens\.appearance"):
        TokenSettings(tubes=True)


@pytest.fixture(scope="module")
def video():
    made = clips.video(3, frames=6, size=(64, 80))
    tubes = pooled_in_tubes(made.graph, [made[at].rgb.transpose(2, 0, 1) / 255 for at in range(6)], frames=3)
    appearance = np.zeros((len(made.graph.nodes), 3))
    return replace(made.graph, metadata={APPEARANCE: appearance.tolist(), TUBES: tubes.to_json()})


@pytest.mark.parametrize("connector", ["mlp", "perceiver"])
def test_a_language_model_reads_them(video, connector):
    options = {} if connector == "mlp" else {"latents": 4, "dims": 16, "layers": 1, "heads": 2}
    tokenizer = word_tokenizer([graph_text(video), "is there a dog ? yes"])
    model = tiny_model(tokenizer, TinySize(dims=16, inner=16, layers=1, heads=2))
    shapes = []
    for tubes in (False, True):
        tokens = GraphTokens(TokenSettings(connector, 3, 8, options, tubes), 16)
        reading = Reading(tokenizer, Template.of(tokenizer), "tokens", "sentences", tokens, 0)
        batch = reading.batch([World(video, (Asked("is there a dog ?", "yes"),))])
        graphs = batch["graphs"]
        made, seen = tokens(graphs["word_ids"], graphs["numbers"], graphs["seen"], model.get_input_embeddings())
        assert made.isfinite().all() and int((batch["input_ids"] == 0).sum()) == int(seen.sum())
        shapes.append(graphs["numbers"].shape[1])
    nodes, parts = len(video.nodes), tubes_of(video, 3)
    frames = int((~np.isnan(parts.values).any((2, 3))).sum())
    seen_nodes = int((~np.isnan(parts.values).any((2, 3))).any(1).sum())
    assert shapes == [nodes + len(video.relations), nodes + len(video.relations) + frames + 4 * seen_nodes]


def test_a_video_without_frames_that_show_a_node_changes_nothing():
    graph = clip()
    plain = features_of(graph, np.zeros((1, 1), dtype=np.float32))
    unseen = Tubes((1,), np.full((1, 1, 4, 1), np.nan, dtype=np.float32))
    assert with_tubes(plain, graph, unseen) is plain
    assert torch.isfinite(collated(word_tokenizer(["dog dog-1"]), [plain])["numbers"]).all()
