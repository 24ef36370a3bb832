"""`groundgraph generate` against a scripted server."""

import json

import pytest

from groundgraph.main import main
from scenegraph import files
from tests.assistant.servers import serving
from tests.groundgraph.test_predict import panoptic

ANSWER = json.dumps({"relations": [{"subject": 0, "predicate": "on", "object": 1, "score": 0.8}]})


def generate(*words):
    return main(["generate", *map(str, words)])


@pytest.fixture
def given(tmp_path):
    """A photo, the options that name its segments, and a list of predicates."""
    photo, png, info = panoptic(tmp_path / "in")
    words = tmp_path / "words.txt"
    words.write_text("on\nbeside\n")
    return photo, ("--segments", png, "--segments-info", info, "--predicates", words), tmp_path / "out"


def test_a_photo(given, capsys, monkeypatch):
    photo, options, out = given
    monkeypatch.setenv("GROUNDGRAPH_API_KEY", "secret")
    with serving(ANSWER) as (server, script):
        assert generate(photo, *options, "--out", out, "--server", server, "--model", "eyes") == 0
    assert script.requests[0]["model"] == "eyes" and script.headers[0]["Authorization"] == "Bearer secret"
    assert "person-1 on grass-1" in capsys.readouterr().out
    assert sorted(path.name for path in out.iterdir()) == ["photo.graph.png", "photo.scenegraph.json"]
    text = (out / "photo.scenegraph.json").read_text()
    assert "secret" not in text
    graph = files.load(out / "photo.scenegraph.json")
    assert graph.vocabulary.predicates == ("on", "beside")
    assert graph.metadata["generator"]["model"] == "eyes"


def test_the_same_question_is_asked_once(given, capsys):
    photo, options, out = given
    with serving(ANSWER) as (server, script):
        words = (photo, *options, "--out", out, "--server", server)
        assert generate(*words) == 0 and generate(*words) == 0
        assert len(script.requests) == 1
        assert "kept" in capsys.readouterr().out
        assert generate(*words, "--most", 5) == 0 and generate(*words, "--again") == 0
        assert len(script.requests) == 3
        (out / "photo.scenegraph.json").write_text("broken")
        assert generate(*words) == 0
        assert len(script.requests) == 4


def test_segments_of_graphs_and_own_words(given, capsys):
    photo, options, out = given
    answer = ANSWER.replace('"on"', '"standing on"')
    with serving(ANSWER) as (server, _):
        assert generate(photo, *options, "--out", out, "--server", server) == 0
    with serving(answer) as (server, script):
        words = ("--server", server, "--open", "--out", out.parent / "open", "--json")
        capsys.readouterr()
        assert generate(photo, "--segments", out, *words) == 0
        (entry,) = json.loads(capsys.readouterr().out)
        assert entry["relations"] == [{"relation": "person-1 standing on grass-1", "score": 0.8}]
        assert generate(photo, "--segments", out / "photo.scenegraph.json", *words, "--again") == 0
        assert len(script.requests) == 2


def test_without_a_list_any_words_will_do(given):
    photo, options, out = given
    with serving(ANSWER) as (server, _):
        assert generate(photo, *options[:4], "--out", out, "--server", server) == 0
    assert files.load(out / "photo.scenegraph.json").metadata["generator"]["predicates"] == "open"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('["on", "in"]', ("on", "in")),
        ('{"predicate_classes": ["in"], "data": []}', ("in",)),
        ("on\n\n in \n", ("on", "in")),
    ],
)
def test_lists_of_predicates(given, text, names):
    photo, options, out = given
    options[-1].write_text(text)
    with serving('{"relations": []}') as (server, _):
        assert generate(photo, *options, "--out", out, "--server", server) == 0
    assert files.load(out / "photo.scenegraph.json").vocabulary.predicates == names


def test_a_server_that_is_down_stops_after_a_few_photos(given, capsys):
    photo, options, out = given
    folder = photo.parent / "photos"
    folder.mkdir()
    (folder.parent / "maps").mkdir()
    for number in range(5):
        (folder / f"p{number}.jpg").write_bytes(photo.read_bytes())
        (folder.parent / "maps" / f"p{number}.png").write_bytes(options[1].read_bytes())
    info = json.loads(options[3].read_text())
    (first,) = info["annotations"]
    info["annotations"] = [{**first, "file_name": f"p{number}.png", "image_id": number} for number in range(5)]
    options[3].write_text(json.dumps(info))
    words = ("--segments", folder.parent / "maps", *options[2:], "--out", out)
    with serving((500, b"")) as (server, script):
        assert generate(folder, *words, "--server", server) == 2
        assert len(script.requests) == 3
    assert "3 photos in a row" in capsys.readouterr().err
    assert not out.exists()
    with serving(ANSWER, (500, b""), ANSWER) as (server, script):
        assert generate(folder, *words, "--server", server) == 2
    assert len(list(out.glob("*.scenegraph.json"))) == 4
    assert "1 of 5 photos have no graph" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda w: [*w, "--server", "ftp://x"], "server address"),
        (lambda w: [*w, "--timeout", "0"], "--timeout 0"),
        (lambda w: [*w, "--most", "0"], "most is 0"),
        (lambda w: [w[0], "--segments", w[2]], "needs --segments-info"),
        (lambda w: [w[0], "--segments", w[2].parent], "there is no such file"),
        (lambda w: [*w[:5], "--predicates", w[0].parent / "none.txt"], "none.txt"),
        (lambda w: [*w[:5], "--predicates", w[4]], "predicate_classes"),
    ],
)
def test_wrong_options(given, capsys, change, message):
    photo, options, out = given
    words = change([photo, *options])
    if "--server" not in words:
        words = [*words, "--server", "http://127.0.0.1:9"]
    assert generate(*words, "--out", out) == 2
    assert message in capsys.readouterr().err
    assert not out.exists()


def test_garbage_writes_nothing(given, capsys):
    photo, options, out = given
    with serving("I see no evil.") as (server, _):
        assert generate(photo, *options, "--out", out, "--server", server) == 2
    assert "told once" in capsys.readouterr().err
    assert not out.exists()


def test_real_photo(tmp_path, real_data):
    folder = real_data / "coco_panoptic" / "sample_data"
    answer = json.dumps({"relations": [{"subject": 10, "predicate": "riding", "object": 25}]})
    words = ("--segments", folder / "panoptic_examples", "--segments-info", folder / "panoptic_examples.json")
    with serving(answer) as (server, _):
        assert (
            generate(folder / "input_images" / "000000439180.jpg", *words, "--server", server, "--out", tmp_path) == 0
        )
    graph = files.load(tmp_path / "000000439180.scenegraph.json")
    assert [graph.sentence(relation) for relation in graph.relations] == ["person-11 riding horse-10"]
    assert len(graph.metadata["generator"]["marks"]) == 32
