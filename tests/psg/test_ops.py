"""The torch operations against plain loops, numerical gradients and mmdet detectors."""

import importlib
import math
import sys

import numpy as np
import pytest
import torch
from mmcv.ops import RoIAlign, batched_nms, roi_align
from mmcv.ops import nms as mmcv_nms

from psg import ops


def plain_nms(boxes, scores, threshold, offset):
    """Greedy suppression, one pair at a time."""
    kept = []
    for i in sorted(range(len(boxes)), key=lambda i: -scores[i]):
        for j in kept:
            width = min(boxes[i][2], boxes[j][2]) - max(boxes[i][0], boxes[j][0]) + offset
            height = min(boxes[i][3], boxes[j][3]) - max(boxes[i][1], boxes[j][1]) + offset
            shared = max(width, 0) * max(height, 0)
            areas = [(b[2] - b[0] + offset) * (b[3] - b[1] + offset) for b in (boxes[i], boxes[j])]
            if shared > threshold * (sum(areas) - shared):
                break
        else:
            kept.append(i)
    return kept


def plain_roi_align(image, roi, bins, scale, ratio, aligned, pool):
    """One box, one channel, sample by sample."""
    x1, y1, x2, y2 = [side * scale - (0.5 if aligned else 0) for side in roi]
    width, height = x2 - x1, y2 - y1
    if not aligned:
        width, height = max(width, 1), max(height, 1)
    ys, xs = (ratio, ratio) if ratio else (math.ceil(height / bins[0]), math.ceil(width / bins[1]))
    out = np.zeros(bins)
    for row in range(bins[0]):
        for column in range(bins[1]):
            values = [
                bilinear(
                    image,
                    y1 + (row + (j + 0.5) / ys) * height / bins[0],
                    x1 + (column + (i + 0.5) / xs) * width / bins[1],
                )
                for j in range(ys)
                for i in range(xs)
            ]
            out[row, column] = (max(values) if pool == "max" else sum(values) / len(values)) if values else 0
    return out


def bilinear(image, y, x):
    height, width = image.shape
    if y < -1 or y > height or x < -1 or x > width:
        return 0.0
    y, x = min(max(y, 0), height - 1), min(max(x, 0), width - 1)
    low_y, low_x = int(y), int(x)
    high_y, high_x = min(low_y + 1, height - 1), min(low_x + 1, width - 1)
    ly, lx = y - low_y, x - low_x
    top = image[low_y, low_x] * (1 - lx) + image[low_y, high_x] * lx
    bottom = image[high_y, low_x] * (1 - lx) + image[high_y, high_x] * lx
    return top * (1 - ly) + bottom * ly


ROIS = [[0, 1.0, 2.0, 9.0, 10.0], [1, -6.0, -3.0, 5.0, 4.0], [0, 8.0, 1.0, 40.0, 14.0], [1, 3.0, 3.0, 3.4, 3.2]]


@pytest.mark.parametrize("offset", [0, 1])
@pytest.mark.parametrize("block", [7, 1024])
def test_nms_equals_a_plain_loop(offset, block, monkeypatch):
    monkeypatch.setattr(ops, "_NMS_BLOCK", block)
    generator = torch.Generator().manual_seed(0)
    corners = torch.rand(120, 2, generator=generator) * 30
    boxes = torch.cat((corners, corners + torch.rand(120, 2, generator=generator) * 20), dim=1)
    scores = torch.rand(120, generator=generator).round(decimals=1)  # many ties
    assert ops.nms(boxes, scores, 0.3, offset).tolist() == plain_nms(boxes.tolist(), scores.tolist(), 0.3, offset)


def test_nms_of_nothing_and_through_mmcv():
    assert ops.nms(torch.zeros(0, 4), torch.zeros(0), 0.5, 0).tolist() == []
    boxes = torch.tensor([[0.0, 0, 10, 10], [1, 1, 11, 11], [0, 0, 10, 10]])
    scores = torch.tensor([0.5, 0.9, 0.7])
    _, kept = mmcv_nms(boxes, scores, 0.5, score_threshold=0.6)
    assert kept.tolist() == [1]
    _, kept = batched_nms(boxes, scores, torch.tensor([0, 0, 1]), {"type": "nms", "iou_threshold": 0.5})
    assert kept.tolist() == [1, 2]


