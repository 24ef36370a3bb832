"""How long the explorer takes: building an index, bringing it up to date, opening, clicking, pointing, searching.

    python benchmarks/explorer_index.py                 # 50,000 items, 275,000 relations
    python benchmarks/explorer_index.py --items 5000
    python benchmarks/explorer_index.py --memory 1000 10000 50000     # of the server alone, for several sizes

Baselines, in the same run: building with one process; building everything again instead of what
changed; SQLite with three composite indexes, asked for the same counts as the page shows; and the
memory of a server of a tenth of the items. Every time is given as seconds on the clock and, in
brackets, of processor time: on a machine that others use the latter is what can be compared.
"""

import argparse
import gzip
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow.parquet as pq

from explorer import layout
from explorer.index import build
from explorer.manifest import Manifest
from explorer.page_files import page_files, page_folder
from scenegraph import InputError

THINGS, STUFF, PREDICATES = 80, 53, 56
SEGMENTS = 11
RELATIONS = 5.5
CHOICES = ({}, {"subject": 0}, {"subject": 0, "predicate": 0}, {"predicate": 3, "object": 1})
CLICKS = 30
SEARCHES = ("thing0 touching1 thing2", "a thing3")
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


class Spent(NamedTuple):
    """Seconds on the clock, and of the processor in this process and those that it waited for."""

    clock: float
    processor: float

    def __str__(self) -> str:
        return f"{self.clock:.2f} s ({self.processor:.2f} s)"


def timed(function, *arguments, **options):
    """(time spent, result)."""
    start, before = time.perf_counter(), os.times()
    result = function(*arguments, **options)
    used = sum(now - then for now, then in zip(os.times()[:4], before[:4], strict=True))
    return Spent(time.perf_counter() - start, used), result


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
    """To the first cards and to an open item, in seconds; script of every click and hover, in milliseconds."""

    opening: Spent
    item: Spent
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
    with serving(index) as (address, _), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        session = browser.new_browser_cdp_session()

        def processor() -> float:
            """Seconds of all pages of the browser."""
            found = session.send("SystemInfo.getProcessInfo")["processInfo"]
            return sum(each["cpuTime"] for each in found if each["type"] == "renderer")

        def measured(action):
            start, before = time.perf_counter(), processor()
            result = action()
            return Spent(time.perf_counter() - start, processor() - before), result

        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(120_000)
        opening, _ = measured(lambda: (page.goto(address), page.wait_for_selector(".card .words")))
        page.wait_for_selector(".card .box")
        clicks = page.evaluate(CLICK, CLICKS)
        item, _ = measured(lambda: page.evaluate(ITEM))
        hovers = page.evaluate(HOVER, CLICKS)
        browser.close()
    return Timings(opening, item, clicks, hovers)


SERVE = """
import sys
from explorer import server
server.serve(sys.argv[1], port=0, on_ready=lambda address: print(address, flush=True))
"""


@contextmanager
def serving(index: Path):
    """(address, process id) of a server of an index in a process of its own."""
    with subprocess.Popen([sys.executable, "-c", SERVE, str(index)], stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline().strip(), process.pid
        finally:
            process.terminate()


class Memory(NamedTuple):
    """Megabytes of a process: what is its own alone (USS), with its share of what others use too (PSS), all (RSS)."""

    own: float
    shared_out: float
    resident: float

    @classmethod
    def of(cls, process: int) -> "Memory":
        """As the kernel counts it now."""
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]
        kilobytes = {name: int(number.split()[0]) for name, number in (line.split(":") for line in lines)}
        own = kilobytes["Private_Clean"] + kilobytes["Private_Dirty"]
        return cls(own / 1024, kilobytes["Pss"] / 1024, kilobytes["Rss"] / 1024)

    def __str__(self) -> str:
        return f"{self.own:.0f} MB its own (USS), {self.shared_out:.0f} MB PSS, {self.resident:.0f} MB RSS"


