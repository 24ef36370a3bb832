# PairFlash on an EoMT of the size of DeiT-Ti (192 wide, 12 blocks, 3 heads), for machines without a GPU.
# Nobody publishes EoMT weights of this size, so the segmenter is learned with the relation head. Measured for speed
# only: how well it segments after training on the public data set is not known.
_base_ = ["pairflash_eomt.py"]

architecture = dict(
    hidden_size=192,
    num_hidden_layers=12,
    num_attention_heads=3,
    num_blocks=3,
    num_queries=200,
    image_size=640,
    patch_size=16,
)

model = dict(
    backbone=dict(architecture=architecture, pretrained=None),
    neck=dict(dims=192),
    object_decoder=dict(architecture=architecture, pretrained=None),
    frozen=(),
    relation_head=dict(query_dims=192, map_dims=192),
)
