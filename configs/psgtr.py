# PSGTR made small, trained from nothing on the built-in pictures. It finds whole triplets, so it sees every thing
# once for each of its relations, and learns more slowly from few pictures than configs/psgformer.py.
_base_ = [
    "_base_/default_runtime.py",
    "_base_/datasets/toyworld_psg.py",
    "_base_/schedules/toyworld.py",
]

attention = dict(embed_dims=128, num_heads=8, dropout=0.0, batch_first=True)
feed_forward = dict(embed_dims=128, feedforward_channels=512, num_fcs=2, ffn_drop=0.0)

model = dict(
    type="PSGTR",
    vocabulary=None,
    published=False,
    data_preprocessor=dict(type="ScenePreprocessor", pad_size_divisor=16),
    backbone=dict(type="CompactResNet", widths=(24, 48, 96, 160), depths=(1, 2, 2)),
    neck=dict(
        type="DETREncoder",
        encoder=dict(num_layers=2, layer_cfg=dict(self_attn_cfg=attention, ffn_cfg=feed_forward)),
        in_channels=160,
        dims=128,
        strides=(2, 4, 8, 16),
    ),
    triplet_decoder=dict(
        type="TripletDecoder",
        decoder=dict(
            num_layers=3,
            layer_cfg=dict(self_attn_cfg=attention, cross_attn_cfg=attention, ffn_cfg=feed_forward),
            return_intermediate=True,
        ),
        num_queries=100,
        dims=128,
        map_channels=(24, 48, 96),
        no_object_weight=0.1,
        no_relation_weight=0.1,
    ),
    autocast="auto",
)
# Boxes are regressed and nothing tells a query where to look: with the learning rate that suits masked attention the
# loss stays twice as high.
optim_wrapper = dict(optimizer=dict(lr=4e-4))
