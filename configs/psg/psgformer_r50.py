# PSGFormer as published, on the public data set: 60 epochs with a step at 40 (ResNet-50, DETR decoders).
# It starts well only from a DETR that was trained on COCO: give its weights with
# --cfg-options load_from=FILE; without them it needs several times as long.
_base_ = [
    "../_base_/default_runtime.py",
    "../_base_/datasets/psg.py",
    "../_base_/models/psgformer_detr_r50.py",
]

batch_size = 4
# Training pictures with relations, less the 1,000 that are held out for validation.
epoch = 45_500 // batch_size

train_dataloader = dict(batch_size=batch_size)
# 1e-3 for the relation decoder, 1e-4 for what DETR has learned.
optim_wrapper = dict(
    type="OptimWrapper",
    optimizer=dict(type="AdamW", lr=1e-3, weight_decay=1e-4),
    paramwise_cfg=dict(
        custom_keys=dict(backbone=dict(lr_mult=0.1), neck=dict(lr_mult=0.1), object_decoder=dict(lr_mult=0.1))
    ),
    clip_grad=dict(max_norm=0.1),
)
param_scheduler = [dict(type="MultiStepLR", by_epoch=False, milestones=[40 * epoch], gamma=0.1)]
train_cfg = dict(type="IterBasedTrainLoop", max_iters=60 * epoch, val_interval=2 * epoch)
default_hooks = dict(checkpoint=dict(interval=epoch))
