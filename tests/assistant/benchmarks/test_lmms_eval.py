"""The task pack for lmms-eval: reading replies, scores worked by hand, and task files that fit their functions."""

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from PIL import Image

from assistant import Assistant
from assistant.benchmarks.lmms_eval import tasks
from assistant.benchmarks.lmms_eval.citing import read_said, schema
from assistant.benchmarks.lmms_eval.scoring import Truth, chosen, dual, kinds, mean_known, score
from assistant.filling import fill
from scenegraph import Mask, Span
from scenegraph.encoding import dumps
from tests.assistant.scenes import HEIGHT, WIDTH, birthday, riders

FOLDER = Path(tasks.__file__).parent


def said(answer, nodes=(), relations=(), **more):
    """A reply: nodes as (id, category, box), relations as (subject, predicate, object)."""
    listed = [{"id": n, "category": name, "frame": 0, "box": list(box)} for n, name, box in nodes]
    ties = [dict(zip(("subject", "predicate", "object"), tie, strict=True)) for tie in relations]
    return read_said(json.dumps({"answer": answer, "cited_nodes": listed, "relations": ties, **more}))


PERSON, HORSE, DOG = (14, 8, 20, 22), (10, 18, 26, 34), (40, 26, 47, 33)
RIDING = Truth(riders(), ("person",), nodes=(0, 2), relations=(0,))


def test_a_right_answer_with_its_evidence():
    scores = score(RIDING, said("person-1", [(7, "person", PERSON), (9, "horse", HORSE)], [(7, "riding", 9)]))
    assert {name: scores[name] for name in scores if name != "mask_iou"} == {
        "accuracy": 1, "node_f1": 1, "citation_precision": 1, "citation_recall": 1, "unreadable": 0,
    }  # fmt: skip
    # Person and horse are boxes here, 84 and 256 pixels, and share 6 x 4: the two boxes are the whole region.
    assert scores["mask_iou"] == 1


def test_half_of_the_evidence_and_something_wrong():
    nodes = [(1, "person", PERSON), (2, "dog", (0, 0, 5, 5)), (3, "dog", DOG)]
    scores = score(RIDING, said("dog", nodes, [(1, "riding", 2), (3, "running on", 3), (1, "riding", 1)]))
    assert scores["accuracy"] == 0
    assert scores["node_f1"] == pytest.approx(2 * 1 / (3 + 2))  # the person; the dog is true, but no evidence
    # So in the graph: person and dog of three things, none of three relations. Needed: 2 things and a relation.
    assert scores["citation_precision"] == pytest.approx(2 / 6)
    assert scores["citation_recall"] == pytest.approx(1 / 3)
    cited = 6 * 14 + 5 * 5 + 7 * 7
    union = 6 * 14 + 16 * 16 - 6 * 4
    assert scores["mask_iou"] == pytest.approx(6 * 14 / (union + cited - 6 * 14))


def test_masks_count_before_boxes_and_only_of_this_size():
    array = np.zeros((HEIGHT, WIDTH), dtype=bool)
    array[18:34, 10:26] = True
    node = {"id": 1, "category": "horse", "frame": 0, "box": [0, 0, 1, 1], "mask": Mask.from_array(array).to_coco()}
    reply = json.dumps({"answer": "person", "cited_nodes": [node], "relations": []})
    assert score(RIDING, read_said(reply))["node_f1"] == pytest.approx(2 / 3)
    node["mask"] = Mask.from_array(array[1:]).to_coco()
    other = score(RIDING, read_said(json.dumps({"answer": "person", "cited_nodes": [node], "relations": []})))
    assert other["node_f1"] == 0 and other["citation_precision"] == 0


def test_one_thing_is_not_cited_twice():
    twice = [(1, "person", PERSON), (2, "person", PERSON)]
    scores = score(RIDING, said("person", twice))
    assert scores["node_f1"] == pytest.approx(2 / 4) and scores["citation_precision"] == pytest.approx(1 / 2)


