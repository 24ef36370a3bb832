# OpenPVSG's stage two on the public videos, as published: labels, inputs, missing frames, losses, ranking, schedule.
_base_ = [
    "video_runtime.py",
    "datasets/pvsg.py",
    "models/video_published.py",
    "schedules/pvsg.py",
]

model = dict(
    feature_size=256,
    encoder=dict(published=True),
    proposal=dict(published=True),
    head=dict(published=True),
)
train_dataloader = dict(dataset=dict(published=True, keep_empty=False, flip=False))
