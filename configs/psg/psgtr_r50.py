# PSGTR with the published architecture and schedule, on the public data set: 60 epochs with a step at 40.
# It starts well only from a DETR that was trained on COCO panoptic: convert its weights with
#   groundgraph convert detr.pth start.pth --as psgtr      and train with --cfg-options load_from=start.pth
# model.published=True also trains and makes graphs as the published code does, with its mistakes.
_base_ = [
    "../_base_/default_runtime.py",
    "../_base_/datasets/psg.py",
    "../_base_/models/psgtr_detr_r50.py",
]

# Published: 1 picture on each of 4 GPUs (8 for ResNet-101). Give as many processes x batch_size.
batch_size = 4
# Training pictures with relations, less the 1,000 that are held out for validation.
epoch = 45_500 // batch_size

train_dataloader = dict(batch_size=batch_size)
optim_wrapper = dict(
    type="OptimWrapper",
    optimizer=dict(type="AdamW", lr=1e-4, weight_decay=1e-4),
    paramwise_cfg=dict(custom_keys=dict(backbone=dict(lr_mult=0.1))),
    clip_grad=dict(max_norm=0.1),
)
param_scheduler = [dict(type="MultiStepLR", by_epoch=False, milestones=[40 * epoch], gamma=0.1)]
train_cfg = dict(type="IterBasedTrainLoop", max_iters=60 * epoch, val_interval=2 * epoch)
default_hooks = dict(checkpoint=dict(interval=epoch))
