# VCTree (Tang et al. 2019) as published, on the public data set;
# _base_/models/two_stage_r50.py says where weights and segments come from.
# PredCls: --cfg-options model.mode=predcls
_base_ = [
    "../_base_/default_runtime.py",
    "../_base_/datasets/psg_two_stage.py",
    "../_base_/models/two_stage_r50.py",
    "../_base_/schedules/psg_two_stage.py",
]

model = dict(head=dict(reasoning=dict(type="VCTree")))
default_hooks = dict(checkpoint=dict(interval=45_500 // 16))
