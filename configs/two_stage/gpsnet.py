# GPS-Net (Lin et al. 2020) on the built-in pictures: which of the given segments are related, and how (PredCls).
_base_ = [
    "../_base_/default_runtime.py",
    "../_base_/datasets/toyworld_psg.py",
    "../_base_/models/two_stage_compact.py",
    "../_base_/schedules/toyworld.py",
]

model = dict(head=dict(reasoning=dict(type="GPSNet", messages=128, words=64, positions=32)))
