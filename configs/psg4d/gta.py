# Relations in space and time on PSG4D-GTA, on tracks of configs/psg4d/gta_segmenter.py, which is trained and run over
# the videos if they are missing. Two training videos choose the best checkpoint; the file's "val" is the test split.
_base_ = [
    "../_base_/rgbd_video_runtime.py",
    "../_base_/datasets/toyworld_psg4d.py",
    "../_base_/models/space_time.py",
    "../_base_/schedules/toyworld_video.py",
]

toyworld = None
held_out = 2
stage_one = dict(
    config="configs/psg4d/gta_segmenter.py", work_dir="work_dirs/psg4d/gta_segmenter", tracks="data/psg4d_gta/tracks"
)
_set = dict(
    data_root="data/psg4d_gta",
    ann_file="sailvos3d.json",
    tracks=stage_one["tracks"],
    held_out=held_out,
    feature_size=256,
    matched_frames=5,
    shortest=3,
    at_hand=0,
)
model = dict(
    feature_size=256,
    embedding=dict(dims=192),
    encoder=dict(hidden=384, heads=8, layers=2),
    tube=dict(heads=8, layers=2),
    head=dict(hidden=192, back=15, ahead=5),
    objective=dict(most_pairs=100),
)
train_dataloader = dict(batch_size=2, num_workers="auto", dataset=dict(_set, most_frames=200))
val_dataloader = dict(num_workers="auto", dataset=_set)
test_dataloader = dict(num_workers="auto", dataset=_set)
test_evaluator = dict(frequency="data/psg4d_gta/sailvos3d.json")
optim_wrapper = dict(optimizer=dict(lr=1e-3))
train_cfg = dict(max_iters=6_000, val_interval=600)
param_scheduler = [
    dict(type="LinearLR", start_factor=0.01, by_epoch=False, begin=0, end=200),
    dict(type="LinearLR", start_factor=1.0, end_factor=0.02, by_epoch=False, begin=200, end=6_000),
]
