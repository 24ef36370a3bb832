# Scene graphs of videos, from nothing: the built-in videos, their tracks (configs/pvsg_segmenter.py is trained and
# run over them if they are missing), then our relation model.
_base_ = [
    "_base_/video_runtime.py",
    "_base_/datasets/toyworld_pvsg.py",
    "_base_/models/video_window.py",
    "_base_/schedules/toyworld_video.py",
]
