"""`groundgraph chat`, piped and typed."""

import io
import json

import pytest

from groundgraph.main import main
from scenegraph import files
from tests.assistant.scenes import birthday, riders


@pytest.fixture(scope="module")
def graphs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("graphs")
    files.save(riders(), folder / "riders.json")
    files.save(birthday(), folder / "birthday.json")
    return folder


def talk(monkeypatch, capsys, graphs, *lines, options=()):
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
    assert main(["chat", str(graphs / "riders.json"), *options]) == 0
    return capsys.readouterr()


def test_turns_refer_to_earlier_ones(monkeypatch, capsys, graphs):
    lines = ("Who is riding the horse?", "", "And what is she holding?", "What is <point 900,900>?", "Where is it?")
    said = talk(monkeypatch, capsys, graphs, *lines, options=["--json"])
    answers = [json.loads(line) for line in said.out.splitlines()]
    assert [answer.get("short") for answer in answers] == [
        *("person-1", "umbrella-1", None, "person-1 is holding umbrella-1"),
    ]
    assert "outside the picture" in answers[2]["error"]


def test_commands(monkeypatch, capsys, graphs):
    lines = ("/trace", "Who is riding the horse?", "/trace", "/graph", "/help", "/new", "What is she holding?")
    lines += (f"/open {graphs / 'birthday.json'}", "When does the dog chase the ball?", "/open nowhere", "/dance")
    said = talk(monkeypatch, capsys, graphs, *lines, "/quit", "Is there a dog?")
    assert said.out.startswith("nothing was run yet")
    assert "ANSWER = which" in said.out and "end of graph" in said.out and "/quit     stop" in said.out
    assert "frames 18-27" in said.out
    assert "'she' may mean person-1, person-2 or person-3; which one?" in said.out  # of a new conversation
    assert "dog-1." not in said.out.rpartition("frames 18-27")[2]  # nothing after /quit
    assert "nowhere" in said.err and "/dance is no command" in said.err


def test_a_person_can_edit_and_stop(monkeypatch, capsys, graphs, tmp_path):
    typed = iter(["Is there a dog?"])

    def read(prompt):
        assert prompt == "? "
        try:
            return next(typed)
        except StopIteration:
            raise EOFError from None

    terminal = io.StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr("sys.stdin", terminal)
    monkeypatch.setattr("builtins.input", read)
    monkeypatch.setenv("GROUNDGRAPH_HISTORY", str(tmp_path / "history"))
    assert main(["chat", str(graphs / "riders.json")]) == 0
    said = capsys.readouterr()
    assert "/help" in said.err and "Yes. The graph shows dog-1." in said.out
