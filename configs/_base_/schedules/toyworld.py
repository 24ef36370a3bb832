"""21,600 pictures in 1,800 steps of 12: Muon and AdamW, warm-up, linear decay.

Many small steps learn more from a picture than few large ones; Muon more than AdamW alone. Norms,
biases and embeddings are not decayed: their size carries no complexity.
"""

iterations = 1800

optim_wrapper = dict(
    type="OptimWrapper",
    optimizer=dict(type="MuonAdamW", lr=2e-3, matrix_factor=10.0, weight_decay=0.02),
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
train_cfg = dict(type="IterBasedTrainLoop", max_iters=iterations, val_interval=600)