def test_what_does_not_apply_is_left_out():
    number = Truth(riders(), ("0",))
    scores = score(number, said("0"))
    assert scores["accuracy"] == 1
    assert all(scores[name] is None for name in ("node_f1", "mask_iou", "citation_precision", "citation_recall"))
    silent = score(RIDING, said("person"))
    assert silent["citation_precision"] == silent["citation_recall"] == 0
    assert mean_known([None, 1.0, 0.0]) == 0.5 and math.isnan(mean_known([None]))


@pytest.mark.parametrize(
    ("answers", "text", "right"),
    [
        (("person",), "a person", 1),
        (("person", "dog"), "dog-1 and the person", 1),
        (("person", "dog"), "dog", 0),
        (("7.4 seconds",), "7.4 s (37 frames)", 1),
        (("3",), "3 times", 1),
        (("3",), "4", 0),
        (("3",), "many", 0),
        ((), None, 1),
        ((), "The picture does not show a cat.", 1),
        ((), "a cat", 0),
        (("yes",), None, 0),
        (("yes",), "Yes.", 1),
    ],
)
def test_answers(answers, text, right):
    assert score(Truth(riders(), answers), said(text))["accuracy"] == right


def test_times_by_hand():
    graph = birthday()
    fps = graph.source.fps
    truth = Truth(graph, ("child",), spans=(Span(0, 10), Span(20, 30)))
    scores = score(truth, said("child", seconds=[[5 / fps, 15 / fps]]))
    assert scores["span_iop"] == 0.5 and scores["span_iou"] == pytest.approx(5 / 25)
    assert scores["grounded_accuracy"] == 1
    late = score(truth, said("child", seconds=[[12 / fps, 18 / fps]]))
    assert late["span_iou"] == late["span_iop"] == late["grounded_accuracy"] == 0
    assert score(truth, said("dog", seconds=[[0, 10 / fps]]))["grounded_accuracy"] == 0
    when = Truth(graph, ("0-10",), spans=(Span(0, 10),), asks_when=True)
    assert score(when, said("early", seconds=[[0, 6 / fps]]))["accuracy"] == 1
    assert score(when, said("early", seconds=[[0, 4 / fps]]))["accuracy"] == 0
    assert score(when, said("early"))["accuracy"] == 0


