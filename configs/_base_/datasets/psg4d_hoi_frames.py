# Frames of PSG4D-HOI as published: data/psg4d_hoi/psg4d_hoi.json beside HOI4D_release/, HOI4D_mask/ ... 1080 x 1920
# pixels at 15 frames a second, of which every tenth is looked at, in a third of the size.
_base_ = ["psg4d_gta_frames.py"]

_load = [dict(type="LoadScene"), dict(type="StackDepth"), dict(type="ResizeRGBD", scale=(640, 360), keep_ratio=True)]
_set = dict(data_root="data/psg4d_hoi", ann_file="psg4d_hoi.json", held_out=60, every=10)
train_dataloader = dict(
    dataset=dict(**_set, pipeline=[*_load, dict(type="LoseDepth"), dict(type="SceneFlip"), dict(type="PackScene")])
)
val_dataloader = dict(dataset=dict(_set, pipeline=[*_load, dict(type="PackScene")]))
test_dataloader = dict(dataset=dict(_set, pipeline=[*_load, dict(type="PackScene")]))
