"""The compiled operations of mmcv that mmdet's models need, in plain torch, on the device of their inputs.

`pip install onedl-mmcv` builds no compiled operations where it finds no compiler or no torch, and
then `import mmdet.models` fails for want of `mmcv._ext`. `extension()` is that module: the
operations that mmdet's detectors call on CPU or CUDA work (`nms`, `roi_align`, deformable attention,
sigmoid focal loss), every other one says what is missing when it is called. `import psg` puts it in
place (`psg/__init__.py`); compiled operations, where they exist, always win.
"""

import importlib
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, NoReturn

import torch
from jaxtyping import Bool, Float, Int64
from torch import Tensor
from torch.nn import functional

from psg.suppression import leading

_NMS_BLOCK = 1024
"""Boxes that are compared at a time: bounds the overlap matrix to block x boxes."""

_SAMPLES = 1 << 25
"""Values that `roi_align` samples at a time (128 MB of float32)."""


def ensure_ops() -> bool:
    """Make `import mmdet.models` work, with or without compiled operations.

    Returns:
        Whether mmcv's own compiled operations are in use.
    """
    return not isinstance(importlib.import_module("mmcv._ext"), _Extension)


class _Extension(ModuleType):
    """`mmcv._ext` without a compiler."""

    def __getattr__(self, name: str) -> Callable[..., NoReturn]:
        if name.startswith("__"):
            raise AttributeError(name)

        def missing(*_: Any, **__: Any) -> NoReturn:
            raise NotImplementedError(
                f"mmcv's operation {name!r} exists only in compiled form; install mmcv with compiled operations "
                "(MAX_JOBS=2 pip install --no-build-isolation --no-cache-dir --force-reinstall onedl-mmcv), "
                "or use a model that does not need it"
            )

        return missing


def extension() -> ModuleType:
    """A new module that stands for `mmcv._ext`."""
    module = _Extension("mmcv._ext", __doc__)
    for operation in (
        nms,
        roi_align_forward,
        roi_align_backward,
        ms_deform_attn_forward,
        ms_deform_attn_backward,
        sigmoid_focal_loss_forward,
        sigmoid_focal_loss_backward,
    ):
        setattr(module, operation.__name__, operation)
    return module


def nms(
    bboxes: Float[Tensor, "n 4"], scores: Float[Tensor, " n"], iou_threshold: float, offset: int
) -> Int64[Tensor, " kept"]:
    """Greedy non-maximum suppression: positions of the boxes kept, best score first.

    A box is dropped if its IoU with a better kept box is above `iou_threshold`. Boxes are xyxy;
    a box is `x2 - x1 + offset` wide. Equal scores keep the order of the input.
    """
    order = scores.sort(descending=True, stable=True).indices
    boxes = bboxes[order].to(_wide(bboxes))
    kept = order.new_empty(0)
    for start in range(0, len(boxes), _NMS_BLOCK):
        block = boxes[start : start + _NMS_BLOCK]
        free = ~_overlapping(boxes[kept], block, iou_threshold, offset).any(dim=0)
        leads = leading(_overlapping(block, block, iou_threshold, offset), free)
        kept = torch.cat((kept, start + leads.nonzero()[:, 0]))
    return order[kept]


def _overlapping(
    first: Float[Tensor, "n 4"], second: Float[Tensor, "m 4"], threshold: float, offset: int
) -> Bool[Tensor, "n m"]:
    areas = [(boxes[:, 2:] - boxes[:, :2] + offset).prod(dim=1) for boxes in (first, second)]
    low = torch.maximum(first[:, None, :2], second[None, :, :2])
    high = torch.minimum(first[:, None, 2:], second[None, :, 2:])
    shared = (high - low + offset).clamp(min=0).prod(dim=2)
    return shared > threshold * (areas[0][:, None] + areas[1][None, :] - shared)


def roi_align_forward(
    features: Float[Tensor, "n c h w"],
    rois: Float[Tensor, "r 5"],
    output: Float[Tensor, "r c ph pw"],
    argmax_y: Float[Tensor, "..."],
    argmax_x: Float[Tensor, "..."],
    *,
    aligned_height: int,
    aligned_width: int,
    spatial_scale: float,
    sampling_ratio: int,
    pool_mode: int,
    aligned: bool,
) -> None:
    """RoIAlign (Mask R-CNN, 2017, section 3; `aligned`: Detectron2's half pixel shift) into `output`.

    `rois` are (image, x1, y1, x2, y2) in input pixels; `sampling_ratio` 0 takes one sample a feature
    pixel; `pool_mode` 0 is the maximum, whose places go to `argmax_y` and `argmax_x`, 1 the mean. A
    box without extent gives zeros.
    """
    bins = (aligned_height, aligned_width)
    for image, part, y, x in _sample_points(features, rois, bins, spatial_scale, sampling_ratio, aligned):
        values = _bilinear(features[image : image + 1].to(y.dtype), y[None], x[None])[0]
        samples = _by_bin(values, bins)
        if pool_mode == 1:
            output[part] = samples.mean(dim=-1).transpose(0, 1).to(output.dtype)
            continue
        best = samples.max(dim=-1)
        output[part] = best.values.transpose(0, 1).to(output.dtype)
        for place, coordinates in ((argmax_y, y), (argmax_x, x)):
            spread = _by_bin(coordinates[None], bins).expand_as(samples)
            chosen = spread.gather(-1, best.indices[..., None])[..., 0]
            place[part] = chosen.transpose(0, 1).to(place.dtype)


