# The public data set as `groundgraph data prepare pvsg` leaves it: data/pvsg/pvsg.json and a folder of frames and masks
# for each of its three sources. Tracks are made on first use: by configs/pvsg/public_segmenter.py, which is trained if it
# is missing, or by another segmenter that knows the 126 categories, named on the command line with
# --cfg-options stage_one.segmenter=mask2former:FOLDER (its features have 256 numbers too). The file's "val" is the test
# split of the tables; 20 training videos choose the best checkpoint.
data_root = "data/pvsg"
ann_file = "pvsg.json"
held_out = 20
feature_size = 256
stage_one = dict(
    type="TracksOfVideos",
    config="configs/pvsg/public_segmenter.py",
    work_dir="work_dirs/pvsg/public_segmenter",
    tracks="data/pvsg/tracks",
    tracker=dict(),
)

videos = dict(
    type="PVSGTracks",
    ann_file=ann_file,
    data_root=data_root,
    tracks=stage_one["tracks"],
    held_out=held_out,
    feature_size=feature_size,
    at_hand=0,
    pipeline=[],
)
train_dataloader = dict(
    batch_size=1,
    num_workers="auto",
    sampler=dict(type="InfiniteSampler"),
    dataset=dict(split="train", **videos),
)
val_dataloader = dict(
    batch_size=1,
    num_workers="auto",
    sampler=dict(type="DefaultSampler", shuffle=False),
    dataset=dict(split="val", **videos),
)
test_dataloader = dict(
    batch_size=1,
    num_workers="auto",
    sampler=dict(type="DefaultSampler", shuffle=False),
    dataset=dict(split="test", **videos),
)
val_evaluator = dict(type="VideoSceneGraphMetric")
test_evaluator = dict(type="VideoSceneGraphMetric", frequency="data/pvsg/pvsg.json")
val_cfg = dict()
test_cfg = dict()
