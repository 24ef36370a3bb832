"""Videos through segmenter, tracker and relation model."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from pvsg.predictor import VideoPredictor, opened
from pvsg.relations.clip import clip_of_video
from pvsg.relations.stream import RelationStream
from pvsg.tracking import Tracker
from pvsg.tracks import TrackedVideo
from scenegraph import InputError, files
from scenegraph.formats.pvsg import PVSGFile
from tests.pvsg.segmenter import Halves

SIZE = (32, 48)


def pictures(length=12, empty=()):
    """A ball that crosses the picture."""
    found = []
    for frame in range(length):
        image = np.full((*SIZE, 3), 90, dtype=np.uint8)
        image[10:18, 3 * frame : 3 * frame + 8] = 255
        found.append(np.zeros_like(image) if frame in empty else image)
    return found


@pytest.fixture(scope="module")
def predictor(run, pvsg_json):
    made = VideoPredictor(run, Halves(PVSGFile.open(pvsg_json).vocabulary), "cpu")
    made.model.ranking = type(made.model.ranking)(thresholds=(1e-12,))  # four iterations teach little
    return made


def triples(graph):
    return {(r.triple, r.spans) for r in graph.relations}


def test_a_stream_ends_as_the_whole_video(predictor, tmp_path):
    frames = pictures()
    whole = predictor.predict(frames, fps=5.0, progress=False)
    with predictor.stream(fps=5.0, stride=1, tracks=tmp_path / "x.tracks.parquet") as stream:
        now = [stream.update(frame) for frame in frames]
        graph = stream.finish()
    assert triples(graph) == triples(whole) and graph.nodes == whole.nodes
    assert [r.score for r in graph.relations] == pytest.approx([r.score for r in whole.relations], abs=1e-5)
    assert graph.source.num_frames == 12 and graph.source.fps == 5.0
    assert graph.metadata["checkpoint"] == predictor.checkpoint.name
    assert {graph.category_name(node.id) for node in graph.nodes} == {"sky", "grass", "ball"}
    assert len(graph.relations) > 3
    assert TrackedVideo.read(tmp_path / "x.tracks.parquet").num_frames == 12
    for number, each in enumerate(now):
        assert each.source.num_frames == number + 1
        assert all(node.region.frames == (number,) for node in each.nodes)
    assert now[-1].metadata["answered"] == 12 - stream.delay
    assert now[-1].relations and all(r.spans[0].stop == 12 - stream.delay for r in now[-1].relations)


class Doubting(Halves):
    """Takes the ball for a child in its first pictures."""

    def __init__(self, vocabulary, doubts):
        super().__init__(vocabulary)
        self.doubts, self.seen = doubts, 0

    def _map(self, image):
        self.seen += 1
        found = super()._map(image)
        if self.seen > self.doubts:
            return found
        *others, ball = found.nodes
        return replace(found, nodes=(*others, replace(ball, category=self.vocabulary.category_id("child"))))


@pytest.mark.parametrize("stride", [1, 4])
def test_what_a_track_turns_out_to_be_counts_from_its_beginning(predictor, stride, monkeypatch):
    """As a child first and a ball then, its relations would be others than those of the whole video."""
    frames = pictures(14)
    graphs = []
    for each in (None, stride):
        monkeypatch.setattr(predictor, "segmenter", Doubting(predictor.vocabulary, doubts=6))
        if each is None:
            graphs.append(predictor.predict(frames, progress=False))
            continue
        with predictor.stream(stride=each) as stream:
            moments = [stream.update(frame) for frame in frames]
            graphs.append(stream.finish())
    kinds = [{moment.category_name(node.id) for node in moment.nodes} for moment in moments]
    assert kinds[0] == {"sky", "grass", "child"} and kinds[-1] == {"sky", "grass", "ball"}  # of one track
    whole, graph = graphs
    assert len(graph.nodes) == 3
    assert graph.nodes == whole.nodes and triples(graph) == triples(whole)
    assert [r.score for r in graph.relations] == pytest.approx([r.score for r in whole.relations], abs=1e-5)
    with predictor.stream() as stream:
        for frame in frames:
            stream.track(frame)
        video = TrackedVideo.from_frames(stream_frames(frames, predictor, 6), stream.header(SIZE))
        batch = RelationStream(predictor.model)
        batch.add_video(clip_of_video(video), video.ids)
    certainty = dict(zip(video.ids.tolist(), video.scores.tolist(), strict=True))
    assert {(r.triple, r.spans) for r in batch.relations(certainty)} == triples(whole)


def stream_frames(frames, predictor, doubts):
    """The tracked frames of pictures."""
    segmenter, tracker = Doubting(predictor.vocabulary, doubts), Tracker(**predictor.tracker_options)
    return [tracker.update(segmenter.segment(frame), number) for number, frame in enumerate(frames)]


def test_a_video_file_at_a_rate(predictor, tmp_path):
    path = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10.0, SIZE[::-1])
    for picture in pictures():
        writer.write(picture)
    writer.release()
    graph = predictor.predict(path, progress=False)
    assert (graph.source.uri, graph.source.fps, graph.source.num_frames) == ("clip.avi", 5.0, 6)
    assert predictor.predict(path, fps=60, progress=False).source.num_frames == 12
    files.save(graph, tmp_path / "clip.scenegraph.json")
    assert files.load(tmp_path / "clip.scenegraph.json").relations == graph.relations
    (tmp_path / "half.avi").write_bytes(path.read_bytes()[: path.stat().st_size // 2])  # it lacks its index
    with pytest.raises(InputError, match="is no video"):
        predictor.predict(tmp_path / "half.avi", progress=False)


def test_pictures_without_anything_and_one_picture(predictor):
    graph = predictor.predict(pictures(4, empty=range(4)), progress=False)
    assert graph.nodes == () and graph.relations == () and graph.source.num_frames == 4
    graph = predictor.predict(pictures(4, empty=[0, 2]), progress=False)
    assert all(node.region.frames == (1, 3) for node in graph.nodes)
    assert predictor.predict(pictures(1), progress=False).source.num_frames == 1


def test_missing_frames(predictor):
    frames = pictures(6)
    frames[0] = frames[3] = frames[5] = None
    graph = predictor.predict(frames, progress=False)
    assert graph.source.num_frames == 6
    assert {frame for node in graph.nodes for frame in node.region.frames} == {1, 2, 4}
    with predictor.stream() as stream, pytest.raises(InputError, match="its first frame is missing"):
        stream.update(None)
    with predictor.stream() as stream:
        stream.update(pictures()[0])
        assert stream.update(None).nodes == ()


def test_input_that_is_no_video(predictor, tmp_path):
    with pytest.raises(InputError, match="no frame that could be read"):
        predictor.predict([], progress=False)
    with pytest.raises(InputError, match="frame 1 of the video has"):
        predictor.predict([pictures()[0], pictures()[0][:20]], progress=False)
    with pytest.raises(InputError, match="no such video file"):
        predictor.predict(tmp_path / "none.mp4", progress=False)
    (tmp_path / "text.mp4").write_text("no video")
    with pytest.raises(InputError, match="is no video"):
        predictor.predict(tmp_path / "text.mp4", progress=False)
    with pytest.raises(InputError, match="fps -1"):
        opened([], -1)
    with pytest.raises(InputError, match=r"a camera has no end, so it is watched: VideoPredictor\.watch\(3\)"):
        predictor.predict(3, progress=False)


def test_what_is_watched(predictor, monkeypatch):
    frames = pictures(5)
    with predictor.stream(stride=1) as stream:
        wanted = [stream.update(frame) for frame in frames]
    assert list(predictor.watch(frames)) == wanted
    monkeypatch.setattr("pvsg.predictor.camera_frames", lambda number: enumerate(frames) if number == "1" else iter(()))
    seen = list(predictor.watch(1))
    assert [graph.relations for graph in seen] == [graph.relations for graph in wanted]
    assert seen[-1].source.uri == "camera 1" and seen[-1].source.fps is None
    assert list(predictor.watch(2)) == []


def test_a_camera_that_is_not_there(predictor):
    with pytest.raises(InputError, match="99: no such camera"):
        next(predictor.watch(99))


def test_a_stream_that_breaks_leaves_no_file(predictor, tmp_path):
    path = tmp_path / "x.tracks.parquet"
    with pytest.raises(KeyboardInterrupt), predictor.stream(tracks=path) as stream:
        stream.update(pictures()[0])
        raise KeyboardInterrupt
    with predictor.stream(tracks=path) as stream:
        stream.update(pictures()[0])
    assert not list(tmp_path.iterdir())


def test_checkpoints_that_do_not_fit(run, predictor):
    with pytest.raises(InputError, match="does not say what found its segments"):
        VideoPredictor(run)
    with pytest.raises(InputError, match="patience=-1"):
        VideoPredictor(run, predictor.segmenter, tracker={"patience": -1})
    with pytest.raises(InputError, match=r"tracker cannot be made by this version.*zeal"):
        VideoPredictor(run, predictor.segmenter, tracker={"zeal": 1})
