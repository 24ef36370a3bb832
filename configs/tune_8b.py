# Low-rank adapters (LoRA) of a model of 7 to 8 B, on a GPU:
#   python tools/tune.py configs/tune_8b.py --model FOLDER --data INSTRUCTIONS --graphs GRAPHS
_base_ = ["tune_3b.py"]

language = dict(lora=dict(rank=32, alpha=64))

_schedule = dict(batch=1, accumulate=32, precision="bfloat16", warmup=60, checkpointing=True)

stages = dict(
    text=[dict(name="tune", steps=2000, learns=["language"], learning_rate=1e-4, **_schedule)],
    tokens=[
        dict(name="align", steps=1000, learns=["connector"], learning_rate=1e-3, **_schedule),
        dict(name="tune", steps=2000, learns=["connector", "language"], learning_rate=1e-4, **_schedule),
    ],
)
