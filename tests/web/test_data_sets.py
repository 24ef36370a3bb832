"""The whole way of a reader through data sets as they are: toyworld's pictures, videos and 4D, and real samples."""

import io
import json
import re
from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlencode

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from explorer.columns import read_table
from explorer.index import build
from explorer.rgbd_sources import depth_png
from explorer.sources import open_sources
from psg4d.scenes import fuse_video, write_cloud
from scenegraph import Mask, Node, Relation, SceneGraph, Segment, Tube, Vocabulary, files
from scenegraph.formats.coco_panoptic import COCOPanopticFile
from scenegraph.formats.psg import PSGFile
from scenegraph.formats.psg4d import HOIFile
from scenegraph.formats.rgbd import RGBDFolder
from scenegraph.spans import Span
from tests.explorer.scenes import guess
from tests.web.conftest import served
from toyworld import datasets

EXPECTED = ("Failed to load resource",)
"""What Chromium itself reports for the masks that the public excerpt does not bring; the page says it in words."""

SIZE = (64, 80)
KINDS = ("image", "video", "rgbd")
PLURALS = {"person": "people", "child": "children"}


@dataclass(frozen=True)
class Worlds:
    """A served index over several data sets; graphs by item, as their files say."""

    address: str
    truth: dict[str, SceneGraph]
    predicted: dict[str, SceneGraph]

    def first(self, kind):
        """The first item of a kind that has relations."""
        return next(item for item, graph in self.truth.items() if graph.source.kind == kind and graph.relations)


def graphs_of(path):
    """(item id, graph with masks) of a data set file."""
    (source,) = open_sources(path)
    for entry in source.entries(0):
        masks = PSGFile.open(path).graph(entry.position) if path.name == "psg.json" else None
        yield entry.name, masks or source.read(entry.position).graph


@pytest.fixture(scope="session")
def worlds(tmp_path_factory, built_page):
    """Toyworld in the three true formats, with predictions, and the cloud of its 4D scene, in one index."""
    root = tmp_path_factory.mktemp("worlds")
    small = {"train": 1, "test": 0, "size": SIZE, "progress": False, "workers": 1}
    paths = [
        datasets.ensure_psg(root / "psg", **{**small, "train": 6}),
        datasets.ensure_pvsg(root / "pvsg", frames=8, seed=1, **small),
        datasets.ensure_psg4d(root / "psg4d", "hoi", frames=6, seed=2, **small),
    ]
    truth = {item: graph for path in paths for item, graph in graphs_of(path)}
    predicted = {item: guess(graph, number) for number, (item, graph) in enumerate(truth.items())}
    (root / "model").mkdir()
    for item, graph in predicted.items():
        files.save(graph, root / "model" / f"{item}.scenegraph.json")
    (space,) = (item for item, graph in truth.items() if graph.source.kind == "rgbd")
    scene = fuse_video(HOIFile.open(paths[2]), 0, voxel=0.2, progress=False)
    write_cloud(paths[2].parent / f"{space}.glb", scene.file)
    manifest = build({"truth": paths, "model": root / "model"}, root / "index", title="Toyworld", progress=False)
    assert not manifest.problems and not manifest.missing_pictures
    items = read_table(manifest.columns(root / "index") / "items.parquet")["item_id"].to_pylist()
    assert sorted(items) == sorted(truth)
    address, stop = served(root / "index")
    yield Worlds(address, truth, predicted)
    stop()


