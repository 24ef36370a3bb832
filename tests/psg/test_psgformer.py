import copy
import warnings

import pytest
import torch

from scenegraph import InputError
from tests.psg import models

VARIANTS = list(models.VARIANTS)


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_parameter_gets_a_gradient(variant):
    model = models.build(variant)
    items = models.sample(), models.sample((64, 64), segments=5)
    losses = model(**models.batch(model, *items), mode="loss")
    assert all(value.ndim == 0 and value.isfinite() for value in losses.values())
    models.total(losses).backward()
    frozen = {name for name, parameter in model.named_parameters() if not parameter.requires_grad}
    without = {name for name, parameter in model.named_parameters() if parameter.grad is None}
    assert without == frozen
    assert all(parameter.grad.isfinite().all() for parameter in model.parameters() if parameter.grad is not None)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("segments", [(0, 0), (0, 4), (1, 1), (2, 3)])
def test_pictures_without_segments_or_relations_train_too(variant, segments):
    model = models.build(variant)
    items = [models.sample(segments=number, relations=()) for number in segments]
    losses = model(**models.batch(model, *items), mode="loss")
    models.total(losses).backward()
    gradients = [parameter.grad for parameter in model.parameters() if parameter.requires_grad]
    # With several processes a parameter without gradient stops the training of all.
    assert all(gradient is not None and gradient.isfinite().all() for gradient in gradients)


@pytest.mark.parametrize("variant", VARIANTS)
def test_more_segments_and_relations_than_queries(variant):
    model = models.build(variant)
    everything = [(a, 0, b) for a in range(12) for b in range(12) if a != b]
    losses = model(**models.batch(model, models.sample(segments=12, relations=everything)), mode="loss")
    assert models.total(losses).isfinite()


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_batch_gives_what_single_pictures_give(variant):
    model = models.build(variant).eval()
    items = [models.sample(seed=1), models.sample(segments=2, seed=2), models.sample(segments=5, seed=3)]
    together = model(**models.batch(model, *items))
    for picture, item in enumerate(items):
        alone = model(**models.batch(model, item))
        torch.testing.assert_close(together[0].class_logits[:, picture], alone[0].class_logits[:, 0], atol=1e-4, rtol=0)
        torch.testing.assert_close(together[0].mask_logits[picture], alone[0].mask_logits[0], atol=1e-3, rtol=0)
        kept = torch.arange(5)
        pairs = [
            model.relation_head.pair_probabilities(*args, kept) for args in ((together[1], picture), (alone[1], 0))
        ]
        torch.testing.assert_close(*pairs, atol=1e-4, rtol=0)


@pytest.mark.parametrize("variant", VARIANTS)
def test_what_lies_in_the_padding_of_the_maps_does_not_matter(variant):
    model = models.build(variant).eval()
    small, large = models.sample((64, 64)), models.sample((96, 128))
    data = models.batch(model, small, large)
    maps = model.backbone(data["inputs"])
    sizes = [sample.img_shape for sample in data["data_samples"]]
    disturbed = [level.clone() for level in maps]
    for level in disturbed:
        stride = 128 // level.shape[-1]
        level[0, :, -(-64 // stride) :] = 7
        level[0, :, :, -(-64 // stride) :] = -7
    before, after = (model.object_decoder(model.neck(version, sizes, (96, 128))) for version in (maps, disturbed))
    torch.testing.assert_close(before.class_logits, after.class_logits, atol=1e-5, rtol=0)
    if variant.startswith("masked"):
        torch.testing.assert_close(before.mask_logits, after.mask_logits, atol=1e-5, rtol=0)


def test_the_loss_falls_on_two_pictures():
    model = models.build()
    first, last = models.losses_of_steps(model, rate=2e-3, steps=25)
    assert last < 0.5 * first


@pytest.mark.parametrize("variant", VARIANTS)
def test_prediction_is_a_graph_of_the_original_size(variant):
    model = models.build(variant, postprocessing={"object_score": 0.0, "visible_share": 0.0}).eval()
    item = models.sample()
    item["data_samples"].set_metainfo({"ori_shape": (50, 75), "img_path": "photo.jpg"})
    with torch.no_grad():
        (sample,) = model(**models.batch(model, item), mode="predict")
    graph = sample.pred_graph
    assert graph.source.uri == "photo.jpg" and graph.source.size == (50, 75)
    assert len(graph.nodes) > 0
    pairs = [(relation.subject, relation.object) for relation in graph.relations]
    assert len(set(pairs)) == len(pairs)
    scores = [relation.score for relation in graph.relations]
    assert scores == sorted(scores, reverse=True)
    covered = sum(node.region.mask.array().astype(int) for node in graph.nodes)
    assert covered.max() == 1


def test_the_same_seed_gives_the_same_loss_and_graph():
    def run():
        model = models.build(seed=3)
        torch.manual_seed(5)
        loss = models.total(model(**models.batch(model, models.sample(), models.sample(seed=4)), mode="loss"))
        model.eval()
        with torch.no_grad():
            (sample,) = model(**models.batch(model, models.sample()), mode="predict")
        return loss.item(), sample.pred_graph

    assert run() == run()


def test_bfloat16_is_close_and_losses_stay_float32():
    items = models.sample(), models.sample(segments=3)
    values = []
    for autocast in ("off", "bfloat16"):
        model = models.build(autocast=autocast)
        torch.manual_seed(0)
        losses = model(**models.batch(model, *items), mode="loss")
        assert all(value.dtype == torch.float32 for value in losses.values())
        values.append(models.total(losses).item())
    assert values[1] == pytest.approx(values[0], rel=0.05)


def test_a_model_needs_a_vocabulary():
    with pytest.raises(InputError, match="vocabulary"):
        models.build(vocabulary=None)


def test_gradients_do_not_depend_on_the_truth_being_shown_twice():
    """The truth is read, never changed."""
    model = models.build()
    item = models.sample()
    before = copy.deepcopy(item["data_samples"])
    with warnings.catch_warnings():
        model(**models.batch(model, item), mode="loss")
    after = item["data_samples"]
    assert torch.equal(before.gt_instances.masks, after.gt_instances.masks)
    assert torch.equal(before.gt_relations, after.gt_relations)
