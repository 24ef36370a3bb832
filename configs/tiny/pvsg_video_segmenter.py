# configs/pvsg_video_segmenter.py made so small that it runs in seconds: for tests and for trying commands out.
_base_ = ["../pvsg_video_segmenter.py"]

begin_from = None

toyworld = dict(root="data/toyworld/tiny_pvsg_frames", train=5, test=2, frames=4, fps=1.0)
held_out = 1
model = dict(
    backbone=dict(widths=(8, 12, 16, 24), depths=(1, 1, 1)),
    neck=dict(in_channels=(8, 12, 16, 24), width=32, fine_width=16, embedding=8, heads=2),
    object_decoder=dict(dims=32, fine_dims=16, embedding=8, num_centres=8, num_learned=6, heads=2, strides=(16, 8)),
    time=dict(num_feats=16),
)
train_dataloader = dict(batch_size=2, num_workers=0, dataset=dict(held_out=held_out))
val_dataloader = dict(batch_size=2, num_workers=0, dataset=dict(held_out=held_out))
test_dataloader = dict(batch_size=2, num_workers=0)
train_cfg = dict(max_iters=8, val_interval=4)
param_scheduler = [dict(type="ConstantLR", factor=1.0, by_epoch=False)]
default_hooks = dict(logger=dict(interval=2), checkpoint=dict(interval=2))
