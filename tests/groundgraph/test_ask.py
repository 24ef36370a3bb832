"""`groundgraph ask`, `prompt` and `verify` as a person runs them."""

import io
import json

import jsonschema
import numpy as np
import pytest
from PIL import Image

from assistant.encoding import decode
from assistant.schemas import ANSWER_SCHEMA, VERIFICATION_SCHEMA
from groundgraph.main import main
from scenegraph import files
from tests.assistant.scenes import birthday, riders
from tests.assistant.servers import serving


@pytest.fixture(scope="module")
def picture(tmp_path_factory):
    path = tmp_path_factory.mktemp("ask") / "riders.scenegraph.json"
    files.save(riders(), path)
    return str(path)


@pytest.fixture(scope="module")
def video(tmp_path_factory):
    path = tmp_path_factory.mktemp("ask") / "birthday.scenegraph.json"
    files.save(birthday(), path)
    return str(path)


def test_an_answer_with_its_evidence(picture, capsys):
    assert main(["ask", picture, "Who is riding the horse?"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "person-1 is riding horse-1.",
        "",
        "status    answered, confidence 0.90",
        "evidence  relation 0: person-1 riding horse-1 (nodes 0, 2), score 0.90",
        "          node 0: person-1, box 14 8 20 22, score 0.95",
        "          node 2: horse-1, box 10 18 26 34, score 0.92",
        "read as   which(related(find(person), riding, the(find(horse))))",
    ]


@pytest.mark.parametrize(
    ("question", "code", "word"),
    [
        ("Is there a cat?", 3, "unanswerable (absent object)"),
        ("What is the person doing?", 4, "ambiguous (ambiguous referent)"),
        ("Why is the dog running?", 5, "unparsed (needs judgement)"),
        ("", 5, "unparsed (empty question)"),
    ],
)
def test_exit_codes_say_how_it_ended(picture, capsys, question, code, word):
    assert main(["ask", picture, question]) == code
    assert f"status    {word}" in capsys.readouterr().out


def test_a_complete_graph_and_a_trace(picture, capsys):
    assert main(["ask", picture, "Is the dog eating?", "--closed-world", "--trace"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("No. The graph, taken as complete, does not show dog-1 eating")
    assert "N0 = find(dog): 1 node (3)" in shown and "ANSWER = holds(" in shown


def test_json_answers_follow_the_schema(picture, capsys):
    assert main(["ask", picture, "What is the dog chasing?", "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    jsonschema.validate(value, ANSWER_SCHEMA)
    assert value["nodes"] == [4] and value["citations"][0]["relation"] == 6


def test_a_video_is_answered_in_seconds_and_frames(video, capsys):
    assert main(["ask", video, "When does the dog chase the ball?"]) == 0
    assert "at 3.6-5.6 s (frames 18-27)" in capsys.readouterr().out


def test_a_conversation_ends_with_the_input(picture, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("who is eating?\n\nis there a cat?\n"))
    assert main(["ask", picture, "--json"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["short"] for line in lines] == ["person-3", "not shown"]


def test_own_words_and_a_server(picture, tmp_path, capsys):
    words = tmp_path / "words.json"
    words.write_text('{"same": [["dog", "doggo"]]}')
    assert main(["ask", picture, "Is there a doggo?", "--words", str(words)]) == 0
    program = '{"op": "count", "nodes": {"op": "find", "categories": ["dog"]}}'
    with serving(program) as (address, _):
        assert main(["ask", picture, "quantify canine presence", "--llm", address]) == 0
    assert "the language model read the question as count(find(dog))" in capsys.readouterr().out


def test_min_score_leaves_out_what_a_model_does_not_believe(picture, capsys):
    assert main(["ask", picture, "Is the horse in front of the tree?", "--min-score", "0.65"]) == 3
    assert main(["ask", picture, "Is the horse in front of the tree?", "--min-score", "0.6"]) == 0
    for wrong in ("nan", "7", "-1", "much"):
        with pytest.raises(SystemExit, match="2"):
            main(["ask", picture, "Is there a dog?", f"--min-score={wrong}"])
    assert "relation 12: horse-1 in front of tree-merged-1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ask", "missing.json", "x"], "missing.json"),
        (["ask", "{graph}", "x", "--llm", "nowhere"], "expected the address of an OpenAI-compatible server"),
        (["ask", "{graph}", "x", "--words", "missing-words.json"], "missing-words.json"),
        (["prompt", "{graph}", "--budget", "3"], "the budget is 3"),
        (["prompt", "{graph}", "--tokenizer", "nowhere"], "nowhere"),
        (["verify", "{graph}", "  "], "there is no text to verify"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(picture, capsys, arguments, message):
    assert main([argument.format(graph=picture) for argument in arguments]) == 2
    assert message in capsys.readouterr().err


def test_prompt(picture, capsys):
    assert main(["prompt", picture, "--question", "What is the dog chasing?", "--budget", "260", "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert value["tokens"] <= 260
    assert {3, 4} <= {node.id for node in decode(value["prompt"]).nodes}
    assert main(["prompt", picture, "--boxes"]) == 0
    assert "(left top right bottom" in capsys.readouterr().out
    assert main(["prompt", picture, "--question", "What is left of the dog?", "--no-boxes"]) == 0
    assert "(left top right bottom" not in capsys.readouterr().out


def test_verify(picture, capsys, monkeypatch):
    assert main(["verify", picture, "A person is riding a horse. The car is blue."]) == 0
    assert main(["verify", picture, "A person is riding a horse. The car is red. Hmm."]) == 1
    shown = capsys.readouterr().out.splitlines()[-4:]
    assert shown == [
        "supported         A person is riding a horse",
        "                  by person-1 riding horse-1",
        "contradicted      The car is red",
        "not read          Hmm",
    ]
    monkeypatch.setattr("sys.stdin", io.StringIO("There is a dog."))
    assert main(["verify", picture, "--json"]) == 0
    jsonschema.validate(json.loads(capsys.readouterr().out), VERIFICATION_SCHEMA)


def test_nothing_that_is_typed_steers_the_terminal_or_breaks_the_output(picture, capsys, monkeypatch):
    assert main(["verify", picture, "Hm\x1b[31m.", "--min-score", "0"]) == 1
    assert "\x1b" not in capsys.readouterr().out
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    monkeypatch.setattr("sys.stdout", out)
    assert main(["ask", picture, "Who is \udcff riding the horse?", "--json"]) == 0  # a byte that is no UTF-8
    out.flush()
    assert json.loads(out.buffer.getvalue())["short"] == "person-1"


@pytest.mark.parametrize("command", ["ask", "prompt", "verify"])
def test_help_teaches_with_examples(command, capsys):
    with pytest.raises(SystemExit) as caught:
        main([command, "--help"])
    assert caught.value.code == 0
    assert f"groundgraph {command} photo.scenegraph.json" in capsys.readouterr().out


def test_regions_and_kinds_of_answers(picture, tmp_path, capsys):
    files_wanted = {kind: tmp_path / f"{kind}.png" for kind in ("mask", "picture")}
    options = [word for kind, path in files_wanted.items() for word in (f"--{kind}", str(path))]
    assert main(["ask", picture, "What is this holding?", "--region", '{"point": [17, 15]}', *options]) == 0
    assert capsys.readouterr().out.startswith("person-1 is holding umbrella-1.")
    mask = np.asarray(Image.open(files_wanted["mask"]))
    umbrella = np.zeros((48, 64), dtype=bool)
    umbrella[4:9, 12:22] = True
    assert np.array_equal(mask > 0, umbrella)
    assert Image.open(files_wanted["picture"]).width >= 64


def test_a_mask_file_points(picture, tmp_path, capsys):
    mask = np.zeros((48, 64), dtype=np.uint8)
    mask[26:33, 40:47] = 255
    Image.fromarray(mask).save(tmp_path / "dog.png")
    assert main(["ask", picture, "What is this chasing?", "--region", str(tmp_path / "dog.png")]) == 0
    assert capsys.readouterr().out.startswith("dog-1 is chasing sports ball-1.")


def test_a_clip_and_a_stretch_of_time(video, tmp_path, capsys):
    clip = tmp_path / "clip.gif"
    question = "What is the dog chasing?"
    assert main(["ask", video, question, "--region", '{"frames": [18, 22]}', "--clip", str(clip)]) == 0
    assert Image.open(clip).info["duration"] == 5 * 200  # equal pictures become one, shown for longer
    assert "dog-1 is chasing ball-1." in capsys.readouterr().out


def test_an_answer_in_the_form_of_a_schema(picture, tmp_path, capsys):
    schema = tmp_path / "schema.json"
    wanted = {"count": {"type": "integer"}, "answer": {"type": "string"}}
    schema.write_text(json.dumps({"type": "object", "properties": wanted, "required": ["count"]}))
    assert main(["ask", picture, "How many people are there?", "--schema", str(schema)]) == 0
    assert json.loads(capsys.readouterr().out) == {"count": 3, "answer": "3"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--region", '{"point": [17]}'], "expected 2 numbers"),
        (["--region", "there"], "not valid JSON"),
        (["--region", "none.png"], "no such file"),
        (["--mask", "out.png", "--closed-world"], None),
    ],
)
def test_kinds_that_cannot_be(picture, tmp_path, capsys, monkeypatch, options, message):
    monkeypatch.chdir(tmp_path)
    question = "Is there a cat?" if message is None else "What is this?"
    assert main(["ask", picture, question, *options]) == 2
    assert (message or "no node that could be shown") in capsys.readouterr().err
    assert not (tmp_path / "out.png").exists()


def test_no_answer_has_its_own_exit_code_whatever_it_should_come_as(picture, tmp_path, capsys):
    """A schema that nothing fits, or a mask of nothing, is no bad input where the graph has no answer."""
    schema, mask = tmp_path / "schema.json", tmp_path / "mask.png"
    schema.write_text(
        json.dumps({"type": "object", "required": ["count"], "properties": {"count": {"type": "integer"}}})
    )
    for option in (["--schema", str(schema)], ["--mask", str(mask)]):
        assert main(["ask", picture, "Is there a zebra?", *option]) == 3
        assert "The graph does not show a zebra" in capsys.readouterr().err
    assert not mask.exists()


@pytest.mark.parametrize("form", ["incidence", "triples", "json", "table", "locations"])
def test_prompts_in_every_form(picture, capsys, form):
    assert main(["prompt", picture, "--form", form, "--question", "What is the dog chasing?"]) == 0
    assert "chasing" in capsys.readouterr().out


def test_prompts_with_examples_a_schema_and_marks(picture, video, tmp_path, capsys):
    graphs = tmp_path / "graphs"
    graphs.mkdir()
    files.save(birthday(), graphs / "birthday.scenegraph.json")
    marks = tmp_path / "marks.png"
    options = ["--examples", str(graphs), "--schema", "claims", "--marks", str(marks), "--budget", "1500"]
    assert main(["prompt", picture, "--question", "What is the dog chasing?", *options]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("Example\nscene graph of a video") and '"enum":[0,1,2' in shown
    assert Image.open(marks).width >= 512
    assert main(["prompt", picture, "--examples", str(graphs)]) == 2
    assert "--question" in capsys.readouterr().err
