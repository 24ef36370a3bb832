"""PairFlash on EoMT: a frozen segmenter, and a relation head of about two million parameters that is trained.

The weights are taken from `pretrained` (a folder or a hub name) when training starts; checkpoints hold them.
"""

pretrained = "tue-mps/coco_panoptic_eomt_small_640_2x"
architecture = dict(
    hidden_size=384,
    num_hidden_layers=12,
    num_attention_heads=6,
    num_blocks=3,
    num_queries=200,
    image_size=640,
    patch_size=16,
)
dims = 384

model = dict(
    type="PairFlash",
    vocabulary=None,
    # Every picture fills its square, as EoMT was trained: with nearly black pixels, after normalisation.
    data_preprocessor=dict(type="ScenePreprocessor", pad_size_divisor=640, pad_value=-2.0),
    backbone=dict(type="EomtBackbone", architecture=architecture, pretrained=pretrained),
    neck=dict(type="EomtNeck", dims=dims, patch_size=16),
    object_decoder=dict(type="EomtObjectDecoder", architecture=architecture, pretrained=pretrained),
    frozen=("backbone", "object_decoder"),
    relation_head=dict(
        type="PairFlashHead",
        dims=256,
        query_dims=dims,
        map_dims=dims,
        map_stride=16,
        hidden=256,
        num_pairs=440,
        heads=8,
        background_weight=0.2,
    ),
    postprocessing=dict(object_score=0.3, predicates_per_pair=1, max_relations=100),
    autocast="auto",
)
