# configs/psg4d_points.py made so small that it runs in seconds: for tests and for trying commands out.
_base_ = ["../psg4d_points.py"]

toyworld = dict(root="data/toyworld/tiny_psg4d_frames", train=3, test=1, frames=4)
held_out = 1
model = dict(voxel=0.4, widths=(8, 16, 24), dims=8)
train_dataloader = dict(batch_size=2, num_workers=0, dataset=dict(held_out=held_out))
val_dataloader = dict(batch_size=2, num_workers=0, dataset=dict(held_out=held_out, every=2))
test_dataloader = dict(batch_size=2, num_workers=0, dataset=dict(every=2))
train_cfg = dict(max_iters=4, val_interval=2)
param_scheduler = [dict(type="ConstantLR", factor=1.0, by_epoch=False)]
default_hooks = dict(logger=dict(interval=2), checkpoint=dict(interval=2))
