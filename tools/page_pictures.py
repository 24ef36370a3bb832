#!/usr/bin/env python3
"""The pictures of the page that the documentation shows, taken in Chromium over toyworld alone.

    make demo                                        # data, a trained model, its index in demo/index
    tools/page_pictures.py demo/index                # docs/explorer_*.webp

The video and the scene in space are made here; the same seed gives the same worlds.
"""

import argparse
import io
import os
import shutil
import sys
import tempfile
import threading
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow.parquet as pq
from PIL import Image

from explorer import server
from explorer.index import build
from explorer.manifest import Manifest
from scenegraph import InputError
from scenegraph.storage import write_atomically
from toyworld import datasets

WIDTH, HEIGHT = 1200, 760
QUALITY = 80
"""Of WebP: letters stay sharp, a picture has less than 100 kB."""


MOST_TRUTHS = 12
"""True relations of the picture that is compared: a table of more does not fit."""


class View(NamedTuple):
    """One picture: its name, over which index, the end of the address, what must be there first."""

    name: str
    index: Path
    address: str
    shown: str
    dark: bool = False


def main() -> int:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", metavar="INDEX", type=Path, help="of pictures of toyworld with predictions")
    parser.add_argument("--out", type=Path, default=Path("docs"), help="folder of the pictures (default: docs)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        try:
            views = [*pictures(arguments.index), *films(Path(folder))]
            for view, picture in zip(views, taken(views), strict=True):
                path = arguments.out / f"explorer_{view.name}.webp"
                write_atomically(path, picture)
                print(f"{path}: {len(picture) / 1000:.0f} kB")
        except InputError as error:
            print(f"page_pictures: {error}", file=sys.stderr)
            return 2
    return 0


def pictures(index: Path) -> list[View]:
    """Finding, comparing and counting, over the pictures that the demo has trained on and predicted."""
    manifest = Manifest.read(index)
    model = next((graphs.name for graphs in manifest.sets if graphs.comparison), None)
    if model is None:
        raise InputError(f"{index}: holds no predictions over a truth; run `make demo` first")
    item, relation = telling(index, manifest, model)
    return [
        View("find", index, "?s=person&p=holding", ".card .tag.object"),
        View("compare", index, f"?against={model}#item={item}&rel={relation}", ".compared tr.chosen"),
        View("statistics", index, f"?against={model}&view=statistics", ".rod .recall", dark=True),
    ]


def telling(index: Path, manifest: Manifest, model: str) -> tuple[str, int]:
    """The item with the most true relations of which the model finds some and misses some, and its first relation."""
    columns = manifest.columns(index)
    scores = pq.read_table(columns / f"{model}.scores.parquet")
    truths, found = (scores[name].to_numpy() for name in ("truths", "found_50_20"))
    telling = (found > 0) & (found < truths) & (truths <= MOST_TRUTHS)
    if not telling.any():
        raise InputError(f"{index}: {model} finds all or nothing of every item; train it longer")
    row = int(np.argmax(telling * truths))
    return pq.read_table(columns / "items.parquet")["item_id"][row].as_py(), 0


def films(folder: Path) -> list[View]:
    """A video and a scene in space."""
    few = {"train": 1, "test": 0, "workers": 1, "progress": False}
    made = [
        ("video", datasets.ensure_pvsg(folder / "pvsg", frames=24, **few), ".lane .bar.span", False),
        ("space", datasets.ensure_psg4d(folder / "psg4d", "hoi", frames=20, **few), ".space .tag", True),
    ]
    views = []
    for name, path, shown, dark in made:
        index = folder / f"{name}.index"
        manifest = build({"truth": path}, index, title=f"Toyworld, {name}", progress=False)
        (item,) = pq.read_table(manifest.columns(index) / "items.parquet")["item_id"].to_pylist()
        views.append(View(name, index, f"#item={item}&rel=0", shown, dark))
    return views


def taken(views: list[View]) -> list[bytes]:
    """WebP of every view."""
    from playwright.sync_api import sync_playwright

    program = shutil.which(os.environ.get("CHROMIUM", "chromium"))
    if program is None:
        raise InputError("needs Chromium: `make browser`, or set CHROMIUM to its path")
    roots = {index: served(index) for index in {view.index: None for view in views}}
    found = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        for view in views:
            scheme = "dark" if view.dark else "light"
            size = {"width": WIDTH, "height": HEIGHT}
            page = browser.new_page(viewport=size, color_scheme=scheme, reduced_motion="reduce")
            page.set_default_timeout(120_000)
            page.goto(roots[view.index] + view.address)
            page.wait_for_selector(view.shown, state="attached")
            page.wait_for_load_state("networkidle")
            found.append(webp(page.screenshot()))
            page.close()
        browser.close()
    return found


def served(index: Path) -> str:
    """Serve an index in a thread until the program ends; its address."""
    ready, addresses = threading.Event(), []

    def note(address: str) -> None:
        addresses.append(address)
        ready.set()

    options = {"port": 0, "on_ready": note}
    threading.Thread(target=server.serve, args=(index,), kwargs=options, daemon=True).start()
    if not ready.wait(60):
        raise InputError(f"{index}: the page was not served; is it built (`make page`)?")
    return addresses[0]


def webp(png: bytes) -> bytes:
    """A screenshot, a tenth of its size."""
    buffer = io.BytesIO()
    Image.open(io.BytesIO(png)).save(buffer, format="WEBP", quality=QUALITY, method=6)
    return buffer.getvalue()


if __name__ == "__main__":
    sys.exit(main())
