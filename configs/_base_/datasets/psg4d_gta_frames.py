# Frames of PSG4D-GTA as published: data/psg4d_gta/sailvos3d.json beside images/, depth/, masks/ ... 67 videos of
# 800 x 1280 pixels, looked at in half the size. Two training videos choose the best checkpoint.
data_root, ann_file, held_out = "data/psg4d_gta", "sailvos3d.json", 2
_frames = dict(type="PSG4DFrames", ann_file=ann_file, data_root=data_root, held_out=held_out)
_load = [dict(type="LoadScene"), dict(type="StackDepth"), dict(type="ResizeRGBD", scale=(640, 400), keep_ratio=True)]

train_dataloader = dict(
    batch_size=4,
    num_workers="auto",
    sampler=dict(type="InfiniteSampler"),
    dataset=dict(
        split="train",
        **_frames,
        pipeline=[*_load, dict(type="LoseDepth"), dict(type="SceneFlip"), dict(type="PackScene")],
    ),
)
val_dataloader = dict(
    batch_size=4,
    num_workers="auto",
    sampler=dict(type="DefaultSampler", shuffle=False),
    dataset=dict(split="val", every=20, **_frames, pipeline=[*_load, dict(type="PackScene")]),
)
test_dataloader = dict(
    batch_size=4,
    num_workers="auto",
    sampler=dict(type="DefaultSampler", shuffle=False),
    dataset=dict(split="test", every=5, **_frames, pipeline=[*_load, dict(type="PackScene")]),
)
val_evaluator = dict(type="SceneGraphMetric")
test_evaluator = dict(type="SceneGraphMetric")
val_cfg = dict()
test_cfg = dict()
