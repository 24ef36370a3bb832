# Low-rank adapters (LoRA) of a model of 7 to 8 B, on a GPU:
#   python tools/tune.py configs/tune_8b.py --model FOLDER --data INSTRUCTIONS --graphs GRAPHS
_base_ = ["tune_3b.py"]

language = dict(lora=dict(rank=32, alpha=64))
schedule = dict(batch=1, accumulate=32, learning_rate=1e-4)
