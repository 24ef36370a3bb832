"""OpenPVSG's training of stage two: 100 passes over the videos, one at a time, 32 of them a step, one rate."""

optim_wrapper = dict(type="OptimWrapper", optimizer=dict(type="Adam", lr=1e-4), accumulative_counts=32)
param_scheduler = [dict(type="ConstantLR", factor=1.0, by_epoch=False)]
train_cfg = dict(type="IterBasedTrainLoop", max_iters=31_800, val_interval=3_180)
