"""One item: picture, graph and table share what is pointed at; the address says what is shown."""

import re
from itertools import combinations

import numpy as np
import pytest
from playwright.sync_api import expect


def riding_scene(site, name="truth"):
    """(item id, graph, position of its first riding relation)."""
    for graph in site.graphs[name]:
        for position, relation in enumerate(graph.relations):
            if graph.predicate_name(relation) == "riding":
                return graph.source.uri.removesuffix(".jpg"), graph, position
    raise AssertionError("no scene has a rider")


def open_item(open_page, site, name="truth", extra="", **options):
    item, graph, position = riding_scene(site, name)
    page = open_page(f"{site.address}?set={name}#item={item}{extra}", **options)
    # An empty canvas is 300 wide.
    page.wait_for_function(f"() => document.querySelector('canvas.masks')?.width === {graph.source.width}")
    return page, graph, position


def point(page, graph, node, action="hover"):
    """Hover or click a pixel of a node in the picture."""
    mask = graph.node(node).region.mask.array()
    ys, xs = np.nonzero(mask)
    middle = np.argmin((ys - ys.mean()) ** 2 + (xs - xs.mean()) ** 2)
    frame = page.locator(".frame")
    size = frame.bounding_box()
    at = {
        "x": (xs[middle] + 0.5) / mask.shape[1] * size["width"],
        "y": (ys[middle] + 0.5) / mask.shape[0] * size["height"],
    }
    getattr(frame, action)(position=at)


@pytest.mark.parametrize("name", ["truth", "model"])
def test_every_segment_is_found_where_it_is(site, open_page, name):
    """Masks from a panoptic PNG (truth) and from run lengths (model): an id survives the decoding."""
    page, graph, _ = open_item(open_page, site, name)
    for node in graph.nodes:
        point(page, graph, node.id)
        expect(page.locator(".node-chip.lit")).to_have_text(graph.label(node.id))
        expect(page.locator(".tags .tag.node")).to_contain_text(graph.label(node.id))


def test_hovering_lights_picture_graph_and_table(site, open_page):
    page, graph, position = open_item(open_page, site)
    expect(page.locator(".arrow, .edge")).to_have_count(0)  # never all arrows at once
    relation = graph.relations[position]
    point(page, graph, relation.subject)
    touching = graph.relations_of(relation.subject)
    expect(page.locator("tr.touched")).to_have_count(len(touching))
    pairs = {(r.subject, r.object) for r in touching}
    expect(page.locator(".arrow")).to_have_count(len(pairs))
    expect(page.locator(".edge.strong")).to_have_count(len(pairs))
    expect(page.locator(".graph-node.node text")).to_have_text(graph.label(relation.subject))
    page.mouse.move(2, 2)
    expect(page.locator(".arrow, .edge")).to_have_count(0)
    page.locator(".triples tbody tr").nth(position).hover()
    expect(page.locator(".region.subject")).to_have_count(1)
    expect(page.locator(".region.object")).to_have_count(1)
    expect(page.locator(".tags .tag.predicate")).to_have_text("riding")
    expect(page.locator(".graph-node.subject text")).to_have_text(graph.label(relation.subject))
    expect(page.locator(".graph-node.object text")).to_have_text(graph.label(relation.object))
    page.locator(".graph-node").filter(has_text=graph.label(relation.object)).hover()
    expect(page.locator(".tags .tag.node")).to_contain_text(graph.label(relation.object))


def boxes(page, selector):
    """Rectangles (left, top, right, bottom) of what is seen of a kind."""
    return page.locator(selector).evaluate_all(
        "found => found.filter(one => getComputedStyle(one).visibility === 'visible').map(one => {"
        " const box = one.getBoundingClientRect(); return [box.left, box.top, box.right, box.bottom]; })"
    )


def covering(rectangles):
    """Pairs of rectangles that share an area."""
    return [
        (a, b)
        for a, b in combinations(rectangles, 2)
        if min(a[2], b[2]) > max(a[0], b[0]) and min(a[3], b[3]) > max(a[1], b[1])
    ]


@pytest.mark.parametrize("width", [1440, 390])
def test_names_in_the_picture_do_not_cover_each_other(site, open_page, width):
    page, graph, _ = open_item(open_page, site, width=width, height=844)
    (frame,) = boxes(page, ".frame")
    for node in graph.nodes:
        page.locator(".node-chip").filter(has_text=graph.label(node.id)).hover()
        expect(page.locator(".tags .tag.node")).to_contain_text(graph.label(node.id))
        shown = boxes(page, ".tags .tag")
        assert shown and not covering(shown), graph.label(node.id)
        (frame,) = boxes(page, ".frame")  # the page may have scrolled to the button
        for left, top, right, bottom in shown:
            assert frame[0] - 1 <= left and right <= frame[2] + 1 and frame[1] - 1 <= top and bottom <= frame[3] + 1


def test_words_of_edges_leave_names_readable(site, open_page):
    page, _, position = open_item(open_page, site, width=1440)
    page.locator(".triples tbody tr").nth(position).hover()
    expect(page.locator(".edge-label")).to_have_count(1)
    words = boxes(page, ".edge-label")
    assert not [pair for name in boxes(page, ".graph-node text") for pair in covering([name, *words])]


