"""The published recipe of two-stage models: SGD, 12 epochs of 16 pictures a step, steps at 7 and 10."""

batch_size = 16
# Training pictures with relations, less the 1,000 that are held out for validation.
epoch = 45_500 // batch_size

optim_wrapper = dict(
    type="OptimWrapper",
    optimizer=dict(type="SGD", lr=0.03, momentum=0.9, weight_decay=1e-4),
    clip_grad=dict(max_norm=35),
)
param_scheduler = [
    dict(type="LinearLR", start_factor=1 / 3, by_epoch=False, begin=0, end=500),
    dict(type="MultiStepLR", by_epoch=False, milestones=[7 * epoch, 10 * epoch], gamma=0.1),
]
train_cfg = dict(type="IterBasedTrainLoop", max_iters=12 * epoch, val_interval=epoch)
