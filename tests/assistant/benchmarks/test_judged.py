"""Benchmarks with a judge: judgements that fail are counted and left out, never a silent 0."""

import pytest

from assistant.benchmarks.catalogue import BENCHMARKS
from assistant.benchmarks.judging import Judge
from assistant.models import ModelError, open_model
from scenegraph import InputError
from scenegraph.formats.journal import Journal
from tests.assistant.benchmarks.scoring import judge, scored, write


def test_worldqa_rubric_leaves_failed_judgements_out(tmp_path):
    rows = [{"question_idx": n, "question": "Why?", "answer": "It rains.", "video_idx": "v"} for n in range(3)]
    path = write(tmp_path, "worldqa.json", rows)
    answers = {f"open/{n}": "It rains." for n in range(3)}
    asked = judge("Point:\n0.5", "0.7", "I cannot judge", "fine\n1")
    report = scored("worldqa", [path], answers, asked)
    assert report.scores["rubric, judged by scripted"] == 75  # of the two that were judged
    assert asked.counts == {"judged": 2, "failed: no judgement in the reply": 1}
    down = judge(*[ModelError("no answer")] * 6)
    assert scored("worldqa", [path], answers, down).scores["rubric, judged by scripted"] is None
    assert down.counts == {"failed: no answer": 3}
    assert "rubric" not in " ".join(scored("worldqa", [path], answers).scores)


def test_judgements_are_kept(tmp_path):
    path = write(
        tmp_path, "worldqa.json", [{"question_idx": 1, "question": "Why?", "answer": "Rain.", "video_idx": "v"}]
    )
    header = {"judgements": 1}
    for replies in (("so so", "Point: 0.5"), ()):  # the second run asks nothing
        keeper = Judge(open_model(judge(*replies).model), Journal(tmp_path / "kept", header))
        report = scored("worldqa", [path], {"open/1": "Snow."}, keeper)
        keeper.close()
        assert report.scores["rubric, judged by scripted"] == 50


def test_worldqa_multiple_choice(tmp_path):
    row = {
        "question_idx": 1,
        "question": "Why?",
        "answer": "B. rain",
        "option": ["A. sun", "B. rain"],
        "video_idx": "v",
    }
    path = write(tmp_path, "worldqa_mc.json", [row])
    for said, score in (("B", 100), ("B. rain", 100), ("rain", 100), ("A", 0), ("who knows", 0)):
        assert scored("worldqa", [path], {"mc/1": said}).scores["multiple choice accuracy"] == score


def test_video_chatgpt_aspects(tmp_path):
    generic = write(tmp_path, "generic_qa.json", [{"Q": "What?", "A": "A dog.", "video_name": "v"}])
    temporal = write(tmp_path, "temporal_qa.json", [{"Q": "When?", "A": "Later.", "video_name": "v"}])
    both = write(
        tmp_path, "consistency_qa.json", [{"Q1": "Who?", "Q2": "Who is it?", "A": "A dog.", "video_name": "v"}]
    )
    items = BENCHMARKS["video-chatgpt"].read([generic, temporal, both], {})
    answers = {item.id: "A dog." for item in items}
    asked = judge(
        "5", "4", "score: 3", "9", "I refuse", "1"
    )  # correctness, detail, context, temporal twice, consistency
    report = scored("video-chatgpt", [generic, temporal, both], answers, asked)
    assert [report.scores[f"{name} (0-5)"] for name in ("correctness", "detail", "context")] == [5, 4, 3]
    assert report.scores["temporal (0-5)"] is None and report.scores["consistency (0-5)"] == 1
    assert asked.counts["failed: no judgement in the reply"] == 1
    assert scored("video-chatgpt", [generic], answers).scores["correctness (0-5)"] is None


def test_llava_bench_on_the_real_files(real_data):
    names = ("qa90_questions.jsonl", "qa90_gpt4_answer.jsonl", "caps_boxes_coco2014_val_80.jsonl", "rule.json")
    files = [real_data / "llava" / name for name in names]
    items = BENCHMARKS["llava-bench"].read(files, {})
    assert len(items) == 90 and {item.details["category"] for item in items} == {"conv", "detail", "complex"}
    assert all(item.details["rule"] for item in items)
    answers = {item.id: "A thing." for item in items}
    asked = judge(*["8 4\nbecause"] * 90)
    report = scored("llava-bench", files, answers, asked)
    assert report.scores["relative score, all"] == report.scores["relative score, conv"] == 50
    with pytest.raises(InputError, match="reference answers"):
        BENCHMARKS["llava-bench"].read(files[:1], {})


def test_magnifier(tmp_path):
    row = {"answer": "A", "instruction": "How many boats? (A) 2 (B) 3 (C) 4", "image_ids": ["x"]}
    free = {"answer": "Two", "instruction": "How many boats are there?", "image_ids": ["x"]}
    path = write(tmp_path, "data_instructions.json", {"meta": {}, "data": {"m1": row, "m2": free}})
    report = scored("magnifier", [path], {"m1": "(A) 2", "m2": "two."})
    assert report.scores["multiple choice accuracy"] == report.scores["exact match of free answers"] == 100
    assert scored("magnifier", [path], {"m1": "3", "m2": "3"}).scores["multiple choice accuracy"] == 0
