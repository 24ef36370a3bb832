# configs/pairflash.py made so small that it runs in seconds: for tests and for trying commands out.
_base_ = ["psgformer.py"]

model = dict(
    type="PairFlash",
    relation_head=dict(_delete_=True, type="PairFlashHead", dims=32, map_dims=16, hidden=32, rank=8, heads=2),
)
