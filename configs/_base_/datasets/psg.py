# The public data set: data/psg/psg.json, and COCO's pictures and panoptic PNGs below data/coco
# (train2017, val2017, panoptic_train2017, panoptic_val2017).
data_root = "data/coco"
ann_file = "../psg/psg.json"
# The file has no validation split; the test split is left for tools/test.py.
held_out = 1000
longest, shortest = 1333, 800

# DETR's augmentation: a random size, or a cut from a random size brought to a random size.
random_size = dict(
    type="RandomChoiceResize",
    scales=[(short, longest) for short in range(480, 801, 32)],
    keep_ratio=True,
)
train_pipeline = [
    dict(type="LoadScene"),
    dict(type="SceneFlip"),
    dict(
        type="RandomChoice",
        transforms=[
            [random_size],
            [
                dict(type="RandomChoiceResize", scales=[(400, 4200), (500, 4200), (600, 4200)], keep_ratio=True),
                dict(type="RelationCrop", crop_size=(384, 600)),
                random_size,
            ],
        ],
    ),
    dict(type="PackScene"),
]
test_pipeline = [
    dict(type="LoadScene"),
    dict(type="Resize", scale=(longest, shortest), keep_ratio=True),
    dict(type="PackScene"),
]

train_dataloader = dict(
    batch_size=4,
    num_workers="auto",
    sampler=dict(type="InfiniteSampler"),
    dataset=dict(
        type="PSGDataset",
        ann_file=ann_file,
        data_root=data_root,
        split="train",
        held_out=held_out,
        predicates="random",
        pipeline=train_pipeline,
    ),
)
val_dataloader = dict(
    batch_size=1,
    num_workers="auto",
    sampler=dict(type="DefaultSampler", shuffle=False),
    dataset=dict(
        type="PSGDataset",
        ann_file=ann_file,
        data_root=data_root,
        split="val",
        held_out=held_out,
        pipeline=test_pipeline,
    ),
)
test_dataloader = dict(
    batch_size=1,
    num_workers="auto",
    sampler=dict(type="DefaultSampler", shuffle=False),
    dataset=dict(type="PSGDataset", ann_file=ann_file, data_root=data_root, split="test", pipeline=test_pipeline),
)
val_evaluator = dict(type="SceneGraphMetric")
test_evaluator = dict(type="SceneGraphMetric", frequency="data/psg/psg.json")
val_cfg = dict()
test_cfg = dict()
