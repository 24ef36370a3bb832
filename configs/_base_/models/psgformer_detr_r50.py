"""PSGFormer as published: ResNet-50, DETR encoder, object queries and relation queries, 100 each."""

_base_ = ["resnet50.py"]

attention = dict(embed_dims=256, num_heads=8, dropout=0.1, batch_first=True)
feed_forward = dict(
    embed_dims=256, feedforward_channels=2048, num_fcs=2, ffn_drop=0.1, act_cfg=dict(type="ReLU", inplace=True)
)
decoder = dict(
    num_layers=6,
    layer_cfg=dict(self_attn_cfg=attention, cross_attn_cfg=attention, ffn_cfg=feed_forward),
    return_intermediate=True,
)

model = dict(
    type="PSGFormer",
    vocabulary=None,
    data_preprocessor=dict(type="ScenePreprocessor", pad_size_divisor=1),
    neck=dict(
        type="DETREncoder",
        encoder=dict(num_layers=6, layer_cfg=dict(self_attn_cfg=attention, ffn_cfg=feed_forward)),
        in_channels=2048,
        dims=256,
    ),
    object_decoder=dict(
        type="DETRObjectDecoder",
        decoder=decoder,
        num_queries=100,
        dims=256,
        map_channels=(256, 512, 1024),
        class_weight=4.0,
        class_cost=4.0,
        no_object_weight=0.02,
        box_weight=3.0,
        giou_weight=2.0,
        dice_weight=1.0,
        focal_weight=1.0,
    ),
    relation_head=dict(
        type="RelationQueryDecoder",
        decoder=decoder,
        num_queries=100,
        dims=256,
        choose_from="matched",
        ends="same",
        supervise="last",
        predicate_weight=2.0,
        choice_weight=2.0,
        no_relation_weight=0.02,
    ),
    postprocessing=dict(object_score=0.3, predicates_per_pair=1, max_relations=100),
    autocast="auto",
)
