"""The server gives the page, the index and answers; nothing else, to nobody else."""

import json
import logging
import shutil
import socket
import threading
import urllib.request

import pytest
import uvicorn
from fastapi.testclient import TestClient

from explorer import layout, page_files, questions, server
from explorer.index import build
from explorer.server import create_app
from scenegraph import InputError, files
from tests.explorer.scenes import write_truth

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A stand-in for the built page: these tests are about serving it, tests/web about the page itself."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "assets").mkdir()
    (folder / "index.html").write_text("<!doctype html><title>the page</title>")
    (folder / "favicon.svg").write_text("<svg/>")
    (folder / "assets" / "index-abc.js").write_text("0")
    return folder


@pytest.fixture
def client(scenes, page, monkeypatch):
    monkeypatch.setattr(server, "page_folder", lambda: page)
    with TestClient(create_app(scenes.index), base_url="http://127.0.0.1:8765") as client:
        yield client


def test_serves_the_page_and_the_index(client, scenes):
    version = scenes.manifest.version
    for path, kind in {
        "/": "text/html",
        "/assets/index-abc.js": "text/javascript",
        "/favicon.svg": "image/svg+xml",
        "/index/manifest.json": "application/json",
        "/index/service.json": "application/json",
        f"/index/columns/{version}/items.parquet": "",
        f"/index/columns/{version}/model.relations.parquet": "",
        "/index/graphs/truth/03/scene-003.scenegraph.json": "application/json",
        "/index/graphs/truth/03/scene-003.png": "image/png",
        "/index/images/03/scene-003.jpg": "image/jpeg",
        "/index/thumbnails/03/scene-003.jpg": "image/jpeg",
    }.items():
        response = client.get(path)
        assert response.status_code == 200, path
        assert response.content and kind in response.headers.get("content-type", ""), path


def test_every_response_carries_the_security_headers(client):
    for path in ("/", "/index/manifest.json", "/nowhere", "/api/ask"):
        headers = client.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    "path",
    [
        "/../../setup.cfg",
        "/%2e%2e/%2e%2e/setup.cfg",
        "/assets/..%2f..%2f..%2fserver.py",
        "/assets/%2e%2e%2fserver.py",
        "/index/../manifest.json",
        "/index/.groundgraph-index",
        "/index/columns/{version}/..%2f..%2fmanifest.json",
        "/index/columns/../items.parquet",
        "/index/columns/{version}/unlisted.parquet",
        "/index/graphs/truth/03/..%2f..%2f..%2fmanifest.json",
        "/index/graphs/../03/scene-003.scenegraph.json",
        "/index/graphs/other/03/scene-003.scenegraph.json",
        "/index/graphs/truth/04/scene-003.scenegraph.json",
        "/index/graphs/truth/03/scene-003.json",
        "/index/images/03/scene-003.jpg%00.png",
        "/index/images/03/scene-003",
        "/index/images/03/scene-003.html",
        "/index/images/03/%2fetc%2fpasswd",
        "/index/images//etc/passwd",
        "/index/thumbnails/03/%2e%2e.jpg",
        "/index/thumbnails/xx/absent-xx.jpg",
        "/explorer/server.py",
        "/openapi.json",
        "/docs",
    ],
)
def test_gives_no_other_file(client, scenes, page, path):
    (page / "assets" / "secret").mkdir(exist_ok=True)
    response = client.get(path.format(version=scenes.manifest.version))
    assert response.status_code in (404, 405), path
    assert "groundgraph-index" not in response.text


def test_is_not_reached_under_a_foreign_name(client):
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400
    assert client.get("/", headers={"host": "localhost:8765"}).status_code == 200


def test_only_known_methods(client):
    assert client.put("/index/manifest.json", content=b"{}").status_code == 405
    assert client.delete("/index/manifest.json").status_code == 405


