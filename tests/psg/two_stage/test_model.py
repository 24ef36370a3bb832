"""Two-stage models train and predict in every mode, whatever the pictures hold."""

import numpy as np
import pytest
import torch

from psg.two_stage.nodes import PictureNodes
from scenegraph import InputError
from tests.psg import models
from tests.psg.two_stage import small

MODES = ("predcls", "sgcls", "sgdet")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", small.KINDS)
def test_parameters_get_gradients(kind, mode):
    """All of them, but in PredCls for those that say categories."""
    model = small.build(kind, mode)
    items = models.sample(), models.sample((64, 64), segments=5)
    losses = model(**models.batch(model, *items), mode="loss")
    assert all(value.ndim == 0 and value.isfinite() for value in losses.values())
    assert ("loss_object" in losses) == (mode != "predcls")
    models.total(losses).backward()
    without = {name for name, parameter in model.named_parameters() if parameter.grad is None}
    said = ("head.reasoning.decoder.", "head.reasoning.classify_object.")
    assert all(mode == "predcls" and name.startswith(said) for name in without), without
    assert all(parameter.grad.isfinite().all() for parameter in model.parameters() if parameter.grad is not None)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", small.KINDS)
@pytest.mark.parametrize("segments", [(0, 0), (0, 1), (1,), (1, 3)])
def test_pictures_without_pairs(kind, mode, segments):
    """They train, and give a valid graph."""
    model = small.build(kind, mode)
    items = [small.with_truth(models.sample(segments=number, relations=())) for number in segments]
    models.total(model(**models.batch(model, *items), mode="loss")).backward()
    gradients = [parameter.grad for parameter in model.parameters() if parameter.grad is not None]
    assert gradients and all(gradient.isfinite().all() for gradient in gradients)
    model.eval()
    if mode == "sgdet":
        model.segmenter.count = segments[0]
    with torch.no_grad():
        samples = model(**models.batch(model, *items), mode="predict")
    for number, sample in zip(segments, samples, strict=True):
        found = segments[0] if mode == "sgdet" else number
        assert len(sample.pred_graph.nodes) == found
        assert len(sample.pred_graph.relations) == found * (found - 1)


@pytest.mark.parametrize("kind", small.KINDS)
def test_prediction_ranks_every_ordered_pair_once(kind):
    model = small.build(kind).eval()
    item = small.with_truth(models.sample())
    with torch.no_grad():
        (sample,) = model(**models.batch(model, item), mode="predict")
    graph = sample.pred_graph
    truth = item["data_samples"].graph
    assert graph.source == truth.source
    assert [(node.id, node.category, node.score) for node in graph.nodes] == [
        (node.id, node.category, 1.0) for node in truth.nodes
    ]
    pairs = {(relation.subject, relation.object) for relation in graph.relations}
    assert len(pairs) == len(graph.relations) == 12
    scores = [relation.score for relation in graph.relations]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("kind", small.KINDS)
def test_segments_come_back_at_the_original_size(kind):
    model = small.build(kind, "sgdet").eval()
    item = models.sample()
    item["data_samples"].set_metainfo({"ori_shape": (32, 48), "scale_factor": (2.0, 2.0), "img_path": "a/photo.jpg"})
    with torch.no_grad():
        (sample,) = model(**models.batch(model, item), mode="predict")
    graph = sample.pred_graph
    assert graph.source.size == (32, 48) and len(graph.nodes) == 4
    assert graph.nodes[0].region.box == (0, 8, 12, 32)


def test_a_model_trained_on_true_segments_serves_a_segmenter():
    """Its categories and scores stay; relations are those of the same model in PredCls."""
    item = small.with_truth(models.sample())
    given, found = small.build("Motifs").eval(), small.build("Motifs", "sgdet", head={"refine": False}).eval()
    found.load_state_dict(given.state_dict())
    graphs = []
    for model in (given, found):
        with torch.no_grad():
            (sample,) = model(**models.batch(model, item), mode="predict")
        graphs.append(sample.pred_graph)
    assert [node.category for node in graphs[1].nodes] == [node.category for node in graphs[0].nodes]
    assert all(node.score == pytest.approx(0.9, abs=1e-6) for node in graphs[1].nodes)
    assert found(**models.batch(found, item), mode="loss").keys() == {"loss_predicate"}
    with pytest.raises(InputError, match="SGCls"):
        small.build("Motifs", "sgcls", head={"refine": False})


