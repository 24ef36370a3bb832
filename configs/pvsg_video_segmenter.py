# The other way to stage one: queries shared by the three frames of a clip, clips linked to tubes. It goes on from the
# image segmenter, whose weights fit:
#   python tools/train.py configs/pvsg_segmenter.py
#   python tools/train.py configs/pvsg_video_segmenter.py --cfg-options load_from=work_dirs/pvsg_segmenter/best_FILE.pth
# Without load_from it learns from nothing. 6,000 frames seen.
_base_ = [
    "_base_/default_runtime.py",
    "_base_/datasets/toyworld_pvsg_clips.py",
    "_base_/models/panoptic_segmenter.py",
    "_base_/schedules/toyworld.py",
]

custom_imports = dict(
    imports=["pvsg.video_segmenter.clips", "pvsg.video_segmenter.model", "psg.metric", "psg.hooks", "psg.optimizer"]
)
model = dict(
    type="VideoSegmenter",
    time=dict(type="SinePositionalEncoding3D", num_feats=64, normalize=True),
    object_decoder=dict(type="ClipObjectDecoder", num_centres=12),
)
default_hooks = dict(checkpoint=dict(save_best="PQ"))

iterations = 500
optim_wrapper = dict(optimizer=dict(lr=1e-3))
param_scheduler = [
    dict(type="LinearLR", start_factor=0.01, by_epoch=False, begin=0, end=50),
    dict(type="LinearLR", start_factor=1.0, end_factor=0.02, by_epoch=False, begin=50, end=iterations),
]
train_cfg = dict(max_iters=iterations, val_interval=250)
