# A language model of your own folder, on instruction data of `groundgraph data instruct`.
language = dict(type="folder", dtype="float32")
form = "incidence"
limit = 4096

# Pictures of the simulated world where no --data is given.
data = dict(train=4000, test=200, first=50000, size=(128, 160), questions=16, rounds=2)

tokens = dict(connector="mlp", appearance=0, word_dims=256)

longest = dict(none=128, text=128, tokens=128, programs=160)