def server_memory(index: Path, manifest: Manifest) -> tuple[Memory, Memory, list[str]]:
    """Memory of a server at its start, and after a visitor took every table, opened items and searched, all twice."""
    paths = [f"columns/{manifest.version}/{name}" for name in manifest.table_names()]
    for item in range(0, manifest.items, manifest.items // 20):
        paths.append(layout.graph_path(index, "truth", str(item)).relative_to(index).as_posix())
    with serving(index) as (address, number):
        start = Memory.of(number)
        for _ in range(2):
            for path in paths:
                with urllib.request.urlopen(f"{address}index/{path}") as answer:
                    while answer.read(1 << 20):
                        pass
            said = []
            for line in SEARCHES:
                spent, found = timed(post, f"{address}api/search", {"set": "truth", "question": line})
                said.append(f"{spent.clock:.2f} s, {len(found['items'])} of {found['candidates']} candidates")
        return start, Memory.of(number), said


def post(address: str, body: dict) -> dict:
    """The answer to a question."""
    request = urllib.request.Request(address, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=300) as answer:
        return json.load(answer)


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
    parser.add_argument("--memory", type=int, nargs="+", metavar="ITEMS", help="only memory of the server, by sizes")
    arguments = parser.parse_args()
    items = arguments.items
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        print(f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f} at the start", flush=True)
        if arguments.memory:
            for size in arguments.memory:
                memory(root / str(size), size)
            return
        manifest = building(root, items)
        memory(root / "small", items // 10)
        start, after, searches = server_memory(root / "index", manifest)
        print(f"memory of the server, {manifest.items:,} items: {after}; at its start {start}")
        for line, said in zip(SEARCHES, searches, strict=True):
            print(f"search {line!r}: {said}", flush=True)
        browsing(root / "index", manifest)


def memory(root: Path, items: int) -> None:
    """Build an index of some size and print the memory of its server."""
    root.mkdir()
    generate(root / "psg.json", items)
    manifest = build({"truth": root / "psg.json"}, root / "index", progress=False)
    start, after, _ = server_memory(root / "index", manifest)
    print(f"memory of the server, {manifest.items:,} items: {after}; at its start {start}", flush=True)


def building(root: Path, items: int) -> Manifest:
    """Build with one process and with all, then after a change."""
    generate(root / "psg.json", items)
    sources = {"truth": root / "psg.json"}
    one, _ = timed(build, sources, root / "one", progress=False, workers=1)
    shutil.rmtree(root / "one")
    full, manifest = timed(build, sources, root / "index", progress=False)
    truth = manifest.sets[0]
    print(f"index of {manifest.items:,} items, {truth.nodes:,} nodes, {truth.relations:,} relations")
    print(f"  built in {full}; with one process {one}: {one.clock / full.clock:.2f} times faster", flush=True)
    text = (root / "psg.json").read_text()
    (root / "psg.json").write_text(text.replace('"height": 480', '"height": 481', items // 100))
    again, manifest = timed(build, sources, root / "index", progress=False)
    print(f"  1 % changed: up to date in {again}: {full.processor / again.processor:.1f} times less work", flush=True)
    return manifest


def browsing(index: Path, manifest: Manifest) -> None:
    """Open the page, click facets, open an item, point at relations."""
    measured = in_the_browser(index)
    if measured is None:
        return
    baseline = sqlite_counts(manifest.columns(index))
    middle = statistics.median(measured.clicks)
    print(f"script and style of the page: {script_kilobytes():.0f} kB compressed")
    print(f"page opened in {measured.opening} (first cards)")
    print(f"facet click: {middle_and_slow(measured.clicks)} for all counts, matches and 48 cards in the page")
    print(f"  SQLite, the counts alone: {baseline:.1f} ms: {baseline / middle:.1f} times slower")
    print(f"item opened in {measured.item}; hover {middle_and_slow(measured.hovers)}")


if __name__ == "__main__":
    main()
