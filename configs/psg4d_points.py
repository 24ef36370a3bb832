# The other way to stage one of RGB-D videos: points in cubes of space and a kernel for every instance, trained from
# nothing on the built-in RGB-D videos; 6,000 clouds seen.
_base_ = [
    "_base_/rgbd_runtime.py",
    "_base_/datasets/toyworld_psg4d_points.py",
    "_base_/models/point_segmenter.py",
    "_base_/schedules/toyworld.py",
]

default_hooks = dict(checkpoint=dict(save_best="points/mIoU"))
iterations = 1500
optim_wrapper = dict(optimizer=dict(lr=1e-3))
param_scheduler = [
    dict(type="LinearLR", start_factor=0.01, by_epoch=False, begin=0, end=100),
    dict(type="LinearLR", start_factor=1.0, end_factor=0.02, by_epoch=False, begin=100, end=iterations),
]
train_cfg = dict(max_iters=iterations, val_interval=500)
