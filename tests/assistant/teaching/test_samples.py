"""Instruction data: every statement is proven again, and what is wrong is not."""

import string
from dataclasses import replace
from random import Random

import pytest

from assistant.captions import dense_captions
from assistant.teaching.curriculum import KINDS, picture_differences, samples
from assistant.teaching.lesson import Lesson
from assistant.teaching.measuring import distinct, fresh_proof, unsupported
from assistant.teaching.naming import Names, gap
from assistant.teaching.phrasings import PHRASINGS, phrase
from assistant.teaching.refusing import is_refusal
from assistant.teaching.samples import Sample, Statement, told
from assistant.teaching.videos import length
from scenegraph import Span
from tests.assistant.scenes import riders
from toyworld import clips, scenes

GRAPHS = {
    "riders": riders,
    "video": lambda: clips.video(3, frames=10).graph,
    "depth": lambda: clips.video(5, frames=8, rgbd=True).graph,
}


@pytest.fixture(scope="module", params=GRAPHS)
def taught(request):
    lesson = Lesson(GRAPHS[request.param](), Random(7), closed_world=request.param != "riders", min_score=0.5)
    return lesson, list(samples(lesson, request.param, tuple(KINDS), each=2))


def test_there_are_enough_ways_to_ask():
    assert len(PHRASINGS) >= 30
    for template, ways in PHRASINGS.items():
        assert len(set(ways)) >= 10, template
        assert len({" ".join(way.lower().split()) for way in ways}) == len(ways), template


def test_every_phrasing_can_be_filled():
    slots = dict.fromkeys(
        (*"SOpqaABtum", "kind", "kinds", "others", "attribute", "value", "quantity", "adjective"), "x"
    )
    for template, ways in PHRASINGS.items():
        for way in ways:
            names = {name for _, name, _, _ in string.Formatter().parse(way) if name}
            assert names <= {*slots, "question", "options"}, (template, way)
        assert phrase(Random(0), template, **slots, question="q?", options="A. 1")


def test_every_statement_is_proven_by_a_fresh_proof(taught):
    lesson, made = taught
    assert len({sample.kind for sample in made}) >= 6
    assert unsupported(made, fresh_proof(lesson)) == []


def test_a_wrong_statement_is_not_proven(taught):
    lesson, made = taught
    proof = fresh_proof(lesson)
    for sample in made:
        for turn in sample.turns:
            for statement in turn.statements:
                if statement.program is not None:
                    assert not proof.holds(replace(statement, result=f"{statement.result} 9"))
                if statement.ends is not None:
                    assert not proof.holds(replace(statement, ends=(997, 998)))
    assert not proof.holds(Statement("the unicorn is on the moon", "the unicorn is on the moon"))
    assert not proof.holds(Statement("nothing proves this"))


def test_answers_say_nothing_besides_their_statements(taught):
    lesson, made = taught
    told_words = {word for name in lesson.names.kinds for word in name.split()}
    told_words |= {word for words in lesson.gaps.values() for word in words.split()} - {
        "on",
        "in",
        "of",
        "at",
        "to",
        "over",
    }
    for sample in made:
        for turn in sample.turns:
            rest = turn.answer.lower()
            for statement in sorted(turn.statements, key=lambda each: -len(each.text)):
                rest = rest.replace(statement.text.lower(), " ")
            left = {word.strip(string.punctuation) for word in rest.split()}
            assert not left & told_words, (turn.answer, left & told_words)


def test_rejected_answers_are_not_supported(taught):
    lesson, made = taught
    rejected = [sample.rejected for sample in made if sample.rejected is not None]
    assert rejected
    for each in rejected:
        assert not lesson.assistant.verify(each.read).supported
        assert not fresh_proof(lesson).reads(each.read).supported
        assert each.verdict in ("contradicted", "not in the graph")


def test_a_wrong_answer_has_the_form_of_the_right_one(taught):
    lesson, _ = taught
    many = list(samples(lesson, "many", ("preference",), each=40))
    pairs = [(sample.turns[0].answer, sample.rejected) for sample in many if sample.rejected.change != "number"]
    assert {rejected.change for _, rejected in pairs} >= {"object", "roles"}
    for right, rejected in pairs:
        said, wrong = right.lower().rstrip(".").split(), rejected.answer.lower().rstrip(".").split()
        if rejected.change == "roles":
            assert sorted(said) == sorted(wrong)
        if rejected.change == "object":  # only the words of the object differ: at the end, or at the start of a passive
            assert ("by" in said) == ("by" in wrong)
            assert said[-1 if "by" in said else 0] == wrong[-1 if "by" in said else 0]


