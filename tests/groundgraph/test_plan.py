"""`groundgraph plan` as a person runs it."""

import json

import pytest

from groundgraph.main import main
from scenegraph import files
from tests.assistant.planning.kitchen import kitchen
from toyworld import clips


@pytest.fixture
def graph(tmp_path):
    path = tmp_path / "kitchen.scenegraph.json"
    files.save(kitchen(), path)
    return str(path)


def test_a_plan(graph, capsys):
    assert main(["plan", graph, "put the apple on the table", "--trace"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("1. go to refrigerator-1\n2. open refrigerator-1") and "apple-1 is on dining table-1" in out
    assert "affords 1.000" in out and "needs" in out


def test_json(graph, capsys):
    goal = '[{"is": "on", "subject": "apple-1", "object": "dining table-1"}]'
    assert main(["plan", graph, goal, "--json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert plan["schema"] == "groundgraph-plan/1" and len(plan["steps"]) == 5 and plan["steps"][1]["action"] == "open"


@pytest.mark.parametrize(
    ("goal", "code", "words"),
    [
        ("put the bottle on the table", 3, "dog-1 is a person"),
        ("put the cup on the table", 4, "which one is meant"),
        ("why", 5, "could not be read"),
        ("bring the spoon", 3, "does not show a spoon"),
    ],
)
def test_refusals(graph, capsys, goal, code, words):
    assert main(["plan", graph, goal]) == code
    assert words in capsys.readouterr().out
    assert main(["plan", graph, goal, "--simulate"]) == code


def test_simulated(graph, capsys):
    assert main(["plan", graph, "put all cups in the box", "--simulate", "--noise", "0.3", "--seed", "1"]) == 0
    out = capsys.readouterr().out
    assert "FAILED" in out and "reached after" in out
    assert main(["plan", graph, "put all cups in the box", "--simulate", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ending"] == "reached"


def test_a_video_is_looked_at_again_and_again(tmp_path, capsys):
    path = tmp_path / "clip.scenegraph.json"
    files.save(clips.video(5, frames=15, rgbd=True, size=(64, 80)).graph, path)
    assert main(["plan", str(path), "go to person-1", "--every", "1"]) == 0
    assert "at 0 s (frame 0): planned" in capsys.readouterr().out
    assert main(["plan", str(path), "go to person-1", "--every", "1", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["frame"] for row in rows] == [0, 5, 10]


def test_bad_input(graph, capsys):
    for options in (["--frame", "5"], ["--hands", "0"], ["--every", "1"], ["--simulate", "--noise", "2"]):
        assert main(["plan", graph, "go to the table", *options]) == 2
    assert main(["plan", graph, "[1, "]) == 2 and main(["plan", graph, '[{"is": "on"}]']) == 2
    assert "expected" in capsys.readouterr().err
