# A tiny language model from nothing on simulated pictures, in the four ways of docs/results/tuning.md:
#   python tools/tune.py configs/tune_tiny.py
# One of them only: --variants text. Another connector: --cfg-options tokens.connector=perceiver, see docs/howto/tune.md.
language = dict(type="tiny", dims=128, inner=256, layers=4, heads=4)
form = "sentences"
limit = 1024

data = dict(train=1000, test=100, first=50000, size=(64, 80), questions=16, rounds=2)

tokens = dict(connector="mlp", appearance=3, word_dims=128)

schedule = dict(batch=4, learning_rate=2e-3, warmup=100, weight_decay=0.05, save_every=200)

# Without a graph the loss is flat long before the end, and programs are the same for all graphs: both need less.
stages = dict(
    text=[dict(name="tune", steps=2400, learns=["language"])],
    none=[dict(name="tune", steps=1000, learns=["language"])],
    tokens=[
        dict(name="align", steps=200, learns=["connector"]),
        dict(name="tune", steps=2200, learns=["connector", "language"]),
    ],
    programs=[dict(name="tune", steps=600, learns=["language"], batch=2, learning_rate=1e-3)],
)

# Tokens of an answer at most.
longest = dict(none=24, text=24, tokens=24, programs=72)
