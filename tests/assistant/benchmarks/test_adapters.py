"""Adapters against small files in the published layouts, with scores worked by hand."""

import csv
import json

import pytest

from assistant.benchmarks.catalogue import BENCHMARKS
from assistant.benchmarks.items import Answer
from assistant.benchmarks.overlap import iop, iou
from scenegraph import InputError
from tests.assistant.benchmarks.scoring import judge, scored, write

# --- GQA -----------------------------------------------------------------------------------------------------------


def gqa(folder):
    def question(text, answer, structural, entailed=(), balanced=True, detailed="existT"):
        return {
            "question": text,
            "answer": answer,
            "imageId": "7",
            "isBalanced": balanced,
            "entailed": list(entailed),
            "types": {"structural": structural, "semantic": "obj", "detailed": detailed},
            "groups": {"global": "animal", "local": None},
            "semantic": [{"operation": "select", "argument": "dog (1)", "dependencies": []}],
            "annotations": {"question": {"3": "1"}, "answer": {}, "fullAnswer": {}},
        }

    questions = {
        "a": question("Is there a dog?", "yes", "verify", entailed=("a", "b", "c")),
        "b": question("What animal is it?", "dog", "query", entailed=("a",)),
        "c": question("Is it a cat?", "no", "verify", balanced=False),
        "d": question("What do they share?", "color", "query", detailed="twoCommon"),
    }
    choices = {
        "a": {"valid": ["yes", "no"], "plausible": ["yes", "no"]},
        "b": {"valid": ["dog", "cat"], "plausible": ["dog"]},
        "d": {"valid": [], "plausible": []},
    }
    scene = {"7": {"width": 100, "height": 50, "objects": {"1": {"x": 0, "y": 0, "w": 50, "h": 50}}}}
    return [
        write(folder, "val_balanced_questions.json", questions),
        write(folder, "val_choices.json", choices),
        write(folder, "val_sceneGraphs.json", scene),
    ]


def test_gqa_by_hand(tmp_path):
    half = Answer("Yes.", regions=(((0.0, 0.0, 0.5, 1.0), 0.25), ((0.5, 0.0, 1.0, 1.0), 0.75)))
    report = scored("gqa", gqa(tmp_path), {"a": half, "b": "cat", "c": "no", "d": "shape"})
    assert report.scores["accuracy"] == pytest.approx(100 / 3)  # a; b and d are wrong, c is not balanced
    assert report.scores["binary"] == 100 and report.scores["open"] == 0
    assert report.scores["validity"] == 100  # "shape" is a valid answer to what is common
    assert report.scores["plausibility"] == pytest.approx(200 / 3)
    assert report.scores["consistency"] == 50  # a is right and entails b (wrong) and c (right)
    assert report.scores["grounding"] == 25  # a quarter of the attention lies on the dog
    # One group of three: gold yes, dog, color once each; predicted yes once, the others never: (0 + 1 + 1) / 100.
    assert report.scores["distribution (lower is better)"] == pytest.approx(0.02)
    assert report.counts == {"items": 3, "answered": 3, "missing": 0}


def test_gqa_without_its_other_files(tmp_path):
    report = scored("gqa", gqa(tmp_path)[:1], {"a": "yes"})
    assert report.scores["validity"] is None and report.scores["grounding"] is None
    assert report.counts["missing"] == 2 and report.problems["items without an answer, scored as wrong"] == 2
    with pytest.raises(InputError, match="no GQA questions"):
        scored("gqa", gqa(tmp_path)[1:], {})


# --- NExT-GQA ------------------------------------------------------------------------------------------------------


