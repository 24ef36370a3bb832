# Stage one on the public videos: a panoptic segmenter of single frames, trained on every second one; about six passes.
# Without ImageNet weights (see the model) it needs several times as long.
_base_ = [
    "../_base_/default_runtime.py",
    "../_base_/datasets/pvsg_frames.py",
    "../_base_/models/panoptic_segmenter_r50.py",
    "../_base_/schedules/large_segmenter.py",
]

custom_imports = dict(imports=["pvsg.frames", "psg.metric", "psg.hooks", "psg.optimizer", "psg.models"])
default_hooks = dict(checkpoint=dict(interval=2_500, save_best="PQ"))
