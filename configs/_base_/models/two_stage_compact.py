"""A two-stage model for pictures of about 128 x 160 that learns from nothing: backbone and pyramid learn too.

The true segments and their categories are given (PredCls). For SGDet name a segmenter, such as a trained
configs/psgformer.py: --cfg-options model.mode=sgdet model.segmenter=groundgraph:work_dirs/psgformer
With model.head.refine=False too, tools/test.py takes a model that was trained in PredCls.
"""

model = dict(
    type="TwoStage",
    vocabulary=None,
    data_preprocessor=dict(type="ScenePreprocessor", pad_size_divisor=16),
    backbone=dict(type="CompactResNet", widths=(24, 48, 96, 160), depths=(1, 2, 2)),
    neck=dict(type="FPN", in_channels=[24, 48, 96, 160], out_channels=64, start_level=1, num_outs=3),
    head=dict(
        type="RelationTrunk",
        strides=(4, 8, 16),
        channels=64,
        side=4,
        finest=16.0,
        hidden=256,
        sampling=dict(most=64),
    ),
    mode="predcls",
    frozen=False,
)
# What is given is not decoded: parameters that say categories get no gradient.
find_unused_parameters = True
