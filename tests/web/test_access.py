"""For everybody: keyboard alone, screen readers, both themes, small windows."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.web.conftest import COUNT
from tests.web.test_item import open_item, riding_scene

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]}}


def violations(page):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(page, options=RULES).response
    assert len(found["passes"]) > 10
    return [
        f"{fault['id']}: {fault['help']}: {[node['html'][:120] for node in fault['nodes'][:3]]}"
        for fault in found["violations"]
    ]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_no_accessibility_faults(site, open_page, dark):
    # The audit reads what the page may not: it is injected past the content policy.
    page = open_page(f"{site.address}?set=model&s=person", dark=dark, bypass_csp=True)
    expect(page.locator(".card .tag").first).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.goto(f"{site.address}?set=none&s=dragon")
    expect(page.get_by_text("no subject")).to_be_visible()
    assert violations(page) == []
    _, graph, position = riding_scene(site, "model")
    node = graph.relations[position].subject
    page, _, _ = open_item(open_page, site, "model", f"&node={node}", dark=dark, bypass_csp=True)
    expect(page.locator(".edge-label").first).to_be_visible()
    assert violations(page) == []
    page.locator(".triples tbody tr").nth(position).click()
    expect(page.locator(".region.subject")).to_be_visible()
    assert violations(page) == []


def test_no_accessibility_faults_in_comparisons_videos_and_statistics(site, films, open_page):
    item, _, position = riding_scene(site)
    page = open_page(f"{site.address}?against=model#item={item}&rel={position}", bypass_csp=True)
    expect(page.locator(".compared tbody tr").first).to_be_visible()
    assert violations(page) == []
    page.goto(f"{site.address}?against=model&view=statistics&q=a+person+riding+a+horse")
    expect(page.locator(".search-note code")).to_be_visible()
    expect(page.locator(".rod .recall").first).to_be_attached()
    assert violations(page) == []
    page = open_page(f"{films.address}?against=model#item=CAM1_park&rel=0", bypass_csp=True)
    expect(page.locator(".lane").first).to_be_visible()
    expect(page.locator(".space .tag").first).to_be_attached()
    assert violations(page) == []


def test_no_accessibility_faults_in_a_narrow_window(site, open_page):
    page = open_page(site.address, width=380, height=700, bypass_csp=True)
    assert violations(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Choose a predicate").click()
    page.get_by_role("radio", name="riding,").check()
    expect(page).to_have_url(re.compile("p=riding"))
    assert violations(page) == []
    item, _, _ = riding_scene(site)
    page.goto(f"{site.address}#item={item}")
    expect(page.locator(".graph-node").first).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def focused(page, expression):
    return page.evaluate(f"() => {{ const e = document.activeElement; return {expression}; }}")


def await_focus(page, condition):
    """Wait until what has the focus fulfils a condition: the page may draw first."""
    page.wait_for_function(f"() => {{ const e = document.activeElement; return {condition}; }}")


def test_the_whole_way_by_keyboard(site, open_page):
    page = open_page(site.address)
    expect(page.locator(".card").first).to_be_visible()
    page.keyboard.press("/")
    await_focus(page, "e.id === 'search-all'")
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    await_focus(page, "e.id === 'search-subject'")  # the list may open first
    page.keyboard.insert_text("pers")
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name="person,").first).to_be_checked()
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    await_focus(page, "e.id === 'search-predicate'")
    page.keyboard.press("ArrowDown")  # from the search box into the list
    await_focus(page, "e.type === 'radio'")
    page.keyboard.press("ArrowDown")
    expect(page).to_have_url(re.compile("p="))
    page.keyboard.press("Tab")  # out of the list in one step: a group is one stop
    await_focus(page, "e.name !== 'facet-predicate'")
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    expect(page.locator("h1")).to_contain_text(f"{COUNT} images")
    assert "s=" not in page.url
    page.evaluate("() => document.activeElement.blur()")
    cards = page.locator(".card")
    for key, place in (("j", 0), ("j", 1), ("k", 0)):
        page.keyboard.press(key)
        expect(cards.nth(place)).to_be_focused()
    item = cards.first.get_attribute("data-item")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(item)
    expect(page).to_have_url(re.compile("rel="))
    first = page.locator("tr.chosen").text_content()
    page.keyboard.press("]")
    expect(page.locator("tr.chosen")).not_to_have_text(first)
    expect(page.locator(".graph-node").first).to_be_visible()
    page.keyboard.press("g")
    await_focus(page, "e.classList.contains('graph-node')")
    label = focused(page, "e.textContent.trim()")
    expect(page.locator(".tags .tag.node")).to_contain_text(label)  # focus points as the pointer does
    page.keyboard.press("ArrowRight")
    await_focus(page, f"e.classList.contains('graph-node') && e.textContent.trim() !== {json.dumps(label)}")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("node="))
    page.keyboard.press("r")
    await_focus(page, "e.closest('.triples') !== null")
    page.keyboard.press("j")
    expect(page.locator("h1")).not_to_have_text(item)
    page.keyboard.press("t")
    expect(page).to_have_url(re.compile("set=model"))
    for _ in range(3):
        page.keyboard.press("Escape")
    expect(page.locator(".card").first).to_be_visible()


def test_the_sheet_lists_the_keys_and_can_turn_them_off(site, open_page):
    page = open_page(site.address)
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog")
    expect(sheet).to_contain_text("Swap subject and object")
    page.get_by_role("checkbox", name="shortcuts of single letters").uncheck()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.keyboard.press("s")
    frames = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
    assert page.evaluate(frames)  # a key that works has moved the focus by then
    assert focused(page, "e.id") != "search-subject"
    page.get_by_role("button", name="Keyboard and index").click()
    expect(sheet).to_be_visible()


def test_targets_are_large_enough(site, open_page):
    page, _, _ = open_item(open_page, site)
    small = page.locator("button:visible, a:visible, label:visible, .graph-node .reach").evaluate_all(
        "all => all.map(e => [e.getBoundingClientRect(), e.outerHTML.slice(0, 90)])"
        ".filter(([r]) => r.width > 1 && (r.width < 24 || r.height < 24)).map(([r, html]) => html)"
    )
    assert small == []


def test_motion_stops_where_it_is_not_wanted(site, open_page):
    page = open_page(site.address, reduced_motion="reduce")
    seconds = page.locator(".card").first.evaluate("e => getComputedStyle(e).transitionDuration")
    assert all(float(part.removesuffix("s")) == 0 for part in seconds.split(", "))


def test_the_theme_is_kept(site, open_page):
    page = open_page(site.address)
    background = "() => getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    button = page.get_by_role("button", name=re.compile("^Theme"))
    button.click()
    button.click()
    dark = page.evaluate(background)
    assert dark != light
    page.reload()
    page.wait_for_selector("#main")
    assert page.evaluate(background) == dark
