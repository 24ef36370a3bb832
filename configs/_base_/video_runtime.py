# What every run on tracks of videos shares.
_base_ = ["default_runtime.py"]

custom_imports = dict(
    imports=["pvsg.dataset", "pvsg.metric", "pvsg.relations.model", "pvsg.track_sets", "psg.hooks", "psg.optimizer"],
    allow_failed_imports=False,
)
default_hooks = dict(checkpoint=dict(interval=100, save_best="strict_video/R@20"))
