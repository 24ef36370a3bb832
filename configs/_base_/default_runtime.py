# What every run shares: logging, checkpoints, processes.
default_scope = "mmdet"
custom_imports = dict(
    imports=["psg.dataset", "psg.metric", "psg.hooks", "psg.optimizer", "psg.models"], allow_failed_imports=False
)
default_hooks = dict(
    timer=dict(type="IterTimerHook"),
    logger=dict(type="LoggerHook", interval=50),
    param_scheduler=dict(type="ParamSchedulerHook"),
    checkpoint=dict(
        type="CheckpointHook",
        by_epoch=False,
        interval=250,
        max_keep_ckpts=2,
        save_best="strict/R@20",
        rule="greater",
        backend_args=dict(backend="atomic"),
    ),
    sampler_seed=dict(type="DistSamplerSeedHook"),
)
custom_hooks = [dict(type="DescribeCheckpoint"), dict(type="StopCleanly")]
env_cfg = dict(cudnn_benchmark=False, mp_cfg=dict(mp_start_method="fork", opencv_num_threads=0))
visualizer = dict(
    type="mmengine.Visualizer",
    vis_backends=[dict(type="LocalVisBackend"), dict(type="TensorboardVisBackend")],
)
log_processor = dict(by_epoch=False, window_size=50)
log_level = "INFO"
randomness = dict(seed=0)
load_from = None
