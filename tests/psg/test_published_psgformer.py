"""The DETR variant gives the published PSGFormer's numbers; tolerances of golden/forward/README.md, section 7."""

import json
import re
from contextlib import ExitStack
from dataclasses import replace

import numpy as np
import pytest
import torch

from psg.bridge.one_stage_names import our_name
from psg.parts.matching import class_targets
from psg.parts.relation_queries import QueryRelations
from tests.psg import published

LOSS_NAMES = {
    "cls": "class",
    "bbox": "box",
    "iou": "giou",
    "r_loss_cls": "predicate",
    "subject_match": "subject",
    "object_match": "object",
    "dice_losses": "dice",
    "focal_losses": "mask",
}


@pytest.fixture(scope="module")
def folder(golden):
    path = golden / "forward"
    if not (path / "psgformer_forward.npz").is_file():
        pytest.skip("needs golden/forward")
    return path


@pytest.fixture(scope="module")
def model(folder):
    return published.model("psgformer", folder)


@pytest.fixture(scope="module")
def batch(folder):
    return published.batch(folder)


def test_forward(model, batch, folder):
    expected = np.load(folder / "psgformer_forward.npz")
    with torch.no_grad():
        objects, relations = model(*batch, mode="tensor")
    for name, ours, tolerance in (
        ("cls_cls", objects.class_logits, 3e-4),
        ("box_bbox", objects.readings.boxes, 5e-5),
        ("mask_mask", objects.mask_logits, 1e-3),
        ("cls_rel", relations.predicate_logits, 3e-4),
        ("cls_subject_scores", relations.subject_scores[-1], 3e-4),
        ("cls_object_scores", relations.object_scores[-1], 3e-4),
    ):
        np.testing.assert_allclose(ours.numpy(), expected[name], atol=tolerance, rtol=0, err_msg=name)
    np.testing.assert_array_equal(relations.subject_scores[-1].argmax(-1), expected["cls_sub_ids"])
    np.testing.assert_array_equal(relations.object_scores[-1].argmax(-1), expected["cls_obj_ids"])


def test_backbone_encoder_and_decoders(model, batch, folder):
    expected = np.load(folder / "psgformer_forward.npz")
    decoders = {"obj_dec": model.object_decoder.decoder, "rel_dec": model.relation_head.decoder}
    with torch.no_grad(), ExitStack() as hooks:
        states = {name: hooks.enter_context(published.states_of(decoder)) for name, decoder in decoders.items()}
        ours, features = published.feature_arrays(model, batch)
        model.decode(features, None)
    for name, of_decoder in states.items():
        ours |= {f"{name}_{which}": values.numpy() for which, values in of_decoder.items()}
    published.close(ours, expected)


def one(batch, picture):
    """One picture of the batch, as wide as the batch."""
    images, samples = batch
    return images[picture : picture + 1], samples[picture : picture + 1]


@pytest.mark.parametrize("picture", [0, 1])
def test_the_published_assignments_and_the_losses_of_every_layer(model, batch, folder, picture):
    """Masks and choices are compared in the last layer alone."""
    expected = json.loads((folder / "psgformer_train.json").read_text())[f"img{picture}"]["losses"]
    arrays = np.load(folder / f"psgformer_train_img{picture}.npz")
    chosen = one(batch, picture)
    truth = published.truth(chosen)
    decoder, head = model.object_decoder, model.relation_head
    losses = {}
    with torch.no_grad():
        objects, relations = model.decode(model.encode(*chosen), truth)
        matched = decoder.match(objects, truth)
        for layer in range(6):
            only = slice(layer, layer + 1)
            classes = objects.class_logits[only]
            readings = replace(objects.readings, class_logits=classes, boxes=objects.readings.boxes[only])
            choices = relations.subject_scores[-1:], relations.object_scores[-1:]
            named = QueryRelations(relations.predicate_logits[only], *choices)
            of_layer = decoder.loss(replace(objects, class_logits=classes, readings=readings), truth)[0]
            of_layer |= head.loss(named, truth, matched[only])
            prefix = "" if layer == 5 else f"d{layer}."
            losses |= {f"{prefix}{name}": value.item() for name, value in of_layer.items()}
        answering = head._match(relations, truth, matched)
    for name, value in expected.items():
        layer, plain = re.fullmatch(r"(d\d\.)?(?:loss_)?(.*)", name).groups(default="")
        assert losses[f"{layer}loss_{LOSS_NAMES[plain]}"] == pytest.approx(value, rel=5e-4), name
    for name, queries in (("bbox", matched), ("id", answering)):
        numbers = torch.arange(1, queries.shape[-1] + 1)[None]
        assigned = class_targets(queries, numbers, 100, background=0).flatten(0, 1)
        np.testing.assert_array_equal(assigned, arrays[f"assign_{name}_assigner"])


@pytest.mark.parametrize("picture", [0, 1])
def test_losses_and_gradients(model, batch, folder, picture):
    expected = json.loads((folder / "psgformer_train.json").read_text())[f"img{picture}"]
    arrays = np.load(folder / f"psgformer_train_img{picture}.npz")
    model.zero_grad()
    losses = model(*one(batch, picture), mode="loss")
    sums = dict.fromkeys(losses, 0.0)
    for name, value in expected["losses"].items():
        plain = re.sub(r"^(d\d\.)?(loss_)?", "", name)
        sums[f"loss_{LOSS_NAMES[plain]}"] += value
    assert {name: value.item() for name, value in losses.items()} == pytest.approx(sums, rel=5e-4)
    total = sum(losses.values())
    assert total.item() == pytest.approx(expected["total"], rel=5e-4)
    total.backward()
    ours = dict(model.named_parameters())
    for name, norm in expected["grad_l2"].items():
        # The first self-attention starts from zeros: its true gradient is 0, the stored one noise.
        if norm is not None and not re.search(r"decoder\d\.layers\.0\.attentions\.0\.attn\.in_proj_weight", name):
            assert ours[our_name(name)].grad.norm().item() == pytest.approx(norm, rel=5e-4), name
    for name in arrays.files:
        if name.startswith("grad:"):
            difference = np.linalg.norm(ours[our_name(name[5:])].grad.numpy() - arrays[name])
            assert difference <= 1e-3 * np.linalg.norm(arrays[name]), name


def test_any_number_of_pictures_trains(model, batch):
    """The published code breaks at two: here the losses of three are finite, and their gradients reach every layer."""
    images, samples = batch
    model.zero_grad()
    losses = model(images[[0, 1, 0]], [samples[0], samples[1], samples[0]], mode="loss")
    sum(losses.values()).backward()
    assert all(value.isfinite() for value in losses.values())
    for part in (model.object_decoder.head, model.relation_head.classify, model.neck.projection):
        assert all(0 < parameter.grad.norm() < torch.inf for parameter in part.parameters())
