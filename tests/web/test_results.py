"""Facets, counts, grid, pages, export: as a reader uses them."""

import csv
import io
import json
from collections import Counter
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from tests.web.conftest import COUNT


def rows_of(graphs):
    """(item, subject, predicate, object, score) of every relation, counted without the index."""
    for graph in graphs:
        item = graph.source.uri.removesuffix(".jpg")
        for relation in graph.relations:
            names = (graph.node(end).category for end in (relation.subject, relation.object))
            subject, target = (graph.vocabulary.categories[category] for category in names)
            yield item, subject, graph.predicate_name(relation), target, relation.score


def expected_counts(graphs, choice, facet):
    """{name: (images, relations)} of a facet under the choices in the other two."""
    place = {"s": 1, "p": 2, "o": 3}
    rows = [
        row for row in rows_of(graphs) if all(row[place[key]] == name for key, name in choice.items() if key != facet)
    ]
    relations = Counter(row[place[facet]] for row in rows)
    images = Counter(name for _, name in {(row[0], row[place[facet]]) for row in rows})
    return {name: (images[name], relations[name]) for name in relations}


def shown_counts(page, facet):
    rows = page.locator(f"#facet-{facet}").locator("xpath=../..").locator("label.row")
    texts = rows.evaluate_all(
        "rows => rows.slice(1).map(row => [row.querySelector('.name').textContent,"
        " ...[...row.querySelectorAll('.count')].map(c => Number(c.textContent.replace(',', '')))])"
    )
    return {name: (images, relations) for name, images, relations in texts}


CHOICES = (
    {},
    {"s": "person"},
    {"p": "on"},
    {"s": "person", "p": "riding"},
    {"o": "ball"},
    {"s": "dog", "p": "chasing", "o": "ball"},
)


@pytest.mark.parametrize("name", ["truth", "model"])
def test_counts_equal_a_brute_force_count(site, open_page, name):
    page = open_page(f"{site.address}?set={name}")
    vocabulary = site.graphs[name][0].vocabulary
    for choice in CHOICES:
        page.goto(f"{site.address}?{urlencode({'set': name, **choice})}")
        rows = [row for row in rows_of(site.graphs[name]) if all(row["ispo".index(k)] == v for k, v in choice.items())]
        images = len({row[0] for row in rows}) if choice else COUNT
        expect(page.locator("h1")).to_contain_text(f"{images} image")
        expect(page.locator("h1")).to_contain_text(f"{len(rows)} relation")
        for key, facet in {"s": "subject", "p": "predicate", "o": "object"}.items():
            shown = shown_counts(page, facet)
            assert set(shown) == set(vocabulary.predicates if key == "p" else vocabulary.categories)
            found = {label: counts for label, counts in shown.items() if counts != (0, 0)}
            assert found == expected_counts(site.graphs[name], choice, key)


def test_choosing_narrows_and_any_widens(site, open_page):
    page = open_page(site.address)
    page.get_by_role("radio", name="person,").first.check()
    page.get_by_role("radio", name="riding,").check()
    riding = [row for row in rows_of(site.graphs["truth"]) if row[1:3] == ("person", "riding")]
    expect(page.locator("h1")).to_contain_text(f"{len({row[0] for row in riding})} images")
    assert "s=person" in page.url and "p=riding" in page.url
    expect(page.get_by_role("radio", name="car,").first).to_be_disabled()  # shown with 0, not hidden
    page.get_by_role("radio", name="any subject").check()
    page.get_by_role("radio", name="any predicate").check()
    expect(page.locator("h1")).to_contain_text(f"{COUNT} images")
    assert "s=" not in page.url.replace("sets=", "")


def test_swap_exchanges_subject_and_object(site, open_page):
    page = open_page(f"{site.address}?s=person&p=beside")
    page.get_by_role("button", name="Swap subject and object").click()
    assert "o=person" in page.url and "s=" not in page.url
    beside = [row for row in rows_of(site.graphs["truth"]) if row[2:4] == ("beside", "person")]
    expect(page.locator("h1")).to_contain_text(f"{len(beside)} relation")


def test_search_finds_a_name(site, open_page):
    page = open_page(site.address)
    page.get_by_role("searchbox", name="Search predicates").fill("rid")
    expect(page.locator("#facet-predicate").locator("xpath=../..").locator("label.row .name")).to_have_text(
        ["any", "riding"]
    )
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name="riding,")).to_be_checked()
    page.get_by_role("searchbox", name="Search subjects").fill("unicorn")
    expect(page.get_by_text("No subject matches “unicorn”.")).to_be_visible()


