"""Recall of small things in large pictures: in tiles against the whole picture at once.

    python benchmarks/tiles.py [--segmenter groundgraph:work_dirs/psgformer] [--pictures 4] [--tile 160]

Every large picture is composed of toyworld scenes that are rendered at high resolution (`--scene`
pixels, on a grid of `--grid`), so its truth is exact. The same segmenter sees it whole (at its own size
up to `psg.fitting.MAX_PIXELS`), reduced to as many pixels as a tile has, and in tiles. A thing is found if
a segment of its class has IoU above 0.5 with it (one-to-one). Things are grouped by their share of the
picture. A network that was trained on single scenes has never seen such a composition whole; the
composed pictures say what tiles save, not how good a network is that was trained on large pictures.
"""

import argparse
import json
import os
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from psg.fitting import MAX_PIXELS
from psg.segmenters import PanopticMap, segmenter_of
from psg.tiles import TiledSegmenter
from scenegraph.masks import iou_matrix
from toyworld.names import PSG
from toyworld.scenes import image

TRAINED = "groundgraph:work_dirs/psgformer"
"""What `make demo` trains."""

GROUPS = {"small (below 1/1000)": (0, 1e-3), "medium (below 1/200)": (1e-3, 5e-3), "large": (5e-3, 1.1)}
"""Area of a thing as a share of the picture."""


def composed(number, grid, scene):
    """A large picture and its true map: scenes side by side, the stuff of one class joined."""
    rows, columns = grid
    scenes = [image(10_000_000 + number * rows * columns + each, size=scene) for each in range(rows * columns)]
    height, width = scene
    picture = np.zeros((rows * height, columns * width, 3), dtype=np.uint8)
    ids = np.full(picture.shape[:2], -1, dtype=np.int32)
    categories, stuff = [], {}
    for place, each in enumerate(scenes):
        top, left = place // columns * height, place % columns * width
        table = np.full(len(each.graph.nodes) + 1, -1, dtype=np.int32)  # the last answers for void
        for node in each.graph.nodes:
            is_thing = each.graph.vocabulary.is_thing(node.category)
            known = None if is_thing else stuff.get(node.category)
            table[node.id] = len(categories) if known is None else known
            if known is None:
                stuff |= {} if is_thing else {node.category: len(categories)}
                categories.append(node.category)
        window = np.s_[top : top + height, left : left + width]
        picture[window], ids[window] = each.rgb, table[each.ids]
    return picture, PanopticMap.of_ids(ids, categories, [1.0] * len(categories), PSG.vocabulary)


def found_things(truth, prediction):
    """Area share of every true thing, and whether it was found."""
    true = [node for node in truth.nodes if truth.vocabulary.is_thing(node.category)]
    predicted = [node for node in prediction.nodes if truth.vocabulary.is_thing(node.category)]
    iou = iou_matrix([node.region.mask for node in true], [node.region.mask for node in predicted])
    same = np.array([[a.category == b.category for b in predicted] for a in true], dtype=bool).reshape(iou.shape)
    shares = np.array([node.region.area for node in true]) / (truth.height * truth.width)
    return shares, ((iou > 0.5) & same).any(axis=1)  # above one half a match is unique


def measured(segmenter, pictures):
    """Recall by group of size, and seconds a picture."""
    started = time.perf_counter()
    maps = [segmenter.segment(picture) for picture, _ in pictures]
    seconds = (time.perf_counter() - started) / len(pictures)
    results = [found_things(truth, each) for (_, truth), each in zip(pictures, maps, strict=True)]
    shares, found = (np.concatenate(part) for part in zip(*results, strict=True))
    groups = {name: (shares >= low) & (shares < high) for name, (low, high) in GROUPS.items()}
    return {
        "recall": {name: float(found[chosen].mean()) if chosen.any() else None for name, chosen in groups.items()},
        "things": {name: int(chosen.sum()) for name, chosen in groups.items()},
        "seconds": seconds,
    }


def main():
    """Print the three ways and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--segmenter", help=f"trained on toyworld, as for groundgraph predict (default: {TRAINED})")
    parser.add_argument("--pictures", type=int, default=4)
    parser.add_argument("--grid", type=int, nargs=2, default=(4, 4), metavar=("ROWS", "COLUMNS"))
    parser.add_argument("--scene", type=int, nargs=2, default=(128, 160), metavar=("HEIGHT", "WIDTH"))
    parser.add_argument("--tile", type=int, default=160)
    parser.add_argument("--overlap", type=int)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    if arguments.segmenter is None and not Path(TRAINED.partition(":")[2]).is_dir():
        print(f"{TRAINED} is not there: tools/train.py configs/psgformer.py makes it; or give --segmenter")
        return
    segmenter = segmenter_of(arguments.segmenter or TRAINED, PSG.vocabulary)
    pictures = [composed(number, arguments.grid, tuple(arguments.scene)) for number in range(arguments.pictures)]
    sides = {"whole": measured(segmenter, pictures)}
    segmenter.max_pixels = arguments.tile**2
    sides["reduced"] = measured(segmenter, pictures)
    segmenter.max_pixels = MAX_PIXELS
    sides["tiled"] = measured(TiledSegmenter(segmenter, arguments.tile, arguments.overlap), pictures)
    if arguments.json:
        print(json.dumps(sides | {"tile": arguments.tile, "pictures": len(pictures), "size": pictures[0][1].size}))
        return
    height, width = pictures[0][1].size
    print(f"{len(pictures)} pictures of {height} x {width}, tiles of {arguments.tile}")
    for name, count in sides["whole"]["things"].items():
        row = {side: result["recall"][name] for side, result in sides.items()}
        best = max(row["whole"] or 0, row["reduced"] or 0)
        if count:
            values = ", ".join(f"{side} {value:.3f}" for side, value in row.items())
            ratio = f"{row['tiled'] / best:.2f} times the better" if best else "the others find none"
            print(f"recall of things, {name:21} ({count:5} things): {values} ({ratio})")
    print("seconds a picture: " + ", ".join(f"{side} {result['seconds']:.2f}" for side, result in sides.items()))


if __name__ == "__main__":
    main()