def roi_align_backward(
    grad_output: Float[Tensor, "r c ph pw"],
    rois: Float[Tensor, "r 5"],
    argmax_y: Float[Tensor, "..."],
    argmax_x: Float[Tensor, "..."],
    grad_input: Float[Tensor, "n c h w"],
    *,
    aligned_height: int,
    aligned_width: int,
    spatial_scale: float,
    sampling_ratio: int,
    pool_mode: int,
    aligned: bool,
) -> None:
    """Gradient of `roi_align_forward` by its features, added to `grad_input`."""
    bins = (aligned_height, aligned_width)
    for image, part, y, x in _sample_points(grad_input, rois, bins, spatial_scale, sampling_ratio, aligned):
        gradient = grad_output[part].transpose(0, 1).to(y.dtype)
        if pool_mode == 0:  # one sample a channel and bin: channels become the batch
            y, x = (place[part].transpose(0, 1).flatten(2).to(y.dtype) for place in (argmax_y, argmax_x))
            image_gradient = _bilinear_gradient(grad_input[image][:, None], y, x, gradient.flatten(2)[:, None])
            grad_input[image] += image_gradient[:, 0].to(grad_input.dtype)
            continue
        count = y.shape[-2] * y.shape[-1] // (bins[0] * bins[1])
        heights, widths = y.shape[-2] // bins[0], y.shape[-1] // bins[1]
        spread = (gradient / count).repeat_interleave(heights, dim=-2).repeat_interleave(widths, dim=-1)
        image_gradient = _bilinear_gradient(grad_input[image : image + 1], y[None], x[None], spread[None])
        grad_input[image] += image_gradient[0].to(grad_input.dtype)


