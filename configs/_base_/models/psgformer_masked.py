"""PSGFormer that learns from nothing in minutes: the segmenter, and every pair of its objects.

2.2 million parameters for pictures of about 128 x 160. The vocabulary is taken from the data set by tools/train.py.
"""

_base_ = ["panoptic_segmenter.py"]

model = dict(
    type="PSGFormer",
    relation_head=dict(type="PairRelationHead", dims=128, map_dims=64, weight=4.0, background_weight=1.0),
    postprocessing=dict(object_score=0.3, predicates_per_pair=1, max_relations=100),
)
