# The worlds of toyworld_pvsg.py with depth and poses, made on first use (three minutes on one core) in the HOI layout
# of PSG4D, as tracks in metres. "toyworld" as a file name means their psg4d_hoi.json.
_base_ = ["toyworld_pvsg.py"]

toyworld = dict(kind="psg4d-hoi", root="data/toyworld/psg4d")
stage_one = dict(
    type="TracksOfRGBDVideos",
    config="configs/psg4d_segmenter.py",
    work_dir="work_dirs/psg4d_segmenter",
    tracks="data/toyworld/psg4d_tracks",
)

videos = dict(type="PSG4DTracks", tracks=stage_one["tracks"])
train_dataloader = dict(dataset=videos)
val_dataloader = dict(dataset=videos)
test_dataloader = dict(dataset=videos)
val_evaluator = dict(type="RGBDSceneGraphMetric")
test_evaluator = dict(type="RGBDSceneGraphMetric")
