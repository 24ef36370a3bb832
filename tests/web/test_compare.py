"""Truth against predictions: states, filters, numbers, and the picture of both."""

import json
from dataclasses import replace

import numpy as np
import pyarrow.parquet as pq
import pytest
from playwright.sync_api import expect

from explorer.columns import read_table
from explorer.index import build
from explorer.manifest import Manifest
from scenegraph import files
from tests.explorer.scenes import write_truth
from tests.web.conftest import served
from tests.web.test_item import riding_scene


def is_found(site, name="model", threshold="50", k=20):
    """Of every true relation, from the tables of the index."""
    columns = Manifest.read(site.index).columns(site.index)
    return pq.read_table(columns / f"{name}.truth_ranks.parquet")[f"rank_{threshold}"].to_numpy() < k


def states(site, threshold="50", k=20, name="model"):
    """(found, missed, extra) relations, counted in Python from the tables of the index."""
    columns = Manifest.read(site.index).columns(site.index)
    found = is_found(site, name, threshold, k)
    rows = pq.read_table(columns / f"{name}.ranks.parquet")
    extra = (rows["rank"].to_numpy() < k) & (rows[f"truth_{threshold}"].to_numpy() < 0)
    return int(found.sum()), int((~found).sum()), int(extra.sum())


@pytest.mark.parametrize("k", [5, 20])
def test_states_are_counted_as_the_index_has_them(site, open_page, k):
    page = open_page(f"{site.address}?against=model&k={k}")
    found, missed, extra = states(site, k=k)
    bar = page.locator(".states").first
    expect(bar).to_contain_text(f"found {found}")
    expect(bar).to_contain_text(f"missed {missed}")
    expect(bar).to_contain_text(f"extra {extra}")
    numbers = Manifest.read(site.index).sets[1].comparison
    recall = 100 * numbers["recall"][1][numbers["ks"].index(k)]
    expect(page.locator(".numbers")).to_contain_text(f"R@{k} {round(recall)} %")


def test_a_state_filters_and_its_address_reproduces_it(site, open_page):
    page = open_page(site.address)
    page.keyboard.press("v")
    page.get_by_role("radio", name="missed").first.check()
    _, missed, extra = states(site)
    expect(page.locator("h1")).to_contain_text(f"{missed} relations")
    expect(page.locator(".card").first.locator(".card-state")).to_have_text("missed")
    again = open_page(page.url)
    expect(again.locator("h1")).to_contain_text(f"{missed} relations")
    again.get_by_role("radio", name="extra").check()
    expect(again.get_by_role("radio", name="model", exact=True)).to_be_checked()  # extra relations are predicted ones
    expect(again.locator("h1")).to_contain_text(f"{extra} relations")


def test_two_predictions_are_filtered_by_state_together(site, open_page):
    page = open_page(f"{site.address}?against=model&also=second")
    first, second = (page.get_by_role("radiogroup", name=f"Relations by state, {name}") for name in ("model", "second"))
    heading = page.locator("h1")
    for group, name in ((first, "model"), (second, "second")):
        for state, count in zip(("found", "missed", "extra"), states(site, name=name), strict=True):
            expect(group).to_contain_text(f"{state} {count}")
    second.get_by_role("radio", name="missed").check()
    first.get_by_role("radio", name="found").check()
    both = int((is_found(site) & ~is_found(site, "second")).sum())
    expect(heading).to_contain_text(f"{both} relation")
    expect(first).to_contain_text(f"missed {int((~is_found(site) & ~is_found(site, 'second')).sum())}")
    expect(page.locator(".card").first.locator(".card-state")).to_have_text(["found", "missed"])
    again = open_page(page.url)
    expect(again.locator("h1")).to_contain_text(f"{both} relation")
    second.get_by_role("radio", name="extra").check()  # those are relations of the second prediction
    expect(heading).to_contain_text(f"{states(site, name='second')[2]} relation")
    expect(first.get_by_role("radio", name="all")).to_be_checked()
    expect(page.get_by_role("radio", name="second", exact=True)).to_be_checked()
    page.get_by_role("radio", name="truth", exact=True).check()  # no true relation is extra: all are shown
    expect(heading).to_contain_text(f"{len(is_found(site))} relation")


def test_both_pictures_share_hover_and_selection(site, open_page):
    item, graph, position = riding_scene(site)
    page = open_page(f"{site.address}?against=model#item={item}")
    expect(page.locator(".sides .stage")).to_have_count(2)
    columns = Manifest.read(site.index).columns(site.index)
    row = next(row for row, known in enumerate(site.graphs["truth"]) if known is graph)
    items = read_table(columns / "truth.relations.parquet")["item"].to_numpy()
    ranks = pq.read_table(columns / "model.truth_ranks.parquet")["rank_50"].to_numpy()[items == row]
    shown = page.locator(".compared tbody tr")
    expected = ["found" if rank < 20 else "missed" for rank in ranks]
    expect(shown.nth(len(expected) - 1)).to_be_visible()
    cells = page.locator(".compared .state-cell").all_text_contents()
    assert cells[: len(expected)] == expected and set(cells[len(expected) :]) <= {"extra"}
    shown.nth(position).click()
    page.mouse.move(2, 2)
    expect(page.locator(".sides .region.subject")).to_have_count(2)  # the pair is marked in the prediction too
    expect(page.locator(".numbers")).to_contain_text(f"{expected.count('found')} of {len(expected)}")
    again = open_page(page.url)
    expect(again.locator(".compared tr.chosen")).to_have_count(1)


