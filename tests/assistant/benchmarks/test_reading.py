"""Reading the answers of models, predictions of any layout, and files that are none of a benchmark."""

import pytest

from assistant.benchmarks.catalogue import BENCHMARKS
from assistant.benchmarks.items import Answer
from assistant.benchmarks.reading import numbers, option, refuses, span, yes_or_no
from assistant.benchmarks.running import read_predictions
from scenegraph import InputError
from tests.assistant.benchmarks.scoring import write


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Yes", "yes"),
        ("No.", "no"),
        ("no, there is a cat", "no"),
        ("Yes, it is not far", "yes"),
        ("maybe", None),
        ("", None),
    ],
)
def test_yes_or_no(text, read):
    assert yes_or_no(text) == read


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("B", 1), ("b)", 1), ("(B) a red car", 1), ("The answer is B.", 1), ("a red car", 1), ("It is a red car.", 1),
        ("A car", 0), ("Answer: C", 2), ("nothing", None), ("", None), ("E", None), ("a car or a bus", None),
    ],
)  # fmt: skip
def test_option(text, at):
    assert option(text, ("a car", "a red car", "a bus")) == at


def test_refusals_numbers_and_spans():
    assert refuses("I cannot answer this.") and refuses("The image and question are irrelevant.")
    assert not refuses("It is a dog.")
    assert numbers("12-50 s, 3.5") == [12, 50, 3.5]
    assert span("50 to 12") == (12, 50) and span("1 2 3") is None


def test_predictions_of_any_layout(tmp_path):
    files = [
        write(tmp_path, "a.json", {"1": "yes", "2": [3, 7.5]}),
        write(tmp_path, "b.jsonl", '{"question_id": 3, "text": "no"}\n{"question_id": 2, "answer": "later"}'),
        write(tmp_path, "c.json", {"Interaction": [{"question_id": "I_1", "answer": 2}]}),
    ]
    found = read_predictions(files)
    assert found["2"] == Answer("later", ((3.0, 7.5),))
    assert found["3"].text == "no" and found["I_1"].text == "2"
    for bad in ([{"text": "no id"}], {"1": {"nothing": 1}}, 3, {"1": ["x", "y"]}):
        with pytest.raises(InputError):
            read_predictions([write(tmp_path, "bad.json", bad)])
    grid = read_predictions(
        [write(tmp_path, "g.json", [{"questionId": "9", "prediction": "dog", "attention": [[1, 0], [0, 0]]}])]
    )
    assert grid["9"].regions[0] == ((0, 0, 0.5, 0.5), 1.0)


def test_every_adapter_names_what_it_cannot_read(tmp_path):
    strange = write(tmp_path, "strange.json", [{"foo": 1}])
    for name, benchmark in BENCHMARKS.items():
        with pytest.raises(InputError):
            benchmark.read([strange], {"problem": "aad"})
        with pytest.raises(InputError):
            benchmark.read([write(tmp_path, f"{name}.json", "{broken")], {"problem": "aad"})