def test_a_click_selects_and_a_second_one_clears(site, open_page):
    page, graph, position = open_item(open_page, site)
    node = graph.relations[position].object
    point(page, graph, node, "click")
    page.mouse.move(2, 2)
    expect(page).to_have_url(re.compile(f"node={node}"))
    expect(page.locator(".node-chip[aria-pressed=true]")).to_have_text(graph.label(node))
    expect(page.locator(".graph-node[aria-pressed=true]")).to_contain_text(graph.label(node))
    expect(page.locator(".details h2")).to_have_text(graph.label(node))
    expect(page.locator(".details")).to_contain_text("of the picture")
    page.locator(".node-chip[aria-pressed=true]").click()
    expect(page).not_to_have_url(re.compile("node="))
    page.locator(".triples tbody tr").nth(position).click()
    expect(page).to_have_url(re.compile(f"rel={position}"))
    expect(page.locator(".details h2")).to_have_text(graph.sentence(graph.relations[position]))


def test_attributes_and_scores_are_shown(site, open_page):
    page, graph, _ = open_item(open_page, site, "model", "&node=0")
    details = page.locator(".details")
    expect(details).to_contain_text(f"{graph.node(0).score:.2f}")
    expect(details).to_contain_text("source")
    expect(details).to_contain_text("model")
    scores = page.locator(".triples td.number").all_text_contents()
    assert scores == [f"{relation.score:.2f}" for relation in graph.relations]


def view(page):
    """What a reader sees, as texts."""
    return {
        selector: page.locator(selector).all_text_contents()
        for selector in (
            "h1",
            "h2",
            ".chip",
            ".row.chosen .name",
            ".row .count",
            "tr.chosen",
            ".details",
            ".tag",
            ".walk span",
        )
    }


def test_the_address_reproduces_the_view(site, open_page):
    page = open_page(site.address)
    page.get_by_role("radio", name="person,").first.check()
    page.get_by_role("radio", name="riding,").check()
    page.locator(".card").nth(1).click()
    page.locator(".triples tbody tr").last.click()
    page.mouse.move(2, 2)
    expect(page.locator(".details")).to_be_visible()
    page.wait_for_function("() => document.querySelectorAll('.region .line').length > 0")
    seen = view(page)
    again = open_page(page.url)
    assert seen["tr.chosen"] and seen[".tag"]
    for part, texts in seen.items():
        expect(again.locator(part)).to_have_text(texts)
    again.get_by_role("link", name="results").click()
    expect(again.get_by_role("radio", name="riding,")).to_be_checked()


def test_back_and_forward_work(site, open_page):
    page = open_page(site.address)
    page.get_by_role("radio", name="riding,").check()
    page.evaluate("() => scrollTo(0, 300)")
    card = page.locator(".card").nth(4)
    item = card.get_attribute("data-item")
    card.click()
    expect(page.locator("h1")).to_have_text(item)
    page.go_back()
    expect(page.get_by_role("radio", name="riding,")).to_be_checked()
    # The reader is where they were.
    page.wait_for_function("item => document.activeElement.dataset.item === item", arg=item)
    page.wait_for_function("() => Math.abs(scrollY - 300) < 60")
    page.go_back()
    expect(page.get_by_role("radio", name="any predicate")).to_be_checked()
    page.go_forward()
    page.go_forward()
    expect(page.locator("h1")).to_have_text(item)


def test_the_set_changes_and_the_item_stays(site, open_page):
    page, graph, _ = open_item(open_page, site)
    page.get_by_role("radio", name="model").check()
    expect(page.locator("h1")).to_have_text(graph.source.uri.removesuffix(".jpg"))
    expect(page.locator(".triples th.number")).to_be_visible()
    assert "set=model" in page.url
    number = int(graph.source.uri.removesuffix(".jpg").split("-")[1])
    expect(page.locator(".triples tbody tr")).to_have_count(len(site.graphs["model"][number].relations))


def test_the_graph_is_laid_out_the_same_every_time(site, open_page):
    def positions():
        page, _, _ = open_item(open_page, site)
        expect(page.locator(".graph-node").first).to_be_visible()
        return page.locator(".graph-node").evaluate_all("nodes => nodes.map(node => node.getAttribute('transform'))")

    assert positions() == positions()


def test_the_assistant_answers_with_citations_that_light_up(site, open_page):
    page, graph, position = open_item(open_page, site)
    page.get_by_role("textbox", name="Question").fill("Who is riding the horse?")
    page.keyboard.press("Enter")
    rider = graph.label(graph.relations[position].subject)
    expect(page.locator(".answer .text")).to_contain_text(rider)
    citation = page.locator(".citation").first
    citation.hover()
    expect(page.locator(".region")).not_to_have_count(0)
    page.get_by_role("textbox", name="Question").fill("Who is riding the giraffe?")
    page.keyboard.press("Enter")
    expect(page.locator(".answer .status")).to_be_visible()  # a refusal says what it is


def test_shared_hover_answers_within_a_frame_or_so(site, open_page):
    """Not a timing test: the whole chain runs synchronously in one event, without waiting for anything."""
    page, graph, position = open_item(open_page, site)
    node = graph.relations[position].subject
    lit = page.evaluate(
        """async label => {
            const chip = [...document.querySelectorAll('.node-chip')].find(c => c.textContent.trim() === label);
            chip.dispatchEvent(new PointerEvent('pointerenter'));
            await new Promise(requestAnimationFrame);
            return document.querySelector('.tags .tag.node')?.textContent ?? '';
        }""",
        graph.label(node),
    )
    assert lit.startswith(graph.label(node))