def test_large_and_malformed_questions_are_refused(client):
    question = {"set": "truth", "item": "scene-003", "question": "who?"}
    assert client.post("/api/ask", content=b"x" * (server.MAX_BODY + 1)).status_code == 413
    assert client.post("/api/ask", json={**question, "question": "x" * (server.MAX_QUESTION + 1)}).status_code == 422
    assert client.post("/api/ask", json={**question, "set": "other"}).status_code == 404
    assert client.post("/api/ask", json={**question, "item": "../scene-003"}).status_code == 422
    assert client.post("/api/ask", content=b"{").status_code == 422
    # A form on another site can send text, never JSON.
    body = json.dumps(question)
    assert client.post("/api/ask", content=body, headers={"content-type": "text/plain"}).status_code == 422


def test_a_body_that_lies_about_its_length_is_refused(client):
    def endless():
        for _ in range(100):
            yield b"x" * 1024

    assert client.post("/api/ask", content=endless()).status_code == 413


def test_slow_answers_are_given_up(client, monkeypatch):
    waiting = threading.Event()
    monkeypatch.setattr(server, "ANSWER_SECONDS", 0.05)
    monkeypatch.setattr(questions.Questions, "answer", lambda *_: waiting.wait(5) and {})
    try:
        response = client.post("/api/ask", json={"set": "truth", "item": "scene-003", "question": "who?"})
        assert response.status_code == 504
    finally:
        waiting.set()


def test_answers_from_the_graph_with_citations(client, scenes, monkeypatch):
    monkeypatch.setattr(server, "ANSWER_SECONDS", 600.0)  # how long it takes is not what is tested here
    graph = scenes.truth[3]
    riding = next(r for r in graph.relations if graph.predicate_name(r) == "riding")
    body = {"set": "truth", "item": "scene-003", "question": "Who is riding the horse?"}
    answer = client.post("/api/ask", json=body).json()
    assert answer["status"] == "answered"
    assert answer["short"] == graph.label(riding.subject)
    cited = {c["relation"] for c in answer["citations"] if c["kind"] == "relation"}
    assert graph.relations.index(riding) in cited


def test_searches_the_whole_set(client):
    found = client.post("/api/search", json={"set": "truth", "question": "a person riding a horse"}).json()
    assert found["schema"] == "groundgraph-search/1" and found["items"] and "riding" in found["program"]
    assert client.post("/api/search", json={"set": "other", "question": "a dog"}).status_code == 404
    assert client.post("/api/search", json={"set": "truth", "question": "x" * 1001}).status_code == 422
    assert client.get("/index/service.json").json() == {"ask": True, "search": True, "predict": False}


def test_a_picture_becomes_a_graph_where_there_is_a_predictor(client, scenes, page, monkeypatch):
    kind = {"content-type": "application/octet-stream"}
    assert client.post("/api/predict", content=b"picture", headers=kind).status_code in (404, 405)

    def predict(picture):
        if picture != b"picture":
            raise InputError("this is no picture")
        return scenes.truth[0]

    monkeypatch.setattr(server, "page_folder", lambda: page)
    with TestClient(create_app(scenes.index, predict=predict), base_url="http://127.0.0.1") as configured:
        assert configured.get("/index/service.json").json()["predict"]
        answer = configured.post("/api/predict", content=b"picture", headers=kind)
        assert files.loads(answer.text) == scenes.truth[0]
        refused = configured.post("/api/predict", content=b"other", headers=kind)
        assert (refused.status_code, refused.json()["detail"]) == (422, "this is no picture")
        plain = {"content-type": "text/plain"}
        assert configured.post("/api/predict", content=b"picture", headers=plain).status_code == 415
        huge = b"x" * (server.MAX_PICTURE + 1)
        assert configured.post("/api/predict", content=huge, headers=kind).status_code == 413


