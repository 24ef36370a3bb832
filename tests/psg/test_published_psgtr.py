"""PSGTR gives the published numbers; tolerances of golden/forward/README.md, section 7."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
import torch

from psg.bridge.one_stage_names import our_name
from psg.parts.matching import class_targets
from psg.parts.triplets import TripletDecoder
from tests.psg import published

LOSS_NAMES = {
    "s_loss_cls": "subject_class",
    "o_loss_cls": "object_class",
    "r_loss_cls": "predicate",
    "s_loss_bbox": "subject_box",
    "o_loss_bbox": "object_box",
    "s_loss_iou": "subject_giou",
    "o_loss_iou": "object_giou",
    "s_dice_losses": "subject_dice",
    "o_dice_losses": "object_dice",
}


@pytest.fixture(scope="module")
def folder(golden):
    path = golden / "forward"
    if not (path / "psgtr_forward.npz").is_file():
        pytest.skip("needs golden/forward")
    return path


@pytest.fixture(scope="module")
def model(folder):
    return published.model("psgtr", folder, published=True)


@pytest.fixture(scope="module")
def batch(folder):
    return published.batch(folder)


def test_forward(model, batch, folder):
    expected = np.load(folder / "psgtr_forward.npz")
    with torch.no_grad():
        triplets = model(*batch, mode="tensor")
    for name, ours, tolerance in (
        ("cls_rel", triplets.predicate_logits, 3e-4),
        ("cls_sub", triplets.subject.class_logits, 3e-4),
        ("cls_obj", triplets.object.class_logits, 3e-4),
        ("box_sub", triplets.subject.boxes, 5e-5),
        ("box_obj", triplets.object.boxes, 5e-5),
        ("mask_sub_seg", triplets.subject_masks, 1e-3),
        ("mask_obj_seg", triplets.object_masks, 1e-3),
    ):
        np.testing.assert_allclose(ours.numpy(), expected[name], atol=tolerance, rtol=0, err_msg=name)


def test_backbone_encoder_and_decoder(model, batch, folder):
    expected = np.load(folder / "psgtr_forward.npz")
    with torch.no_grad(), published.states_of(model.triplet_decoder.decoder) as states:
        ours, features = published.feature_arrays(model, batch)
        model.triplet_decoder(features)
    published.close(ours | {f"dec_{name}": values.numpy() for name, values in states.items()}, expected)


def test_the_losses_of_every_layer(model, batch, folder):
    """One layer at a time; masks are compared in the last alone."""
    expected = json.loads((folder / "psgtr_train.json").read_text())["img01"]["losses"]
    truth, decoder = published.truth(batch), model.triplet_decoder
    compared = 0
    with torch.no_grad():
        triplets = decoder(model.encode(*batch), truth)
        for layer in range(6):
            only = slice(layer, layer + 1)
            ends = {
                end: replace(said, class_logits=said.class_logits[only], boxes=said.boxes[only])
                for end, said in (("subject", triplets.subject), ("object", triplets.object))
            }
            matched = triplets.matched[only]
            said = replace(triplets, predicate_logits=triplets.predicate_logits[only], matched=matched, **ends)
            losses = decoder.loss(said, truth)
            for name, ours in LOSS_NAMES.items():
                key = name if layer == 5 else f"d{layer}.{name}"
                if key in expected:
                    assert losses[f"loss_{ours}"].item() == pytest.approx(expected[key], rel=5e-4), key
                    compared += 1
    assert compared == len(expected)


def test_losses_matching_and_gradients(model, batch, folder):
    expected = json.loads((folder / "psgtr_train.json").read_text())["img01"]
    arrays = np.load(folder / "psgtr_train_img01.npz")
    model.zero_grad()
    losses = model(*batch, mode="loss")
    sums = dict.fromkeys(losses, 0.0)
    for name, value in expected["losses"].items():
        sums[f"loss_{LOSS_NAMES[re.sub(r'^d[0-9][.]', '', name)]}"] += value
    assert {name: value.item() for name, value in losses.items()} == pytest.approx(sums, rel=5e-4)
    total = sum(losses.values())
    assert total.item() == pytest.approx(expected["total"], rel=5e-4)
    total.backward()
    ours = dict(model.named_parameters())
    for name, norm in expected["grad_l2"].items():
        # The first self-attention starts from zeros: its true gradient is 0, the stored one noise.
        if norm is not None and not re.search(r"decoder\.layers\.0\.attentions\.0\.attn\.in_proj_weight", name):
            assert ours[our_name(name, triplets=True)].grad.norm().item() == pytest.approx(norm, rel=5e-4), name
    for name in arrays.files:
        if name.startswith("grad:"):
            gradient = ours[our_name(name[5:], triplets=True)].grad.numpy()
            scale = np.abs(arrays[name]).max()
            np.testing.assert_allclose(gradient, arrays[name], atol=5e-4 * scale, rtol=0, err_msg=name)


def test_the_published_assignment(model, batch, folder):
    expected = np.load(folder / "psgtr_train_img01.npz")["assign_assigner"]
    with torch.no_grad():
        triplets = model(*batch, mode="tensor")
        matched = model.triplet_decoder.match(
            triplets.predicate_logits, triplets.subject, triplets.object, published.truth(batch)
        )
    numbers = torch.arange(1, matched.shape[-1] + 1).expand(2, -1)
    assigned = class_targets(matched, numbers, 100, background=0)
    np.testing.assert_array_equal(assigned.flatten(0, 1).numpy(), expected)


def test_the_published_triplet_matcher(golden):
    path = golden / "psg" / "model_parts.npz"
    if not path.is_file():
        pytest.skip("needs golden/psg/model_parts.npz")
    parts = {name: torch.from_numpy(array) for name, array in np.load(path).items()}
    decoder = TripletDecoder(80, 53, 56, published=True)
    relations = torch.stack((torch.arange(7), parts["tri_in_gt_rel_labels_1based"] - 1, torch.arange(7, 14)), 1)
    truth = published.truth_of_boxes(
        (64, 96),
        torch.cat((parts["tri_in_gt_sub_labels"], parts["tri_in_gt_obj_labels"])),
        torch.cat((parts["tri_in_gt_sub_boxes_xyxy"], parts["tri_in_gt_obj_boxes_xyxy"])),
        relations,
    )
    ends = [
        published.readings(parts[f"tri_in_{end}_logits"], parts[f"tri_in_{end}_boxes_cxcywh"], (64, 96))
        for end in ("sub", "obj")
    ]
    said = parts["tri_in_rel_logits"][None, None], *ends
    cost = decoder.matching_costs(*said, truth)
    torch.testing.assert_close(cost[0, 0], parts["tri_out_cost"], atol=1e-5, rtol=0)
    matched = decoder.match(*said, truth)
    assigned = class_targets(matched, torch.arange(1, 8)[None], 100, background=0)
    assert torch.equal(assigned[0, 0], parts["tri_out_gt_index_plus1_per_query"])
