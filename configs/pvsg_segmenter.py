# Stage one of videos: the segmenter of configs/psgformer.py without its relation head. It begins with the weights of a
# PSGFormer, which is trained if it is missing, and learns from frames of the built-in videos, 18,000 seen. What queries
# know of relations helps to tell them over time. tools/track.py follows what it finds. With random weights at first:
#   python tools/train.py configs/pvsg_segmenter.py --cfg-options begin_from=None
_base_ = [
    "_base_/default_runtime.py",
    "_base_/datasets/toyworld_pvsg_frames.py",
    "_base_/models/panoptic_segmenter.py",
    "_base_/schedules/toyworld.py",
]

custom_imports = dict(imports=["pvsg.frames", "psg.metric", "psg.hooks", "psg.optimizer", "psg.models"])
default_hooks = dict(checkpoint=dict(save_best="PQ"))

begin_from = dict(config="configs/psgformer.py", work_dir="work_dirs/psgformer")

iterations = 1500
param_scheduler = [
    dict(type="LinearLR", start_factor=0.01, by_epoch=False, begin=0, end=100),
    dict(type="LinearLR", start_factor=1.0, end_factor=0.02, by_epoch=False, begin=100, end=iterations),
]
train_cfg = dict(max_iters=iterations, val_interval=500)
