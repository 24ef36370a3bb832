"""How long the explorer takes: building an index, bringing it up to date, opening, clicking, pointing, searching.

    python benchmarks/explorer_index.py                 # 50,000 items, 275,000 relations
    python benchmarks/explorer_index.py --items 5000

Baselines, in the same run: building with one process; building everything again instead of what
changed; and SQLite with three composite indexes, asked for the same counts as the page shows.
"""

import argparse
import gzip
import json
import os
import shutil
import sqlite3
import statistics
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow.parquet as pq

from explorer import server
from explorer.index import build
from explorer.page_files import page_files, page_folder
from explorer.searching import search
from scenegraph import InputError

THINGS, STUFF, PREDICATES = 80, 53, 56
SEGMENTS = 11
RELATIONS = 5.5
CHOICES = ({}, {"subject": 0}, {"subject": 0, "predicate": 0}, {"predicate": 3, "object": 1})
CLICKS = 30
NOUNS = {"thing_classes": "thing", "stuff_classes": "stuff", "predicate_classes": "touching"}


def generate(path: Path, items: int) -> None:
    """A psg.json in the true layout: long-tailed categories and predicates, no picture files."""
    rng = np.random.default_rng(0)
    share = [1 / np.arange(1, n + 1) for n in (THINGS + STUFF, PREDICATES)]
    classes, predicates = (weights / weights.sum() for weights in share)
    names = {"thing_classes": THINGS, "stuff_classes": STUFF, "predicate_classes": PREDICATES}
    with path.open("w") as stream:
        stream.write('{"data": [\n')
        for item in range(items):
            categories = rng.choice(THINGS + STUFF, SEGMENTS, p=classes).tolist()
            edges = np.sort(rng.integers(0, (640, 480), (SEGMENTS, 2, 2)), axis=1).reshape(SEGMENTS, 4).tolist()
            subjects = rng.integers(0, SEGMENTS, int(rng.poisson(RELATIONS)))
            objects = (subjects + rng.integers(1, SEGMENTS, len(subjects))) % SEGMENTS
            rows = np.stack([subjects, objects, rng.choice(PREDICATES, len(subjects), p=predicates)], axis=1)
            record = {
                "file_name": f"images/{item:012d}.jpg",
                "height": 480,
                "width": 640,
                "image_id": str(item),
                "pan_seg_file_name": f"panoptic/{item:012d}.png",
                "segments_info": [{"id": i + 1, "category_id": c, "isthing": 1} for i, c in enumerate(categories)],
                "annotations": [{"bbox": box, "bbox_mode": 0} for box in edges],
                "relations": rows.tolist(),
            }
            stream.write((",\n" if item else "") + json.dumps(record))
        classes_json = {key: [f"{NOUNS[key]}{i}" for i in range(number)] for key, number in names.items()}
        stream.write("],\n" + json.dumps({**classes_json, "test_image_ids": []})[1:])


def timed(function, *arguments, **options):
    """(seconds, result)."""
    start = time.perf_counter()
    result = function(*arguments, **options)
    return time.perf_counter() - start, result


def sqlite_counts(folder: Path) -> float:
    """Median milliseconds for the counts of all three facets, in SQLite."""
    columns = ["item", "subject_id", "predicate_id", "object_id"]
    rows = zip(*(pq.read_table(folder / "truth.relations.parquet")[name].to_pylist() for name in columns), strict=True)
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE relations (item, subject, predicate, object)")
    database.executemany("INSERT INTO relations VALUES (?, ?, ?, ?)", rows)
    for order in ("subject, predicate, object", "predicate, object, subject", "object, subject, predicate"):
        database.execute(f"CREATE INDEX by_{order[:3]} ON relations ({order}, item)")
    times = []
    for choice in CHOICES:
        start = time.perf_counter()
        for facet in ("subject", "predicate", "object"):
            others = [name for name in choice if name != facet]
            where = " AND ".join(f"{name} = ?" for name in others) or "1"
            query = f"SELECT {facet}, count(*), count(DISTINCT item) FROM relations WHERE {where} GROUP BY {facet}"
            database.execute(query, [choice[name] for name in others]).fetchall()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


CLICK = """async clicks => {
  const times = [];
  for (let click = 0; click < clicks; click++) {
    const facet = document.querySelectorAll('.facet')[click % 3];
    const rows = facet.querySelectorAll('.row input:not(:checked):enabled');
    const row = rows[1 + (5 * click) % Math.min(rows.length - 1, 15)];
    if (row) {
      const start = performance.now();
      row.click();
      await Promise.resolve();
      times.push(performance.now() - start);
    }
    await new Promise(done => setTimeout(done, 30));
    if (click % 3 === 2) {
      document.querySelectorAll('.facet .row:first-child input').forEach(any => any.click());
      await new Promise(done => setTimeout(done, 30));
    }
  }
  return times;
}"""


