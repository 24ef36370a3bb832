# The built-in RGB-D videos, made on first use (three minutes on one core) in the HOI layout of PSG4D, as tracks in
# metres. "toyworld" as a file name means their psg4d_hoi.json. 184 videos to learn from, 16 that choose the best
# checkpoint, and 40 that only tools/test.py looks at: the same worlds as toyworld_pvsg.py, with depth and poses.
toyworld = dict(kind="psg4d-hoi", root="data/toyworld/psg4d", train=200, test=40, seed=0)
held_out = 16
feature_size = 128
stage_one = dict(
    type="TracksOfRGBDVideos",
    config="configs/psg4d_segmenter.py",
    work_dir="work_dirs/psg4d_segmenter",
    tracks="data/toyworld/psg4d_tracks",
    tracker=dict(),
)

videos = dict(
    type="PSG4DTracks",
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
val_evaluator = dict(type="RGBDSceneGraphMetric")
test_evaluator = dict(type="RGBDSceneGraphMetric", frequency="toyworld")
val_cfg = dict()
test_cfg = dict()
