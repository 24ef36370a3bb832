"""What is missing, broken or hostile is said, never run, and the rest goes on."""

import functools
import http.server
import re
import threading

import numpy as np
import pytest
from playwright.sync_api import expect

from explorer import site as static
from explorer.index import build
from tests.explorer.scenes import write_truth
from tests.web.conftest import served

EXPECTED = ("Failed to load resource",)
"""What Chromium itself reports for a file that is missing; the page says it in words."""


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ("scene-001", "Boxes are shown instead of masks."),
        ("scene-002", "The mask picture is 50 × 50 pixels, the graph 240 × 180."),
        ("scene-003", "The picture was not found when the index was built"),
        ("scene-004", "The picture is 100 × 100 pixels, the graph describes 240 × 180"),
        ("scene-005", "The picture cannot be loaded"),
        ("broken", "The graph could not be read: broken.scenegraph.json: the JSON ends too early"),
        ("absent", "The index has no item “absent”."),
    ],
)
def test_what_is_wrong_is_said(rough, open_page, item, message):
    page = open_page(f"{rough.address}#item={item}", allowed=EXPECTED)
    expect(page.locator(".notices")).to_contain_text(message)
    if item.startswith("scene"):
        expect(page.locator(".triples tbody tr").first).to_be_visible()
        page.locator(".node-chip").first.hover()
        expect(page.locator(".region").first).to_be_attached()  # boxes stand in for masks
    page.get_by_role("link", name="results").click()
    expect(page.locator(".card").first).to_be_visible()


def test_an_item_deleted_meanwhile_is_said(site, open_page):
    page = open_page(f"{site.address}?p=riding", allowed=EXPECTED)
    expect(page.locator(".card").first).to_be_visible()
    page.route("**/*.scenegraph.json", lambda route: route.fulfill(status=404))
    page.locator(".card").first.click()
    expect(page.locator(".notices")).to_contain_text("The graph of this item")
    page.get_by_role("link", name="results").click()
    expect(page.locator(".card").first).to_be_visible()


@pytest.mark.parametrize(
    "address",
    [
        "?page=-1&min=cup&k=1e9&iou=x&size=9-2&span=1-2-3&state=lost&other=&view=nothing&also=model",
        "?s=%E0%A4%A&p=%00&page=99999999999",
        "?against=model&also=model&state=extra&other=extra",
        "#item=scene-002&rel=x&node=-4&frame=1e9&time=7-3",
        "#item=&rel=1",
        "#%",
    ],
)
def test_a_broken_address_shows_what_can_be_shown(site, open_page, address):
    page = open_page(f"{site.address}{address}")
    expect(page.locator("h1")).to_be_visible()
    page.goto(site.address)
    expect(page.locator(".card")).to_have_count(48)


def test_the_grid_goes_on_around_broken_items(rough, open_page):
    page = open_page(rough.address, allowed=EXPECTED)
    expect(page.locator(".card")).to_have_count(14)
    expect(page.locator(".card[data-item=broken]")).to_contain_text("graph not readable")
    expect(page.locator(".card[data-item=scene-003]")).to_contain_text("no picture")
    expect(page.locator(".card[data-item=scene-005]")).to_contain_text("picture cannot be shown")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("1 graph could not be read")


def test_markup_in_names_stays_text(rough, open_page):
    page = open_page(rough.address, allowed=EXPECTED)
    page.get_by_role("searchbox", name="Search subjects").fill("onerror")
    page.keyboard.press("Enter")
    expect(page.locator(".card")).to_have_count(1)
    expect(page.locator(".card .words")).to_contain_text("<img src=x onerror=")
    page.locator(".card").click()
    expect(page.locator(".details h2")).to_contain_text("<b>bold</b>")
    page.locator(".node-chip").first.click()
    expect(page.locator(".details")).to_contain_text("onerror")
    assert page.evaluate("() => window.hacked") is None
    assert page.locator("img[src=x]").count() == 0


def test_long_names_are_cut(rough, open_page):
    page = open_page(f"{rough.address}#item=long&rel=0", allowed=EXPECTED)
    expect(page.locator(".details h2")).to_contain_text("…")
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="results").click()
    expect(page.locator(".card").first).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".facet").first.bounding_box()["width"] <= page.locator(".facets").bounding_box()["width"]
    assert max(len(text) for text in page.locator(".row .name, .words").all_text_contents()) < 300


def test_five_hundred_segments_are_shown(rough, open_page):
    page = open_page(f"{rough.address}#item=many")
    expect(page.locator(".graph-node")).to_have_count(500)
    expect(page.locator(".triples tbody tr")).to_have_count(499)
    page.locator(".node-chip").nth(250).hover()
    expect(page.locator("tr.touched")).to_have_count(2)