def triples(graph):
    return [
        (graph.category_name(r.subject), graph.predicate_name(r), graph.category_name(r.object))
        for r in graph.relations
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_find_look_compare_ask_and_share(worlds, open_page, kind):
    item = worlds.first(kind)
    graph = worlds.truth[item]
    wanted = triples(graph)[0]
    page = open_page(worlds.address)
    for facet, name in zip(("subject", "predicate", "object"), wanted, strict=True):
        row = page.get_by_role("radio", name=re.compile(f"^{re.escape(name)},"))  # “on” is not “sitting on”
        page.get_by_role("radiogroup", name=facet).locator(row).check()
    having = Counter({name: triples(each).count(wanted) for name, each in worlds.truth.items()})
    expect(page.locator("h1")).to_contain_text(f"{sum(count > 0 for count in having.values())} item")
    expect(page.locator("h1")).to_contain_text(f"{having.total()} relation")
    page.locator(f".card[data-item='{item}']").click()
    expect(page.locator("tr.chosen")).to_contain_text(wanted[1])
    expect(page.locator(".region.subject")).to_have_count(1)
    page.keyboard.press("v")
    expect(page.locator(".sides .stage")).to_have_count(2)
    cells = page.locator(".compared .state-cell")
    expect(cells.nth(len(graph.relations) - 1)).to_be_visible()
    said = Counter(cells.all_text_contents())
    assert said["found"] + said["missed"] == len(graph.relations)
    page.get_by_role("textbox", name="Question").fill(f"How many {PLURALS.get(wanted[0], wanted[0] + 's')} are there?")
    page.keyboard.press("Enter")
    count = sum(graph.category_name(node.id) == wanted[0] for node in graph.nodes)
    expect(page.locator(".answer .text")).to_contain_text(
        re.compile(rf"\b({count}|{number_word(count)})\b", re.IGNORECASE)
    )
    again = open_page(page.url)
    expect(again.locator(".compared tr.chosen")).to_contain_text(wanted[1])
    expect(again.locator(".compared .state-cell")).to_have_text(cells.all_text_contents())


def number_word(count):
    return ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")[min(count, 9)]


def test_the_scene_in_space_follows_time_and_comes_whole(worlds, open_page):
    item = worlds.first("rgbd")
    page = open_page(f"{worlds.address}#item={item}")
    heading = page.locator(".space h2")
    expect(heading).to_contain_text(re.compile(r"points, frame 0"))
    page.get_by_role("slider", name="Frame").fill("4")
    expect(heading).to_contain_text("frame 4")
    page.get_by_role("checkbox", name="whole scene").check()
    expect(heading).to_contain_text("the whole scene")
    page.locator(".node-chip").first.hover()
    expect(page.locator(".space .tag.node")).to_have_count(1)


@pytest.fixture(scope="session")
def real(tmp_path_factory, built_page, real_data):
    """Records of PSG without pictures, videos of PVSG without masks, and pictures of COCO with their masks."""
    root = tmp_path_factory.mktemp("real")
    sample = real_data / "coco_panoptic" / "sample_data"
    coco = COCOPanopticFile(sample / "panoptic_examples.json")
    (root / "coco").mkdir()
    for number in range(len(coco)):
        files.save(
            coco.graph(number, sample / "panoptic_examples"), root / "coco" / f"{coco.name(number)}.scenegraph.json"
        )
    sources = [real_data / "psg" / "psg_excerpt.json", real_data / "pvsg" / "pvsg_excerpt.json", root / "coco"]
    manifest = build(
        {"truth": sources}, root / "index", title="Real", pictures=[sample / "input_images"], progress=False
    )
    assert not manifest.problems
    address, stop = served(root / "index")
    yield address, manifest
    stop()


def test_real_records_are_counted_and_shown(real, open_page, real_data):
    address, manifest = real
    records = json.loads((real_data / "psg" / "psg_excerpt.json").read_text())
    page = open_page(address, allowed=EXPECTED)
    expect(page.locator("h1")).to_contain_text(f"{manifest.items} items")
    record = records["data"][0]
    predicate = records["predicate_classes"][record["relations"][0][2]]
    page.goto(f"{address}?{urlencode({'p': predicate})}#item={record['image_id']}&rel=0")
    expect(page.locator("tr.chosen")).to_contain_text(predicate)
    expect(page.locator(".triples tbody tr")).to_have_count(len(record["relations"]))
    expect(page.locator(".notices")).to_contain_text("picture was not found")
    expect(page.locator(".graph-node")).to_have_count(len(record["segments_info"]))


def test_a_real_video_has_its_spans_captions_and_questions(real, open_page, real_data):
    address, _ = real
    video = json.loads((real_data / "pvsg" / "pvsg_excerpt.json").read_text())["data"][0]
    page = open_page(f"{address}#item={video['video_id']}")
    expect(page.locator(".lane").first).to_be_visible()
    assert page.locator(".lane .bar.span").count() >= page.locator(".lane").count() > 0
    texts = [*video["captions"], *video["qa_pairs"], video["summary"]]
    expect(page.locator(".texts li")).to_have_count(len(texts))


@pytest.fixture(scope="session")
def recording(tmp_path_factory, built_page, real_data):
    """A real recording of a desk; its segments are the left half, the right half, and what is farther than 1.5 m."""
    root = tmp_path_factory.mktemp("recording")
    folder = real_data / "rgbd" / "tsdf_fusion_7scenes_style" / "rgbd-frames"
    frames = RGBDFolder.open(folder)
    halves = {0: [], 1: [], 2: []}
    for frame in range(len(frames)):
        far = frames.depth(frame) > 1.5
        left = np.arange(far.shape[1]) < far.shape[1] // 2
        for node, mask in enumerate((~far & left, ~far & ~left, far)):
            halves[node].append((frame, Segment(Mask.from_array(mask))))
    words = Vocabulary(("desk", "shelf"), ("room",), ("left of",))
    nodes = tuple(Node(node, node, Tube(dict(masks))) for node, masks in halves.items())
    graph = SceneGraph(frames.source, nodes, (Relation(0, 0, 1, spans=(Span(3, 9),)),), words)
    (root / "graphs").mkdir()
    files.save(graph, root / "graphs" / "desk.scenegraph.json")
    build({"graphs": root / "graphs"}, root / "index", title="Desk", pictures=[folder], progress=False)
    address, stop = served(root / "index")
    yield address, frames
    stop()


def test_a_real_recording_is_seen_in_space(recording, open_page):
    address, frames = recording
    page = open_page(f"{address}#item=desk&rel=0")
    heading = page.locator(".space h2")
    expect(heading).to_contain_text("frame 3")  # where the relation begins
    expect(page.locator(".space .tag.subject")).to_have_text("desk-1")
    expect(page.locator(".space .tag.object")).to_have_text("shelf-1")  # all of the scene is in sight
    for frame in (3, 14):
        page.get_by_role("slider", name="Frame").fill(str(frame))
        expect(heading).to_contain_text(f"frame {frame}")
        known = sampled(frames.depth(frame)) > 0
        assert int(heading.inner_text().split("Space ")[1].split(" point")[0].replace(",", "")) == known.sum()
    before = page.locator(".space .tag.subject").get_attribute("style")
    page.locator(".space-room").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(
        "before => document.querySelector('.space .tag.subject').getAttribute('style') !== before", arg=before
    )
    expect(page.locator(".notices")).to_have_count(0)


def sampled(depth):
    """The points of a depth map that the index keeps."""
    pixels = np.array(Image.open(io.BytesIO(depth_png(depth)))).astype(int)
    return 256 * pixels[..., 0] + pixels[..., 1]


def test_a_real_picture_has_its_masks(real, open_page, real_data):
    address, _ = real
    sample = real_data / "coco_panoptic" / "sample_data"
    coco = COCOPanopticFile(sample / "panoptic_examples.json")
    graph = coco.graph(0, sample / "panoptic_examples")
    page = open_page(f"{address}#item={coco.name(0)}")
    page.wait_for_function(f"() => document.querySelector('canvas.masks')?.width === {graph.source.width}")
    expect(page.locator(".frame img")).to_have_js_property("naturalWidth", graph.source.width)
    expect(page.locator(".node-chip")).to_have_count(len(graph.nodes))
    page.locator(".node-chip").first.hover()
    expect(page.locator(".region .line").first).to_be_attached()
    expect(page.locator(".notices")).to_have_count(0)
