# PSGTR with ResNet-101; everything else as configs/psg/psgtr_r50.py.
_base_ = ["psgtr_r50.py"]

model = dict(backbone=dict(depth=101))
