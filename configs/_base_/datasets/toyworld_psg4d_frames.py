# Frames of the built-in RGB-D videos: 1,220 worlds of ten seconds, one frame a second, made on first use. Many worlds
# with few frames teach more than few worlds with many; the videos themselves (toyworld_psg4d.py) show the same worlds
# at five frames a second, and the held-out worlds are the same. "toyworld" as a file name means their psg4d_hoi.json.
toyworld = dict(
    kind="psg4d-hoi", root="data/toyworld/psg4d_frames", train=1_220, test=40, frames=10, fps=1.0, seed=0
)
held_out = 20
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
    dataset=dict(split="val", **_frames, pipeline=[*_load, dict(type="PackScene")]),
)
test_dataloader = dict(
    batch_size=12,
    num_workers="auto",
    sampler=dict(type="DefaultSampler", shuffle=False),
    dataset=dict(split="test", **_frames, pipeline=[*_load, dict(type="PackScene")]),
)
val_evaluator = dict(type="SceneGraphMetric")
test_evaluator = dict(type="SceneGraphMetric")
val_cfg = dict()
test_cfg = dict()
