"""The built page over a small index, in a real Chromium."""

import os
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import uvicorn
from PIL import Image

from explorer import server
from explorer.index import build
from explorer.page_files import page_folder
from scenegraph import InputError, Mask, Node, Relation, SceneGraph, Segment, Source, Vocabulary, files
from scenegraph.formats.clouds import CloudFile, write_cloud
from scenegraph.point_cloud import PointCloud
from tests import factories
from tests.explorer.scenes import guess, rgbd_video, write_predictions, write_rgbd, write_truth, write_video

COUNT = 60
PATIENCE = 90_000
"""Milliseconds; a build machine may be busy, and waiting costs nothing where nothing is wrong."""

MARKUP = '<img src=x onerror="window.hacked=1"><b>bold</b>'
LONG = "very long name " * 700


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.web)


@pytest.fixture(scope="session")
def built_page():
    """The page's folder; without it the tests skip, but on the build server that is a failure."""
    try:
        return page_folder()
    except InputError as error:
        if os.environ.get("CI"):
            pytest.fail(f"{error}")
        pytest.skip(f"{error}")


@pytest.fixture(scope="package")
def browser(built_page):
    playwright = pytest.importorskip("playwright.sync_api")
    playwright.expect.set_options(timeout=PATIENCE)
    program = shutil.which(os.environ.get("CHROMIUM", "chromium"))
    if program is None:
        pytest.skip("needs Chromium: `make browser`, or set CHROMIUM to its path")
    options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=options)
        yield browser
        browser.close()


@dataclass(frozen=True)
class Site:
    """A served index and the graphs it was made from."""

    address: str
    index: Path
    data: Path
    graphs: dict[str, list[SceneGraph]]


def served(index: Path) -> tuple[str, Callable[[], None]]:
    """Serve an index in a thread; its address, and how to stop it."""
    server.ANSWER_SECONDS = PATIENCE / 1000
    running, addresses, ready = [], [], threading.Event()

    class Noted(uvicorn.Server):
        def __init__(self, config):
            super().__init__(config)
            running.append(self)

    original = uvicorn.Server
    uvicorn.Server = Noted

    def note(address):
        addresses.append(address)
        ready.set()

    thread = threading.Thread(target=server.serve, args=(index,), kwargs={"port": 0, "on_ready": note}, daemon=True)
    thread.start()
    assert ready.wait(PATIENCE / 1000)
    uvicorn.Server = original

    def stop():
        running[0].should_exit = True
        thread.join(10)

    return addresses[0], stop


@pytest.fixture(scope="session")
def site(tmp_path_factory, built_page):
    """Sixty painted scenes with the predictions of a middling model, and of a worse one."""
    root = tmp_path_factory.mktemp("site")
    truth = write_truth(root / "data", COUNT)
    predicted = write_predictions(root / "model", truth)
    second = write_predictions(root / "second", list(map(guess, truth, range(COUNT))))
    sources = {"truth": root / "data", "model": root / "model", "second": root / "second"}
    build(sources, root / "index", title="Painted scenes", progress=False)
    address, stop = served(root / "index")
    yield Site(address, root / "index", root / "data", {"truth": truth, "model": predicted, "second": second})
    stop()


def striped(uri, names, predicates, height=40):
    """A graph of vertical stripes, two pixels wide, one for each name, each related to the next."""
    words = Vocabulary(tuple(dict.fromkeys(names)), (), predicates)
    nodes = []
    for position, name in enumerate(names):
        array = np.zeros((height, 2 * len(names)), bool)
        array[:, 2 * position : 2 * position + 2] = True
        nodes.append(
            Node(position, words.category_id(name), Segment(Mask.from_array(array)), attributes={"note": name})
        )
    relations = tuple(Relation(i, i % len(predicates), i + 1) for i in range(len(names) - 1))
    return SceneGraph(Source("image", uri, height, 2 * len(names)), tuple(nodes), relations, words)


