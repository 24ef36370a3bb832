# Low-rank adapters (LoRA) of a model of 1.5 to 4 B, on a GPU:
#   python tools/tune.py configs/tune_3b.py --model FOLDER --data INSTRUCTIONS --graphs GRAPHS
_base_ = ["_base_/tune_folder.py"]

language = dict(dtype="bfloat16", lora=dict(rank=16, alpha=32, dropout=0.05))
schedule = dict(batch=2, accumulate=16, learning_rate=2e-4, checkpointing=True)
