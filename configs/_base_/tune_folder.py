# A language model of your own folder, on instruction data of `groundgraph data instruct`.
language = dict(type="folder", dtype="float32")
form = "incidence"
limit = 4096

# Pictures of the simulated world where no --data is given.
data = dict(train=4000, test=200, first=50000, size=(128, 160), questions=16, rounds=2)

tokens = dict(connector="mlp", appearance=0, word_dims=256)

# What all stages share; a config changes what a size needs. 32 sequences a step.
# Learning rates after LLaVA-1.5 (Liu et al. 2023, table 9): 1e-3 for the connector, 2e-5 for everything.
schedule = dict(batch=4, accumulate=8, learning_rate=2e-5, precision="bfloat16", warmup=60)

stages = dict(
    text=[dict(name="tune", steps=2000, learns=["language"])],
    tokens=[
        dict(name="align", steps=1000, learns=["connector"], learning_rate=1e-3),
        dict(name="tune", steps=2000, learns=["connector", "language"]),
    ],
)

longest = dict(none=128, text=128, tokens=128, programs=160)
