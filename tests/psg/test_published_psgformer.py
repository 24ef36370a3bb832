"""The DETR variant gives the published PSGFormer's numbers; tolerances of golden/forward/README.md, section 7."""

import json
import re

import numpy as np
import pytest
import torch

from psg.bridge.one_stage_names import our_name
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


@pytest.mark.parametrize("picture", [0, 1])
def test_losses_and_gradients(model, batch, folder, picture):
    expected = json.loads((folder / "psgformer_train.json").read_text())[f"img{picture}"]
    images, samples = batch
    model.zero_grad()
    losses = model(images[picture : picture + 1], samples[picture : picture + 1], mode="loss")
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
