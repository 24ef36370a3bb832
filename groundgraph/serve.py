"""`groundgraph serve`: graphs behind an OpenAI-compatible address."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from scenegraph import InputError

if TYPE_CHECKING:
    import numpy as np

    from assistant.serving.library import Library, Predict, Served
    from assistant.serving.recognising import KnownPictures
    from scenegraph import SceneGraph

EPILOG = """\
examples:
  groundgraph serve street.scenegraph.json park.scenegraph.json
  groundgraph serve predictions/ --port 8000 --images photos/
  groundgraph serve predictions/ --images photos/ --recognise          # sent photos are those of the graphs
  groundgraph serve --checkpoint work_dirs/psgformer                   # graphs of the pictures that are sent
  groundgraph serve street.scenegraph.json --llm http://127.0.0.1:11434/v1 --model qwen3

  curl http://127.0.0.1:8000/v1/chat/completions -H 'Content-Type: application/json' -d \\
    '{"model": "scenegraph/street", "messages": [{"role": "user", "content": "Who is riding the horse?"}]}'

Every graph is a model, `scenegraph/NAME`; any OpenAI client can ask it, with streaming, follow-up
questions, pictures and JSON Schemas. Answers carry url citations and the whole evidence (`grounding`).

The server listens on this machine only. With --host it lets other machines in, and then needs a token:
put it into the environment variable {variable}, and clients send it as their API key.
No file and no address that a request names is opened.
"""

TOKEN_VARIABLE = "GROUNDGRAPH_TOKEN"
"""Environment variable with the token that clients must bring; a command line can be read by others."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    from groundgraph.ask import add_model_arguments, add_reading_arguments

    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG.replace("{variable}", TOKEN_VARIABLE)
    parser.add_argument(
        "graphs", metavar="GRAPH.json", type=Path, nargs="*", help="scenegraph/1 files or folders of them"
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port; 0 picks a free one (default: %(default)s)")
    parser.add_argument(
        "--images", metavar="DIR", type=Path, help="pictures of the graphs: NAME.jpg, a folder NAME of frames, NAME.mp4"
    )
    parser.add_argument(
        "--recognise", action="store_true", help="answer about sent pictures that are those of a graph from that graph"
    )
    parser.add_argument("--checkpoint", metavar="PATH", type=Path, help="a trained model, for pictures that are sent")
    parser.add_argument("--segmenter", metavar="KIND:PATH", help="what finds segments, for pictures that are sent")
    parser.add_argument("--device", help="cpu, cuda, ... of that model")
    parser.add_argument("--seconds", type=float, help="for one answer at most (default: 30; with models 180)")
    add_reading_arguments(parser)
    add_model_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted."""
    from assistant.serving.app import create_app
    from assistant.serving.listening import run as listen

    hosts, token = guard(arguments)
    if arguments.seconds is not None and not arguments.seconds > 0:
        raise InputError(f"--seconds {arguments.seconds:g}: expected a number above 0")
    library = library_of(arguments)
    models = library.models()
    shown = ", ".join(models[:5]) + (", ..." if len(models) > 5 else "")

    def ready(address: str) -> None:
        print(f"{len(models)} models at {address}v1 ({shown}); Ctrl-C stops", file=sys.stderr, flush=True)

    app = create_app(library, hosts=hosts, token=token, seconds=arguments.seconds)
    listen(app, arguments.host, arguments.port, ready)
    return 0


def guard(arguments: argparse.Namespace) -> tuple[tuple[str, ...], str | None]:
    """The host names that a server answers to, and the token that it asks for.

    Raises:
        InputError: it would let other machines in without a token.
    """
    from assistant.loopback import LOOPBACK

    token = os.environ.get(TOKEN_VARIABLE) or None
    if arguments.host in LOOPBACK:
        return LOOPBACK, token
    if token is None:
        raise InputError(
            f"--host {arguments.host} lets other machines in: set a token in the environment variable {TOKEN_VARIABLE}"
        )
    return ("*",), token


def library_of(arguments: argparse.Namespace) -> "Library":
    """The graphs and the predictor that a command line names.

    Raises:
        InputError: nothing is named, or what is named cannot be used.
    """
    from assistant import Assistant
    from assistant.models import open_model
    from assistant.serving.library import KEPT_GRAPHS, Library, Served, graph_names
    from groundgraph.ask import assistant_options
    from groundgraph.media import frames_of
    from scenegraph import files

    paths = graph_files(arguments.graphs)
    predict = _predictor(arguments)
    if not paths and predict is None:
        raise InputError("give graph files to serve, or --checkpoint or --segmenter to make graphs of sent pictures")
    options = assistant_options(arguments)
    llm = open_model(arguments.llm, options.pop("model"), options.pop("api_key"))  # one for all graphs
    options["llm"] = llm

    def loader(name: str, path: Path) -> "Callable[[], Served]":
        def load() -> Served:
            graph = files.load(path)
            frames = frames_of(graph, path, arguments.images)
            return Served(name, Assistant(graph, frames=frames if arguments.see else None, **options), frames)

        return load

    loaders = [(name, loader(name, path)) for name, path in zip(graph_names(paths), paths, strict=True)]
    for path in paths if len(paths) <= KEPT_GRAPHS else ():
        files.load(path)  # what cannot be read is said now, with its name
    known = _known_pictures(loaders) if getattr(arguments, "recognise", False) else None
    return Library(loaders, predict, options, known)


def _known_pictures(loaders: "list[tuple[str, Callable[[], Served]]]") -> "KnownPictures":
    """Every picture of the graphs, read once.

    Raises:
        InputError: no graph has a picture.
    """
    from tqdm import tqdm

    from assistant.serving.recognising import KnownPictures

    def pictures() -> "Iterator[tuple[str, np.ndarray]]":
        for name, load in tqdm(loaders, desc="reading pictures", unit="graph"):
            served = load()
            for frame in range(served.graph.source.num_frames if served.frames is not None else 0):
                if (picture := served.frames(frame)) is not None:
                    yield name, picture

    known = KnownPictures(pictures())
    if not len(known):
        raise InputError("--recognise: no picture of a graph was found; name their folder with --images")
    return known


def graph_files(given: list[Path]) -> list[Path]:
    """The files, and the graphs in the folders, in the order of their names.

    Raises:
        InputError: a path is missing, or a folder holds no graph.
    """
    found: list[Path] = []
    for path in given:
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(path.glob("*.scenegraph.json"))
        if not inside:
            raise InputError(f"{path}: holds no NAME.scenegraph.json")
        found += inside
    return found


def _predictor(arguments: argparse.Namespace) -> "Predict | None":
    """What makes graphs of sent pictures."""
    if getattr(arguments, "checkpoint", None) is None and getattr(arguments, "segmenter", None) is None:
        return None
    from groundgraph.predict import predictor_of

    wanted = argparse.Namespace(
        checkpoint=arguments.checkpoint, segmenter=arguments.segmenter, device=arguments.device,
        segments=None, segments_info=None, categories=None, drop_unknown=True, tile=None, overlap=None,
    )  # fmt: skip
    predictor = predictor_of(wanted, many=True)

    def predict(content: bytes) -> "SceneGraph":
        from scenegraph.images import read_image

        return predictor.predict(read_image(content))

    return predict
