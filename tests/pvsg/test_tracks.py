"""The tracks of a video and their file."""

import json
import weakref

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pvsg import track_files
from pvsg.tracks import (
    SUFFIX,
    TrackedFrame,
    TrackedVideo,
    TracksHeader,
    TrackWriter,
    majority,
    read_frames,
    read_header,
)
from scenegraph import InputError
from tests.factories import VOCABULARY, park_video, rectangle

HEADER = TracksHeader("clip", 20, 30, VOCABULARY, fps=5.0, feature_size=2, made_by="test")


def frame(number, *tracks, categories=None, feature_size=2, size=(20, 30)):
    masks = tuple(rectangle(*size, track, number % 10, track + 3, number % 10 + 5) for track in tracks)
    categories = [1] * len(tracks) if categories is None else categories
    features = np.array(tracks, dtype=np.float32)[:, None] + np.arange(feature_size, dtype=np.float32) / 2
    scores = np.full(len(tracks), 0.5, dtype=np.float32)
    return TrackedFrame(
        number, np.array(tracks, dtype=np.int64), np.array(categories, dtype=np.int64), scores, masks, features
    )


def written(path, frames, header=HEADER, **options):
    with TrackWriter(path, header, **options) as writer:
        for each in frames:
            writer.write(each)
    return path


def same(first, second):
    assert first.frame == second.frame and first.masks == second.masks
    for name in ("tracks", "categories", "scores", "features"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))


@pytest.mark.parametrize("feature_type", ["float32", "float16"])
def test_frames_come_back(tmp_path, feature_type):
    frames = [frame(0, 3, 7), frame(1), frame(2, 7), frame(4, 3, 7, 9)]
    path = written(tmp_path / f"clip{SUFFIX}", frames, feature_type=feature_type)
    back = list(read_frames(path))
    assert [each.frame for each in back] == [0, 1, 2, 3, 4]
    for wanted in frames:
        same(back[wanted.frame], wanted)
    assert len(back[3]) == 0 and back[3].features.shape == (0, 2)
    header = read_header(path)
    assert (header.num_frames, header.fps, header.vocabulary, header.made_by) == (5, 5.0, VOCABULARY, "test")
    assert list(tmp_path.iterdir()) == [path]


def test_a_frame_may_span_row_groups(tmp_path, monkeypatch):
    monkeypatch.setattr(track_files, "ROWS", 4)
    frames = [frame(number, *range(number % 4 + 1)) for number in range(9)] + [frame(9, *range(11))]
    path = written(tmp_path / "a.parquet", frames)
    assert pq.ParquetFile(path).num_row_groups > 3
    for wanted, back in zip(frames, read_frames(path), strict=True):
        same(wanted, back)


def test_without_features_and_without_frames(tmp_path):
    bare = TracksHeader("clip", 20, 30, VOCABULARY)
    path = written(tmp_path / "a", [frame(0, 1, feature_size=0)], bare)
    assert next(read_frames(path)).features.shape == (1, 0)
    empty = written(tmp_path / "b", [], bare)
    assert list(read_frames(empty)) == [] and read_header(empty).num_frames == 0
    video = TrackedVideo.read(empty)
    assert len(video) == 0 and video.present.shape == (0, 0) and video.tubes == ()
    three = written(tmp_path / "c", [], TracksHeader("clip", 20, 30, VOCABULARY, num_frames=3, feature_size=2))
    assert [len(each) for each in read_frames(three)] == [0, 0, 0]
    assert TrackedVideo.read(three).features.shape == (0, 3, 2)


def test_nothing_is_left_after_a_failure(tmp_path):
    path = tmp_path / "a.parquet"
    with pytest.raises(RuntimeError), TrackWriter(path, HEADER) as writer:
        writer.write(frame(0, 1))
        raise RuntimeError
    assert not list(tmp_path.iterdir())
    written(path, [frame(0, 1)])
    before = path.read_bytes()
    with pytest.raises(InputError, match="frame 0 came; expected 1"), TrackWriter(path, HEADER) as writer:
        writer.write(frame(0, 1))
        writer.write(frame(0, 1))
    assert path.read_bytes() == before
    with pytest.raises(InputError, match="could not be written"):
        written(tmp_path / "nowhere" / "a.parquet", [])


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (lambda: frame(0, 1, size=(20, 31)), "masks of"),
        (lambda: frame(0, 1, feature_size=3), "3 features a segment; expected 2"),
        (lambda: frame(0, 1, categories=[5]), "category ids"),
        (lambda: frame(9, 1), "before 5"),
        (lambda: frame(0, 1, 1), "several segments"),
        (lambda: frame(0, -1), "counted from 0"),
    ],
)
def test_writer_refuses(tmp_path, bad, message):
    header = TracksHeader("clip", 20, 30, VOCABULARY, num_frames=5, feature_size=2)
    with pytest.raises(InputError, match=message):
        written(tmp_path / "a.parquet", [bad()], header)
    assert not list(tmp_path.iterdir())


