# Frames of the built-in videos in the format of the public video data set: 1,220 worlds of ten seconds, one frame a
# second, made on first use. Many worlds with few frames teach more than few worlds with many; the videos themselves
# (data/toyworld/pvsg) show the same worlds at five frames a second, and the held-out worlds are the same.
_base_ = ["toyworld_psg.py"]

toyworld = dict(
    _delete_=True, kind="pvsg", root="data/toyworld/pvsg_frames", train=1_220, test=40, frames=10, fps=1.0, seed=0
)
held_out = 20

train_dataloader = dict(dataset=dict(type="PVSGFrames", held_out=held_out))
val_dataloader = dict(dataset=dict(type="PVSGFrames", held_out=held_out))
test_dataloader = dict(dataset=dict(type="PVSGFrames"))
val_evaluator = dict(_delete_=True, type="SceneGraphMetric")
test_evaluator = dict(_delete_=True, type="SceneGraphMetric")
