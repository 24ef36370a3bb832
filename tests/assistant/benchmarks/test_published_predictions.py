"""Predictions as the benchmarks' own programs write them, and text scores as they compute them."""

import pytest

from assistant.benchmarks.catalogue import BENCHMARKS
from assistant.benchmarks.running import read_predictions
from assistant.benchmarks.text_metrics import sentence_bleu
from scenegraph import InputError
from tests.assistant.benchmarks.scoring import scored, write
from tests.assistant.benchmarks.test_adapters import next_gqa, upd_rows


def test_next_gqa_files_of_answers_and_of_moments(tmp_path):
    files = next_gqa(tmp_path)
    answers = write(
        tmp_path, "qa.json", {"77_1": {"prediction": 1, "answer": 1}, "77_2": {"prediction": 0, "answer": 1}}
    )
    moments = write(tmp_path, "ground.json", {"77": {"1": [21.0, 25.0], "2": [0.0, 10.0]}})
    found = read_predictions([answers, moments])
    assert found["77_1"].text == "1" and found["77_1"].spans == ((21.0, 25.0),)
    report = BENCHMARKS["next-gqa"].score(BENCHMARKS["next-gqa"].read(files, {}), found, None)
    assert report.scores["Acc@QA"] == pytest.approx(100 / 3)  # numbers count options from 0
    assert report.scores["mIoP"] == pytest.approx(100 * (0.75 + 1) / 2)
    assert report.scores["Acc@GQA"] == 50
    assert "answers that name no option, scored as wrong" not in report.problems


def star(folder, options=("The bag.", "The box.")):
    choices = [{"choice_id": number, "choice": text} for number, text in enumerate(options)]
    rows = [{"question_id": f"Interaction_T1_{number}", "video_id": "V", "question": "Which?", "answer": options[0],
             "choices": choices} for number in (1, 2)]  # fmt: skip
    return write(folder, "STAR_val.json", rows)


def test_star_submissions_name_choices_by_number(tmp_path):
    rows = [{"question_id": f"Interaction_T1_{number + 1}", "answer": number} for number in (0, 1)]
    said = write(tmp_path, "submission.json", {"Interaction": rows})
    found = read_predictions([said])
    report = scored("star", [star(tmp_path)], found)
    assert report.scores["accuracy"] == 50 and not report.problems


def test_a_number_that_is_itself_an_option_is_that_option(tmp_path):
    report = scored("star", [star(tmp_path, ("1", "0"))], {"Interaction_T1_1": "1", "Interaction_T1_2": "0"})
    assert report.scores["accuracy"] == 50
    outside = scored("star", [star(tmp_path)], {"Interaction_T1_1": "7", "Interaction_T1_2": "-1"})
    assert outside.problems["answers that name no option, scored as wrong"] == 2


def test_video_chatgpt_answers_without_ids(tmp_path):
    generic = write(tmp_path, "generic_qa.json", [{"Q": "What?", "A": "A dog.", "video_name": "v"},
                                                  {"Q": "What?", "A": "A cat.", "video_name": "w"}])  # fmt: skip
    both = write(
        tmp_path, "consistency_qa.json", [{"Q1": "Who?", "Q2": "Who is it?", "A": "A dog.", "video_name": "v"}]
    )
    items = BENCHMARKS["video-chatgpt"].read([generic, both], {})
    one = {"Q": "What?", "A": "A cat.", "video_name": "w", "pred": "A cat."}
    two = {"Q1": "Who?", "Q2": "Who is it?", "A": "A dog.", "video_name": "v", "pred1": "A dog", "pred2": "Rex"}
    said = [write(tmp_path, "generic_predictions.json", [one]), write(tmp_path, "consistency_predictions.json", [two])]
    found = read_predictions(said, items)
    assert {key: answer.text for key, answer in found.items()} == {
        "generic_qa/1": "A cat.", "consistency_qa/0/1": "A dog", "consistency_qa/0/2": "Rex",
    }  # fmt: skip
    strange = write(tmp_path, "strange.json", [{"Q": "Where?", "video_name": "v", "pred": "Here."}])
    with pytest.raises(InputError, match=r"entry 0.*no question 'Where\?'"):
        read_predictions([strange], items)