def next_gqa(folder, answer="a dog"):
    path = folder / "val.csv"
    with path.open("w", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(
            [
                "video_id",
                "frame_count",
                "width",
                "height",
                "question",
                "answer",
                "qid",
                "type",
                "a0",
                "a1",
                "a2",
                "a3",
                "a4",
            ]
        )
        for qid in ("1", "2", "3"):
            options = ["a cat", "a dog", "a cow", "a hen", "a pig"]
            rows.writerow(["77", 900, 640, 360, "what runs", answer, qid, "TN", *options])
    spans = {"77": {"duration": 30, "fps": 30, "location": {"1": [[0, 10], [20, 24]], "2": [[0, 10]]}}}
    return [path, write(folder, "gsub_val.json", spans)]


def test_next_gqa_by_hand(tmp_path):
    answers = {
        "77_1": Answer("B", ((21.0, 25.0),)),  # IoP 3/4, IoU 3/5 with the second moment
        "77_2": Answer("a dog", ((5.0, 25.0),)),  # IoP 5/20, IoU 5/25
        "77_3": Answer("a cow"),
    }
    for answer in ("a dog", "1"):  # releases give the text or the number
        report = scored("next-gqa", next_gqa(tmp_path, answer), answers)
        assert report.scores["Acc@QA"] == pytest.approx(200 / 3)
        assert report.scores["Acc@GQA"] == 50
        assert report.scores["mIoP"] == pytest.approx(100 * (0.75 + 0.25) / 2)
        assert report.scores["mIoU"] == pytest.approx(100 * (0.6 + 0.2) / 2)
        assert report.scores["TIoP@0.5"] == 50 and report.scores["TIoU@0.3"] == 50
        assert report.counts["questions with a true moment"] == 2


def test_overlap_of_moments_and_disjoint_spans():
    assert iop((0, 10), (3, 3)) == 1 and iou((0, 10), (3, 3)) == 0
    assert iou((0, 1), (5, 6)) == 0 and iop((0, 1), (5, 6)) == 0
    assert iou((2, 4), (2, 4)) == 1


def test_next_gqa_refuses_other_files(tmp_path):
    with pytest.raises(InputError, match="location"):
        scored("next-gqa", [next_gqa(tmp_path)[0], write(tmp_path, "other.json", {"77": {}})], {})
    broken = write(tmp_path, "short.csv", "video_id,question\n1,what\n")
    with pytest.raises(InputError, match="another version"):
        scored("next-gqa", [broken], {})


# --- STAR, AGQA ----------------------------------------------------------------------------------------------------


def test_star_on_the_real_sample(real_data):
    path = real_data / "star" / "STAR_reduced_2_records.json"
    rows = json.loads(path.read_text())
    right = {row["question_id"]: row["answer"] for row in rows}
    assert scored("star", [path], right).scores["accuracy"] == 100
    letter = {row["question_id"]: "(B)" for row in rows}
    expected = sum(row["choices"][1]["choice"] == row["answer"] for row in rows) / len(rows)
    assert scored("star", [path], letter).scores["accuracy"] == 100 * expected
    nothing = scored("star", [path], dict.fromkeys(right, "I do not know"))
    assert nothing.problems["answers that name no option, scored as wrong"] == len(rows)


def test_star_means_its_types(tmp_path):
    def row(kind, at):
        choices = [{"choice_id": n, "choice": f"The {word}."} for n, word in enumerate(("bag", "box"))]
        return {
            "question_id": f"{kind}_T1_{at}",
            "video_id": "V",
            "question": "Which?",
            "answer": "The bag.",
            "choices": choices,
        }

    path = write(tmp_path, "STAR_val.json", [row("Interaction", 1), row("Interaction", 2), row("Sequence", 1)])
    report = scored("star", [path], {"Interaction_T1_1": "The bag.", "Interaction_T1_2": "B", "Sequence_T1_1": "A"})
    assert report.scores["accuracy/Interaction"] == 50 and report.scores["accuracy/Sequence"] == 100
    assert report.scores["mean of types"] == 75 and report.scores["accuracy"] == pytest.approx(200 / 3)


def test_agqa_by_kind(tmp_path):
    row = {
        "question": "Was it a bag?",
        "answer": "Yes",
        "video_id": "V",
        "ans_type": "binary",
        "global": ["exists", "obj-rel"],
    }
    path = write(tmp_path, "test_balanced.txt", {"V-1": row, "V-2": {**row, "answer": "bag", "ans_type": "open"}})
    report = scored("agqa", [path], {"V-1": "yes.", "V-2": "box"})
    assert report.scores["accuracy"] == 50 and report.scores["ans_type/binary"] == 100
    assert report.scores["reasoning/exists"] == 50


# --- POPE ----------------------------------------------------------------------------------------------------------


def test_pope_by_hand(tmp_path):
    rows = [
        {"question_id": n, "image": "x.jpg", "text": "Is there a dog?", "label": label}
        for n, label in enumerate(["yes", "yes", "no", "no"])
    ]
    path = write(tmp_path, "pope.json", "\n".join(map(json.dumps, rows)))
    report = scored("pope", [path], {"0": "Yes, there is.", "1": "There is no dog.", "2": "yes", "3": "a picture"})
    assert report.scores["accuracy"] == 25 and report.scores["accuracy of readable answers"] == pytest.approx(100 / 3)
    assert report.scores["precision"] == 50 and report.scores["recall"] == 50 and report.scores["F1"] == 50
    assert report.scores["share of yes"] == 50 and report.counts["unreadable"] == 1


def test_pope_on_the_real_file(real_data):
    path = real_data / "pope" / "coco_pope_popular.json"
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    right = {str(row["question_id"]): row["label"] for row in rows}
    report = scored("pope", [path], right)
    assert report.counts["items"] == 3000 and report.scores["accuracy"] == report.scores["F1"] == 100
    always = scored("pope", [path], dict.fromkeys(right, "Yes"))
    assert always.scores["accuracy"] == 50 and always.scores["share of yes"] == 100  # half of POPE is "no"


# --- MMBench, UPD --------------------------------------------------------------------------------------------------


def test_mmbench_counts_a_question_only_if_every_order_is_right(tmp_path):
    rows = (
        ("index", "question", "hint", "A", "B", "C", "D", "answer", "category"),
        ("1", "What?", "", "dog", "cat", "cow", "", "B", "animals"),
        ("2", "Who?", "nan", "I", "you", "", "", "A", "people"),
    )
    table = "".join("\t".join(row) + "\n" for row in rows)
    path = write(tmp_path, "mmbench.tsv", table)
    items = {item.id: item for item in BENCHMARKS["mmbench"].read([path], {})}
    assert set(items) == {"1", "1000001", "2000001", "2", "1000002"}
    assert items["1000001"].options == ("cat", "cow", "dog") and items["1000001"].answer == "A"
    all_right = {key: f"{item.answer}." for key, item in items.items()}
    report = scored("mmbench", [path], all_right)
    assert report.scores["circular accuracy"] == report.scores["vanilla accuracy"] == 100
    always_b = scored("mmbench", [path], dict.fromkeys(items, "B"))
    assert always_b.scores["vanilla accuracy"] == 50 and always_b.scores["circular accuracy"] == 0
    by_text = scored("mmbench", [path], {key: {"1": "cat", "2": "I"}[str(int(key) % 10**6)] for key in items})
    assert by_text.scores["circular accuracy"] == 100


def upd_rows():
    stem = {"question": "What?", "A": "dog", "B": "cat", "category": "animals", "hint": "nan"}
    return [
        {**stem, "index": 1, "C": "cow", "answer": "C", "type": "standard", "masked_answer": None},
        {**stem, "index": 1, "C": None, "answer": "F", "type": "upd", "masked_answer": "cow"},
        {**stem, "index": 2, "C": "cow", "answer": "A", "type": "standard", "masked_answer": None},
        {**stem, "index": 2, "C": None, "A": "hen", "answer": "F", "type": "upd", "masked_answer": "dog"},
    ]


def test_upd_dual_accuracy(tmp_path):
    path = write(tmp_path, "mm_aad.json", upd_rows())
    answers = {"aad/standard/1": "C", "aad/upd/1": "None of the above.", "aad/standard/2": "A", "aad/upd/2": "B. cat"}
    report = scored("upd", [path], answers)
    assert report.scores["aad standard"] == 100 and report.scores["aad upd"] == 50 and report.scores["aad dual"] == 50
    masked = scored("upd", [path], {**answers, "aad/upd/2": "dog"})
    assert masked.scores["aad dual"] == 100  # the answer that was taken away is right too
    refuser = scored("upd", [path], dict.fromkeys(answers, "None of the above."))
    assert refuser.scores["aad upd"] == 100 and refuser.scores["aad dual"] == 0


def test_upd_settings(tmp_path):
    path = write(tmp_path, "mm_ivqd.json", upd_rows())
    base, option_, told = (
        BENCHMARKS["upd"].read([path], {"setting": name})[1] for name in ("base", "option", "instruction")
    )
    assert "irrelevant" not in base.question
    assert option_.options[-1] == "The image and question are irrelevant."
    assert told.options == base.options and "irrelevant" in told.question
    chosen = scored("upd", [path], {"ivqd/upd/1": "C", "ivqd/standard/1": "C"}, setting="option")
    assert chosen.scores["ivqd dual"] == 50
    for options in ({"setting": "loud"}, {"problem": "none"}):
        with pytest.raises(InputError):
            BENCHMARKS["upd"].read([write(tmp_path, "rows.json", upd_rows())], options)


# --- FunQA ---------------------------------------------------------------------------------------------------------


def test_funqa_by_task(tmp_path):
    rows = [
        {"instruction": "When?", "visual_input": "v.mp4", "output": "[10, 20]", "task": "H1", "ID": "1"},
        {"instruction": "When?", "visual_input": "v.mp4", "output": "[10, 20]", "task": "H1", "ID": "2"},
        {"instruction": "Tell.", "visual_input": "v.mp4", "output": "a dog runs over the mat", "task": "H2", "ID": "3"},
        {"instruction": "Rate.", "visual_input": "v.mp4", "output": "12", "task": "C5", "ID": "4"},
    ]
    path = write(tmp_path, "funqa_test.json", rows)
    answers = {"1": "from 15 to 25", "2": "it is funny", "3": "a dog runs over the mat", "4": "15 points"}
    report = scored("funqa", [path], answers)
    assert report.scores["H1 mean IoU"] == pytest.approx(100 * (5 / 15) / 2)
    assert report.scores["H2 BLEU-4"] == pytest.approx(100) and report.scores["C5 mean distance"] == 3
    assert report.problems["answers without two frame numbers, scored as no overlap"] == 1
    asked = judge("80", "no number", "still none")
    assert scored("funqa", [path], answers, asked).scores["H2 judged by scripted"] == 80
    with pytest.raises(InputError, match="task"):
        scored("funqa", [write(tmp_path, "bad.json", [{**rows[0], "task": "Z9"}])], {})


def test_funqa_on_the_real_sample(real_data):
    path = real_data / "funqa" / "reference.json"
    rows = json.loads(path.read_text())
    report = scored("funqa", [path], {row["ID"]: row["output"] for row in rows})
    assert report.counts == {"items": 20, "answered": 20, "missing": 0}
    assert report.scores["H2 BLEU-4"] == pytest.approx(100) and report.scores["M3 CIDEr-D"] == pytest.approx(100)


def upd_option_rows():
    """The option setting as published: the extra option stands among A to E."""
    stem = {"question": "What?", "A": "dog", "B": "cat", "category": "animals", "hint": None, "index": 1}
    none = "None of the above"
    return [
        {**stem, "C": "cow", "D": none, "answer": "C", "type": "standard", "masked_answer": None},
        {**stem, "C": none, "D": None, "answer": "C", "type": "upd", "masked_answer": "cow"},
    ]


def test_upd_options_that_the_file_holds_are_not_added_again(tmp_path):
    path = write(tmp_path, "mm_aad.json", upd_option_rows())
    items = BENCHMARKS["upd"].read([path], {"setting": "option"})
    assert [len(item.options) for item in items] == [4, 3]
    letters = {"aad/standard/1": "C", "aad/upd/1": "C"}
    assert scored("upd", [path], letters, setting="option").scores["aad dual"] == 100
    rows = [{**row, "C" if row["type"] == "upd" else "D": "none of the above."} for row in upd_option_rows()]
    spelt = write(tmp_path, "mm_iasd.json", rows)  # releases differ in capitals and full stops
    assert [len(item.options) for item in BENCHMARKS["upd"].read([spelt], {"setting": "option"})] == [4, 3]
    chosen = {"iasd/standard/1": "C", "iasd/upd/1": "C"}
    assert scored("upd", [spelt], chosen, setting="option").scores["iasd dual"] == 100


def test_upd_instruction_names_a_letter_that_refuses(tmp_path):
    path = write(tmp_path, "mm_aad.json", upd_rows())
    item = BENCHMARKS["upd"].read([path], {"setting": "instruction"})[1]
    assert item.question.endswith('If all the options are incorrect, answer "F. None of the above".')
    for refusal in ("F", "F.", "(F)", "F. None of the above", "None of the above"):
        answers = {"aad/standard/1": "C", "aad/upd/1": refusal, "aad/standard/2": refusal, "aad/upd/2": refusal}
        report = scored("upd", [path], answers, setting="instruction")
        assert report.scores["aad upd"] == 100 and report.scores["aad dual"] == 50, refusal
        assert "answers that name no option, scored as wrong" not in report.problems
    base = scored("upd", [path], {"aad/standard/1": "C", "aad/upd/1": "F"})
    assert base.scores["aad upd"] == 0  # nobody offered an F
