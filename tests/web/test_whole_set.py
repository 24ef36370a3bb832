"""The whole data set: search in English, statistics, segments as COCO panoptic, files that are dropped."""

import io
import json
import zipfile

import numpy as np
from PIL import Image
from playwright.sync_api import expect

from scenegraph import files
from scenegraph.formats.coco_panoptic import COCOPanopticFile
from tests import factories
from tests.web.test_results import rows_of


def test_a_line_in_english_finds_and_shows_its_program(site, open_page):
    page = open_page(site.address)
    page.get_by_role("searchbox", name="Search all images").fill("a person riding a horse")
    page.keyboard.press("Enter")
    riding = [row for row in rows_of(site.graphs["truth"]) if row[1:4] == ("person", "riding", "horse")]
    expect(page.locator("h1")).to_contain_text(f"{len({row[0] for row in riding})} images")
    expect(page.locator(".search-note code")).to_have_text("exists(related(find(person), riding, find(horse)))")
    expect(page.locator(".card").first.locator(".words")).to_contain_text("riding")
    again = open_page(page.url)
    expect(again.locator(".card").first).to_be_visible()
    again.locator(".card").first.click()
    expect(again.locator("tr.chosen")).to_contain_text("riding")  # what answers is marked in the item
    again.go_back()
    again.get_by_role("searchbox", name="Search all images").fill("the florble of the wug")
    again.keyboard.press("Enter")
    expect(again.get_by_role("alert")).to_contain_text("do not include “florble”")


def test_statistics_count_and_lead_to_their_filter(site, open_page):
    page = open_page(f"{site.address}?s=person&view=statistics")
    rows = [row for row in rows_of(site.graphs["truth"]) if row[1] == "person"]
    counts = {name: sum(row[2] == name for row in rows) for name in {row[2] for row in rows}}
    expect(page.locator(".chart-predicates .bar-row")).to_have_count(len(counts))
    shown = page.locator(".chart-predicates .bar-row").evaluate_all(
        "rows => rows.map(row => ['.name', '.value'].map(part => row.querySelector(part).textContent))"
    )
    assert {name: int(value) for name, value in shown} == counts
    page.locator(".chart-predicates").get_by_role("checkbox", name="as a table").check()
    expect(page.locator(".chart-predicates tbody tr")).to_have_count(len(counts))
    square = page.locator(".square:not(.none)").first
    label = square.get_attribute("aria-label")
    square.click()
    expect(page.locator("h1")).to_contain_text(label.split(": ")[1])
    expect(page.locator(".card").first).to_be_visible()


def test_bars_of_a_histogram_lead_to_their_items_and_have_a_table(site, open_page):
    page = open_page(f"{site.address}?view=statistics")
    sizes = [len(graph.relations) for graph in site.graphs["truth"]]
    chart = page.locator(".chart-per-item")
    chart.get_by_role("checkbox", name="as a table").check()
    expect(chart.locator("tbody tr").first).to_be_visible()
    rows = chart.locator("tbody tr").evaluate_all("rows => rows.map(row => [...row.cells].map(c => c.textContent))")
    assert sum(int(count) for _, count in rows) == len(sizes)
    chart.get_by_role("checkbox", name="as a table").uncheck()
    bar = chart.get_by_role("link").last
    name, count = bar.get_attribute("aria-label").split(": ")
    least, most = (int(name.split("–")[place]) for place in (0, -1))
    assert int(count) == sum(least <= size <= most for size in sizes)
    bar.click()
    expect(page.locator("h1")).to_contain_text(f"{count} image")
    expect(page.locator("h1")).to_contain_text(f"{sum(size for size in sizes if least <= size <= most)} relation")
    again = open_page(page.url)
    expect(again.locator("h1")).to_contain_text(f"{count} image")
    again.get_by_role("button", name="Any number of relations").click()
    expect(again.locator("h1")).to_contain_text(f"{len(sizes)} images")


def test_bars_of_spans_lead_to_their_relations(films, open_page):
    page = open_page(f"{films.address}?view=statistics")
    graphs = films.graphs["truth"]
    bar = page.locator(".chart-spans").get_by_role("link").first
    name, count = bar.get_attribute("aria-label").split(": ")
    least, most = (int(name.split("–")[place]) for place in (0, -1))
    lengths = [[stop - start for start, stop in relation.spans] for graph in graphs for relation in graph.relations]
    assert int(count) == sum(least <= length <= most for spans in lengths for length in spans)
    bar.click()
    having = sum(any(least <= length <= most for length in spans) for spans in lengths)
    expect(page.locator("h1")).to_contain_text(f"{having} relation")


