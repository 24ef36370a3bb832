"""What must hold for every graph and every program."""

import re

import numpy as np
import pytest

from assistant import Assistant, NodeCitation, Verdict
from assistant.answers import Status
from assistant.steps import Extreme, Pick, children
from scenegraph import Segment
from tests.assistant.graphs import WIDTH, random_graph, renamed
from tests.assistant.questions_check import rows
from tests.assistant.random_programs import random_question
from tests.assistant.scenes import birthday, riders

KINDS = ("image", "video")
LABEL = re.compile(r"\b[a-z ]+-\d+\b")


def uses(step, kinds):
    return isinstance(step, kinds) or any(uses(child, kinds) for child in children(step))


def assert_citations_exist(graph, answer):
    ids = {node.id for node in graph.nodes}
    for citation in answer.citations:
        if isinstance(citation, NodeCitation):
            assert citation.node in ids and citation.label == graph.label(citation.node)
            continue
        relation = graph.relations[citation.relation]
        assert (citation.subject, citation.object) == (relation.subject, relation.object)
        assert citation.predicate == graph.predicate_name(relation)
        own = {frame for start, stop in relation.spans for frame in range(start, stop)}
        cited = {frame for start, stop in citation.spans for frame in range(start, stop)}
        assert cited <= (own or set(range(graph.source.num_frames)))
    for claim in answer.claims:
        assert all(0 <= at < len(answer.citations) for at in claim.citations)
        if (
            claim.verdict is Verdict.SUPPORTED
            and claim.object is not None
            and claim.predicate in (graph.vocabulary.predicates)
        ):
            triples = {(tie.subject, graph.predicate_name(tie), tie.object) for tie in graph.relations}
            assert (claim.subject, claim.predicate, claim.object) in triples
    assert set(answer.options) <= ids


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(20))
def test_every_citation_exists(kind, seed):
    graph = random_graph(seed, kind, nodes=seed % 9, relations=seed % 13)
    assistant = Assistant(graph, closed_world=bool(seed % 2), min_score=0)
    random = np.random.default_rng(seed)
    for _ in range(12):
        answer = assistant.run(random_question(random, timed=kind == "video"))
        assert_citations_exist(graph, answer)
        assert (answer.reason is None) == (answer.status is Status.ANSWERED)
        assert answer.text and answer.short


@pytest.mark.parametrize("graph", [riders(), birthday()], ids=["riders", "birthday"])
def test_every_citation_of_real_questions_exists(graph):
    assistant = Assistant(graph)
    for name in ("first.tsv", "second_image.tsv", "second_video.tsv"):
        for question, _, _ in rows(name)[::3]:
            answer = assistant.ask(question)
            assert_citations_exist(graph, answer)
            if answer.status is Status.ANSWERED and answer.short not in ("no", "nothing", "nobody", "0"):
                assert answer.citations, question


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(15))
def test_renaming_ids_and_listing_in_another_order_changes_nothing(kind, seed):
    graph = random_graph(seed, kind)
    other, new = renamed(graph, seed)
    first, second = Assistant(graph, min_score=0), Assistant(other, min_score=0)
    random = np.random.default_rng(seed)
    for _ in range(12):
        question = random_question(random, timed=kind == "video")
        if uses(question, Pick):
            continue
        one, two = first.run(question), second.run(question)
        assert (one.text, one.short, one.status, one.reason) == (two.text, two.short, two.status, two.reason)
        assert one.confidence == two.confidence
        assert [new[node] for node in one.options] == list(two.options)


@pytest.mark.parametrize("seed", range(15))
def test_a_mirrored_picture_swaps_left_and_right(seed):
    graph = random_graph(seed)

    def mirrored(node):
        x1, y1, x2, y2 = node.region.box
        return type(node)(
            node.id, node.category, Segment.from_box((WIDTH - x2, y1, WIDTH - x1, y2), *graph.source.size)
        )

    other = type(graph)(graph.source, tuple(map(mirrored, graph.nodes)), graph.relations, graph.vocabulary)
    plain, flipped = Assistant(graph, min_score=0), Assistant(other, min_score=0)
    for noun in ("person", "dog", "ball", "grass"):
        for direction, opposite in (("left", "right"), ("right", "left")):
            one = plain.ask(f"What is to the {direction} of the {noun}?")
            two = flipped.ask(f"What is to the {opposite} of the {noun}?")
            assert (one.status, one.short) == (two.status, two.short)


@pytest.mark.parametrize("seed", range(3))
def test_left_and_right_exclude_each_other(seed):
    assistant = Assistant(random_graph(seed, nodes=6), min_score=0)
    labels = assistant.index.shown
    for first in labels:
        for second in labels:
            left = assistant.ask(f"Is {first} to the left of {second}?").short
            right = assistant.ask(f"Is {first} to the right of {second}?").short
            assert not (left == right == "yes")
            assert left == assistant.ask(f"Is {second} to the right of {first}?").short


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(10))
def test_asking_for_what_a_relation_says_finds_it(kind, seed):
    """Every relation of a graph answers the questions that it is the answer to."""
    graph = random_graph(seed, kind, nodes=8, relations=6)
    assistant = Assistant(graph, min_score=0)
    called = dict(
        zip((node.id for node in sorted(graph.nodes, key=lambda n: n.id)), assistant.index.shown, strict=True)
    )
    for tie in graph.relations:
        first, second = called[tie.subject], called[tie.object]
        predicate = graph.predicate_name(tie)
        assert assistant.ask(f"Is {first} {predicate} {second}?").short == "yes"
        assert second in assistant.ask(f"What is {first} {predicate}?").short
        assert first in assistant.ask(f"What is {predicate} {second}?").short
        assert assistant.verify(f"{first} is {predicate} {second}.").supported
        assert predicate in assistant.ask(f"What is the relation between {first} and {second}?").short


def test_the_whole_source_as_a_window_changes_no_answer():
    graph = birthday()
    assistant = Assistant(graph)
    for question, _, _ in rows("second_video.tsv"):
        parse = assistant.parser.question(question)
        if not parse.questions or uses(parse.questions[0], Extreme):
            continue
        timed = assistant.parser.question(f"{question.rstrip('?')} between frames 0 and 39").questions
        if timed:
            plain, whole = assistant.run(parse.questions[0]), assistant.run(timed[0])
            assert (plain.status, plain.short) == (whole.status, whole.short), question


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(20))
def test_every_yes_and_no_cites_what_it_rests_on(kind, seed):
    """Of a complete graph the nodes among which nothing was found, unless the question singles none out."""
    graph = random_graph(seed, kind, nodes=4 + seed % 5)
    random = np.random.default_rng(seed)
    for closed in (False, True):
        assistant = Assistant(graph, closed_world=closed, min_score=0)
        for _ in range(12):
            answer = assistant.run(random_question(random, timed=kind == "video"))
            if answer.status is Status.ANSWERED and answer.short in ("yes", "no"):
                searched = any(note.startswith("this rests on the whole graph") for note in answer.notes)
                assert answer.citations or (closed and searched), answer.program.line
                assert closed or "taken as complete" not in answer.text
