# Frames of the built-in RGB-D videos: 180 worlds of ten seconds at five frames a second, made on first use, the same
# worlds as the videos of toyworld_psg4d.py. "toyworld" as a file name means their psg4d_hoi.json.
toyworld = dict(kind="psg4d-hoi", root="data/toyworld/psg4d", train=200, test=40, seed=0)
held_out = 16
_frames = dict(type="PSG4DFrames", ann_file="toyworld", held_out=held_out)
_load = [dict(type="LoadScene"), dict(type="StackDepth")]

train_dataloader = dict(
    batch_size=12,
    num_workers="auto",
    sampler=dict(type="InfiniteSampler"),
    dataset=dict(
        split="train",
        **_frames,
        pipeline=[*_load, dict(type="LoseDepth"), dict(type="SceneFlip"), dict(type="PackScene")],
    ),
)
val_dataloader = dict(
    batch_size=12,
    num_workers="auto",
    sampler=dict(type="DefaultSampler", shuffle=False),
    dataset=dict(split="val", every=10, **_frames, pipeline=[*_load, dict(type="PackScene")]),
)
test_dataloader = dict(
    batch_size=12,
    num_workers="auto",
    sampler=dict(type="DefaultSampler", shuffle=False),
    dataset=dict(split="test", every=5, **_frames, pipeline=[*_load, dict(type="PackScene")]),
)
val_evaluator = dict(type="SceneGraphMetric")
test_evaluator = dict(type="SceneGraphMetric")
val_cfg = dict()
test_cfg = dict()
