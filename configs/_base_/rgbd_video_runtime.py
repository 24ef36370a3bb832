# What every run on tracks of RGB-D videos shares.
_base_ = ["video_runtime.py"]

custom_imports = dict(
    imports=[
        "psg4d.dataset",
        "psg4d.metric",
        "psg4d.relations.model",
        "psg4d.tracks",
        "psg.hooks",
        "psg.optimizer",
    ],
    allow_failed_imports=False,
)
