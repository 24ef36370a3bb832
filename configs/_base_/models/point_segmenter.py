"""The point-cloud segmenter for scenes of some tens of metres, in cubes of 10 cm; small enough to learn in minutes."""

model = dict(
    type="PointSegmenter",
    vocabulary=None,
    voxel=0.1,
    most_voxels=60_000,
    widths=(24, 48, 72, 96),
    radius=0.5,
)
