"""Videos: the overlay belongs to the picture, spans are bars, time can be narrowed, texts keep step; points turn."""

import re

from playwright.sync_api import expect

from explorer.index import build
from tests.explorer.scenes import write_film
from tests.web.conftest import served

READBACK = ("willReadFrequently",)
"""Chromium's advice to pages that read canvases; here the test does."""


def picture_shade(page):
    """The red value of the picture that is drawn; frame n is painted with 20 n."""
    return page.evaluate(
        "() => document.querySelector('canvas.picture').getContext('2d').getImageData(15, 2, 1, 1).data[0]"
    )


def test_the_overlay_is_that_of_the_picture(films, open_page):
    page = open_page(f"{films.address}#item=park.mp4", allowed=READBACK)
    expect(page.locator("canvas.picture")).to_have_attribute("data-frame", "0")
    slider = page.get_by_role("slider", name="Frame")
    for frame in (7, 3):
        slider.fill(str(frame))
        expect(page.locator("canvas.picture")).to_have_attribute("data-frame", str(frame))
        assert abs(picture_shade(page) - 20 * frame) <= 3
        expect(page).to_have_url(re.compile(f"frame={frame}"))
    dog = page.locator(".node-chip").nth(1)
    slider.fill("1")
    expect(page.locator("canvas.picture")).to_have_attribute("data-frame", "1")
    dog.hover()
    expect(page.locator(".region")).to_have_count(1)  # the dog comes in frame 2: only what it chases is there


def test_bars_are_spans_and_a_click_seeks(films, open_page):
    page = open_page(f"{films.address}#item=park.mp4")
    graph = films.graphs["truth"][0]
    expect(page.locator(".lane")).to_have_count(len(graph.relations))
    spans = sum(max(len(relation.spans), 1) for relation in graph.relations)
    expect(page.locator(".lane .bar.span")).to_have_count(spans)
    chasing = page.locator(".lane").filter(has_text="chasing")
    left = chasing.locator(".bar.span").evaluate("e => [e.style.left, e.style.width]")
    assert left == ["40%", "40%"]  # 4 to 7 of 10
    expect(page.locator("canvas.picture")).to_have_attribute("data-frame", "0")
    track = chasing.locator(".track")
    box = track.bounding_box()
    track.click(position={"x": 0.65 * box["width"], "y": 10})
    expect(page.locator("canvas.picture")).to_have_attribute("data-frame", "6")
    expect(page.locator(".triples tr.chosen")).to_contain_text("chasing")
    chasing.get_by_role("button").hover()
    expect(page.locator(".region.subject, .region.object")).to_have_count(2)


def test_a_stretch_of_time_filters_and_is_in_the_address(films, open_page):
    page = open_page(f"{films.address}#item=park.mp4")
    expect(page.locator("canvas.picture")).to_have_attribute("data-frame", "0")  # nothing moves from here on
    strip = page.locator(".brush")
    box = strip.bounding_box()
    page.mouse.move(box["x"] + 0.45 * box["width"], box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.75 * box["width"], box["y"] + 5)
    page.mouse.up()
    expect(page).to_have_url(re.compile("time=4-8"))
    graph = films.graphs["truth"][0]
    within = [r for r in graph.relations if not r.spans or any(a < 8 and b > 4 for a, b in r.spans)]
    expect(page.locator(".lane")).to_have_count(len(within))
    expect(page.locator(".triples tbody tr")).to_have_count(len(within))
    again = open_page(page.url)
    expect(again.locator(".lane")).to_have_count(len(within))
    again.get_by_role("button", name="all of it").click()
    expect(again.locator(".lane")).to_have_count(len(graph.relations))
    again.keyboard.press(".")
    again.keyboard.press("b")
    expect(again).to_have_url(re.compile(r"time=\d+-10"))


def test_playing_moves_on_and_pausing_keeps_the_place(films, open_page):
    page = open_page(f"{films.address}#item=park.mp4")
    expect(page.locator("canvas.picture")).to_have_attribute("data-frame", "0")
    page.locator("#main").focus()
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.wait_for_function("() => Number(document.querySelector('canvas.picture').dataset.frame) >= 2")
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    frame = page.locator("canvas.picture").get_attribute("data-frame")
    expect(page).to_have_url(re.compile(f"frame={frame}"))


def test_captions_and_questions_keep_step(films, open_page):
    page = open_page(f"{films.address}#item=park.mp4&frame=2")
    now = page.locator(".texts li.now")
    expect(now).to_have_count(1)
    expect(now).to_contain_text("holds the ball")
    page.get_by_role("button", name="5", exact=True).click()
    expect(page.locator("canvas.picture")).to_have_attribute("data-frame", "5")
    expect(now).to_contain_text("What does the dog")
    now.get_by_role("button", name="dog-1").hover()
    expect(page.locator(".node-chip.lit")).to_have_text("dog-1")


