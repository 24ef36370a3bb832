# OpenPVSG's "handcrafted" head: a fixed filter over time. On the built-in videos; the four variants differ in the head only.
_base_ = [
    "../_base_/video_runtime.py",
    "../_base_/datasets/toyworld_pvsg.py",
    "../_base_/models/video_published.py",
    "../_base_/schedules/toyworld_video.py",
]

model = dict(head=dict(type="FilterHead"))
