"""Our relation model of videos: place, movement, category and appearance; attention to the frames around each frame."""

model = dict(
    type="VideoRelationModel",
    vocabulary=None,
    feature_size=128,
    embedding=dict(type="TrackEmbedding", dims=96),
    encoder=dict(hidden=192, heads=4, layers=1),
    head=dict(type="WindowHead", hidden=96, layers=2, heads=4, back=8, ahead=3),
    objective=dict(type="ActivityObjective", most_pairs=40),
    ranking=dict(score="overlap", mirrored=True),
)
