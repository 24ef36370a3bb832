"""The trunk of the published two-stage models: ResNet-50 and FPN, frozen, and heads of width 1024.

The weights of backbone and pyramid are those of a panoptic FPN trained on COCO (mmdet's model zoo): give its
file with --cfg-options load_from=FILE. SGDet takes the segments of any segmenter; the published one is that
very panoptic FPN: --cfg-options model.segmenter=mmdet:CONFIG.py,WEIGHTS.pth
"""

_base_ = ["resnet50.py"]

model = dict(
    type="TwoStage",
    vocabulary=None,
    data_preprocessor=dict(type="ScenePreprocessor", pad_size_divisor=32),
    neck=dict(type="FPN", in_channels=[256, 512, 1024, 2048], out_channels=256, num_outs=5),
    head=dict(
        type="RelationTrunk",
        strides=(4, 8, 16, 32),
        channels=256,
        side=7,
        finest=56.0,
        hidden=1024,
        sampling=dict(most=1024, foreground=0.25, per_relation=4),
        frequency=None,
        published=False,
    ),
    mode="sgdet",
    segmenter=None,
    frozen=True,
)
find_unused_parameters = True