def test_an_answer_lights_its_spans(films, open_page):
    page = open_page(f"{films.address}#item=park.mp4")
    page.get_by_role("textbox", name="Question").fill("When is the dog chasing the ball?")
    page.keyboard.press("Enter")
    expect(page.locator(".answer .text")).to_be_visible()
    expect(page.locator(".brush .bar.cited").first).to_be_attached()
    expect(page.locator(".lane.cited")).to_contain_text("chasing")


def test_the_points_of_an_rgbd_video_turn_and_follow_the_time(films, open_page):
    requests = []
    page = open_page(f"{films.address}#item=park.mp4", allowed=READBACK)
    page.on("request", lambda request: requests.append(request.url))
    expect(page.locator(".space")).to_have_count(0)  # the part of the script comes only when it is needed
    page.goto(f"{films.address}#item=CAM1_park&rel=0")
    expect(page.locator(".space h2")).to_contain_text("540 points, frame 0")  # two rows of 30 have no depth
    assert any("space-" in url for url in requests)
    expect(page.locator(".space .tag.subject")).to_be_visible()

    def place():
        return page.locator(".space .tag.subject").get_attribute("style")

    before = place()
    page.locator(".space-room").focus()
    expect(page.locator(".space-room")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "before => document.querySelector('.space .tag.subject').getAttribute('style') !== before", arg=before
    )
    assert colours_of_the_space(page) > 2
    page.get_by_role("slider", name="Frame").fill("3")
    expect(page.locator(".space h2")).to_contain_text("frame 3")


def colours_of_the_space(page):
    return page.evaluate(
        "() => { const c = document.querySelector('.space canvas');"
        " const d = new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer);"
        " return new Set(d).size; }"
    )


def test_the_whole_scene_is_the_cloud_that_fuse_wrote(films, open_page):
    page = open_page(f"{films.address}#item=CAM1_park", allowed=READBACK)
    heading = page.locator(".space h2")
    expect(heading).to_contain_text("540 points, frame 0")
    page.get_by_role("checkbox", name="whole scene").check()
    expect(heading).to_contain_text("100 points, the whole scene")
    first = films.graphs["truth"][1]
    page.locator(".node-chip").filter(has_text=first.label(first.nodes[0].id)).hover()
    expect(page.locator(".space .tag.node")).to_have_count(1)
    page.locator(".node-chip").filter(has_text=first.label(first.nodes[1].id)).hover()
    expect(page.locator(".space .tag.node")).to_have_count(0)  # the file calls that id something else
    assert colours_of_the_space(page) > 1
    page.get_by_role("slider", name="Frame").fill("3")
    expect(page.locator("canvas.picture")).to_have_attribute("data-frame", "3")
    expect(heading).to_contain_text("the whole scene")
    page.get_by_role("checkbox", name="whole scene").uncheck()
    expect(heading).to_contain_text("frame 3")


def test_a_damaged_cloud_is_said(films, browser):
    page = browser.new_page()
    page.route("**/*.glb", lambda route: route.fulfill(body=b"glTF nothing of the kind here"))
    page.goto(f"{films.address}#item=CAM1_park")
    page.get_by_role("checkbox", name="whole scene").check()
    expect(page.locator(".space")).to_contain_text("The cloud of the whole scene cannot be read: it is no GLB file")
    expect(page.locator(".triples tbody tr").first).to_be_visible()
    page.close()


def test_the_frames_of_a_video_file_are_shown_exactly(tmp_path, open_page):
    graph = write_film(tmp_path / "clips", tmp_path / "graphs")
    build({"graphs": tmp_path / "graphs"}, tmp_path / "index", pictures=[tmp_path / "clips"], progress=False)
    address, stop = served(tmp_path / "index")
    page = open_page(f"{address}#item=walk&frame=6", allowed=READBACK)
    slider = page.get_by_role("slider", name="Frame")
    for frame in (6, 9, 2):  # the clip has twenty pictures, the graph looks at every other one
        slider.fill(str(frame))
        expect(page.locator("canvas.picture")).to_have_attribute("data-frame", str(frame))
        assert abs(picture_shade(page) - 20 * frame) <= 3
    expect(page.get_by_text("The picture was not found")).to_have_count(0)
    assert graph.source.num_frames == int(slider.get_attribute("max")) + 1
    stop()
