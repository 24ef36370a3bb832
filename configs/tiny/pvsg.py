# configs/pvsg.py made so small that it runs in seconds: for tests and for trying commands out.
_base_ = ["../pvsg.py"]

toyworld = dict(root="data/toyworld/tiny_pvsg", train=5, test=2, frames=4)
tracks = "data/toyworld/tiny_pvsg_tracks"
stage_one = dict(config="configs/tiny/pvsg_segmenter.py", work_dir="work_dirs/tiny/pvsg_segmenter", tracks=tracks)
small = dict(tracks=tracks, held_out=1, feature_size=32)
model = dict(
    feature_size=32,
    embedding=dict(dims=16),
    encoder=dict(hidden=16, heads=2),
    head=dict(hidden=16, heads=2, layers=1),
    objective=dict(most_pairs=16),
)
train_dataloader = dict(batch_size=2, dataset=small)
val_dataloader = dict(dataset=small)
test_dataloader = dict(dataset=small)
train_cfg = dict(max_iters=4, val_interval=2)
param_scheduler = [dict(type="ConstantLR", factor=1.0, by_epoch=False)]
default_hooks = dict(logger=dict(interval=2), checkpoint=dict(interval=2))
