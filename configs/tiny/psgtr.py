# configs/psgtr.py made so small that it runs in seconds: for tests and for trying commands out.
_base_ = ["../psgtr.py"]

attention = dict(embed_dims=128, num_heads=8, dropout=0.0, batch_first=True)
feed_forward = dict(embed_dims=128, feedforward_channels=32, num_fcs=2, ffn_drop=0.0)
toyworld = dict(root="data/toyworld/tiny", train=36, test=4)
held_out = 4
model = dict(
    backbone=dict(widths=(8, 12, 16, 24), depths=(1, 1, 1)),
    neck=dict(
        encoder=dict(num_layers=1, layer_cfg=dict(self_attn_cfg=attention, ffn_cfg=feed_forward)), in_channels=24
    ),
    triplet_decoder=dict(
        decoder=dict(
            num_layers=2, layer_cfg=dict(self_attn_cfg=attention, cross_attn_cfg=attention, ffn_cfg=feed_forward)
        ),
        num_queries=20,
        map_channels=(8, 12, 16),
    ),
)
train_dataloader = dict(batch_size=4, num_workers=0, dataset=dict(held_out=held_out))
val_dataloader = dict(batch_size=4, num_workers=0, dataset=dict(held_out=held_out))
test_dataloader = dict(batch_size=4, num_workers=0)
train_cfg = dict(max_iters=8, val_interval=4)
param_scheduler = [dict(type="ConstantLR", factor=1.0, by_epoch=False)]
default_hooks = dict(logger=dict(interval=2), checkpoint=dict(interval=2))
