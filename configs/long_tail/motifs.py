"""Motifs on a long-tailed part of the built-in pictures: the commonest predicate is in 30 times as many as the rarest.

What every method of docs/howto/long_tail.md is compared on: 7,200 of the 2,395 training pictures that are kept,
three times each; validation and test pictures stay as they are. About ten minutes on one core.
"""

_base_ = ["../two_stage/motifs.py"]

iterations = 600

train_dataloader = dict(dataset=dict(long_tail=30))
param_scheduler = [
    dict(type="LinearLR", start_factor=0.01, by_epoch=False, begin=0, end=100),
    dict(type="LinearLR", start_factor=1.0, end_factor=0.02, by_epoch=False, begin=100, end=iterations),
]
train_cfg = dict(max_iters=iterations, val_interval=iterations)
# Class-pair frequency is another comparison; it would take its counts from all training pictures.
test_evaluator = dict(frequency=None)
