"""Small tracked videos and relation models."""

import numpy as np
from mmdet.registry import MODELS
from mmengine.registry import DefaultScope

import pvsg.relations.model  # noqa: F401 - registers the model
from pvsg.tracks import TrackedFrame, TrackedVideo, TracksHeader
from scenegraph import Mask, Vocabulary

WORDS = Vocabulary(things=("person", "ball"), stuff=("grass",), predicates=("on", "holding", "beside"))
SIZE = (16, 24)
FEATURES = 8

EMBEDDINGS = {
    "published": dict(type="QueryFeatures"),
    "ours": dict(type="TrackEmbedding", dims=16),
}
HEADS = {
    "mlp": dict(type="FrameHead"),
    "filter": dict(type="FilterHead"),
    "convolution": dict(type="ConvolutionHead"),
    "transformer": dict(type="TransformerHead", heads=2, hidden=16),
    "window": dict(type="WindowHead", hidden=16, heads=2, back=3, ahead=1),
}


def frames_of(length=12, tracks=4, seed=0, empty=(5,)):
    """Frames in which boxes side by side wander up and down; each is missing now and then."""
    generator = np.random.default_rng(seed)
    width = SIZE[1] // max(tracks, 1)
    found = []
    for number in range(length):
        seen = [track for track in range(tracks) if generator.random() > 0.3 and number not in empty]
        masks = []
        for track in seen:
            array = np.zeros(SIZE, dtype=bool)
            top = int(generator.integers(0, SIZE[0] - 6))
            array[top : top + 6, track * width : (track + 1) * width] = True
            masks.append(Mask.from_array(array))
        found.append(
            TrackedFrame(
                number,
                np.array([3 * track + 1 for track in seen], dtype=np.int64),
                np.array([track % 3 for track in seen], dtype=np.int64),
                np.full(len(seen), 0.75, dtype=np.float32),
                tuple(masks),
                generator.normal(size=(len(seen), FEATURES)).astype(np.float32),
            )
        )
    return found


def header(length=None):
    """Of such a video."""
    return TracksHeader("clip", *SIZE, WORDS, 5.0, length, FEATURES, "a test")


def video_of(frames, length=None):
    """The frames as a whole."""
    return TrackedVideo.from_frames(frames, header(len(frames) if length is None else length))


def settings(head="window", inputs=None, **options):
    """The config of a small model."""
    inputs = inputs or ("ours" if head == "window" else "published")
    published = inputs == "published"
    config = {
        "type": "VideoRelationModel",
        "vocabulary": {kind: list(getattr(WORDS, kind)) for kind in ("things", "stuff", "predicates")},
        "feature_size": FEATURES,
        "embedding": EMBEDDINGS[inputs],
        "encoder": dict(hidden=16, heads=2, layers=1),
        "head": HEADS[head],
        "objective": dict(type="PublishedObjective" if published else "ActivityObjective"),
        "ranking": (
            dict(score="predicate", thresholds=(0.5,), pairs=5, certainty=False)
            if published
            else dict(thresholds=(0.03, 0.05))
        ),
    }
    if published:
        config["proposal"] = dict(hidden=16)
    return config | options


def model_of(head="window", inputs=None, **options):
    """A small model with random weights, in evaluation mode."""
    with DefaultScope.overwrite_default_scope("mmdet"):
        return MODELS.build(settings(head, inputs, **options)).eval()
