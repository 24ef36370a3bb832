"""A panoptic segmenter that learns from nothing in minutes: masked attention, centre queries; pictures of about 128 x 160.

The vocabulary is taken from the data set by tools/train.py.
"""

model = dict(
    type="PanopticSegmenter",
    vocabulary=None,
    data_preprocessor=dict(type="ScenePreprocessor", pad_size_divisor=16),
    backbone=dict(type="CompactResNet", widths=(24, 48, 96, 160), depths=(1, 2, 2)),
    neck=dict(type="CompactPyramid", in_channels=(24, 48, 96, 160), width=128, fine_width=64, embedding=32),
    object_decoder=dict(
        type="MaskedObjectDecoder",
        dims=128,
        fine_dims=64,
        embedding=32,
        num_centres=16,
        num_learned=8,
        strides=(16, 8, 16),
        class_weight=2.0,
        no_object_weight=0.1,
        entropy_weight=5.0,
        dice_weight=5.0,
        semantic_weight=2.0,
        centre_weight=4.0,
    ),
    postprocessing=dict(object_score=0.3),
    autocast="auto",
)