def test_five_hundred_nodes_use_the_room_of_the_graph(rough, open_page):
    page = open_page(f"{rough.address}#item=many")
    expect(page.locator(".graph-node")).to_have_count(500)
    middles, height = page.evaluate(
        "() => [[...document.querySelectorAll('.graph-node')].map(n => n.transform.baseVal[0].matrix)"
        ".map(m => [m.e, m.f]), document.querySelector('.graph svg').height.baseVal.value]"
    )
    places = np.array(middles)
    apart = np.linalg.norm(places[:, None] - places[None], axis=-1) + 1e3 * np.eye(len(places))
    assert np.ptp(places[:, 1]) > 0.9 * height
    nearest = np.percentile(apart.min(axis=0), [5, 50])
    assert (nearest > (18, 27)).all(), nearest  # dots are 18 pixels across: they do not cover each other


def test_a_video_shows_the_regions_of_a_frame(rough, open_page):
    page = open_page(f"{rough.address}#item=clip&node=2")
    expect(page.locator(".details")).to_contain_text("no pixel here")  # the dog comes in frame 2
    page.goto(f"{rough.address}#item=clip&node=2&frame=4")
    expect(page.locator(".details")).to_contain_text("of the picture")
    expect(page.get_by_role("slider", name="Frame")).to_have_value("4")


def test_a_video_shows_the_frame_in_which_a_relation_holds(rough, open_page):
    page = open_page(f"{rough.address}#item=park.mp4&rel=2")  # the dog chases the ball in 4 to 7
    picture = page.locator(".frame canvas.picture")
    expect(picture).to_have_attribute("data-frame", "4")
    expect(page.locator("tr.chosen")).to_contain_text("4–7")
    page.keyboard.press(".")
    expect(picture).to_have_attribute("data-frame", "5")
    expect(page).to_have_url(re.compile("frame=5"))
    page.locator(".triples tbody tr").nth(0).click()  # holds in 5 too: the frame stays
    expect(picture).to_have_attribute("data-frame", "5")
    page.locator(".triples tbody tr").nth(1).click()  # 0 to 3 and 8 to 9
    expect(picture).to_have_attribute("data-frame", "0")


def test_graphs_without_relations_and_self_relations(rough, open_page):
    page = open_page(f"{rough.address}#item=still")
    expect(page.get_by_text("This graph has no relations.")).to_be_visible()
    page.goto(f"{rough.address}#item=loop&rel=0")
    expect(page.locator(".edge.strong")).to_have_count(1)
    page.goto(f"{rough.address}#item=loop&rel=77")
    expect(page.get_by_text("This graph has no relation 77")).to_be_visible()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('{"schema": "groundgraph-index/9"}', "this page reads “groundgraph-index/4”"),
        ("{", "damaged"),
        ('{"schema": "groundgraph-index/4"}', "damaged"),
    ],
)
def test_an_index_of_another_version_is_refused(site, browser, body, message):
    page = browser.new_page()
    page.route("**/manifest.json", lambda route: route.fulfill(body=body, content_type="application/json"))
    page.goto(site.address)
    expect(page.get_by_role("alert")).to_contain_text(message)
    page.close()


def test_damaged_tables_are_named(site, browser):
    page = browser.new_page()
    page.route("**/truth.relations.parquet", lambda route: route.fulfill(body=b"PAR1 nothing"))
    page.goto(site.address)
    expect(page.get_by_role("alert")).to_contain_text("truth.relations.parquet is damaged")
    page.close()


def test_an_index_rebuilt_meanwhile_is_noticed(tmp_path, browser, built_page):
    write_truth(tmp_path / "data", 3)
    build({"truth": tmp_path / "data", "model": tmp_path / "data"}, tmp_path / "index", progress=False)
    address, stop = served(tmp_path / "index")
    page = browser.new_page()
    page.goto(address)
    expect(page.locator(".card")).to_have_count(3)
    write_truth(tmp_path / "data2", 4)
    build({"truth": tmp_path / "data2", "model": tmp_path / "data2"}, tmp_path / "index", progress=False)
    page.get_by_role("radio", name="model").click()
    expect(page.get_by_role("alert")).to_contain_text("Load the page again")
    page.get_by_role("button", name="Load again").click()
    expect(page.locator(".card")).to_have_count(4)
    page.close()
    stop()


def test_a_plain_file_server_is_enough(site, open_page, tmp_path):
    static.export(site.index, tmp_path / "site", progress=False)
    handler = functools.partial(_Quiet, directory=str(tmp_path / "site"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as plain:
        threading.Thread(target=plain.serve_forever, daemon=True).start()
        page = open_page(f"http://127.0.0.1:{plain.server_port}/?p=riding")
        expect(page.locator(".card").first.locator(".words")).to_contain_text("riding")
        page.locator(".card").first.click()
        page.wait_for_function("() => document.querySelectorAll('.region .line').length === 2")
        expect(page.locator(".ask")).to_contain_text("questions need the server")
        expect(page.locator(".ask input")).to_have_count(0)  # nobody is there to answer
        plain.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass
