# The other way to stage one: queries shared by the three frames of a clip, clips linked to tubes. It begins with the
# weights of the image segmenter, which is trained if it is missing. 6,000 frames seen. With random weights at first:
#   python tools/train.py configs/pvsg_video_segmenter.py --cfg-options begin_from=None
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

begin_from = dict(config="configs/pvsg_segmenter.py", work_dir="work_dirs/pvsg_segmenter")

iterations = 500
optim_wrapper = dict(optimizer=dict(lr=1e-3))
param_scheduler = [
    dict(type="LinearLR", start_factor=0.01, by_epoch=False, begin=0, end=50),
    dict(type="LinearLR", start_factor=1.0, end_factor=0.02, by_epoch=False, begin=50, end=iterations),
]
train_cfg = dict(max_iters=iterations, val_interval=250)
