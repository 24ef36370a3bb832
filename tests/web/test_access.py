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


def views_of(site):
    """Address and what is waited for: every view of a data set of pictures."""
    item, graph, position = riding_scene(site, "model")
    node = graph.relations[position].subject
    yield "?set=model&s=person", ".card .tag"
    yield "?set=none&s=dragon", ".notices"
    yield "?q=a+person+riding+a+horse", ".search-note code"
    yield "?q=the+florble", ".search-note.problem"
    yield "?against=model&also=second&state=missed", ".card .card-state"
    yield "?against=model&view=statistics&size=1-9", ".rod .recall"
    yield f"?set=model#item={item}&node={node}", ".edge-label"
    yield f"?set=model#item={item}&rel={position}", ".region.subject"
    yield f"?against=model&also=second#item={riding_scene(site)[0]}&rel={riding_scene(site)[2]}", ".compared tr.chosen"
    yield "#item=nothing", ".notices"


FILM_VIEWS = (
    ("?view=statistics", ".chart-spans .bar-row"),
    ("#item=park.mp4&frame=2&time=1-6", ".texts li.now"),
    ("?against=model#item=CAM1_park&rel=0", ".space .tag"),
)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_no_accessibility_faults_in_any_view(site, films, open_page, dark):
    # The audit reads what the page may not: it is injected past the content policy.
    for place, views in ((site, views_of(site)), (films, FILM_VIEWS)):
        page = open_page(place.address, dark=dark, bypass_csp=True)
        for address, shown in views:
            page.goto(f"{place.address}{address}")
            expect(page.locator(shown).first).to_be_attached()
            assert violations(page) == [], address


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_no_accessibility_faults_in_what_opens(site, open_page, dark):
    page = open_page(f"{site.address}?view=statistics", dark=dark, bypass_csp=True)
    for switch in page.get_by_role("checkbox", name="as a table").all():
        switch.check()
    expect(page.locator(".chart table")).to_have_count(3)
    assert violations(page) == []
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page = open_item(open_page, site, dark=dark, bypass_csp=True)[0]
    for question, shown in (("Who is riding the horse?", ".citation"), ("Who is riding the giraffe?", ".status")):
        page.get_by_role("textbox", name="Question").fill(question)
        page.keyboard.press("Enter")
        expect(page.locator(f".answer {shown}").first).to_be_visible()
        assert violations(page) == [], question


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_no_accessibility_faults_where_nothing_can_be_shown(site, browser, dark):
    context = browser.new_context(color_scheme="dark" if dark else "light", bypass_csp=True)
    page = context.new_page()
    page.route("**/manifest.json", lambda route: route.fulfill(body="{", content_type="application/json"))
    page.goto(site.address)
    expect(page.get_by_role("alert")).to_be_visible()
    assert violations(page) == []
    context.close()


PHONE = {"width": 390, "height": 844}
"""Pixels of a telephone."""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_no_accessibility_faults_on_a_telephone(site, films, open_page, dark):
    for place, views in ((site, views_of(site)), (films, FILM_VIEWS)):
        page = open_page(place.address, dark=dark, bypass_csp=True, **PHONE)
        for address, shown in views:
            page.goto(f"{place.address}{address}")
            expect(page.locator(shown).first).to_be_attached()
            assert violations(page) == [], address
            assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), address


def test_a_narrow_window_is_used_with_its_folded_facets(site, open_page):
    page = open_page(site.address, bypass_csp=True, **PHONE)
    expect(page.locator(".card .tag").first).to_be_attached()
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