def test_twins_are_answered_and_unanswerable(taught):
    _, made = taught
    twins = [sample for sample in made if sample.kind == "unanswerable"]
    assert twins and len(twins) % 2 == 0
    assert [is_refusal(sample.turns[0].answer) for sample in twins] == [False, True] * (len(twins) // 2)
    for first, second in zip(twins[::2], twins[1::2], strict=True):
        assert first.related == (second.id,) and second.related == (first.id,)
        assert "unanswerable" in second.turns[0].statements[0].result
        assert first.turns[0].family == second.turns[0].family


def test_the_same_seed_tells_the_same():
    lesson = Lesson(scenes.image(2).graph, Random(7), True, min_score=0.5)
    made = list(samples(lesson, "picture", tuple(KINDS), each=2))
    again = Lesson(lesson.graph, Random(7), lesson.assistant.closed_world, min_score=0.5)
    name = made[0].id.split("/")[0]
    assert list(samples(again, name, tuple(KINDS), each=2)) == made
    other = Lesson(lesson.graph, Random(8), lesson.assistant.closed_world, min_score=0.5)
    assert list(samples(other, name, tuple(KINDS), each=2)) != made


def test_samples_survive_json(taught):
    _, made = taught
    assert [Sample.from_json(sample.to_json()) for sample in made] == made


def test_conversations_have_several_turns_and_refer_back(taught):
    _, made = taught
    talks = [sample for sample in made if sample.kind == "conversation"]
    assert all(2 <= len(sample.turns) <= 7 for sample in talks)
    assert all(len({turn.program for turn in sample.turns}) == len(sample.turns) for sample in talks)


def test_a_fact_must_hold_in_all_of_its_time():
    graph = clips.video(3, frames=10).graph
    lesson = Lesson(graph, Random(0), min_score=0)
    at = next(at for at in lesson.gaps if lesson.index.spans(at) != lesson.index.whole)
    span = lesson.index.spans(at)[0]
    inside = f"from frame {span.start} to frame {span.stop - 1}"
    assert lesson.fact(at, inside, span) is not None
    wider = Span(max(span.start - 1, 0), min(span.stop + 1, 10))
    assert lesson.fact(at, f"from frame {wider.start} to frame {wider.stop - 1}", wider) is None


def test_what_a_video_shows_for_a_while_is_described_with_its_time():
    lesson = Lesson(clips.video(3, frames=10).graph, Random(0), min_score=0)
    (turn,) = [
        sample.turns[0] for sample in samples(lesson, "clip", ("detail",), 2) if sample.turns[0].family == "detail"
    ]
    whole = [statement for statement in turn.statements if statement.ends and "seconds" not in statement.text]
    ties = {(tie.subject, tie.object) for at, tie in enumerate(lesson.graph.relations)
            if lesson.index.spans(at) == lesson.index.whole}  # fmt: skip
    assert any("seconds" in statement.text for statement in turn.statements)
    assert {statement.ends for statement in whole} <= ties


def test_lengths_are_told_in_one_unit():
    lesson = Lesson(clips.video(3, frames=10).graph, Random(0), min_score=0)
    assert [length(lesson, frames) for frames in (1, 5, 6)] == ["0.2 seconds", "1 second", "1.2 seconds"]
    bare = replace(lesson.graph, source=replace(lesson.graph.source, fps=None))
    assert [length(Lesson(bare, Random(0)), frames) for frames in (1, 6)] == ["1 frame", "6 frames"]


def test_dense_captions_tell_the_spans_of_the_graph():
    lesson = Lesson(clips.video(3, frames=10).graph, Random(0), min_score=0)
    (sample,) = samples(lesson, "clip", ("captions",), 1)
    spans = {tuple(caption.span) for caption in dense_captions(lesson.assistant, places=True).sentences}
    for statement in sample.turns[0].statements:
        if statement.result and "((" in statement.result:
            start, stop = statement.result.split("((")[1].rstrip("),").split(", ")
            assert (int(start), int(stop)) in spans


def test_two_pictures_are_told_apart():
    before, after = scenes.image(2).graph, scenes.image(4).graph
    (sample,) = picture_differences(before, Lesson(after, Random(0), min_score=0), "pair")
    assert len(sample.media) == 2 and not sample.video
    assert "picture" in sample.turns[0].answer
    assert list(picture_differences(clips.video(3, frames=4).graph, Lesson(after, Random(0)), "pair")) == []


def test_names_are_distinct_and_people_are_not_called_by_colours():
    for make in GRAPHS.values():
        lesson = Lesson(make(), Random(0), min_score=0)
        names = [lesson.name(node.id) for node in lesson.index.nodes]
        assert len(set(names)) == len(names)
        colours = {str(value) for _, value in lesson.index.attributes.get("colour", [])}
        for node in lesson.index.nodes:
            if lesson.is_person(node.id):
                assert not colours & set(lesson.name(node.id).split()[:2])
    labelled = Names(lesson.index, "labels")
    assert labelled.of(lesson.index.nodes[0].id) == lesson.index.label(lesson.index.nodes[0].id)


def test_labels_are_proven_too():
    lesson = Lesson(riders(), Random(0), style="labels")
    made = list(samples(lesson, "riders", ("conversation", "reasoning"), 2))
    assert made and unsupported(made, fresh_proof(lesson)) == []
    assert all("the leftmost" not in turn.answer for sample in made for turn in sample.turns)


def test_words_behind_is():
    assert gap("sitting on") == "sitting on" and gap("wears") is None


def test_distinct_two():
    assert distinct(["a b c"]) == 1.0
    assert distinct(["a b", "a b"]) == 0.5
    assert distinct([]) == 0.0


def test_sentences_start_with_a_capital_unless_with_a_label():
    assert (
        told("", [Statement("dog-1 is on grass-1"), Statement("it is there")]) == "dog-1 is on grass-1 and it is there."
    )


def test_an_empty_graph_teaches_nothing_and_does_not_fail():
    graph = riders()
    lesson = Lesson(graph.restricted_to([]), Random(0))
    assert list(samples(lesson, "empty", tuple(KINDS), 3)) == []
    alone = Lesson(replace(graph, relations=()), Random(0))
    made = list(samples(alone, "alone", tuple(KINDS), 3))
    assert unsupported(made, fresh_proof(alone)) == []