def test_segments_are_saved_as_coco_panoptic(site, open_page, tmp_path):
    page = open_page(f"{site.address}?p=riding")
    count = len({row[0] for row in rows_of(site.graphs["truth"]) if row[2] == "riding"})
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save the pictures as COCO panoptic").click()
    with zipfile.ZipFile(saved.value.path()) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path)
        coco = json.loads(archive.read("panoptic.json"))
        assert len(coco["images"]) == len(coco["annotations"]) == count
        name = {row["id"]: row["name"] for row in coco["categories"]}
        for image, annotation in zip(coco["images"], coco["annotations"], strict=True):
            graph = next(g for g in site.graphs["truth"] if g.source.uri.endswith(f"{image['item']}.jpg"))
            png = np.array(Image.open(io.BytesIO(archive.read(f"panoptic/{annotation['file_name']}")))).astype(int)
            ids = png[..., 0] + 256 * png[..., 1] + 65536 * png[..., 2]
            segments = annotation["segments_info"]
            assert [name[s["category_id"]] for s in segments] == [graph.category_name(n.id) for n in graph.nodes]
            for segment, node in zip(segments, graph.nodes, strict=True):
                assert ((ids == segment["id"]) == node.region.mask.array()).all()
                assert segment["area"] == node.region.mask.area
    again = COCOPanopticFile(tmp_path / "panoptic.json")  # our own reader understands it
    for number, image in enumerate(coco["images"]):
        graph = next(g for g in site.graphs["truth"] if g.source.uri.endswith(f"{image['item']}.jpg"))
        read = again.graph(number, tmp_path / "panoptic")
        assert [read.category_name(n.id) for n in read.nodes] == [graph.category_name(n.id) for n in graph.nodes]
        assert [n.region.mask for n in read.nodes] == [n.region.mask for n in graph.nodes]


DROP = """async ([name, text, type]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name, { type }));
  for (const kind of ['dragover', 'drop']) dispatchEvent(new DragEvent(kind, { dataTransfer: data, cancelable: true }));
}"""


def test_a_search_in_vain_says_why(site, open_page):
    page = open_page(f"{site.address}?q=a+person+holding+a+cup")
    expect(page.locator(".search-note")).to_contain_text("This data set names nothing “cup”.")
    expect(page.locator(".card")).to_have_count(0)
    line = page.get_by_role("searchbox", name="Search all images")
    line.fill("a persn riding a horse")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Search “A person riding a horse”").click()
    expect(page.locator(".search-note code")).to_have_text("exists(related(find(person), riding, find(horse)))")
    expect(line).to_have_value("A person riding a horse")
    line.fill("a red horse")
    page.keyboard.press("Enter")
    expect(page.locator(".search-note")).to_contain_text("This data set records no attributes")
    line.fill("a person not riding a horse")
    page.keyboard.press("Enter")
    expect(page.locator(".search-note")).to_contain_text("what is not in a graph counts as absent")
    expect(page.locator(".card").first).to_be_visible()


def test_a_dropped_graph_is_shown_and_a_picture_says_what_is_missing(site, open_page, tmp_path):
    park = factories.park()
    files.save(park, tmp_path / "park.scenegraph.json")
    page = open_page(site.address)
    page.evaluate(DROP, ["park.scenegraph.json", (tmp_path / "park.scenegraph.json").read_text(), "application/json"])
    expect(page.locator("h1")).to_have_text("park.scenegraph.json")
    expect(page.locator(".triples tbody tr")).to_have_count(len(park.relations))
    expect(page.locator(".notices")).to_contain_text("No picture was dropped with it")
    expect(page.locator(".ask")).to_contain_text("groundgraph ask FILE")
    expect(page.get_by_text("Compare the truth with")).to_have_count(0)  # the file is no part of it
    page.locator(".triples tbody tr").first.hover()
    expect(page.locator(".region.subject")).to_have_count(1)
    page.get_by_role("link", name="results").click()
    for name, text, kind, message in (
        ("photo.jpg", "no picture", "image/jpeg", "No predictor is configured"),
        ("graph.json", "{", "application/json", "graph.json is not valid JSON"),
        (
            "other.json",
            '{"schema": "other"}',
            "application/json",
            "other.json cannot be shown: it is not a",
        ),
        ("notes.txt", "hello", "text/plain", "Drop a picture, a graph file"),
        ("room.glb", "glTF", "model/gltf-binary", "drop it together with the graph file"),
    ):
        page.evaluate(DROP, [name, text, kind])
        expect(page.locator(".notices")).to_contain_text(message)
        expect(page.locator(".card").first).to_be_visible()
