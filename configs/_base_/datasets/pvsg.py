# The public data set as `groundgraph data prepare pvsg` leaves it: data/pvsg/pvsg.json and a folder of frames and masks
# for each of its three sources. Tracks are made on first use by a segmenter that was fine-tuned on its 126 categories:
# a local folder with a Mask2Former of transformers, named on the command line with
# --cfg-options stage_one.segmenter=mask2former:FOLDER. The file's "val" is the test split of the tables; 20 training
# videos choose the best checkpoint.
data_root = "data/pvsg"
ann_file = "pvsg.json"
held_out = 20
feature_size = 256
stage_one = dict(
    type="TracksOfVideos",
    segmenter="mask2former:models/mask2former_pvsg",
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
