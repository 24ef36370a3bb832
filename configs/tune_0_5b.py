# All parameters of a model of about 0.5 B, for example Qwen2.5-0.5B-Instruct, on a GPU:
#   python tools/tune.py configs/tune_0_5b.py --model FOLDER --data INSTRUCTIONS --graphs GRAPHS
_base_ = ["_base_/tune_folder.py"]