def test_pope_says_how_the_published_program_reads_the_rest(tmp_path):
    rows = "\n".join(f'{{"question_id": {n}, "image": "x", "text": "Is there a dog?", "label": "{label}"}}'
                     for n, label in enumerate(("yes", "no", "no")))  # fmt: skip
    path = write(tmp_path, "pope.json", rows)
    report = scored("pope", [path], {"0": "a picture of a dog", "1": "hm", "2": "No, none."})
    assert report.scores["accuracy"] == pytest.approx(100 / 3)
    # POPE's own program takes whatever holds no "no" or "not" for a yes.
    assert report.scores["accuracy, what is no 'no' read as yes"] == pytest.approx(200 / 3)
    assert "accuracy, what is no 'no' read as yes" not in scored("pope", [path], {"0": "yes", "1": "no"}).scores


def test_bleu_of_sentences_by_hand():
    # Two of four words, none of the longer runs: (2/4 * 0.1/3 * 0.1/2 * 0.1/1) ** (1/4), no penalty for length.
    assert sentence_bleu("a b x y", "a q b r") == pytest.approx((2 / 4 * 0.1 / 3 * 0.1 / 2 * 0.1 / 1) ** 0.25)
    assert sentence_bleu("a b c d", "a b c d") == 1 and sentence_bleu("x y", "a b") == sentence_bleu("", "a") == 0
    # One word of a reference of two: penalty exp(1 - 2), runs of 2 to 4 words count as 0.1 of 1.
    assert sentence_bleu("a", "a b") == pytest.approx(2.718281828**-1 * (1 * 0.1**3) ** 0.25)


def test_funqa_reports_its_own_bleu(real_data):
    import json

    path = real_data / "funqa" / "reference.json"
    rows = json.loads(path.read_text())
    said = {row["ID"]: row["output"].split(" ", 1)[-1] for row in rows}
    report = scored("funqa", [path], said)
    own = [sentence_bleu(said[row["ID"]], row["output"]) for row in rows if row["task"] == "H2"]
    assert report.scores["H2 BLEU-4 of sentences"] == pytest.approx(100 * sum(own) / len(own))


def test_calls_that_failed_leave_an_item_without_an_answer(tmp_path):
    rows = "\n".join(f'{{"question_id": {n}, "image": "x", "text": "Is there a dog?", "label": "yes"}}' for n in (0, 1))
    path = write(tmp_path, "pope.json", rows)
    for value in ({"0": "yes", "1": None}, [{"question_id": 0, "text": "yes"}, {"question_id": 1, "text": None}]):
        report = scored("pope", [path], read_predictions([write(tmp_path, "said.json", value)]))
        assert report.counts["missing"] == 1 and report.scores["accuracy"] == 50
        assert report.problems["items without an answer, scored as wrong"] == 1


def test_upd_tables_name_a_row_by_its_index_and_its_type(tmp_path):
    path = write(tmp_path, "mm_aad.json", upd_rows())
    items = BENCHMARKS["upd"].read([path], {})
    said = {"standard": "C", "upd": "None of the above"}
    rows = [{"index": row["index"], "type": row["type"], "prediction": said[row["type"]]} for row in upd_rows()]
    found = read_predictions([write(tmp_path, "table.json", rows)], items)
    assert set(found) == {item.id for item in items}
    assert BENCHMARKS["upd"].score(items, found, None).scores["aad dual"] == 50
    both = items + BENCHMARKS["upd"].read([write(tmp_path, "mm_ivqd.json", upd_rows())], {})
    with pytest.raises(InputError, match=r"aad/standard/1, ivqd/standard/1"):
        read_predictions([tmp_path / "table.json"], both)
