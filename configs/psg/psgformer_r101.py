# PSGFormer with ResNet-101: the step comes at epoch 48; everything else as configs/psg/psgformer_r50.py.
_base_ = ["psgformer_r50.py"]

model = dict(backbone=dict(depth=101))
param_scheduler = [dict(type="MultiStepLR", by_epoch=False, milestones=[48 * 45_500 // 4], gamma=0.1)]
