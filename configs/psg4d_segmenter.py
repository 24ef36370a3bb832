# Stage one of RGB-D videos: two streams, colour and depth, joined after every stage, and the mask decoder of
# configs/pvsg_segmenter.py; trained from nothing on frames of the built-in RGB-D videos, 43,200 seen. Without depth:
#   python tools/train.py configs/psg4d_segmenter.py --cfg-options model.backbone.depth=False --work-dir work_dirs/colour
_base_ = [
    "_base_/rgbd_runtime.py",
    "_base_/datasets/toyworld_psg4d_frames.py",
    "_base_/models/rgbd_segmenter.py",
    "_base_/schedules/toyworld.py",
]

iterations = 3600
param_scheduler = [
    dict(type="LinearLR", start_factor=0.01, by_epoch=False, begin=0, end=100),
    dict(type="LinearLR", start_factor=1.0, end_factor=0.02, by_epoch=False, begin=100, end=iterations),
]
train_cfg = dict(max_iters=iterations, val_interval=1200)
