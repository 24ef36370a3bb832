"""Questions: every answer found again by reading the question and searching the graph by brute force."""

import re
from collections import Counter
from dataclasses import replace

import pytest

from scenegraph import InputError, Relation, Span
from scenegraph.spans import to_frames
from tests.factories import park, park_video
from toyworld.asking import spoken
from toyworld.questions import FAMILIES, TEMPORAL, Question, questions, read_questions, write_questions

COLOURS = ["red", "orange", "yellow", "green", "blue", "purple", "pink", "white", "black", "grey", "brown"]


def nodes_called(graph, phrase):
    """Ids of the nodes that `the red ball` can mean."""
    words = phrase.removeprefix("the ").split()
    colour = words.pop(0) if words[0] in COLOURS else None
    noun = " ".join(words)
    return [
        node.id
        for node in graph.nodes
        if spoken(graph.category_name(node.id)) == noun and colour in (None, node.attributes.get("colour"))
    ]


def one(graph, phrase):
    (node,) = nodes_called(graph, phrase)
    return node


def split_clause(graph, clause):
    """`the dog (is) chasing the ball` -> subject, predicate name, object."""
    predicates = sorted(graph.vocabulary.predicates, key=len, reverse=True)
    found = re.fullmatch(rf"(the .+?)(?: is)? ({'|'.join(predicates)}) (the .+)", clause)
    return one(graph, found[1]), found[2], one(graph, found[3])


def rows(graph):
    return [(r.subject, graph.predicate_name(r), r.object, r.spans) for r in graph.relations]


def relation_of(graph, clause):
    s, p, o = split_clause(graph, clause)
    (spans,) = [spans for *triple, spans in rows(graph) if triple == [s, p, o]]
    return s, p, o, spans


def labels(graph, ids):
    return {graph.label(node) for node in ids}


def check_existence(graph, asked):
    noun = re.search(r"(?:there|see) (?:an? )?(.+?)(?: here)?\?", asked.question)[1]
    present = any(spoken(graph.category_name(node.id)) == noun for node in graph.nodes)
    assert asked.answers == ("yes" if present else "no",)


def check_count(graph, asked):
    assert asked.answers == (str(len(asked.nodes)),)
    assert len({graph.category_name(node) for node in asked.nodes}) <= 1
    if asked.nodes:
        name = graph.category_name(asked.nodes[0])
        assert len(asked.nodes) == Counter(graph.category_name(node.id) for node in graph.nodes)[name]


def check_who(graph, asked):
    found = re.fullmatch(r"Who is (.+?) (the .+)\?", asked.question)
    people = {"person", "adult", "child"}
    expected = {
        s
        for s, p, o, _ in rows(graph)
        if p == found[1] and o == one(graph, found[2]) and graph.category_name(s) in people
    }
    assert set(asked.answers) == labels(graph, expected)


def check_what(graph, asked):
    predicates = "|".join(sorted(graph.vocabulary.predicates, key=len, reverse=True))
    if found := re.fullmatch(rf"What is (the .+?) ({predicates})\?", asked.question):
        subject = one(graph, found[1])
        expected = {o for s, p, o, _ in rows(graph) if s == subject and p == found[2]}
    else:
        found = re.fullmatch(rf"What is ({predicates}) (the .+)\?", asked.question)
        expected = {s for s, p, o, _ in rows(graph) if p == found[1] and o == one(graph, found[2])}
    assert set(asked.answers) == labels(graph, expected)


def check_doing(graph, asked):
    node = one(graph, re.fullmatch(r"What is (the .+) doing\?", asked.question)[1])
    still = ("on", "over", "beside", "in front of")
    expected = {f"{p} {graph.label(o)}" for s, p, o, _ in rows(graph) if s == node and p not in still}
    assert set(asked.answers) == expected


def check_where(graph, asked):
    node = one(graph, re.fullmatch(r"Where is (the .+)\?", asked.question)[1])
    said = {f"{p} {graph.label(o)}" for s, p, o, _ in rows(graph) if s == node}
    assert set(asked.answers) <= said
    left_out = said - set(asked.answers)
    assert not any(text.split(" ")[-2] == "on" for text in left_out)


def check_yes_no(graph, asked):
    s, p, o = split_clause(graph, re.fullmatch(r"Is (the .+)\?", asked.question)[1])
    holds = any((s, p, o) == row[:3] for row in rows(graph))
    assert asked.answers == ("yes" if holds else "no",)


def check_two_hop(graph, asked):
    predicates = "|".join(sorted(graph.vocabulary.predicates, key=len, reverse=True))
    found = re.fullmatch(rf"What is the (.+?) ({predicates}) (the .+?) ({predicates})\?", asked.question)
    noun, first, key, second = found.groups()
    middles = {
        s
        for s, p, o, _ in rows(graph)
        if p == first and o == one(graph, key) and spoken(graph.category_name(s)) == noun
    }
    (middle,) = middles
    expected = {o for s, p, o, _ in rows(graph) if s == middle and p == second and o != one(graph, key)}
    assert set(asked.answers) == labels(graph, expected)