@pytest.mark.parametrize(
    ("text", "readable", "malformed"),
    [
        ("", False, 0),
        ("a dog", False, 0),
        ('{"nothing": 1}', False, 0),
        ('{"answer": "dog"', False, 0),
        ('```json\n{"answer": "dog"}\n```', True, 0),
        ('{"answer": "dog", "cited_nodes": "all", "relations": {"a": 1}}', True, 0),
        ('{"answer": "dog", "cited_nodes": [{"id": "x"}, 3, {"id": 1, "category": "dog", "box": [5, 5, 1, 1]}]}',
         True, 3),
        ('{"answer": "dog", "cited_nodes": [{"id": 1, "category": "dog", "mask": {"size": [2, 2], "counts": "??"}}]}',
         True, 1),
        ('{"answer": "dog", "relations": [{"subject": 1.5, "predicate": "on", "object": 2}], "seconds": [[3, 1], "x"]}',
         True, 3),
        ('{"answer": "dog", "cited_nodes": [{"id": 1, "category": "dog", "frame": -1, "box": [0, 0, 1, 1]}]}', True, 1),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_counted_and_left_out(text, readable, malformed):
    found = read_said(text)
    assert (found.readable, found.malformed) == (readable, malformed)
    assert found.nodes == () and score(RIDING, found)["node_f1"] == 0


@settings(deadline=None, max_examples=60)
@given(some.text(max_size=60) | some.recursive(
    some.none() | some.booleans() | some.floats() | some.integers() | some.text(max_size=5),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(
        some.sampled_from(["answer", "cited_nodes", "relations", "seconds", "id", "category", "box", "mask", "frame"]),
        inner, max_size=5), max_leaves=12).map(json.dumps))  # fmt: skip
def test_no_reply_breaks_the_scores(text):
    for truth in (RIDING, Truth(birthday(), ("child",), (0,), (0,), (Span(0, 3),))):
        scores = score(truth, read_said(text))
        assert all(value is None or 0 <= value <= 1 for value in scores.values())


def test_our_answers_fit_the_schema_and_score_full():
    assistant = Assistant(riders(), closed_world=True)
    answer = assistant.ask("Who is riding the horse?")
    reply = json.dumps(fill(schema(False), answer, assistant.index))
    scores = score(RIDING, read_said(reply))
    assert all(scores[name] == 1 for name in scores if name != "unreadable") and scores["unreadable"] == 0


def test_refusals_and_pairs():
    options = ("cat", "dog")
    assert chosen("B", options, 1) == chosen("the dog", options, 1) == 1
    assert chosen("A", options, 1) == chosen("None of the above.", options, 1) == chosen("", options, 1) == 0
    assert chosen("None of the options is right. The graph shows: dog.", ("cat", "cup"), None) == 1
    assert chosen("A", options, None) == chosen("", options, None) == 0
    sides = (("a", False, 1), ("a", True, 1), ("b", False, 1), ("b", True, 0), ("c", False, 1))
    rows = [{"pair": name, "twin": twin, "right": right} for name, twin, right in sides]
    assert dual(rows) == 0.5  # c has no twin here
    assert math.isnan(dual([]))


def document(**more):
    base = {"family": "who", "question": "Who is riding the horse?", "answers": ["person"], "video": False,
            "nodes": [0, 2], "relations": [0], "starts": [], "stops": [], "graph": dumps(riders()),
            "images": [Image.new("L", (4, 4))]}  # fmt: skip
    return {**base, **more}


def test_documents_become_prompts_and_scores():
    prompt = tasks.cited_prompt(document())
    assert prompt.startswith("Who is riding the horse?\nAnswer as JSON that follows this schema:\n{")
    assert "seconds" not in prompt and "seconds" in tasks.cited_prompt(document(video=True))
    assert [picture.mode for picture in tasks.pictures(document())] == ["RGB"]
    assert tasks.target(document()) == "person" and tasks.target(document(answers=[])) == "cannot be answered"
    choice = {"pair": "p", "question": "What?", "options": ["cat", "dog"], "right": 1}
    assert "A. cat\nB. dog\n" in tasks.choice_prompt(choice)
    assert tasks.choice_results(choice, ["B"]) == {
        "standard_accuracy": 1.0, "refusal_accuracy": None, "dual_accuracy": {"pair": "p", "twin": False, "right": 1.0},
    }  # fmt: skip
    assert tasks.choice_results({**choice, "right": -1}, [""])["refusal_accuracy"] == 0.0
    assert tasks.target(choice) == "dog" and tasks.target({**choice, "right": -1}) == "none"


@pytest.mark.parametrize("name", ["scene_graph_answers", "scene_graph_moments", "scene_graph_refusals"])
def test_task_files_name_functions_and_metrics_that_exist(name):
    text = (FOLDER / f"{name}.yaml").read_text()
    assert f"task: {name}\n" in text
    for function in re.findall(r"!function tasks\.(\w+)", text):
        assert callable(getattr(tasks, function))
    choice = {"pair": "p", "question": "What?", "options": ["cat"], "right": 0}
    made = {
        "scene_graph_answers": tasks.cited_results(document(), ["{}"]),
        "scene_graph_moments": tasks.cited_results(document(video=True, starts=[0], stops=[1]), [None]),
        "scene_graph_refusals": tasks.choice_results(choice, [""]),
    }[name]
    assert set(re.findall(r"- metric: (\w+)", text)) <= set(made)
    assert name in (FOLDER / "scene_graph.yaml").read_text()


def test_kinds():
    assert kinds("Person-1, the dog") == {"person", "dog"}
    assert kinds("holding sports ball-1") == {"holding sports ball"}
