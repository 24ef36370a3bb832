# Labelled frames of the public data set as `groundgraph data prepare pvsg` leaves it: data/pvsg/pvsg.json and a folder
# of frames and masks for each of its three sources. Pictures of 360 x 480 to 1080 x 1920 pixels, looked at with at most
# 480 x 640. The file's "val" is the test split of the tables; 20 training videos choose the best checkpoint.
data_root, ann_file, held_out = "data/pvsg", "pvsg.json", 20
_frames = dict(type="PVSGFrames", ann_file=ann_file, data_root=data_root, held_out=held_out)
_load = [dict(type="LoadScene"), dict(type="Resize", scale=(640, 480), keep_ratio=True)]

train_dataloader = dict(
    batch_size=8,
    num_workers="auto",
    sampler=dict(type="InfiniteSampler"),
    dataset=dict(split="train", every=2, **_frames, pipeline=[*_load, dict(type="SceneFlip"), dict(type="PackScene")]),
)
val_dataloader = dict(
    batch_size=8,
    num_workers="auto",
    sampler=dict(type="DefaultSampler", shuffle=False),
    dataset=dict(split="val", every=25, **_frames, pipeline=[*_load, dict(type="PackScene")]),
)
test_dataloader = dict(
    batch_size=8,
    num_workers="auto",
    sampler=dict(type="DefaultSampler", shuffle=False),
    dataset=dict(split="test", every=5, **_frames, pipeline=[*_load, dict(type="PackScene")]),
)
val_evaluator = dict(type="SceneGraphMetric")
test_evaluator = dict(type="SceneGraphMetric")
val_cfg = dict()
test_cfg = dict()
