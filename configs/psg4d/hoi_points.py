# The point-cloud branch on PSG4D-HOI: rooms seen from the head, in the published cubes of 2 cm.
_base_ = ["gta_points.py"]

_load, _points = [dict(type="LoadScene")], dict(type="PackPoints", farthest=6.0, most=250_000)
_set = dict(data_root="data/psg4d_hoi", ann_file="psg4d_hoi.json", held_out=60, every=10)
model = dict(voxel=0.02)
train_dataloader = dict(dataset=dict(_set, pipeline=[*_load, dict(**_points, flip=True, shift=0.05, flying=0.002)]))
val_dataloader = dict(dataset=dict(_set, pipeline=[*_load, _points]))
test_dataloader = dict(dataset=dict(_set, pipeline=[*_load, _points]))
