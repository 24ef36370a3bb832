import itertools

import numpy as np
import pytest
import torch
from mmdet.models.task_modules.assigners.match_cost import (
    BBoxL1Cost,
    ClassificationCost,
    CrossEntropyLossCost,
    DiceCost,
    IoUCost,
)
from mmengine.structures import InstanceData

from psg.parts.detr_head import attention_mask_losses
from psg.parts.matching import UNMATCHED, box_costs, class_cost, class_targets, hungarian, id_costs, mask_costs
from psg.parts.relation_queries import choice_loss


@pytest.fixture(scope="module")
def parts(golden):
    path = golden / "psg" / "model_parts.npz"
    if not path.is_file():
        pytest.skip("needs golden/psg/model_parts.npz")
    return {name: torch.from_numpy(array) for name, array in np.load(path).items()}


@pytest.fixture(scope="module")
def numbers(golden):
    import json

    return json.loads((golden / "psg" / "model_parts.json").read_text())


def test_the_cheapest_assignment_of_all():
    cost = torch.randn(2, 3, 4, 3, generator=torch.Generator().manual_seed(0))
    matched = hungarian(cost, [3, 2, 0])
    assert matched.shape == (2, 3, 3)
    for layer, (picture, count) in itertools.product(range(2), enumerate([3, 2, 0])):
        table = cost[layer, picture]
        best = min(
            sum(table[query, truth].item() for truth, query in enumerate(order))
            for order in itertools.permutations(range(4), count)
        )
        chosen = matched[layer, picture].tolist()
        assert chosen[count:] == [UNMATCHED] * (3 - count)
        assert sum(table[query, truth].item() for truth, query in enumerate(chosen[:count])) == pytest.approx(best)


@pytest.mark.parametrize("shape", [(1, 0, 2), (1, 4, 0), (0, 4, 2)])
def test_nothing_to_match(shape):
    matched = hungarian(torch.zeros(shape), [shape[2]] * shape[0])
    assert matched.shape == (shape[0], shape[2]) and (matched == UNMATCHED).all()


def test_more_truths_than_predictions():
    assert hungarian(torch.tensor([[[3.0, 1.0, 2.0]]]), [3]).tolist() == [[UNMATCHED, 0, UNMATCHED]]


def test_a_cost_that_is_no_number_is_the_worst():
    assert hungarian(torch.tensor([[[float("nan"), 1.0], [5.0, 9.0]]]), [2]).tolist() == [[1, 0]]


def test_costs_equal_those_of_mmdet():
    generator = torch.Generator().manual_seed(1)
    logits = torch.randn(2, 3, 5, 4, 6, generator=generator)
    masks = (torch.rand(3, 4, 4, 6, generator=generator) > 0.5).float()
    classes = torch.randn(2, 3, 5, 7, generator=generator)
    labels = torch.randint(0, 6, (3, 4), generator=generator)
    corners = torch.rand(2, 3, 5, 2, 2, generator=generator).sort(-2).values.flatten(-2)
    truth = torch.rand(3, 4, 2, 2, generator=generator).sort(-2).values.flatten(-2) * 100
    scale = torch.tensor([[100.0, 80, 100, 80]]).expand(3, 4)
    entropy, dice = mask_costs(logits, masks)
    distance, overlap = box_costs(corners, truth, scale)
    category = class_cost(classes, labels)
    for layer, picture in itertools.product(range(2), range(3)):
        place = layer, picture
        predicted = InstanceData(masks=logits[place], scores=classes[place], bboxes=corners[place] * scale[picture])
        true = InstanceData(masks=masks[picture], labels=labels[picture], bboxes=truth[picture])
        meta = {"img_shape": (80, 100)}
        for ours, theirs in (
            (entropy, CrossEntropyLossCost()),
            (dice, DiceCost(pred_act=True, eps=1.0)),
            (category, ClassificationCost()),
            (distance, BBoxL1Cost()),
            (overlap, IoUCost()),
        ):
            torch.testing.assert_close(ours[place], theirs(predicted, true, meta), atol=1e-5, rtol=1e-5)


def test_class_targets():
    matched = torch.tensor([[2, 0, UNMATCHED], [1, UNMATCHED, UNMATCHED]])
    labels = torch.tensor([[5, 6, 0], [4, 0, 0]])
    assert class_targets(matched, labels, 3, background=9).tolist() == [[6, 9, 5], [9, 4, 9]]


def test_the_published_id_matcher(parts):
    cost = id_costs(
        parts["id_in_sub_scores"][None],
        parts["id_in_obj_scores"][None],
        parts["tri_in_rel_logits"][None],
        parts["id_in_gt_sub_query"][None],
        parts["id_in_gt_obj_query"][None],
        parts["tri_in_gt_rel_labels_1based"][None],
    )
    torch.testing.assert_close(cost[0], parts["id_out_cost"], atol=1e-5, rtol=0)
    matched = hungarian(cost, [7])
    answers = class_targets(matched, torch.arange(1, 8)[None], 100, background=0)
    assert torch.equal(answers[0], parts["id_out_gt_index_plus1_per_query"])


def test_the_published_losses(parts, numbers):
    logits, targets = parts["loss_in_mask_logits"], parts["loss_in_mask_targets"]
    dice, focal = attention_mask_losses(logits, targets, torch.ones(5, dtype=torch.bool))
    assert dice.item() == pytest.approx(numbers["dice_loss_weight1"], abs=1e-5)
    assert focal.item() == pytest.approx(numbers["focal_loss_weight1"], abs=1e-5)
    rows = parts["loss_in_id_logits"][None]
    chosen = parts["loss_in_id_onehot"].argmax(1)[None]
    candidates = torch.ones(1, rows.shape[2], dtype=torch.bool)
    loss = choice_loss(rows, chosen, torch.arange(7)[None], candidates)
    assert 2 * loss.item() == pytest.approx(numbers["id_loss_weight2"], abs=1e-5)
