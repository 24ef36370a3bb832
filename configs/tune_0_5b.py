# All parameters of a model of about 0.5 B, for example Qwen2.5-0.5B-Instruct, on a GPU:
#   python tools/tune.py configs/tune_0_5b.py --model FOLDER --data INSTRUCTIONS --graphs GRAPHS
# Learning rates after LLaVA-1.5 (Liu et al. 2023, table 9): 1e-3 for the connector, 2e-5 for everything.
_base_ = ["_base_/tune_folder.py"]

_schedule = dict(batch=4, accumulate=8, precision="bfloat16", warmup=60)

stages = dict(
    text=[dict(name="tune", steps=2000, learns=["language"], learning_rate=2e-5, **_schedule)],
    tokens=[
        dict(name="align", steps=1000, learns=["connector"], learning_rate=1e-3, **_schedule),
        dict(name="tune", steps=2000, learns=["connector", "language"], learning_rate=2e-5, **_schedule),
    ],
)
