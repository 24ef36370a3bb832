"""OpenPVSG's relation model but for its head: query features only, true pairs only, the best hundred pairs."""

model = dict(
    type="VideoRelationModel",
    vocabulary=None,
    feature_size=128,
    embedding=dict(type="QueryFeatures"),
    encoder=dict(hidden=512, heads=8, layers=2),
    proposal=dict(hidden=1024),
    objective=dict(type="PublishedObjective", counts=None),
    ranking=dict(score="predicate", thresholds=[0.5], pairs=100, certainty=False),
)