@pytest.fixture(scope="module")
def renumbered(tmp_path_factory, built_page):
    """Two scenes of the test split: one predicted with other ids and a node that is none, one not predicted."""
    root = tmp_path_factory.mktemp("renumbered")
    truth = write_truth(root / "data", 3)
    first = truth[0]
    new = {node.id: 50 - node.id for node in first.nodes}
    nodes = [replace(node, id=new[node.id]) for node in first.nodes]
    wrong = next(number for number, node in enumerate(nodes) if first.category_name(50 - node.id) == "grass")
    nodes[wrong] = replace(nodes[wrong], category=first.vocabulary.category_id("kite"))
    relations = [replace(r, subject=new[r.subject], object=new[r.object]) for r in first.relations]
    (root / "model").mkdir()
    guess = replace(first, nodes=tuple(nodes), relations=tuple(relations))
    files.save(guess, root / "model" / "scene-000.scenegraph.json")
    build({"truth": root / "data", "model": root / "model"}, root / "index", progress=False)
    address, stop = served(root / "index")
    yield address, first, nodes[wrong].id
    stop()


def test_what_is_one_node_has_one_colour(renumbered, open_page):
    address, truth, wrong = renumbered
    colours = {}
    for name in ("truth", "model"):
        page = open_page(f"{address}?set={name}&against=model#item=scene-000", allowed=("willReadFrequently",))
        expect(page.locator(".sides .stage")).to_have_count(2)
        expect(page.locator(".graph-node")).to_have_count(len(truth.nodes))
        dots = page.locator(".graph-node .dot").evaluate_all("dots => dots.map(dot => getComputedStyle(dot).fill)")
        colours[name] = dict(zip((node.id for node in truth.nodes), dots, strict=True))
    for node in truth.nodes:  # the nodes of the prediction stand in the same order
        if 50 - node.id == wrong:
            assert colours["model"][node.id] not in colours["truth"].values()
        else:
            assert colours["model"][node.id] == colours["truth"][node.id]
    grass = next(node for node in truth.nodes if 50 - node.id == wrong).region.mask.array()
    page.wait_for_function(  # a canvas has a size of its own before its masks are drawn
        "width => [...document.querySelectorAll('canvas.masks')].every(one => one.width === width)",
        arg=grass.shape[1],
    )
    pixels = page.locator("canvas.masks").evaluate_all(
        "all => all.map(one => [...one.getContext('2d').getImageData(0, 0, one.width, one.height).data].join())"
    )
    ids = np.array(pixels[0].split(",")) == np.array(pixels[1].split(","))
    assert (ids.reshape(*grass.shape, 4).all(-1) == ~grass).all()


@pytest.fixture
def half_compared(tmp_path, built_page):
    """The address of four images, of which the third has a prediction; stopped after the pages are closed."""
    truth = write_truth(tmp_path / "data", 4)
    (tmp_path / "model").mkdir()
    files.save(truth[2], tmp_path / "model" / "scene-002.scenegraph.json")
    build({"truth": tmp_path / "data", "model": tmp_path / "model"}, tmp_path / "index", progress=False)
    address, stop = served(tmp_path / "index")
    yield address
    stop()


def test_what_can_be_compared_comes_first(half_compared, open_page):
    for query, order in (("", (0, 1, 2, 3)), ("?against=model", (2, 0, 1, 3))):
        page = open_page(f"{half_compared}{query}")
        expect(page.locator(".card")).to_have_count(4)
        expect(page.locator(".card").first).to_have_attribute("data-item", f"scene-00{order[0]}")
        items = page.locator(".card").evaluate_all("cards => cards.map(card => card.dataset.item)")
        assert items == [f"scene-{number:03}" for number in order]
    page.locator(".card").first.click()
    expect(page.locator(".sides .stage")).to_have_count(2)
    page.keyboard.press("j")
    expect(page.locator("h1")).to_have_text("scene-000")


def test_what_was_left_out_of_a_split_is_missed_and_the_page_says_so(renumbered, open_page):
    address, _, _ = renumbered
    page = open_page(f"{address}?against=model&state=missed")
    numbers = page.locator(".numbers")
    expect(numbers).to_contain_text("over 2 of 3 images, split test")
    expect(numbers).to_contain_text("1 without a prediction, counted as missed")
    expect(page.locator(".card[data-item=scene-002]")).to_be_visible()
    page.locator(".card[data-item=scene-002]").click()
    expect(page.locator(".sides")).to_contain_text("has no graph of this item")
    cells = page.locator(".compared .state-cell")
    expect(cells.first).to_have_text("missed")
    assert set(cells.all_text_contents()) == {"missed"}


def test_a_wrong_name_or_measure_is_said_and_the_page_goes_on(site, open_page):
    page = open_page(f"{site.address}?against=nobody&k=7&iou=nonsense&state=odd")
    expect(page.locator(".notices")).to_contain_text("no predictions “nobody”")
    expect(page.locator(".card").first).to_be_visible()
    page.goto(f"{site.address}?against=model&k=7")
    expect(page.locator(".numbers")).to_contain_text("R@5")  # the nearest that was measured


def test_a_comparison_of_videos_shows_both_spans(films, open_page):
    page = open_page(f"{films.address}?against=model#item=park.mp4")
    expect(page.locator(".sides .stage")).to_have_count(2)
    expect(page.locator(".lane .bar.partner").first).to_be_attached()
    cells = page.locator(".compared .state-cell").all_text_contents()
    assert {"found", "missed", "extra"} <= set(cells), json.dumps(cells)
