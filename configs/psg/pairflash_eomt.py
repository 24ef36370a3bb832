# PairFlash on the public data set: 12 epochs of the relation head on a frozen EoMT (small, trained on COCO).
# Another size: override pretrained and architecture (both parts) with --cfg-options or in a config of your own.
# To tune the segmenter too: --cfg-options model.frozen="[]" optim_wrapper.optimizer.lr=2e-5
_base_ = [
    "../_base_/default_runtime.py",
    "../_base_/datasets/psg.py",
    "../_base_/models/pairflash_eomt.py",
]

batch_size = 16
# Training pictures with relations, less the 1,000 that are held out for validation.
epoch = 45_500 // batch_size
side = dict(type="Resize", scale=(640, 640), keep_ratio=True)

train_dataloader = dict(
    batch_size=batch_size,
    dataset=dict(pipeline=[dict(type="LoadScene"), dict(type="SceneFlip"), side, dict(type="PackScene")]),
)
val_dataloader = dict(batch_size=8, dataset=dict(pipeline=[dict(type="LoadScene"), side, dict(type="PackScene")]))
test_dataloader = dict(batch_size=8, dataset=dict(pipeline=[dict(type="LoadScene"), side, dict(type="PackScene")]))

optim_wrapper = dict(
    type="OptimWrapper",
    optimizer=dict(type="AdamW", lr=2e-4, weight_decay=0.02),
    paramwise_cfg=dict(norm_decay_mult=0.0, bias_decay_mult=0.0),
    clip_grad=dict(max_norm=1.0),
)
param_scheduler = [
    dict(type="LinearLR", start_factor=0.01, by_epoch=False, begin=0, end=500),
    dict(type="MultiStepLR", by_epoch=False, milestones=[8 * epoch, 11 * epoch], gamma=0.1),
]
train_cfg = dict(type="IterBasedTrainLoop", max_iters=12 * epoch, val_interval=epoch)
default_hooks = dict(checkpoint=dict(interval=epoch))
