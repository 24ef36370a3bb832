# The built-in pictures, made on first use (about a minute on two cores) in the format of the public data set.
# "toyworld" as a file name means their psg.json. 12,000 worlds to learn from, 100 that choose the best
# checkpoint, and 500 that only tools/test.py looks at.
toyworld = dict(root="data/toyworld/psg", train=12_100, test=500, seed=0)
held_out = 100

train_dataloader = dict(
    batch_size=12,
    num_workers="auto",
    sampler=dict(type="InfiniteSampler"),
    dataset=dict(
        type="PSGDataset",
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
        type="PSGDataset",
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
        type="PSGDataset",
        ann_file="toyworld",
        split="val",
        held_out=held_out,
        pipeline=[dict(type="LoadScene"), dict(type="PackScene")],
    ),
)
# What a box does not show: decided by legs, eyes, lamps and streaks (toyworld.names.STATE_PREDICATES). Apart.
state_predicates = ["walking on", "running on", "standing on", "looking at", "parked on", "driving on"]
val_evaluator = dict(type="SceneGraphMetric", subsets=dict(state=state_predicates))
test_evaluator = dict(type="SceneGraphMetric", subsets=dict(state=state_predicates), frequency="toyworld")
val_cfg = dict()
test_cfg = dict()
