# Stage one of videos: the segmenter of configs/psgformer.py without its relation head, trained from nothing on frames
# of the built-in videos; 43,200 frames seen. tools/track.py follows what it finds over time.
_base_ = [
    "_base_/default_runtime.py",
    "_base_/datasets/toyworld_pvsg_frames.py",
    "_base_/models/panoptic_segmenter.py",
    "_base_/schedules/toyworld.py",
]

custom_imports = dict(imports=["pvsg.frames", "psg.metric", "psg.hooks", "psg.optimizer", "psg.models"])
default_hooks = dict(checkpoint=dict(save_best="PQ"))

iterations = 3600
param_scheduler = [
    dict(type="LinearLR", start_factor=0.01, by_epoch=False, begin=0, end=100),
    dict(type="LinearLR", start_factor=1.0, end_factor=0.02, by_epoch=False, begin=100, end=iterations),
]
train_cfg = dict(max_iters=iterations, val_interval=1200)
