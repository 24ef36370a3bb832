"""PSGTR as published: ResNet-50, DETR encoder, 100 triplet queries. The arguments that are not here are those of DETR.

`published=True` also trains and makes graphs as the published code does, with its mistakes.
"""

_base_ = ["resnet50.py"]

model = dict(
    type="PSGTR",
    vocabulary=None,
    published=False,
    data_preprocessor=dict(type="ScenePreprocessor", pad_size_divisor=1),
    neck=dict(type="DETREncoder", in_channels=2048, dims=256),
    triplet_decoder=dict(
        type="TripletDecoder",
        num_queries=100,
        dims=256,
        map_channels=(256, 512, 1024),
        class_weight=1.0,
        predicate_weight=2.0,
        no_relation_weight=0.02,
        box_weight=5.0,
        giou_weight=2.0,
        dice_weight=1.0,
        focal_weight=1.0,
    ),
    autocast="auto",
)