@pytest.fixture(scope="session")
def rough(tmp_path_factory, built_page):
    """Everything that can be wrong with an item, side by side."""
    root = tmp_path_factory.mktemp("rough")
    data = root / "data"
    write_truth(data, 6)
    (data / "panoptic" / "scene-001.png").unlink()
    Image.new("RGB", (50, 50)).save(data / "panoptic" / "scene-002.png")
    (data / "images" / "scene-003.jpg").unlink()
    Image.new("RGB", (100, 100)).save(data / "images" / "scene-004.jpg")
    (data / "images" / "scene-005.jpg").write_bytes(b"no picture")
    more = root / "more"
    more.mkdir()
    files.save(striped("markup.png", (MARKUP, "dog"), (MARKUP,)), more / "markup.scenegraph.json")
    files.save(striped("long.png", (LONG, "dog"), (LONG,)), more / "long.scenegraph.json")
    files.save(striped("many.png", [f"thing {i}" for i in range(500)], ("beside",)), more / "many.scenegraph.json")
    files.save(factories.park_video(), more / "clip.scenegraph.json")
    park = factories.park()
    files.save(replace(park, relations=()), more / "still.scenegraph.json")
    loops = replace(park, relations=(Relation(0, 2, 0), Relation(0, 1, 2), Relation(0, 2, 2)))
    files.save(loops, more / "loop.scenegraph.json")
    (more / "broken.scenegraph.json").write_text('{"schema": "scenegr')
    write_video(root / "videos")
    build({"graphs": [data, more, root / "videos"]}, root / "index", title="Rough", progress=False)
    address, stop = served(root / "index")
    yield Site(address, root / "index", data, {})
    stop()


def cloud_of_the_park(graph):
    """Forty points of the first node, forty that another graph called otherwise, and twenty of nobody."""
    rng = np.random.default_rng(0)
    nodes = np.repeat([graph.nodes[0].id, graph.nodes[1].id, -1], (40, 40, 20))
    points = rng.normal(size=(100, 3)) * 0.2 + [[0.0, 0.0, 2.0]] + np.maximum(nodes, 0)[:, None] * [[0.4, 0.0, 0.0]]
    names = {graph.nodes[0].id: graph.label(graph.nodes[0].id), graph.nodes[1].id: "unicorn-7"}
    return CloudFile(PointCloud.of(points, nodes=nodes), np.array([0.0, -1.0, 0.0]), names)


@pytest.fixture(scope="session")
def films(tmp_path_factory, built_page):
    """A video with captions and an RGB-D video, with the predictions of a model that misses and adds."""
    root = tmp_path_factory.mktemp("films")
    captions = [{"time": "0000-0003", "description": "The person (1) holds the ball (3)."}]
    questions = [{"time": "0005", "question": "What does the dog (2) chase?", "answer": "The ball (3)."}]
    video = write_video(root / "video", captions, questions)
    space, depths = rgbd_video()
    write_rgbd(root / "space", space, depths)
    write_cloud(root / "space" / "CAM1_park.glb", cloud_of_the_park(space))
    (root / "model").mkdir()
    graphs = {"park.mp4": video, "CAM1_park": space}
    for name, graph in graphs.items():
        kept = [replace(r, score=0.9 - 0.1 * i) for i, r in enumerate(graph.relations[1:])]
        added = Relation(kept[-1].subject, 0, kept[-1].object, 0.95, kept[-1].spans)
        guess = replace(graph, relations=(*kept, added), metadata={})
        files.save(guess, root / "model" / f"{name}.scenegraph.json")
    truth = [root / "video", root / "space"]
    build({"truth": truth, "model": root / "model"}, root / "index", title="Films", progress=False)
    address, stop = served(root / "index")
    yield Site(address, root / "index", root, {"truth": list(graphs.values())})
    stop()


@pytest.fixture
def open_page(browser):
    """Open a page that may speak to its own host only and must not report any error."""
    contexts, faults = [], []

    def opened(address, dark=False, width=1440, height=900, allowed=(), **options):
        scheme = "dark" if dark else "light"
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        host = "/".join(address.split("/")[:3])

        def on_console(message):
            if message.type in ("error", "warning") and not any(text in message.text for text in allowed):
                faults.append(message.text)

        def on_request(request):
            if not request.url.startswith((host, "blob:" + host, "data:")):
                faults.append(f"request to {request.url}")

        page.on("console", on_console)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", on_request)
        page.goto(address)
        page.wait_for_selector("#main")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not faults, faults
