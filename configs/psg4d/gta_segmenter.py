# The RGB-D branch on PSG4D-GTA: two ResNet-101 streams, colour and depth.
_base_ = [
    "../_base_/rgbd_runtime.py",
    "../_base_/datasets/psg4d_gta_frames.py",
    "../_base_/models/rgbd_segmenter_r101.py",
    "../_base_/schedules/large_segmenter.py",
]

default_hooks = dict(checkpoint=dict(interval=2_500))
