"""The panoptic segmenter of panoptic_segmenter.py with two streams, colour and depth.

`--cfg-options model.backbone.depth=False` leaves depth out: the same network of colour alone.
"""

_base_ = ["panoptic_segmenter.py"]

model = dict(
    data_preprocessor=dict(_delete_=True, type="RGBDPreprocessor", pad_size_divisor=16),
    backbone=dict(
        _delete_=True,
        type="TwoStreams",
        colour=dict(type="CompactResNet", widths=(24, 48, 96, 160), depths=(1, 2, 2)),
        depth=dict(type="CompactResNet", widths=(24, 48, 96, 160), depths=(1, 1, 1)),
        widths=(24, 48, 96, 160),
    ),
)
