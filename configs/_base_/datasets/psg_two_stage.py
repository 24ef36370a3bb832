# The public data set as the published two-stage models see it: pictures of one size, flipped or not.
_base_ = ["psg.py"]

train_pipeline = [
    dict(type="LoadScene"),
    dict(type="Resize", scale=(1333, 800), keep_ratio=True),
    dict(type="SceneFlip"),
    dict(type="PackScene"),
]
train_dataloader = dict(batch_size=16, dataset=dict(pipeline=train_pipeline))
