# PairFlash trained from nothing on the built-in pictures: the compact segmenter of configs/psgformer.py, and a
# relation head that looks at every pair once. 40,000 pictures instead of the usual number:
#   python tools/train.py configs/pairflash.py --cfg-options train_cfg.max_iters=3334 param_scheduler.1.end=3334
# Only the head, on the segmenter of a trained PSGFormer FILE:
#   python tools/train.py configs/pairflash.py --cfg-options load_from=FILE model.frozen="[backbone,neck,object_decoder]"
_base_ = ["psgformer.py"]

model = dict(
    type="PairFlash",
    relation_head=dict(
        _delete_=True,
        type="PairFlashHead",
        dims=128,
        map_dims=64,
        num_pairs=440,
        glimpses=4,
        reach=3,
        window=dict(map_dims=24),
        weight=4.0,
        activity_weight=1.0,
    ),
)