def test_a_rebuilt_index_is_noticed(tmp_path, page, monkeypatch):
    monkeypatch.setattr(server, "page_folder", lambda: page)
    write_truth(tmp_path / "data", 2)
    before = build({"truth": tmp_path / "data"}, tmp_path / "index", progress=False)
    with TestClient(create_app(tmp_path / "index"), base_url="http://127.0.0.1") as client:
        shutil.rmtree(tmp_path / "data")
        write_truth(tmp_path / "data", 3)
        after = build({"truth": tmp_path / "data"}, tmp_path / "index", progress=False)
        assert client.get(f"/index/columns/{before.version}/items.parquet").status_code == 410
        assert client.get(f"/index/columns/{after.version}/items.parquet").status_code == 200


def test_an_index_that_goes_away_is_said(tmp_path, page, monkeypatch):
    monkeypatch.setattr(server, "page_folder", lambda: page)
    write_truth(tmp_path / "data", 1)
    manifest = build({"truth": tmp_path / "data"}, tmp_path / "index", progress=False)
    with TestClient(create_app(tmp_path / "index"), base_url="http://127.0.0.1") as client:
        shutil.rmtree(tmp_path / "index")
        assert client.get("/index/manifest.json").status_code == 404
        response = client.get(f"/index/columns/{manifest.version}/items.parquet")
    assert response.status_code == 503 and "build it again" in response.text
    with pytest.raises(InputError, match="no index"):
        create_app(tmp_path)


def test_a_broken_picture_is_a_missing_thumbnail(tmp_path, page, monkeypatch):
    monkeypatch.setattr(server, "page_folder", lambda: page)
    write_truth(tmp_path / "data", 2)
    (tmp_path / "data" / "images" / "scene-000.jpg").write_bytes(b"no picture")
    build({"truth": tmp_path / "data"}, tmp_path / "index", progress=False)
    (tmp_path / "data" / "images" / "scene-001.jpg").unlink()
    with TestClient(create_app(tmp_path / "index"), base_url="http://127.0.0.1") as client:
        for key in ("scene-000", "scene-001"):
            response = client.get(f"/index/thumbnails/{layout.shard(key)}/{key}.jpg")
            assert response.status_code == 404
            assert str(tmp_path) not in response.text


def test_a_page_that_was_not_built_says_how_to_build_it(scenes, monkeypatch, tmp_path):
    monkeypatch.setattr(page_files, "files", lambda _: tmp_path)
    with TestClient(create_app(scenes.index), base_url="http://127.0.0.1") as client:
        response = client.get("/")
    assert response.status_code == 503 and "npm run build" in response.text
    with pytest.raises(InputError, match="npm run build"):
        server.serve(scenes.index, port=0)


def test_a_taken_port_is_an_error(scenes, page, monkeypatch):
    monkeypatch.setattr(server, "page_folder", lambda: page)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(InputError, match="choose another port"):
            server.serve(scenes.index, port=taken.getsockname()[1])
    with pytest.raises(InputError, match="choose another port"):
        server.serve(scenes.index, port=123456)


def test_listens_on_this_machine_only_and_says_where(scenes, page, monkeypatch, tmp_path):
    log = logging.FileHandler(tmp_path / "log")
    monkeypatch.setattr(server, "page_folder", lambda: page)
    running, addresses = [], []
    startup = uvicorn.Server.startup

    async def noted(self, sockets=None):
        running.append((self, sockets[0].getsockname()[0]))
        await startup(self, sockets)

    monkeypatch.setattr(uvicorn.Server, "startup", noted)
    options = {"port": 0, "on_ready": addresses.append}
    thread = threading.Thread(target=server.serve, args=(scenes.index,), kwargs=options)
    thread.start()
    try:
        while not addresses:
            thread.join(0.02)
            assert thread.is_alive()
        with urllib.request.urlopen(addresses[0]) as response:
            assert b"the page" in response.read()
    finally:
        for served, _ in running:
            served.should_exit = True
        thread.join(10)
    assert running[0][1] == "127.0.0.1" and addresses[0].startswith("http://127.0.0.1:")
    assert log.stream is not None  # the log files of others stay open
    log.close()