def test_cards_show_the_matching_pair(site, open_page):
    page = open_page(f"{site.address}?s=person&p=riding&o=horse")
    first = page.locator(".card").first
    expect(first.locator(".words")).to_have_text("person riding horse")
    graph = next(g for g in site.graphs["truth"] if any(r[1:4] == ("person", "riding", "horse") for r in rows_of([g])))
    relation = next(r for r in graph.relations if graph.predicate_name(r) == "riding")
    picture = first.locator(".picture").bounding_box()
    for role, node in (("subject", relation.subject), ("object", relation.object)):
        box = first.locator(f".box.{role}").bounding_box()
        x1, y1, x2, y2 = graph.node(node).region.box
        wanted = {"x": x1 / 240, "y": y1 / 180, "width": (x2 - x1) / 240, "height": (y2 - y1) / 180}
        assert abs((box["x"] - picture["x"]) / picture["width"] - wanted["x"]) < 0.01
        assert abs((box["y"] - picture["y"]) / picture["height"] - wanted["y"]) < 0.01
        assert abs(box["width"] / picture["width"] - wanted["width"]) < 0.02
        assert abs(box["height"] / picture["height"] - wanted["height"]) < 0.02
        expect(first.locator(f".tag.{role}")).to_have_text({"subject": "person", "object": "horse"}[role])
    assert first.locator(".box.subject").evaluate("e => getComputedStyle(e).borderStyle") == "solid"
    assert first.locator(".box.object").evaluate("e => getComputedStyle(e, '::after').borderStyle") == "dashed"


def test_cards_say_how_many_more_pairs_match(site, open_page):
    page = open_page(f"{site.address}?s=person&p=on")
    numbers = Counter(row[0] for row in rows_of(site.graphs["truth"]) if row[1:3] == ("person", "on"))
    expect(page.locator(".card")).to_have_count(min(len(numbers), 48))
    shown = page.locator(".card").evaluate_all(
        "cards => cards.map(card => [card.dataset.item, card.querySelector('.more')?.textContent ?? ''])"
    )
    assert dict(shown) == {item: f"+{number - 1} more" if number > 1 else "" for item, number in numbers.items()}


def test_pages_hold_48_and_nothing_jumps(site, open_page):
    page = open_page(site.address)
    page.evaluate(
        "() => { window.shift = 0; new PerformanceObserver(list => { for (const e of list.getEntries())"
        " if (!e.hadRecentInput) window.shift += e.value; }).observe({ type: 'layout-shift', buffered: true }) }"
    )
    expect(page.locator(".card")).to_have_count(48)
    page.evaluate("() => scrollTo(0, document.body.scrollHeight)")
    page.wait_for_function(
        "() => [...document.querySelectorAll('.card img')].filter(i => i.complete && i.naturalWidth).length > 40"
    )
    assert page.evaluate("() => window.shift") < 0.01
    page.get_by_role("navigation", name="Pages, top").get_by_role("link", name="Next page").click()
    expect(page.locator(".card")).to_have_count(COUNT - 48)
    assert "page=2" in page.url
    page.go_back()
    expect(page.locator(".card")).to_have_count(48)


def test_scores_filter_predictions(site, open_page):
    page = open_page(f"{site.address}?set=model&min=0.6")
    rows = [row for row in rows_of(site.graphs["model"]) if row[4] >= 0.6]
    expect(page.locator("h1")).to_contain_text(f"{len(rows)} relations")
    expect(page.locator("h1")).to_contain_text(f"{len({row[0] for row in rows})} images")


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_export_holds_the_selection(site, open_page, kind):
    page = open_page(f"{site.address}?p=holding")
    with page.expect_download() as download:
        page.get_by_role("button", name=f"Save as {kind.upper()}").click()
    text = download.value.path().read_text(encoding="utf-8")
    holding = [row for row in rows_of(site.graphs["truth"]) if row[2] == "holding"]
    if kind == "csv":
        rows = list(csv.DictReader(io.StringIO(text)))
    else:
        saved = json.loads(text)
        rows = saved["relations"]
        assert saved["address"] == page.url and saved["items"] == list(dict.fromkeys(row[0] for row in holding))
    assert [(r["item"], r["subject"], r["predicate"], r["object"]) for r in rows] == [row[:4] for row in holding]
    assert download.value.suggested_filename == f"relations_holding.{kind}"


def test_names_that_do_not_exist_are_said(site, open_page):
    page = open_page(f"{site.address}?set=other&s=dragon&page=99")
    expect(page.get_by_text("The index has no set “other”; “truth” is shown.")).to_be_visible()
    expect(page.get_by_text("The vocabulary has no subject “dragon”.")).to_be_visible()
    page.get_by_role("button", name="Clear all choices").click()
    expect(page.locator("h1")).to_contain_text(f"{COUNT} images")


def test_the_result_count_is_announced(site, open_page):
    page = open_page(site.address)
    page.get_by_role("radio", name="flying,").check()
    flying = {row[0] for row in rows_of(site.graphs["truth"]) if row[2] == "flying"}
    expect(page.get_by_role("status")).to_contain_text(f"{len(flying)} images")
