# The point-cloud branch on PSG4D-GTA: seven levels of 32 to 224 channels in cubes of 5 cm.
_base_ = [
    "../_base_/rgbd_runtime.py",
    "../_base_/datasets/psg4d_gta_frames.py",
    "../_base_/schedules/large_segmenter.py",
]

_load, _points = [dict(type="LoadScene")], dict(type="PackPoints", farthest=40.0, most=100_000)
model = dict(
    type="PointSegmenter",
    vocabulary=None,
    voxel=0.05,
    widths=(32, 64, 96, 128, 160, 192, 224),
    blocks=2,
    radius=0.3,
)
train_dataloader = dict(dataset=dict(pipeline=[*_load, dict(**_points, flip=True, shift=0.1, flying=0.005)]))
val_dataloader = dict(dataset=dict(pipeline=[*_load, _points]))
test_dataloader = dict(dataset=dict(pipeline=[*_load, _points]))
val_evaluator = dict(_delete_=True, type="PointSegmentationMetric")
test_evaluator = dict(_delete_=True, type="PointSegmentationMetric")
default_hooks = dict(checkpoint=dict(interval=2_500, save_best="points/mIoU"))
optim_wrapper = dict(optimizer=dict(lr=1e-3), paramwise_cfg=dict(_delete_=True, norm_decay_mult=0.0))
