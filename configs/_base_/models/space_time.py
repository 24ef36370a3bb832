"""Our relation model of RGB-D videos: that of video_window.py with metres and a temporal encoder over tubes.

`--cfg-options model.depth=False` is the same model without depth, on the same tracks.
"""

model = dict(
    type="SpaceTimeRelationModel",
    vocabulary=None,
    feature_size=128,
    depth=True,
    embedding=dict(type="SpaceEmbedding", dims=96),
    encoder=dict(hidden=192, heads=4, layers=1),
    tube=dict(heads=4, layers=1, back=6, ahead=2),
    head=dict(type="WindowHead", hidden=96, layers=2, heads=4, back=8, ahead=3),
    objective=dict(type="ActivityObjective", most_pairs=40),
    ranking=dict(score="overlap"),
)
