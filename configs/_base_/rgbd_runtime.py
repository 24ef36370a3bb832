# What every run on RGB-D frames shares.
_base_ = ["default_runtime.py"]

custom_imports = dict(
    imports=["psg4d.frames", "psg4d.segmentation", "psg.metric", "psg.hooks", "psg.optimizer"],
    allow_failed_imports=False,
)
default_hooks = dict(checkpoint=dict(save_best="PQ"))
