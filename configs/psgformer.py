# PSGFormer with masked attention, trained from nothing on the built-in pictures: 21,600 pictures seen,
# eight to nine minutes on two idle cores.
_base_ = [
    "_base_/default_runtime.py",
    "_base_/datasets/toyworld_psg.py",
    "_base_/models/psgformer_masked.py",
    "_base_/schedules/toyworld.py",
]
