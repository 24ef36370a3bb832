"""`groundgraph serve` and `groundgraph mcp` as programs: one question, one answer, the same evidence."""

import asyncio
import base64
import io
import json
import os
import signal
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from groundgraph.main import main
from scenegraph import files
from tests.assistant.scenes import birthday, riders
from toyworld import clips, scenes
from toyworld.metric_questions import metric_questions
from toyworld.questions import questions

COMMAND = [sys.executable, "-m", "groundgraph.main"]
CHOSEN = (
    ("riders", "Who is riding the horse?"),
    ("riders", "Is the car red?"),
    ("riders", "Why is the dog running?"),
    ("riders", "What is <point 16,12> holding?"),
    ("birthday", "When does the dog chase the ball?"),
    ("birthday", "What is the adult doing?"),
    ("birthday", "Is there a unicorn?"),
)
GENERATED = 40
"""Questions about each of three simulated graphs: a picture, a video, a video in metres."""


def simulated():
    """The graphs by name."""
    return {
        "picture": scenes.image(5).graph,
        "video": clips.video(6, frames=10, size=(48, 64)).graph,
        "metres": clips.video(7, frames=6, rgbd=True, size=(48, 64)).graph,
    }


@pytest.fixture(scope="module")
def asked(graphs):
    """Which graph, and what: chosen by hand, then generated."""
    rows = list(CHOSEN)
    for name, graph in simulated().items():
        made = [*metric_questions(graph, 1)] if name == "metres" else []
        made += [each for seed in range(8) for each in questions(graph, seed)]
        distinct = list(dict.fromkeys(each.question for each in made))
        rows += [(name, question) for question in distinct[:GENERATED]]
    return rows


@pytest.fixture(scope="module")
def graphs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("graphs")
    files.save(riders(), folder / "riders.scenegraph.json")
    files.save(birthday(), folder / "birthday.scenegraph.json")
    for name, graph in simulated().items():
        files.save(graph, folder / f"{name}.scenegraph.json")
    photo = np.zeros((48, 64, 3), dtype=np.uint8)
    photo[..., 1] = 200
    Image.fromarray(photo).save(folder / "riders.png")
    return folder


@pytest.fixture(scope="module")
def address(graphs):
    command = [*COMMAND, "serve", str(graphs), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            line = process.stderr.readline()
            assert line.startswith("5 models at http://127.0.0.1:"), line
            yield line.split()[3]
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)


def by_command(graphs, asked, capsys, monkeypatch):
    """One program a graph, which reads one question a line."""
    answers = {}
    for name in dict.fromkeys(name for name, _ in asked):
        own = [question for graph, question in asked if graph == name]
        monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(own)))
        assert main(["ask", str(graphs / f"{name}.scenegraph.json"), "--json"]) == 0
        lines = map(json.loads, capsys.readouterr().out.splitlines())
        answers |= {(name, question): answer for question, answer in zip(own, lines, strict=True)}
    return [answers[pair] for pair in asked]


def by_openai(address, asked):
    openai = pytest.importorskip("openai")
    with openai.OpenAI(base_url=address, api_key="unused") as client:
        completions = [
            client.chat.completions.create(model=f"scenegraph/{name}", messages=[{"role": "user", "content": question}])
            for name, question in asked
        ]
    messages = [completion.choices[0].message for completion in completions]
    assert [message.content for message in messages] == [message.grounding["text"] for message in messages]
    return [message.grounding for message in messages]


def by_mcp(graphs, asked):
    mcp = pytest.importorskip("mcp")
    from mcp.client.stdio import StdioServerParameters, stdio_client

    async def talk():
        arguments = ["-m", "groundgraph.main", "mcp", str(graphs)]
        server = StdioServerParameters(command=sys.executable, args=arguments, env={**os.environ})
        # The library's default is the sys.stderr of its first import, which a capturing test has replaced.
        async with mcp.Client(stdio_client(server, errlog=sys.__stderr__)) as client:
            results = [
                await client.call_tool("answer", {"graph": name, "question": question}) for name, question in asked
            ]
        return [result.structured_content for result in results]

    return asyncio.run(talk())


def test_three_clients_get_the_same_answer_with_the_same_evidence(graphs, address, asked, capsys, monkeypatch):
    expected = by_command(graphs, asked, capsys, monkeypatch)
    kinds = [(name, answer["status"]) for (name, _), answer in zip(asked, expected, strict=True)]
    assert len(kinds) >= 100 and all(kinds.count((name, "answered")) >= 20 for name in simulated())
    assert [answer["short"] for answer in expected[:2]] == ["person-1", "no"]
    assert by_openai(address, asked) == expected
    assert by_mcp(graphs, asked) == expected


def test_pictures_beside_the_graphs_are_shown(address):
    openai = pytest.importorskip("openai")
    with openai.OpenAI(base_url=address, api_key="unused") as client:
        completion = client.chat.completions.create(
            model="scenegraph/riders",
            messages=[{"role": "user", "content": "Where is the dog?"}],
            extra_body={"scenegraph": {"answer": ["picture"]}},
        )
    (part,) = completion.choices[0].message.attachments
    drawn = np.array(Image.open(io.BytesIO(base64.b64decode(part["image_url"]["url"].partition(",")[2]))))
    assert (drawn[-3, 3] == (0, 200, 0)).all()  # the corner of the photo


def test_the_model_of_the_command_line_makes_graphs_of_pictures(monkeypatch):
    import argparse

    from groundgraph import predict, serve
    from tests.factories import park

    asked = []

    class Predictor:
        def predict(self, image):
            asked.append(image.shape)
            return park()

    monkeypatch.setattr(predict, "predictor_of", lambda options, many: Predictor())
    parser = argparse.ArgumentParser()
    serve.add_arguments(parser)
    library = serve.library_of(parser.parse_args(["--segmenter", "eomt:models/eomt"]))
    content = io.BytesIO()
    Image.fromarray(np.zeros((20, 30, 3), dtype=np.uint8)).save(content, "JPEG")
    assert library.models() == ["scenegraph/picture"]
    served = library.of_picture(content.getvalue())
    assert served.assistant.ask("Who is holding the ball?").short == "person-1" and asked == [(20, 30, 3)]
    assert library.of_picture(content.getvalue()) is served and len(asked) == 1  # remembered


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["serve"], "give graph files"),
        (["serve", "nowhere.json"], "there is no such file"),
        (["serve", ".", "--port", "0"], "holds no NAME.scenegraph.json"),
        (["serve", "riders.scenegraph.json", "--host", "0.0.0.0"], "set a token"),
        (["serve", "riders.scenegraph.json", "--port", "99999"], "cannot listen"),
        (["serve", "riders.scenegraph.json", "--seconds", "0"], "--seconds"),
        (["serve", "--checkpoint", "nowhere.pth"], "no such checkpoint"),
        (["mcp", "riders.scenegraph.json", "--notes", "riders.scenegraph.json"], "line 1"),
        (["mcp", "riders.scenegraph.json", "--http", "--host", "0.0.0.0"], "set a token"),
    ],
)
def test_what_cannot_be_served(arguments, message, graphs, tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("GROUNDGRAPH_TOKEN", raising=False)
    monkeypatch.chdir(tmp_path if arguments[1:2] == ["."] else graphs)
    assert main(arguments) == 2
    assert message in capsys.readouterr().err