def check_colour(graph, asked):
    (node,) = asked.nodes
    assert asked.answers == (graph.node(node).attributes["colour"],)
    assert nodes_called(graph, re.search(r"(the [a-z ]+)\?", asked.question.replace("the colour of ", ""))[1]) == [node]


def check_absent(graph, asked):
    nouns = {spoken(graph.category_name(node.id)) for node in graph.nodes}
    noun = re.search(r"the (.+?)(?: doing| on)?\?", asked.question)[1]
    assert not asked.answerable and asked.reason == "absent object" and noun not in nouns


def check_when(graph, asked):
    *_, spans = relation_of(graph, re.fullmatch(r"When is (.+)\?", asked.question)[1])
    assert asked.answers == tuple(f"{span.start}-{span.stop}" for span in spans)


def check_how_long(graph, asked):
    *_, spans = relation_of(graph, re.fullmatch(r"For how long is (.+)\?", asked.question)[1])
    frames = to_frames(spans, graph.source.num_frames).sum()
    assert asked.answers == (f"{frames / graph.source.fps:.1f} seconds",)


def check_how_often(graph, asked):
    *_, spans = relation_of(graph, re.fullmatch(r"How many times is (.+)\?", asked.question)[1])
    assert asked.answers == (str(len(spans)),)


def check_order(graph, asked):
    clauses = re.fullmatch(r"Which begins first: (.+), or (.+)\?", asked.question).groups()
    starts = {clause: relation_of(graph, clause)[3][0].start for clause in clauses}
    assert asked.answers == (min(starts, key=starts.get),)
    assert len(set(starts.values())) == 2


def check_while(graph, asked):
    found = re.fullmatch(r"What is (the .+?) doing while (.+)\?", asked.question)
    node, (*_, spans) = one(graph, found[1]), relation_of(graph, found[2])
    n = graph.source.num_frames
    still = ("on", "over", "beside", "in front of")
    expected = {
        f"{p} {graph.label(o)}"
        for s, p, o, own in rows(graph)
        if s == node and p not in still and (to_frames(own, n) & to_frames(spans, n)).any()
    }
    assert set(asked.answers) == expected


CHECKS = {
    name.removeprefix("check_").replace("_", "-"): check
    for name, check in globals().items()
    if name.startswith("check_")
}


def verify(graph, asked):
    CHECKS[asked.family](graph, asked)
    for position in asked.relations:
        relation = graph.relations[position]
        assert {relation.subject, relation.object} <= set(asked.nodes)
    assert all(graph.node(node) for node in asked.nodes)


def test_every_answer_about_pictures_is_right(pictures):
    families = Counter()
    for picture in pictures:
        for seed in range(6):
            for asked in questions(picture.graph, seed):
                verify(picture.graph, asked)
                families[asked.family] += 1
    assert set(families) == {
        "existence",
        "count",
        "who",
        "what",
        "where",
        "doing",
        "yes-no",
        "two-hop",
        "colour",
        "absent",
    }


def test_every_answer_about_clips_is_right(clip):
    families = set()
    for seed in range(12):
        for asked in questions(clip.graph, seed):
            verify(clip.graph, asked)
            families.add(asked.family)
    assert {"when", "how-long", "how-often", "order", "while"} <= families


def test_both_answers_of_yes_no_occur(pictures):
    answers = {
        asked.answers[0] for picture in pictures for asked in questions(picture.graph, 1) if asked.family == "yes-no"
    }
    assert answers == {"yes", "no"}


def test_the_same_seed_asks_the_same(pictures):
    assert questions(pictures[0].graph, 3) == questions(pictures[0].graph, 3)
    assert questions(pictures[0].graph, 3) != questions(pictures[0].graph, 4)


def test_hand_made_graphs():
    for seed in range(20):
        for graph in (park(), park_video()):
            for asked in questions(graph, seed):
                verify(graph, asked)


def test_graphs_without_nodes_or_relations_are_asked_what_can_be_asked():
    bare = replace(park(), nodes=(), relations=())
    assert {asked.family for asked in questions(bare)} == {"existence", "count", "absent"}
    assert all(asked.answers[0] in ("no", "0", "none") for asked in questions(bare))
    still = replace(park(), relations=())
    assert {asked.family for asked in questions(still)} <= {"existence", "count", "absent", "colour"}


def test_how_often_counts_spans():
    video = park_video()
    two = replace(video, relations=(Relation(1, 1, 3, spans=(Span(0, 4), Span(8, 10))),))
    asked = [question for question in questions(two, 0) if question.family in ("how-often", "how-long")]
    assert {question.answers for question in asked} == {("2",), ("1.2 seconds",)}


def test_files_round_trip(tmp_path, pictures):
    asked = questions(pictures[0].graph)
    write_questions(tmp_path / "q.jsonl", asked)
    assert read_questions(tmp_path / "q.jsonl") == asked
    (tmp_path / "bad.jsonl").write_text(asked[0].json + '\n{"question": "?"}\n')
    with pytest.raises(InputError, match="line 2"):
        read_questions(tmp_path / "bad.jsonl")


def test_all_families_are_listed():
    assert len({*FAMILIES, *TEMPORAL}) == len(FAMILIES) + len(TEMPORAL)
    assert Question("g", "f", "q", ()).answerable