def test_damaged_and_foreign_files(tmp_path):
    path = written(tmp_path / "a.parquet", [frame(number, 1, 2) for number in range(50)])
    content = path.read_bytes()
    for length in (0, 3, 100, len(content) // 2, len(content) - 1):
        path.write_bytes(content[:length])
        for reader in (read_header, TrackedVideo.read, lambda p: list(read_frames(p))):
            with pytest.raises(InputError, match=r"a\.parquet: not a whole Parquet file"):
                reader(path)
    pq.write_table(pa.table({"x": [1]}), path)
    with pytest.raises(InputError, match="something else"):
        read_header(path)
    with pytest.raises(InputError, match="no such file"):
        read_header(tmp_path / "b")


def rewritten(path, change=None, **fields):
    """The file with other header fields, and its rows changed."""
    table = pq.read_table(path)
    header = json.loads(pq.ParquetFile(path).metadata.metadata[b"tracks"]) | fields
    with pq.ParquetWriter(path, table.schema.remove_metadata()) as writer:
        writer.write_table(change(table) if change else table)
        writer.add_key_value_metadata({"tracks": json.dumps(header)})


def test_other_versions_and_wrong_values(tmp_path):
    path = tmp_path / "a.parquet"

    def refused(message, change=None, **fields):
        written(path, [frame(0, 1), frame(1, 1)])
        rewritten(path, change, **fields)
        for reader in (lambda p: list(read_frames(p)), lambda p: TrackedVideo.read(p).tubes):
            with pytest.raises(InputError, match=message):
                reader(path)

    def column(name, values):
        def change(table):
            place = table.schema.get_field_index(name)
            return table.set_column(place, table.schema.field(place), pa.array(values, table.schema.field(place).type))

        return change

    refused("'tracks/2'; this version reads", format="tracks/2")
    refused("num_frames", num_frames=None)
    refused("feature_size is True", feature_size=True)
    refused("vocabulary", vocabulary=["person"])
    refused("pixels", height=0)
    refused("columns", feature_size=3)
    refused("frame", num_frames=1)
    refused("categor", column("category", [0, 77]))
    refused("run", column("mask", [b"\xff\xff", b"22"]))
    refused("runs of a mask cover", height=40)


def test_video_of_a_file(tmp_path):
    frames = [frame(0, 7, 3, categories=[0, 2]), frame(1, 7, categories=[1]), frame(3, 3, 7, categories=[2, 1])]
    path = written(tmp_path / "a.parquet", frames)
    for video in (TrackedVideo.read(path), TrackedVideo.from_frames(frames, HEADER)):
        assert video.ids.tolist() == [3, 7] and video.categories.tolist() == [2, 1] and len(video) == 2
        assert video.num_frames == 4 and video.present.astype(int).tolist() == [[1, 0, 0, 1], [1, 1, 0, 1]]
        assert video.features[0, :, 1].tolist() == [3.5, 0, 0, 3.5]
        assert video.boxes[1, 3].tolist() == [7, 3, 10, 8] and not video.boxes[0, 1].any()
        assert [tube.frames for tube in video.tubes] == [(0, 3), (0, 1, 3)]
        assert video.tubes[1].segment(3).mask == frames[2].masks[1]
        graph = video.graph()
        assert [node.id for node in graph.nodes] == [3, 7] and graph.source.num_frames == 4


def test_video_of_true_tubes():
    graph = park_video()
    video = TrackedVideo.of_graph(graph)
    assert video.ids.tolist() == [1, 2, 3, 4] and video.features.shape == (4, 10, 0)
    assert video.present[1].tolist() == [False] * 2 + [True] * 8
    assert video.boxes[1, 5].tolist() == [20, 10, 28, 16]
    assert video.graph(graph.relations).relations == graph.relations
    assert video.tubes == tuple(node.region for node in graph.nodes)
    given = TrackedVideo.of_graph(graph, np.ones((4, 10, 3), dtype=np.float32))
    assert given.features.sum() == 3 * video.present.sum()
    with pytest.raises(InputError, match="features of"):
        TrackedVideo.of_graph(graph, np.ones((3, 10, 3), dtype=np.float32))


def test_majority_of_nobody():
    none = np.zeros(0, dtype=np.int64)
    assert majority(none, none, 0).shape == (0,)


def test_few_frames_are_held_at_a_time(tmp_path, monkeypatch):
    monkeypatch.setattr(track_files, "ROWS", 32)
    alive = weakref.WeakSet()

    def held(frames):
        for each in frames:
            alive.add(each)
            most.append(len(alive))
            yield each

    most = []
    path = written(tmp_path / "a.parquet", held(frame(number, *range(8)) for number in range(200)))
    assert max(most) < 8
    assert sum(len(each) for each in held(read_frames(path))) == 1600
    assert max(most) < 8 and len(most) == 400