def _sample_points(
    features: Float[Tensor, "n c h w"],
    rois: Float[Tensor, "r 5"],
    bins: tuple[int, int],
    spatial_scale: float,
    sampling_ratio: int,
    aligned: bool,
) -> Iterator[tuple[int, Int64[Tensor, " part"], Float[Tensor, "part ys xs"], Float[Tensor, "part ys xs"]]]:
    """Image, rows of `rois`, and their sampling places (in feature pixels), for rows that can go together."""
    boxes = rois[:, 1:].to(_wide(features)) * spatial_scale - (0.5 if aligned else 0.0)
    sizes = boxes[:, 2:] - boxes[:, :2]
    if not aligned:
        sizes = sizes.clamp(min=1)
    per_bin = sizes.flip(1) / sizes.new_tensor(bins)
    grids = torch.full_like(per_bin, sampling_ratio) if sampling_ratio > 0 else per_bin.ceil()
    keys = torch.cat((rois[:, :1], grids), dim=1).long()
    kinds, kind_of = keys.unique(dim=0, return_inverse=True)
    for kind, (image, ys, xs) in enumerate(kinds.tolist()):
        if ys < 1 or xs < 1:
            continue
        rows = (kind_of == kind).nonzero().flatten()
        values = features.shape[1] * bins[0] * ys * bins[1] * xs
        for part in rows.split(max(1, _SAMPLES // values)):
            y = _along(boxes[part, 1], sizes[part, 1], bins[0] * ys)
            x = _along(boxes[part, 0], sizes[part, 0], bins[1] * xs)
            yield image, part, *torch.broadcast_tensors(y[:, :, None], x[:, None, :])


def _along(start: Float[Tensor, " n"], length: Float[Tensor, " n"], count: int) -> Float[Tensor, "n count"]:
    """Middles of `count` equal steps from `start`."""
    return start[:, None] + (torch.arange(count, device=start.device) + 0.5) * (length / count)[:, None]


def _by_bin(values: Float[Tensor, "c r ys xs"], bins: tuple[int, int]) -> Float[Tensor, "c r ph pw samples"]:
    return values.unflatten(3, (bins[1], -1)).unflatten(2, (bins[0], -1)).transpose(3, 4).flatten(4)


def _bilinear(
    images: Float[Tensor, "n c h w"], y: Float[Tensor, "n *places"], x: Float[Tensor, "n *places"]
) -> Float[Tensor, "n c *places"]:
    """Values at places in pixels; clamped to the border up to one pixel outside, zero beyond."""
    size = y.new_tensor(images.shape[2:])
    inside = (y >= -1) & (y <= size[0]) & (x >= -1) & (x <= size[1])
    grid = torch.stack(((2 * x + 1) / size[1] - 1, (2 * y + 1) / size[0] - 1), dim=-1).flatten(1, -3)
    values = functional.grid_sample(images, grid, padding_mode="border", align_corners=False)
    return values.reshape(*images.shape[:2], *y.shape[1:]) * inside[:, None]


def _bilinear_gradient(
    images: Float[Tensor, "n c h w"],
    y: Float[Tensor, "n *places"],
    x: Float[Tensor, "n *places"],
    gradient: Float[Tensor, "n c *places"],
) -> Float[Tensor, "n c h w"]:
    """Gradient of `_bilinear` by `images`; it is linear, so their values do not matter."""
    with torch.enable_grad():
        zeros = torch.zeros_like(images, dtype=y.dtype, requires_grad=True)
        return torch.autograd.grad(_bilinear(zeros, y, x), zeros, gradient)[0]


def ms_deform_attn_forward(
    value: Float[Tensor, "b keys heads c"],
    shapes: Int64[Tensor, "levels 2"],
    _starts: Int64[Tensor, " levels"],
    locations: Float[Tensor, "b queries heads levels points 2"],
    weights: Float[Tensor, "b queries heads levels points"],
    im2col_step: int,
) -> Float[Tensor, "b queries heads_c"]:
    """Multi-scale deformable attention (Deformable DETR, 2021, equation 3); called on CUDA only.

    On CPU mmcv itself takes the torch function that is used here; `im2col_step` has no effect.
    """
    attention = importlib.import_module("mmcv.ops.multi_scale_deform_attn")
    return attention.multi_scale_deformable_attn_pytorch(value, shapes, locations, weights)


def ms_deform_attn_backward(
    value: Float[Tensor, "b keys heads c"],
    shapes: Int64[Tensor, "levels 2"],
    starts: Int64[Tensor, " levels"],
    locations: Float[Tensor, "b queries heads levels points 2"],
    weights: Float[Tensor, "b queries heads levels points"],
    grad_output: Float[Tensor, "b queries heads_c"],
    grad_value: Float[Tensor, "b keys heads c"],
    grad_locations: Float[Tensor, "b queries heads levels points 2"],
    grad_weights: Float[Tensor, "b queries heads levels points"],
    im2col_step: int,
) -> None:
    """Gradients of `ms_deform_attn_forward`, added to the three `grad_...` tensors of its inputs."""
    with torch.enable_grad():
        inputs = [tensor.detach().requires_grad_() for tensor in (value, locations, weights)]
        output = ms_deform_attn_forward(inputs[0], shapes, starts, *inputs[1:], im2col_step)
        gradients = torch.autograd.grad(output, inputs, grad_output)
    for total, gradient in zip((grad_value, grad_locations, grad_weights), gradients, strict=True):
        total += gradient


def sigmoid_focal_loss_forward(
    logits: Float[Tensor, "n c"],
    target: Int64[Tensor, " n"],
    weight: Float[Tensor, "..."],
    output: Float[Tensor, "n c"],
    gamma: float,
    alpha: float,
) -> None:
    """Focal loss (RetinaNet, 2017, equation 5) of n logits for c classes into `output`; called on CUDA only.

    Target c means background; `weight` holds one factor a true class (background: 1), or nothing.
    """
    output.copy_(_focal_loss(logits, target, weight, gamma, alpha))


def sigmoid_focal_loss_backward(
    logits: Float[Tensor, "n c"],
    target: Int64[Tensor, " n"],
    weight: Float[Tensor, "..."],
    grad_input: Float[Tensor, "n c"],
    gamma: float,
    alpha: float,
) -> None:
    """Gradient of the sum of `sigmoid_focal_loss_forward` into `grad_input`."""
    with torch.enable_grad():
        variable = logits.detach().requires_grad_()
        total = _focal_loss(variable, target, weight, gamma, alpha).sum()
        grad_input.copy_(torch.autograd.grad(total, variable)[0])


def _focal_loss(
    logits: Float[Tensor, "n c"], target: Int64[Tensor, " n"], weight: Float[Tensor, "..."], gamma: float, alpha: float
) -> Float[Tensor, "n c"]:
    positive = functional.one_hot(target, logits.shape[1] + 1)[:, :-1].to(logits.dtype)
    missed = torch.where(positive > 0, -logits, logits).sigmoid()
    factor = alpha * positive + (1 - alpha) * (1 - positive)
    loss = factor * missed**gamma * functional.binary_cross_entropy_with_logits(logits, positive, reduction="none")
    return loss if weight.numel() == 0 else loss * functional.pad(weight, (0, 1), value=1.0)[target][:, None]


def _wide(tensor: Tensor) -> torch.dtype:
    """Half precision places would be off by pixels."""
    return torch.promote_types(tensor.dtype, torch.float32)
