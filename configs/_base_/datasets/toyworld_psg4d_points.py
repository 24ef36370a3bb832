# Frames of the built-in RGB-D videos as clouds of points in the axes of the camera; the worlds of toyworld_psg4d.py.
_base_ = ["toyworld_psg4d_frames.py"]

_load, _points = [dict(type="LoadScene")], dict(type="PackPoints", farthest=30.0)
train_dataloader = dict(
    batch_size=4,
    dataset=dict(pipeline=[*_load, dict(**_points, most=12_000, flip=True, shift=0.2, flying=0.01)]),
)
val_dataloader = dict(batch_size=4, dataset=dict(pipeline=[*_load, _points]))
test_dataloader = dict(batch_size=4, dataset=dict(pipeline=[*_load, _points]))
val_evaluator = dict(_delete_=True, type="PointSegmentationMetric")
test_evaluator = dict(_delete_=True, type="PointSegmentationMetric")
