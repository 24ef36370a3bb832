# Clips of three frames of the built-in videos: 200 worlds at five frames a second, made on first use.
toyworld = dict(kind="pvsg", root="data/toyworld/pvsg", train=200, test=40, seed=0)
held_out = 4
_pack = dict(type="PackScene", meta_keys=("img_id", "img_path", "ori_shape", "img_shape", "flip", "clip_length"))
_clips = dict(type="PVSGClips", ann_file="toyworld", length=3)

train_dataloader = dict(
    batch_size=4,
    num_workers="auto",
    sampler=dict(type="InfiniteSampler"),
    dataset=dict(**_clips, split="train", held_out=held_out, pipeline=[dict(type="SceneFlip"), _pack]),
)
val_dataloader = dict(
    batch_size=4,
    num_workers="auto",
    sampler=dict(type="DefaultSampler", shuffle=False),
    dataset=dict(**_clips, split="val", held_out=held_out, every=6, pipeline=[_pack]),
)
test_dataloader = dict(
    batch_size=4,
    num_workers="auto",
    sampler=dict(type="DefaultSampler", shuffle=False),
    dataset=dict(**_clips, split="test", every=6, pipeline=[_pack]),
)
val_evaluator = dict(type="SceneGraphMetric")
test_evaluator = dict(type="SceneGraphMetric")
val_cfg = dict()
test_cfg = dict()
