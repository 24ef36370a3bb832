"""Stage two of videos: 5,400 videos seen in 1,800 steps of 3. Muon learns in a third of the steps of AdamW."""

iterations = 1800

optim_wrapper = dict(
    type="OptimWrapper",
    optimizer=dict(type="MuonAdamW", lr=2e-3, matrix_factor=10.0, weight_decay=0.02),
    paramwise_cfg=dict(norm_decay_mult=0.0, bias_decay_mult=0.0),
    clip_grad=dict(max_norm=1.0),
)
param_scheduler = [
    dict(type="LinearLR", start_factor=0.01, by_epoch=False, begin=0, end=50),
    dict(type="LinearLR", start_factor=1.0, end_factor=0.02, by_epoch=False, begin=50, end=iterations),
]
train_cfg = dict(type="IterBasedTrainLoop", max_iters=iterations, val_interval=600)
