"""Sentences about a graph, each of which the graph supports."""

import json

import pytest

from assistant import Assistant, RelationCitation, Verdict
from assistant.captions import dense_captions, summary
from groundgraph.main import main
from scenegraph import SceneGraph, Source, files
from tests.assistant.graphs import random_graph
from tests.assistant.scenes import VIDEO_VOCABULARY, birthday, riders
from toyworld import clips


def assert_backed(assistant, written):
    """Every claim is a relation of the graph in that span, and every statement is read back and supported."""
    graph = assistant.graph
    for caption in written.sentences:
        assert assistant.verify(caption.statement).supported, caption.statement
        assert caption.claims and all(claim.verdict is Verdict.SUPPORTED for claim in caption.claims)
        for claim, at in zip(caption.claims, caption.relations, strict=False):
            relation = graph.relations[at]
            assert (claim.subject, claim.object) == (relation.subject, relation.object)
            assert claim.predicate == graph.predicate_name(relation)
            cited = written.citations[claim.citations[0]]
            assert isinstance(cited, RelationCitation) and cited.relation == at
            if caption.span is not None:
                assert cited.spans == (caption.span,)
                held = {frame for start, stop in relation.spans for frame in range(start, stop)}
                assert not held or held >= set(range(*caption.span))


@pytest.mark.parametrize("graph", [birthday(), riders()], ids=["birthday", "riders"])
def test_every_sentence_is_backed(graph):
    assistant = Assistant(graph)
    for written in (dense_captions(assistant), dense_captions(assistant, places=True), summary(assistant)):
        assert written.sentences
        assert_backed(assistant, written)


def test_every_sentence_about_a_simulated_video_is_backed():
    assistant = Assistant(clips.video(3, frames=30).graph)
    assert_backed(assistant, dense_captions(assistant))
    assert_backed(assistant, summary(assistant))


def test_lines_tell_frames_and_the_forms_of_sentences_vary():
    lines = [caption.line for caption in dense_captions(Assistant(birthday())).sentences]
    assert lines[0] == "0000-0009: adult-1 is holding cup-1"
    assert "0015-0039: child-1 stands on floor-1" in lines and "0018-0027: dog-1 chases ball-1" in lines
    assert lines == sorted(lines)


def test_what_one_node_does_at_one_time_is_one_sentence():
    told = [caption.text for caption in dense_captions(Assistant(riders())).sentences]
    assert "person-1 is riding horse-1 and holding umbrella-1" in told


def test_a_summary_tells_the_order_of_what_lasts_longest():
    written = summary(Assistant(birthday()), most=3)
    assert len(written.sentences) == 4 and written.sentences[0].text.startswith("there are 2 adults")
    assert [caption.span for caption in written.sentences[1:]] == sorted(
        caption.span for caption in written.sentences[1:]
    )
    assert written.text.endswith("Meanwhile child-1 is standing on floor-1.")


def test_every_captioned_activity_is_told_once():
    graph = birthday()
    told = [(at, caption.span) for caption in dense_captions(Assistant(graph)).sentences for at in caption.relations]
    assert len(told) == len(set(told))
    activities = {at for at, tie in enumerate(graph.relations) if graph.predicate_name(tie) != "on"}
    assert {at for at, _ in told} == activities


@pytest.mark.parametrize("kind", ["image", "video"])
def test_any_graph_has_captions(kind):
    for seed in range(4):
        assistant = Assistant(random_graph(seed, kind, nodes=seed * 2), min_score=0)
        for written in (dense_captions(assistant), summary(assistant)):
            json.dumps(written.to_json())
    empty = SceneGraph(Source("video", "empty", 4, 4, 3, 5.0), (), (), VIDEO_VOCABULARY)
    assert dense_captions(Assistant(empty)).text == "" and summary(Assistant(empty)).sentences == ()


def test_command(tmp_path, capsys):
    path = tmp_path / "birthday.scenegraph.json"
    files.save(birthday(), path)
    assert main(["caption", str(path)]) == 0
    assert "0018-0027: dog-1 chases ball-1" in capsys.readouterr().out
    assert main(["caption", str(path), "--summary"]) == 0
    assert capsys.readouterr().out.startswith("There are 2 adults")
    assert main(["caption", str(path), "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["schema"] == "groundgraph-captions/1" and content["sentences"][0]["span"] == [0, 10]
    assert content["sentences"][0]["seconds"] == [0.0, 2.0]
    assert main(["caption", str(tmp_path / "missing.json")]) == 2
