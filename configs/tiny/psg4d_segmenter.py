# configs/psg4d_segmenter.py made so small that it runs in seconds: for tests and for trying commands out.
_base_ = ["../psg4d_segmenter.py"]

toyworld = dict(root="data/toyworld/tiny_psg4d_frames", train=3, test=1, frames=4)
held_out = 1
model = dict(
    backbone=dict(
        colour=dict(widths=(8, 12, 16, 24), depths=(1, 1, 1)),
        depth=dict(widths=(8, 12, 16, 24), depths=(1, 1, 1)),
        widths=(8, 12, 16, 24),
    ),
    neck=dict(in_channels=(8, 12, 16, 24), width=32, fine_width=16, embedding=8, heads=2),
    object_decoder=dict(dims=32, fine_dims=16, embedding=8, num_centres=8, num_learned=6, heads=2, strides=(16, 8)),
)
train_dataloader = dict(batch_size=4, num_workers=0, dataset=dict(held_out=held_out))
val_dataloader = dict(batch_size=4, num_workers=0, dataset=dict(held_out=held_out, every=1))
test_dataloader = dict(batch_size=4, num_workers=0, dataset=dict(every=1))
train_cfg = dict(max_iters=8, val_interval=4)
param_scheduler = [dict(type="ConstantLR", factor=1.0, by_epoch=False)]
default_hooks = dict(logger=dict(interval=2), checkpoint=dict(interval=2))
