# The tiny language model on simulated videos; graph tokens hold every tube over time and over its places:
#   python tools/tune.py configs/tune_tiny_video.py
_base_ = ["tune_tiny.py"]

data = dict(train=400, test=50, first=60000, frames=16, questions=12)

tokens = dict(tubes=True)