def test_the_segmenter_sees_the_picture_itself():
    model = small.build("IMP", "sgdet").eval()
    item = models.sample((48, 64))
    with torch.no_grad():
        model(**models.batch(model, item), mode="predict")
    np.testing.assert_array_equal(model.segmenter.seen[0], item["inputs"].permute(1, 2, 0).numpy())


@pytest.mark.parametrize("kind", small.KINDS)
def test_the_loss_falls_on_two_pictures(kind):
    model = small.build(kind)
    first, last = models.losses_of_steps(model, rate=3e-3, steps=15)
    assert last < 0.7 * first


def test_frozen_parts_do_not_move():
    model = small.build(frozen=True).train()
    before = {name: value.clone() for name, value in model.backbone.state_dict().items()}
    models.total(model(**models.batch(model, models.sample()), mode="loss")).backward()
    assert not any(module.training for module in (*model.backbone.modules(), *model.neck.modules()))
    assert all(parameter.grad is None for parameter in (*model.backbone.parameters(), *model.neck.parameters()))
    assert all(torch.equal(value, before[name]) for name, value in model.backbone.state_dict().items())


def test_what_is_missing_is_said():
    model = small.build("IMP").eval()
    with pytest.raises(InputError, match=r"no true segments.*sgdet"):
        model(**models.batch(model, models.sample()), mode="predict")
    with pytest.raises(InputError, match="one of predcls, sgcls, sgdet"):
        small.build("IMP", mode="sgdets")
    searching = small.build("IMP", "sgdet")
    del searching.segmenter
    with pytest.raises(InputError, match=r"model\.segmenter"):
        searching(**models.batch(searching, models.sample()), mode="loss")


def test_given_maps_are_not_used_for_flipped_pictures():
    model = small.build("IMP", "sgdet", segmenter="maps:pngs,pngs.json")
    item = models.sample()
    item["data_samples"].set_metainfo({"flip": True})
    with pytest.raises(InputError, match="SceneFlip"):
        model(**models.batch(model, item), mode="loss")


@pytest.mark.parametrize("published", [False, True])
def test_published_code_squeezes_masks_with_the_padding(published):
    """A picture 4 wide in a batch 8 wide: the right segment ends in the middle if padding is enlarged too."""
    item = models.sample((4, 4))["data_samples"]
    item.set_metainfo({"ori_shape": (4, 4), "scale_factor": (1.0, 1.0), "batch_input_shape": (4, 8)})
    ids = np.repeat([[0, 0, 1, 1]], 4, axis=0)
    found = small.Found(ids, [0, 1]).graph()
    nodes = PictureNodes.of_found(found, item, "cpu", published)
    assert nodes.boxes.tolist() == [[0, 0, 2, 4], [2, 0, 4, 4]]
    assert nodes.segments[1].box == ((1, 0, 2, 4) if published else (2, 0, 4, 4))


def test_published_code_does_not_report_refined_categories():
    items = [models.sample()]
    refined, given = (small.build("IMP", "sgdet", head={"published": flag}).eval() for flag in (False, True))
    categories = []
    for model in (refined, given):
        for parameter in model.head.reasoning.classify_object.parameters():
            parameter.data.zero_()
        model.head.reasoning.classify_object.bias.data[3] = 9  # all nodes are balls
        with torch.no_grad():
            (sample,) = model(**models.batch(model, *items), mode="predict")
        categories.append([node.category for node in sample.pred_graph.nodes])
    assert categories == [[2, 2, 2, 2], [0, 1, 2, 3]]
