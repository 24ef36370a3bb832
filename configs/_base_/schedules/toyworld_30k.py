"""30,000 pictures in 1,875 steps of 16: AdamW, warm-up, linear decay; ten minutes on two idle cores.

Norms, biases and embeddings are not decayed: their size carries no complexity.
"""

batch_size = 16
iterations = 1875

optim_wrapper = dict(
    type="OptimWrapper",
    optimizer=dict(type="AdamW", lr=1e-3, weight_decay=0.02),
    paramwise_cfg=dict(
        norm_decay_mult=0.0,
        bias_decay_mult=0.0,
        custom_keys={
            "learned": dict(decay_mult=0.0),
            "category": dict(decay_mult=0.0),
            "query_embedding": dict(decay_mult=0.0),
        },
    ),
    clip_grad=dict(max_norm=1.0),
)
param_scheduler = [
    dict(type="LinearLR", start_factor=0.01, by_epoch=False, begin=0, end=100),
    dict(type="LinearLR", start_factor=1.0, end_factor=0.02, by_epoch=False, begin=100, end=iterations),
]
train_cfg = dict(type="IterBasedTrainLoop", max_iters=iterations, val_interval=625)
