"""Random scene graphs of every kind, for properties that must hold for all of them."""

import numpy as np
from hypothesis import strategies as st

from scenegraph import Camera, Mask, Node, Relation, SceneGraph, Segment, Source, Span, Track4D, Tube, Vocabulary

VOCABULARY = Vocabulary(("person", 'Hündin "Rex"\n'), ("grass", "天"), ("on", "next to"))
finite = st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(max_size=8)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | finite | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
attributes = st.dictionaries(texts, json_values, max_size=2)
scores = st.floats(0, 1)


@st.composite
def segments(draw, height, width):
    if draw(st.booleans()):
        bits = draw(st.lists(st.booleans(), min_size=height * width, max_size=height * width))
        return Segment(Mask.from_array(np.array(bits).reshape(height, width)))
    x1, x2 = sorted(draw(st.lists(st.floats(0, width), min_size=2, max_size=2)))
    y1, y2 = sorted(draw(st.lists(st.floats(0, height), min_size=2, max_size=2)))
    return Segment.from_box((x1, y1, x2, y2), height, width)


@st.composite
def tracks(draw, tube):
    def rows(numbers):
        count = len(tube.frames)
        values = draw(st.lists(numbers, min_size=3 * count, max_size=3 * count))
        return np.array(values, dtype=np.float64).reshape(count, 3)

    lengths = st.floats(0, 1e300) | st.just(float("nan"))
    uncertainty = rows(lengths) if draw(st.booleans()) else None
    return Track4D(tube, rows(finite | st.just(float("nan"))), rows(lengths), uncertainty)


@st.composite
def graphs(draw, kinds=("image", "video", "rgbd")):
    kind = draw(st.sampled_from(kinds))
    height, width = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    frames = 1 if kind == "image" else draw(st.integers(1, 4))
    camera = draw(st.none() | st.builds(Camera, *[st.floats(0.5, 999.0)] * 2, *[st.floats(-9.0, 9.0)] * 2, st.none()))
    if camera is not None and draw(st.booleans()):
        poses = np.tile(np.eye(4), (frames, 1, 1))
        poses[:, :3, 3] = draw(st.floats(-1e6, 1e6))
        camera = Camera(camera.fx, camera.fy, camera.cx, camera.cy, poses)
    fps = draw(st.none() | st.floats(0.1, 1000.0))
    source = Source(kind, draw(texts), height, width, frames, fps, camera)

    def region():
        if kind == "image":
            return draw(segments(height, width))
        seen = draw(st.sets(st.integers(0, frames - 1), min_size=1))
        tube = Tube({frame: draw(segments(height, width)) for frame in seen})
        return draw(tracks(tube)) if kind == "rgbd" and draw(st.booleans()) else tube

    ids = draw(st.lists(st.integers(0, 10**6), max_size=3, unique=True))
    nodes = [Node(i, draw(st.integers(0, 3)), region(), draw(scores), draw(attributes)) for i in ids]
    spans = st.builds(lambda a, b: Span(min(a, b), max(a, b) + 1), *[st.integers(0, frames - 1)] * 2)
    relation = st.builds(
        Relation,
        *[st.sampled_from(ids or [0]), st.integers(0, 1), st.sampled_from(ids or [0]), scores],
        st.lists(spans, max_size=2).map(tuple),
    )
    relations = draw(st.lists(relation, max_size=3)) if ids else []
    return SceneGraph(source, tuple(nodes), tuple(relations), VOCABULARY, draw(attributes))


@st.composite
def damaged(draw, value):
    """A JSON value with one part, anywhere, removed or replaced by any other JSON value."""
    if isinstance(value, dict | list) and value and draw(st.integers(0, 5)):
        keys = list(value) if isinstance(value, dict) else range(len(value))
        key = draw(st.sampled_from(keys))
        copied = value.copy()
        if draw(st.integers(0, 9)):
            copied[key] = draw(damaged(value[key]))
        else:
            del copied[key]
        return copied
    return draw(json_values)
