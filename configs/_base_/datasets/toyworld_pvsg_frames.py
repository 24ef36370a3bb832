# Frames of the built-in videos in the format of the public video data set: 1,220 worlds of ten seconds, one frame a
# second, made on first use. Many worlds with few frames teach more than few worlds with many; the videos themselves
# (data/toyworld/pvsg) show the same worlds at five frames a second, and the held-out worlds are the same.
toyworld = dict(kind="pvsg", root="data/toyworld/pvsg_frames", train=1_220, test=40, frames=10, fps=1.0, seed=0)
held_out = 20

train_dataloader = dict(
    batch_size=12,
    num_workers="auto",
    sampler=dict(type="InfiniteSampler"),
    dataset=dict(
        type="PVSGFrames",
        ann_file="toyworld",
        split="train",
        held_out=held_out,
        pipeline=[dict(type="LoadScene"), dict(type="SceneFlip"), dict(type="PackScene")],
    ),
)
test_dataloader = dict(
    batch_size=16,
    num_workers="auto",
    sampler=dict(type="DefaultSampler", shuffle=False),
    dataset=dict(
        type="PVSGFrames",
        ann_file="toyworld",
        split="test",
        pipeline=[dict(type="LoadScene"), dict(type="PackScene")],
    ),
)
val_dataloader = dict(
    batch_size=16,
    num_workers="auto",
    sampler=dict(type="DefaultSampler", shuffle=False),
    dataset=dict(
        type="PVSGFrames",
        ann_file="toyworld",
        split="val",
        held_out=held_out,
        pipeline=[dict(type="LoadScene"), dict(type="PackScene")],
    ),
)
val_evaluator = dict(type="SceneGraphMetric")
test_evaluator = dict(type="SceneGraphMetric")
val_cfg = dict()
test_cfg = dict()
