"""The assistant answers benchmarks from graphs, goes on after an interruption, and says what is missing."""

import json
from collections import Counter

import pytest

from assistant import Assistant
from assistant.benchmarks.catalogue import BENCHMARKS
from assistant.benchmarks.items import Item
from assistant.benchmarks.reading import yes_or_no
from assistant.benchmarks.running import answer_items, reply
from groundgraph.evaluate_benchmark import NAMES
from groundgraph.main import main
from scenegraph import InputError, files
from tests.assistant.scenes import riders

SETTINGS = {"closed_world": True, "min_score": 0.3}


@pytest.fixture
def pope(tmp_path):
    graphs = tmp_path / "graphs"
    graphs.mkdir()
    files.save(riders(), graphs / "riders.scenegraph.json")
    asked = [
        ("riders.jpg", "dog", "yes"),
        ("riders.jpg", "cat", "no"),
        ("riders.jpg", "horse", "yes"),
        ("lost.jpg", "dog", "no"),
    ]
    rows = [{"question_id": n, "image": image, "text": f"Is there a {noun} in the image?", "label": label}
            for n, (image, noun, label) in enumerate(asked)]  # fmt: skip
    path = tmp_path / "pope.json"
    path.write_text("\n".join(map(json.dumps, rows)))
    return path, graphs


def test_the_command_knows_every_adapter():
    assert set(NAMES) == set(BENCHMARKS)


def test_the_assistant_answers_and_missing_media_are_counted(pope, capsys):
    path, graphs = pope
    arguments = [
        "evaluate",
        "--benchmark",
        "pope",
        str(path),
        "--graphs",
        str(graphs),
        "--complete",
        "--quiet",
        "--json",
    ]
    assert main(arguments) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["counts"]["answered"] == 3 and report["counts"]["missing"] == 1
    assert report["scores"]["accuracy"] == 75 and report["scores"]["accuracy of readable answers"] == 100
    assert report["problems"]["items whose picture or video has no graph"] == 1


def test_an_interrupted_run_goes_on(pope, tmp_path):
    path, _ = pope
    items = BENCHMARKS["pope"].read([path], {})[:3]
    journal = tmp_path / "answers"
    whole = answer_items(items, lambda media: riders(), journal, SETTINGS, Counter())
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(lines[:2]) + lines[2][:9])  # one answer, and one that was cut off
    again = answer_items(items, lambda media: riders(), journal, SETTINGS, Counter())
    assert again == whole

    def never(media):
        raise AssertionError("everything is answered already")

    assert answer_items(items, never, journal, SETTINGS, Counter()) == whole
    with pytest.raises(InputError, match="settings"):
        answer_items(items, never, journal, {**SETTINGS, "min_score": 0.9}, Counter())


def test_answers_carry_regions(pope, tmp_path):
    items = BENCHMARKS["pope"].read([pope[0]], {})[:1]
    (answer,) = answer_items(items, lambda media: riders(), tmp_path / "answers", SETTINGS, Counter()).values()
    assert answer.text == "yes"
    assert sum(weight for _, weight in answer.regions) == pytest.approx(1)
    assert all(0 <= edge <= 1 for box, _ in answer.regions for edge in box)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What is the dog chasing?", "sports ball"),
        ("What is on the dining table?", "cup"),
        ("Is there a zebra?", "no"),  # the vocabulary has no such word, and the graph is complete
        ("How many people are there?", "3"),
    ],
)
def test_replies_are_in_the_words_of_benchmarks(question, text):
    assistant = Assistant(riders(), closed_world=True)
    assert reply(assistant, Item("1", question, "riders", "")).text == text


def test_an_open_graph_does_not_say_no():
    answer = reply(Assistant(riders()), Item("1", "Is there a zebra?", "riders", ""))
    assert answer.text != "no" and yes_or_no(answer.text) != "yes"


def test_bad_use_is_named(pope, tmp_path, capsys):
    path, graphs = pope
    for arguments in (
        [str(path)],
        [str(path), "--predictions", str(path), "--graphs", str(graphs)],
        [str(path), "--predictions", str(tmp_path / "none.json")],
        [str(path), "--graphs", str(tmp_path / "none")],
        [str(path), "--graphs", str(graphs), "--set", "nonsense"],
        [str(path), "--predictions", str(path), "--judge", "nowhere"],
    ):
        assert main(["evaluate", "--benchmark", "pope", "--quiet", *arguments]) == 2
        assert "groundgraph:" in capsys.readouterr().err
    assert main(["evaluate", str(path)]) == 2
    assert "TRUTH and PREDICTIONS" in capsys.readouterr().err


def test_nothing_answered_is_a_failure(pope, tmp_path, capsys):
    empty = tmp_path / "predictions.json"
    empty.write_text('{"99": "yes"}')
    assert main(["evaluate", "--benchmark", "pope", str(pope[0]), "--predictions", str(empty)]) == 1
    assert "without an answer" in capsys.readouterr().out
