"""Graphs of real data sets, asked and verified by their own relations."""

import json

import pytest

from assistant import Assistant, Status
from assistant.encoding import declared, decode, encode
from assistant.names import plain, shown_names
from scenegraph import Node, Relation, SceneGraph, Segment, Source, Vocabulary
from scenegraph.formats.pvsg import PVSGFile


def psg_graphs(folder):
    """The PSG excerpt has boxes and relations, but no masks."""
    content = json.loads((folder / "psg" / "psg_excerpt.json").read_text())
    vocabulary = Vocabulary(*(tuple(content[f"{kind}_classes"]) for kind in ("thing", "stuff", "predicate")))
    for item in content["data"]:
        height, width = item["height"], item["width"]
        nodes = tuple(
            Node(at, box["category_id"], Segment.from_box(tuple(box["bbox"]), height, width))
            for at, box in enumerate(item["annotations"])
        )
        ties = tuple(Relation(subject, predicate, other) for subject, other, predicate in item["relations"])
        yield SceneGraph(Source("image", item["file_name"], height, width), nodes, ties, vocabulary)


@pytest.fixture(scope="module")
def graphs(real_data):
    videos = PVSGFile.open(real_data / "pvsg" / "pvsg_excerpt.json")
    return [*psg_graphs(real_data), *(videos.graph(at, masks=False) for at in range(2))]


def test_every_relation_answers_its_own_question(graphs):
    for graph in graphs:
        assistant = Assistant(graph)
        label = assistant.index.label
        for tie in graph.relations[:40]:
            predicate = plain(graph.predicate_name(tie))
            subject, other = label(tie.subject), label(tie.object)
            answer = assistant.ask(f"What is {subject} {predicate}?")
            assert answer.status is Status.ANSWERED and tie.object in answer.nodes, (subject, predicate)
            assert tie.subject in assistant.ask(f"What is {predicate} {other}?").nodes
            assert assistant.verify(f"{subject} is {predicate} {other}.").supported


def test_every_category_can_be_asked_for_by_its_spoken_name(graphs):
    for graph in (graphs[0], graphs[-1]):
        assistant = Assistant(graph)
        for name, category in zip(shown_names(graph.vocabulary), graph.vocabulary.categories, strict=True):
            there = any(graph.category_name(node.id) == category for node in graph.nodes)
            answer = assistant.ask(f"Is there a {name}?")
            assert answer.status is (Status.ANSWERED if answer.short == "yes" else Status.UNANSWERABLE), name
            assert answer.short == "yes" or not there, name


def test_every_predicate_can_be_asked_about(graphs):
    for graph in (graphs[0], graphs[-1]):
        assistant = Assistant(graph)
        first, second = assistant.index.shown[:2]
        for predicate in map(plain, graph.vocabulary.predicates):
            for question in (f"Is {first} {predicate} {second}?", f"What is {first} {predicate}?"):
                answer = assistant.ask(question)
                assert answer.status in (Status.ANSWERED, Status.UNANSWERABLE), question
                assert "vocabulary" not in answer.text, question


def test_words_of_the_data_sets_reach_what_they_mean(graphs):
    assistant = Assistant(graphs[0])
    for question, categories in {
        "is there a wall?": {"wall-brick", "wall-stone", "wall-tile", "wall-wood", "wall-other-merged"},
        "is there a ball?": {"sports ball"},
        "is there a table?": {"dining table", "table-merged"},
        "is there any grass?": {"grass-merged"},
        "is there a sky?": {"sky-other-merged"},
        "is there a sofa?": {"couch"},
        "are there people?": {"person"},
        "is there a hot dog?": {"hot dog"},
        "is there a dog?": {"dog"},
        "is there a bear?": {"bear"},
        "is there a bicycle?": {"bicycle"},
        "is there a sidewalk?": {"pavement-merged"},
    }.items():
        assert set(assistant.parser.question(question).questions[0].nodes.categories) == categories, question


def test_a_relation_is_told_in_the_word_of_the_question(graphs):
    """PSG has both "on" and "on back of": what is on the couch is not on the back of it."""
    couch = next(graph for graph in graphs if "couch-1" in map(graph.label, range(len(graph.nodes))))
    assert Assistant(couch).ask("How many things are on the couch?").text.startswith("The graph shows 2 things on the")
    assert (
        Assistant(couch)
        .ask("Is the handbag on the couch?")
        .text.startswith("The graph does not show handbag-1 on couch-1.")
    )


def test_verbs_with_a_particle_mean_the_predicate(graphs):
    party = Assistant(graphs[-2])
    assert party.ask("Who blew out the candle?").short == "adult-1 and child-1"
    picked = party.ask("Did the adult pick up the candle before or after the candle was blown out?")
    assert picked.short == "after", picked.text


def test_prompts_lose_nothing(graphs):
    for graph in graphs:
        view = declared(Assistant(graph).index, boxes=True)
        assert decode(encode(view)) == view


def test_everyday_existence_questions_are_all_read(real_data, graphs):
    """POPE's 3,000 questions, as people and benchmarks ask them."""
    assistant = Assistant(graphs[0])
    lines = (real_data / "pope" / "coco_pope_popular.json").read_text().splitlines()
    for question in sorted({json.loads(line)["text"] for line in lines}):
        assert assistant.ask(question).status in (Status.ANSWERED, Status.UNANSWERABLE), question
