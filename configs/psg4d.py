# Scene graphs in space and time, from nothing: the built-in RGB-D videos, their tracks in metres
# (configs/psg4d_segmenter.py is trained and run over them if they are missing), then our relation model.
# Without depth, on the same tracks:
#   python tools/train.py configs/psg4d.py --cfg-options model.depth=False --work-dir work_dirs/psg4d_without_depth
# On true masks instead of a segmenter (minutes instead of an hour):
#   python tools/train.py configs/psg4d_true_masks.py
_base_ = [
    "_base_/rgbd_video_runtime.py",
    "_base_/datasets/toyworld_psg4d.py",
    "_base_/models/space_time.py",
    "_base_/schedules/toyworld_video.py",
]
