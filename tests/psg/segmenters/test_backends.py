"""Every back end: from a picture of any size to a map of that size, under the wanted names."""

import sys

import numpy as np
import pytest
import torch

from psg import Predictor
from psg.postprocess import PostProcessing
from psg.segmenters import segmenter_of
from scenegraph import InputError, Vocabulary
from tests.psg.segmenters.conftest import CLASSES, WORDS

pytestmark = [  # all of mmdet, when it is imported, built and run
    pytest.mark.filterwarnings("ignore:faster_coco_eval"),
    pytest.mark.filterwarnings("ignore:torch.meshgrid"),
    pytest.mark.filterwarnings("ignore:Default ``avg_non_ignore``"),
]

EVERYTHING = PostProcessing(object_score=0.0, mask_probability=0.0, visible_share=0.0, duplicate_iou=1.1)
"""Keeps what random weights find."""


@pytest.fixture(params=["eomt", "mask2former", "panoptic_fpn", "mmdet_mask2former"])
def segmenter(request):
    """A random segmenter that finds something, under `WORDS`."""
    if request.param in ("eomt", "mask2former"):
        text = f"{request.param}:{request.getfixturevalue(request.param + '_folder')}"
    else:
        text = "mmdet:{},{}".format(*request.getfixturevalue(request.param))
    found = segmenter_of(text, WORDS, "cpu")
    found.postprocessing = EVERYTHING
    return found


def test_maps_have_the_size_of_their_pictures(segmenter, picture):
    wide = np.tile(picture, (1, 2, 1))
    for image, found in zip((picture, wide), segmenter.segment_many([picture, wide]), strict=True):
        assert found.size == image.shape[:2]
        assert found.vocabulary == segmenter.vocabulary == WORDS
        assert len(found.nodes) > 0
        assert found.ids.max() == len(found.nodes) - 1
        stuff = found.categories[found.categories >= len(WORDS.things)]
        assert len(set(stuff)) == len(stuff)
        if found.features is not None:
            assert len(found.features) == len(found.nodes)
            assert np.isfinite(found.features).all()


def test_one_predictor_for_all(segmenter, picture):
    graph = Predictor(segmenter=segmenter).predict(picture)
    found = segmenter.segment(picture)
    assert (graph.source.size, graph.vocabulary.categories) == (found.size, WORDS.categories)
    assert [node.region for node in graph.nodes] == [node.region for node in found.nodes]
    assert graph.metadata == {"segmenter": segmenter.name}


@pytest.mark.parametrize("size", [(1, 1), (2, 1), (1, 300)])
def test_tiny_and_oblong_pictures(segmenter, size):
    found = segmenter.segment(np.full((*size, 3), 90, dtype=np.uint8))
    assert found.size == size
    assert found.graph("x").source.size == size


def test_the_same_picture_gives_the_same_map(segmenter, picture):
    first, second = segmenter.segment(picture), segmenter.segment(picture)
    assert first.nodes == second.nodes
    assert segmenter.segment_many([]) == []


def test_nothing_found_is_an_empty_map(segmenter, picture):
    segmenter.postprocessing = PostProcessing(object_score=1.0)
    if hasattr(segmenter.model, "roi_head"):
        segmenter.model.roi_head.test_cfg.score_thr = 1.0
        segmenter.model.panoptic_fusion_head.test_cfg.stuff_area_limit = 10**9
    found = segmenter.segment(picture)
    assert found.nodes == ()
    assert (found.ids == -1).all()
    assert found.graph("x").nodes == ()


def test_classes_the_vocabulary_lacks(eomt_folder, panoptic_fpn, picture):
    poor = Vocabulary(("person",), ("grass-merged",), ())
    for text in (f"eomt:{eomt_folder}", "mmdet:{},{}".format(*panoptic_fpn)):
        with pytest.raises(InputError, match=r"lacks 1 of its 3 classes: dog;.*--drop-unknown"):
            segmenter_of(text, poor, "cpu")
        without = segmenter_of(text, poor, "cpu", drop_unknown=True)
        without.postprocessing = EVERYTHING
        assert set(without.segment(picture).categories) <= {0, 1}


def test_without_a_vocabulary_coco_says_what_is_a_thing(eomt_folder):
    assert segmenter_of(f"eomt:{eomt_folder}", device="cpu").vocabulary == Vocabulary(
        ("person", "dog"), ("grass-merged",), ()
    )


class Found:
    """A network that finds a person, a dog and two patches of grass in the left 5/4 of its input."""

    def __init__(self, config):
        self.config = config
        self.masks = torch.full((1, 6, 32, 32), -8.0)
        for query, (rows, columns) in enumerate(
            [(slice(2, 12), slice(0, 9)), (slice(6, 20), slice(12, 32)), (slice(20, 26), slice(0, 32))]
        ):
            self.masks[0, query, rows, columns] = 8.0
        self.masks[0, 3, 0:2] = 8.0
        self.classes = torch.zeros(1, 6, 4)
        for query, label in enumerate([1, 2, 0, 0, 3, 3]):  # label 3: nothing
            self.classes[0, query, label] = 9.0

    def __call__(self, pixel_values):
        self.class_queries_logits, self.masks_queries_logits = self.classes, self.masks
        self.last_hidden_state = torch.arange(6.0)[None, :, None].expand(1, 6, 2)
        return self


def test_maps_equal_those_of_transformers(eomt_folder, picture):
    """Where masks are clear the published post-processing, a loop over queries, gives the same map."""
    segmenter = segmenter_of(f"eomt:{eomt_folder}", WORDS, "cpu")
    segmenter.model = Found(segmenter.model.config)
    (expected,) = segmenter.processor.post_process_panoptic_segmentation(
        segmenter.model(None), target_sizes=[(40, 50)], stuff_classes=[0]
    )
    found = segmenter.segment(picture)
    names = [WORDS.categories[category] for category in found.categories]
    assert sorted(names) == ["dog", "grass-merged", "person"]
    for segment in expected["segments_info"]:
        position = names.index(CLASSES[segment["label_id"]])
        assert np.array_equal(found.ids == position, (expected["segmentation"] == segment["id"]).numpy())
        assert found.scores[position] == pytest.approx(segment["score"], abs=1e-5)
    assert {name: row[0] for name, row in zip(names, found.features, strict=True)} == {
        "person": 0,
        "dog": 1,
        "grass-merged": 2,
    }


def test_detections_lend_their_scores(panoptic_fpn, picture):
    """The fused map of mmdet has no scores; those of its segments come from the detections and the softmax."""
    segmenter = segmenter_of("mmdet:{},{}".format(*panoptic_fpn), WORDS, "cpu")
    found = segmenter.segment(picture)
    assert ((found.scores > 0) & (found.scores <= 1)).all()


def test_standard_output_is_left_to_results(panoptic_fpn, monkeypatch, capsys):
    """What mmdet prints on its first import would stand in front of `groundgraph predict --json`."""
    from psg.segmenters import openmmlab

    built = openmmlab._built
    monkeypatch.setattr(openmmlab, "_built", lambda *given: sys.stdout.write("hello") and built(*given))
    segmenter_of("mmdet:{},{}".format(*panoptic_fpn), WORDS, "cpu")
    printed = capsys.readouterr()
    assert "hello" in printed.err and not printed.out