def test_a_box_without_area_suppresses_nothing():
    boxes = torch.tensor([[5.0, 5, 5, 5], [5, 5, 5, 5], [0, 0, 10, 10]])
    assert ops.nms(boxes, torch.tensor([0.9, 0.8, 0.7]), 0.5, 0).tolist() == [0, 1, 2]


@pytest.mark.parametrize("pool", ["avg", "max"])
@pytest.mark.parametrize("aligned", [True, False])
@pytest.mark.parametrize("ratio", [0, 2])
def test_roi_align_equals_a_plain_loop(pool, aligned, ratio, monkeypatch):
    monkeypatch.setattr(ops, "_SAMPLES", 500)  # several parts
    features = torch.randn(2, 3, 6, 7, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    rois = torch.tensor(ROIS, dtype=torch.float64)
    found = roi_align(features, rois, (3, 2), 0.5, ratio, pool, aligned)
    for row, (image, *roi) in enumerate(ROIS):
        for channel in range(3):
            expected = plain_roi_align(features[image, channel].numpy(), roi, (3, 2), 0.5, ratio, aligned, pool)
            np.testing.assert_allclose(found[row, channel], expected, atol=1e-12)


@pytest.mark.parametrize("pool", ["avg", "max"])
def test_roi_align_has_the_right_gradient(pool):
    features = torch.randn(2, 2, 6, 7, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    rois = torch.tensor(ROIS, dtype=torch.float64)
    for ratio in (0, 2):
        assert torch.autograd.gradcheck(
            lambda x, ratio=ratio: roi_align(x, rois, (2, 2), 0.5, ratio, pool, True), features.requires_grad_()
        )


def test_roi_align_of_no_boxes_and_of_half_precision():
    features = torch.randn(1, 4, 8, 8)
    assert RoIAlign(7, 1.0, 2)(features, torch.zeros(0, 5)).shape == (0, 4, 7, 7)
    rois = torch.tensor([[0, 1.0, 1, 6, 6]])
    half = RoIAlign(2, 1.0, 2)(features.half(), rois.half())
    torch.testing.assert_close(half.float(), RoIAlign(2, 1.0, 2)(features, rois), atol=5e-3, rtol=0)


def test_deformable_attention_has_the_right_gradient():
    attention = importlib.import_module("mmcv.ops.multi_scale_deform_attn")
    shapes = torch.tensor([[4, 3], [2, 2]])
    starts = torch.tensor([0, 12])
    generator = torch.Generator().manual_seed(3)
    value = torch.rand(1, 16, 2, 3, generator=generator, dtype=torch.float64, requires_grad=True)
    places = torch.rand(1, 5, 2, 2, 2, 2, generator=generator, dtype=torch.float64, requires_grad=True)
    weights = torch.rand(1, 5, 2, 2, 2, generator=generator, dtype=torch.float64, requires_grad=True)
    apply = attention.MultiScaleDeformableAttnFunction.apply
    assert torch.autograd.gradcheck(
        lambda v, p, w: apply(v, shapes, starts, p, w, 64), (value, places, weights), eps=1e-7
    )


def test_focal_loss_equals_mmdets_and_has_the_right_gradient():
    from mmcv.ops import sigmoid_focal_loss
    from mmdet.models.losses.focal_loss import py_sigmoid_focal_loss

    generator = torch.Generator().manual_seed(4)
    logits = torch.randn(6, 3, generator=generator, dtype=torch.float64, requires_grad=True)
    target = torch.tensor([0, 1, 2, 3, 3, 1])  # class 3: background
    one_hot = torch.nn.functional.one_hot(target, 4)[:, :3]
    found = sigmoid_focal_loss(logits, target, 2.0, 0.25, None, "none")
    torch.testing.assert_close(found, py_sigmoid_focal_loss(logits, one_hot, reduction="none"))
    weight = torch.tensor([1.0, 2.0, 0.5], dtype=torch.float64)
    weighted = sigmoid_focal_loss(logits, target, 2.0, 0.25, weight, "none")
    torch.testing.assert_close(weighted / found, torch.tensor([1, 2, 0.5, 1, 1, 2.0]).double()[:, None].expand(6, 3))
    assert torch.autograd.gradcheck(lambda x: sigmoid_focal_loss(x, target, 2.0, 0.25, weight, "sum"), logits)


@pytest.mark.skipif(ops.ensure_ops(), reason="mmcv has compiled operations here")
def test_every_other_operation_says_what_is_missing():
    from mmcv.ops import soft_nms

    with pytest.raises(NotImplementedError, match=r"softnms.*compiled"):
        soft_nms(torch.zeros(1, 4), torch.ones(1))


def test_compiled_operations_win(monkeypatch, tmp_path):
    """A compiled module in mmcv's folder is found before ours."""
    import mmcv

    (tmp_path / "_ext.py").write_text("compiled = True\n")
    monkeypatch.setattr(mmcv, "__path__", [str(tmp_path), *mmcv.__path__])
    monkeypatch.delitem(sys.modules, "mmcv._ext")
    assert importlib.import_module("mmcv._ext").compiled
    assert ops.ensure_ops()


@pytest.mark.parametrize(
    "name", ["faster_rcnn/faster-rcnn_r50_fpn_1x_coco", "panoptic_fpn/panoptic-fpn_r50_fpn_1x_coco"]
)
def test_mmdet_detectors_train_and_predict(name):
    """The published two-stage detectors, made small, give finite losses, gradients and predictions."""
    from mmdet.registry import MODELS

    model = MODELS.build(small_detector(name))
    batch = one_picture(with_masks="panoptic" in name)
    model.train()
    losses = model(**model.data_preprocessor(batch, True), mode="loss")
    total, _ = model.parse_losses(losses)
    assert torch.isfinite(total)
    total.backward()
    assert model.neck.lateral_convs[0].conv.weight.grad.abs().sum() > 0
    model.eval()
    with torch.no_grad():
        (result,) = model(**model.data_preprocessor(one_picture("panoptic" in name), False), mode="predict")
    if "panoptic" in name:
        assert result.pred_panoptic_seg.sem_seg.shape == (1, 64, 64)
    else:
        assert result.pred_instances.bboxes.shape[1] == 4


def small_detector(name):
    import mmdet
    from mmengine import Config
    from mmengine.registry import init_default_scope

    init_default_scope("mmdet")
    config = Config.fromfile(f"{mmdet.__path__[0]}/.mim/configs/{name}.py").model
    config.backbone.init_cfg = None
    config.backbone.depth = 50
    config.backbone.base_channels = 8
    config.backbone.stem_channels = 8
    config.neck.in_channels = [32, 64, 128, 256]
    config.data_preprocessor.pop("batch_augments", None)
    if "semantic_head" in config:
        config.semantic_head.loss_seg.avg_non_ignore = True  # mmdet warns otherwise
    config.test_cfg.rpn.nms_pre = config.train_cfg.rpn_proposal.nms_pre = 50
    return config


def one_picture(with_masks):
    from mmdet.structures import DetDataSample
    from mmdet.structures.mask import BitmapMasks
    from mmengine.structures import InstanceData, PixelData

    sample = DetDataSample(
        metainfo={"img_shape": (64, 64), "ori_shape": (64, 64), "scale_factor": (1.0, 1.0), "pad_shape": (64, 64)}
    )
    box = torch.tensor([[8.0, 8, 40, 48]])
    sample.gt_instances = InstanceData(bboxes=box, labels=torch.tensor([3]))
    if with_masks:
        mask = np.zeros((1, 64, 64), dtype=np.uint8)
        mask[:, 8:48, 8:40] = 1
        sample.gt_instances.masks = BitmapMasks(mask, 64, 64)
        sample.gt_sem_seg = PixelData(sem_seg=torch.zeros(1, 64, 64, dtype=torch.long))
    return {"inputs": [torch.randint(0, 255, (3, 64, 64), dtype=torch.uint8)], "data_samples": [sample]}
