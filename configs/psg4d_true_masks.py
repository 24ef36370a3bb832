# configs/psg4d.py on given masks: the true tubes, measured with depth. What the relation model can do where
# segmenting and tracking make no mistakes.
_base_ = ["psg4d.py"]

feature_size = 0
stage_one = dict(
    _delete_=True,
    type="TracksOfRGBDVideos",
    segmenter="truth",
    tracks="data/toyworld/psg4d_true_tracks",
)
given = dict(tracks=stage_one["tracks"], feature_size=feature_size)
model = dict(feature_size=feature_size)
train_dataloader = dict(dataset=given)
val_dataloader = dict(dataset=given)
test_dataloader = dict(dataset=given)
