# Our relation model on the public videos.
_base_ = [
    "../_base_/video_runtime.py",
    "../_base_/datasets/pvsg.py",
    "../_base_/models/video_window.py",
]

model = dict(
    feature_size=256,
    embedding=dict(dims=192),
    encoder=dict(hidden=384, heads=8),
    head=dict(hidden=192, back=15, ahead=5),
    objective=dict(most_pairs=100),
)
optim_wrapper = dict(
    type="OptimWrapper",
    optimizer=dict(type="MuonAdamW", lr=1e-3, matrix_factor=10.0, weight_decay=0.05),
    paramwise_cfg=dict(norm_decay_mult=0.0, bias_decay_mult=0.0),
    clip_grad=dict(max_norm=1.0),
)
train_cfg = dict(type="IterBasedTrainLoop", max_iters=9_540, val_interval=954)
param_scheduler = [
    dict(type="LinearLR", start_factor=0.01, by_epoch=False, begin=0, end=200),
    dict(type="LinearLR", start_factor=1.0, end_factor=0.02, by_epoch=False, begin=200, end=9_540),
]
train_dataloader = dict(batch_size=4, dataset=dict(most_frames=200))
