# The built-in videos, made on first use (four minutes on one core) in the format of the public data set, as tracks. "toyworld"
# as a file name means their pvsg.json. 184 videos to learn from, 16 that choose the best checkpoint, and 40 that only
# tools/test.py looks at.
toyworld = dict(kind="pvsg", root="data/toyworld/pvsg", train=200, test=40, seed=0)
held_out = 16
feature_size = 128
stage_one = dict(
    type="TracksOfVideos",
    config="configs/pvsg_segmenter.py",
    work_dir="work_dirs/pvsg_segmenter",
    tracks="data/toyworld/pvsg_tracks",
    tracker=dict(),
)

videos = dict(
    type="PVSGTracks",
    ann_file="toyworld",
    tracks=stage_one["tracks"],
    held_out=held_out,
    feature_size=feature_size,
    matched_frames=3,
    shortest=1,
    pipeline=[],
)
train_dataloader = dict(
    batch_size=3,
    num_workers=0,
    sampler=dict(type="InfiniteSampler"),
    dataset=dict(split="train", **videos),
)
val_dataloader = dict(
    batch_size=1,
    num_workers=0,
    sampler=dict(type="DefaultSampler", shuffle=False),
    dataset=dict(split="val", **videos),
)
test_dataloader = dict(
    batch_size=1,
    num_workers=0,
    sampler=dict(type="DefaultSampler", shuffle=False),
    dataset=dict(split="test", **videos),
)
val_evaluator = dict(type="VideoSceneGraphMetric")
test_evaluator = dict(type="VideoSceneGraphMetric", frequency="toyworld")
val_cfg = dict()
test_cfg = dict()
