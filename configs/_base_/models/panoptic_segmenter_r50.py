"""ResNet-50 up to stride 16, our pyramid and mask decoder: stage one of videos of the size of photos.

It starts from ImageNet weights, if a file with them is named:
`--cfg-options model.backbone.init_cfg.type=Pretrained model.backbone.init_cfg.checkpoint=FILE`.
"""

model = dict(
    type="PanopticSegmenter",
    vocabulary=None,
    data_preprocessor=dict(type="ScenePreprocessor", pad_size_divisor=32),
    backbone=dict(
        type="StemResNet",
        depth=50,
        num_stages=3,
        strides=(1, 2, 2),
        dilations=(1, 1, 1),
        out_indices=(0, 1, 2),
        norm_cfg=dict(type="BN", requires_grad=True),
        style="pytorch",
        init_cfg=None,
    ),
    neck=dict(
        type="CompactPyramid",
        in_channels=(64, 256, 512, 1024),
        width=256,
        fine_width=128,
        embedding=64,
        layers=6,
        heads=8,
    ),
    object_decoder=dict(
        type="MaskedObjectDecoder",
        dims=256,
        fine_dims=128,
        embedding=64,
        num_centres=60,
        num_learned=40,
        strides=(16, 8, 16, 8, 16, 8),
        heads=8,
        class_weight=2.0,
        no_object_weight=0.1,
        entropy_weight=5.0,
        dice_weight=5.0,
        semantic_weight=2.0,
        centre_weight=4.0,
    ),
    postprocessing=dict(object_score=0.5),
    autocast="auto",
)
