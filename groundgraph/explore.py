"""`groundgraph explore`: builds an index over graphs and serves the page that shows them."""

import argparse
import os
import sys
import webbrowser
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from scenegraph import InputError, SceneGraph

DROPPED_RELATIONS = 50
"""Relations of a dropped picture: models rank every pair, and nobody reads the end of that list."""

BUILD = "build"
"""In front of the data: only build the index."""

EPILOG = """\
examples:
  groundgraph explore data/toyworld
  groundgraph explore data/psg.json --predictions psgformer=work_dirs/psgformer/graphs
  groundgraph explore predictions --images photos --port 9000
  groundgraph explore data/pvsg.json --predictions first=a --predictions second=b     # compare in the page
  groundgraph explore build data/psg data/pvsg data/psg4d --out everything    # one index of all; serves nothing
  groundgraph explore predictions --images clips           # graphs of videos, over the frames of clips/NAME.mp4
  groundgraph explore predictions --images redkitchen      # graphs of RGB-D recordings, with frames and points
  groundgraph explore data/toyworld --checkpoint work_dirs/psgformer   # drop a photo on the page to see its graph
  groundgraph explore data/toyworld.explorer --at '?s=person&p=holding'   # opens what a link showed
  groundgraph explore data/toyworld --export site      # then serve `site` with any file server

DATA is a folder with psg.json, pvsg.json, psg4d_hoi.json, sailvos3d.json or *.scenegraph.json, one such
file, or an index built before; several become one index. `explore build DATA` is `explore DATA --build-only`.
A prediction belongs to the item of the same name. Of the splits that were predicted, what a prediction lacks
counts as missed; other splits are left out of its scores. Only what is new or changed is read and compared again.
The page is at the printed address, on this machine only; Ctrl-C ends it.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("data", metavar="DATA", type=Path, nargs="+", help="data sets, folders of graphs, or an index")
    parser.add_argument(
        "--predictions",
        metavar="NAME=DIR",
        action="append",
        default=[],
        help="graphs of a model over the same items, by name; may be given several times",
    )
    parser.add_argument(
        "--images",
        metavar="DIR",
        type=Path,
        action="append",
        default=[],
        help="further folders with the pictures, videos or recordings",
    )
    parser.add_argument("--out", metavar="INDEX", type=Path, help="folder of the index (default: DATA.explorer)")
    parser.add_argument("--title", help="what the page is called (default: the name of DATA)")
    parser.add_argument("--port", type=int, default=8765, help="port on 127.0.0.1; 0 picks a free one (default: 8765)")
    parser.add_argument(
        "--checkpoint", metavar="PATH", type=Path, help="a trained model for pictures that are dropped on the page"
    )
    parser.add_argument("--device", help="of that model: cpu, cuda, cuda:1 ... (default: a GPU if there is one)")
    parser.add_argument(
        "--at", metavar="VIEW", default="", help="what to open: the end of an address of the page, such as '?p=riding'"
    )
    parser.add_argument("--build-only", action="store_true", help="build the index, serve nothing")
    parser.add_argument("--thumbnails", action="store_true", help="make all thumbnails now, not when they are shown")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser window")
    parser.add_argument("--export", metavar="SITE", type=Path, help="write a static copy and serve nothing")
    parser.add_argument("--quiet", action="store_true", help="no progress bars")


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    from explorer import server, site, thumbnails

    if arguments.at and arguments.at[0] not in "?#":
        raise InputError(f"--at {arguments.at!r}: expected the end of an address of the page, from its ? or # on")
    if len(arguments.data) > 1 and arguments.data[0] == Path(BUILD):
        arguments.data, arguments.build_only = arguments.data[1:], True
    progress = not arguments.quiet
    index = _index(arguments, progress)
    if arguments.export is not None:
        page = site.export(index, arguments.export, progress)
        print(f"{page}: a static copy of the page; for example: python -m http.server --directory {page.parent}")
        return 0
    if arguments.thumbnails:
        for problem in thumbnails.ensure_all(index, progress):
            print(f"thumbnail: {problem}", file=sys.stderr)
    if arguments.build_only:
        print(index)
        return 0

    def ready(root: str) -> None:
        address = root + arguments.at
        print(f"the explorer is at {address}   (Ctrl-C ends it)", flush=True)
        if not arguments.no_browser and (sys.platform == "darwin" or _has_display()):
            webbrowser.open(address)

    predict = None if arguments.checkpoint is None else _predict(arguments)
    server.serve(index, port=arguments.port, on_ready=ready, predict=predict)
    return 0


def _predict(arguments: argparse.Namespace) -> Callable[[bytes], SceneGraph]:
    """Makes the graph of a picture that is dropped on the page."""
    from psg.predictor import Predictor

    predictor = Predictor.from_checkpoint(arguments.checkpoint, device=arguments.device)

    def predict(picture: bytes) -> SceneGraph:
        graph = predictor.predict(picture)
        surest = sorted(graph.relations, key=lambda relation: -relation.score)[:DROPPED_RELATIONS]
        return replace(graph, relations=tuple(surest))

    return predict


def _index(arguments: argparse.Namespace, progress: bool) -> Path:
    """The folder of the index, built or brought up to date."""
    from explorer.index import build
    from explorer.manifest import TRUTH, Manifest, is_index
    from explorer.sources import is_data_set

    data: Path = arguments.data[0]
    indexes = [path for path in arguments.data if is_index(path)]
    if indexes:
        if arguments.predictions or arguments.out or len(arguments.data) > 1:
            raise InputError(f"{indexes[0]}: is an index already; name the data set to add sets or to build elsewhere")
        Manifest.read(data)
        return data
    out: Path = arguments.out or data.resolve().with_name(data.resolve().name + ".explorer")
    # Graph files alone may come from anywhere; only an annotated data set, or what predictions are
    # held against, is called the truth.
    annotated = arguments.predictions or any(map(is_data_set, arguments.data))
    sources: dict[str, list[Path]] = {TRUTH if annotated else "graphs": arguments.data}
    for given in arguments.predictions:
        name, equals, folder = given.partition("=")
        if not equals or not folder:
            raise InputError(
                f"--predictions {given!r}; expected NAME=DIR, such as psgformer=work_dirs/psgformer/graphs"
            )
        if name in sources:
            raise InputError(
                f"--predictions {given!r}: there are two sets named {name!r}; every set needs its own name"
            )
        sources[name] = [Path(folder)]
    title = arguments.title or data.resolve().name
    manifest = build(sources, out, title=title, pictures=arguments.images, progress=progress)
    counts = ", ".join(
        f"{graphs.name} {graphs.graphs:,} graphs {graphs.relations:,} relations" for graphs in manifest.sets
    )
    print(f"index {out}: {manifest.items:,} items; {counts}", file=sys.stderr)
    problems = sum(graphs.problems for graphs in manifest.sets)
    for line in manifest.problems[:5]:
        print(f"not readable: {line}", file=sys.stderr)
    if problems > 5:
        print(f"... and {problems - 5} more; the page lists them", file=sys.stderr)
    return out


def _has_display() -> bool:
    """Without one, Python's webbrowser would start a text browser in this terminal."""
    return sys.platform == "win32" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