ITEM = """async () => {
  const start = performance.now();
  document.querySelector('.card').click();
  while (!document.querySelector('.triples tbody tr') && performance.now() - start < 20000)
    await new Promise(done => requestAnimationFrame(done));
  return performance.now() - start;
}"""

HOVER = """async times => {
  const rows = [...document.querySelectorAll('.triples tbody tr')];
  const found = [];
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    rows[i % rows.length].dispatchEvent(new PointerEvent('pointerenter'));
    await Promise.resolve();
    found.push(performance.now() - start);
    await new Promise(done => setTimeout(done, 10));
    rows[i % rows.length].dispatchEvent(new PointerEvent('pointerleave'));
    await new Promise(done => setTimeout(done, 10));
  }
  return found;
}"""


class Timings(NamedTuple):
    """Seconds to the first cards; milliseconds to an open item, and of script for every click and hover."""

    opening: float
    item: float
    clicks: list[float]
    hovers: list[float]


def in_the_browser(index: Path) -> Timings | None:
    """How fast the page is in Chromium, or None where there is none."""
    program = shutil.which(os.environ.get("CHROMIUM", "chromium"))
    try:
        from playwright.sync_api import sync_playwright

        page_folder()
    except (ImportError, InputError) as error:
        print(f"  no browser measurement: {error}")
        return None
    if program is None:
        print("  no browser measurement: no Chromium")
        return None
    ready, addresses = threading.Event(), []

    def note(address: str) -> None:
        addresses.append(address)
        ready.set()

    options = {"port": 0, "on_ready": note}
    threading.Thread(target=server.serve, args=(index,), kwargs=options, daemon=True).start()
    ready.wait(30)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        opening, _ = timed(lambda: (page.goto(addresses[0]), page.wait_for_selector(".card .words")))
        page.wait_for_selector(".card .box")
        clicks = page.evaluate(CLICK, CLICKS)
        item = page.evaluate(ITEM)
        hovers = page.evaluate(HOVER, CLICKS)
        browser.close()
    return Timings(opening, item, clicks, hovers)


def script_kilobytes() -> float:
    """Compressed script and style that every visitor fetches; parts that come later (points in space) apart."""
    wanted = [path for name, path in page_files(page_folder()).items() if name.startswith("assets/index-")]
    return sum(len(gzip.compress(path.read_bytes())) for path in wanted) / 1000


def middle_and_slow(times: list[float]) -> str:
    """Median and 95th percentile, in words."""
    return f"{statistics.median(times):.1f} ms (95 %: {sorted(times)[int(0.95 * len(times))]:.1f} ms)"


def main() -> None:
    """Run the measurements and print them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=50_000)
    items = parser.parse_args().items
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        generate(root / "psg.json", items)
        print(f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f} at the start")
        sources = {"truth": root / "psg.json"}
        one, _ = timed(build, sources, root / "one", progress=False, workers=1)
        full, manifest = timed(build, sources, root / "index", progress=False)
        truth = manifest.sets[0]
        print(f"index of {manifest.items:,} items, {truth.nodes:,} nodes, {truth.relations:,} relations")
        print(f"  built in {full:.1f} s; with one process {one:.1f} s: {one / full:.2f} times faster")
        text = (root / "psg.json").read_text()
        (root / "psg.json").write_text(text.replace('"height": 480', '"height": 481', items // 100))
        again, manifest = timed(build, sources, root / "index", progress=False)
        print(f"  1 % changed: up to date in {again:.1f} s: {full / again:.1f} times faster than building anew")
        shutil.rmtree(root / "one")
        measured = in_the_browser(root / "index")
        if measured is None:
            return
        baseline = sqlite_counts(manifest.columns(root / "index"))
        middle = statistics.median(measured.clicks)
        print(f"script and style of the page: {script_kilobytes():.0f} kB compressed")
        print(f"page opened in {measured.opening:.2f} s (first cards)")
        print(f"facet click: {middle_and_slow(measured.clicks)} for all counts, matches and 48 cards in the page")
        print(f"  SQLite, the counts alone: {baseline:.1f} ms: {baseline / middle:.1f} times slower")
        print(f"item opened in {measured.item:.0f} ms; hover {middle_and_slow(measured.hovers)}")
        for line in ("thing0 touching1 thing2", "a thing3"):
            seconds, found = timed(search, root / "index", manifest, "truth", line)
            print(f"search {line!r}: {seconds:.2f} s, {len(found['items'])} of {found['candidates']} candidates")


if __name__ == "__main__":
    main()
