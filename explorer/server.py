"""A thin server for one index: the page, the files of the index, and questions to the assistant.

It computes nothing that a static copy could not hold, except answers, searches and, where a predictor is
given, graphs of pictures that are dropped on the page. No path is taken from a
request: a name must be one that the page has, one that the manifest lists, or an item's key, which
can hold neither a slash nor a dot.
"""

import asyncio
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.loopback import LOOPBACK
from assistant.serving.limits import BodyLimit
from assistant.serving.listening import run
from explorer import layout, thumbnails
from explorer.films import SUFFIX, Films
from explorer.manifest import KEY, NAME, Manifest
from explorer.page_files import page_files, page_folder
from explorer.protection import SecurityHeaders
from explorer.questions import Questions
from explorer.site import INDEX, SERVICE, Service
from explorer.sources import PICTURE_SUFFIXES
from scenegraph import InputError, SceneGraph, files

FRAME = re.compile(r"[0-9]{6,9}")
MAX_BODY = 16 << 10
MAX_PICTURE = 32 << 20
"""Bytes of a picture to predict; a photo of a telephone has less than ten million."""

MAX_QUESTION = 1000
ANSWER_SECONDS = 30.0
PREDICT_SECONDS = 300.0
SEARCHES_AT_ONCE = 2
THUMBNAILS_AT_ONCE = 4

_UNCHANGING = {"Cache-Control": "public, max-age=31536000, immutable"}
_REVALIDATE = {"Cache-Control": "no-cache"}


class Question(BaseModel):
    """What `/api/ask` takes: a question about one item of a set."""

    set: str = Field(max_length=64)
    item: str = Field(max_length=4096)
    question: str = Field(min_length=1, max_length=MAX_QUESTION)


class SearchLine(BaseModel):
    """What `/api/search` takes: a question about all items of a set."""

    set: str = Field(max_length=64)
    question: str = Field(min_length=1, max_length=MAX_QUESTION)


Predict = Callable[[bytes], SceneGraph]
"""From the bytes of a picture to its graph; raises InputError if they are no picture."""


class _Index:
    """The index folder; the manifest is read again when a build has replaced it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._state: tuple[int, Manifest] | None = None
        self.manifest()

    def manifest(self) -> Manifest:
        """The manifest as it is now.

        Raises:
            InputError: it is gone or cannot be read.
        """
        if not (self.folder / NAME).is_file():
            raise InputError(f"{self.folder}: there is no index; build one with `groundgraph explore`")
        changed = (self.folder / NAME).stat().st_mtime_ns
        if self._state is None or self._state[0] != changed:
            self._state = (changed, Manifest.read(self.folder))
        return self._state[1]

    def has_set(self, name: str) -> bool:
        return any(graphs.name == name for graphs in self.manifest().sets)


def create_app(index: str | Path, hosts: tuple[str, ...] = LOOPBACK, predict: Predict | None = None) -> FastAPI:
    """The application for a built index.

    Args:
        index: the folder that `explorer.index.build` wrote.
        hosts: names under which the server may be addressed ("*": any). A page elsewhere that lets
            its own name point to this machine is refused.
        predict: makes the graph of a picture that is dropped on the page; without it the page says so.

    Raises:
        InputError: there is no index, or one of another version.
    """
    served = _Index(Path(index).resolve())
    app = FastAPI(title="groundgraph explorer", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(_BodyLimits)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[f"[{host}]" if ":" in host else host for host in hosts])
    app.add_middleware(SecurityHeaders)  # added last, so that refusals carry the headers too
    app.add_exception_handler(InputError, _unreadable)
    _add_page(app)
    _add_index(app, served, Service(predict=predict is not None))
    _add_pictures(app, served)
    _add_questions(app, served)
    if predict is not None:
        _add_prediction(app, predict)
    return app


class _BodyLimits:
    """Questions are short, pictures are not."""

    def __init__(self, app: ASGIApp) -> None:
        self.questions = BodyLimit(app, MAX_BODY, _refused)
        self.pictures = BodyLimit(app, MAX_PICTURE, _refused)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        limit = self.pictures if scope.get("path") == "/api/predict" else self.questions
        await limit(scope, receive, send)


def serve(
    index: str | Path,
    host: str = "127.0.0.1",
    port: int = 8765,
    on_ready: Callable[[str], None] | None = None,
    predict: Predict | None = None,
) -> None:
    """Serve an index until interrupted.

    Args:
        index: a built index.
        host: the address to listen at; anything but the default lets other machines in.
        port: 0 picks a free one.
        on_ready: called with the page's address once the server answers.
        predict: see `create_app`.

    Raises:
        InputError: there is no index, the page is not built, or the port is taken.
    """
    page_folder()
    app = create_app(index, LOOPBACK if host in LOOPBACK else ("*",), predict)
    run(app, host, port, on_ready)


def _add_page(app: FastAPI) -> None:
    @app.get("/")
    def page() -> Any:
        try:
            return FileResponse(page_folder() / "index.html", headers=_REVALIDATE)
        except InputError as error:
            return HTMLResponse(f"<!doctype html><title>not built</title><p>{error}</p>", status_code=503)

    @app.get("/assets/{name}")
    def asset(name: str) -> FileResponse:
        return page_file(f"assets/{name}", _UNCHANGING)  # its name holds a digest of its content

    @app.get("/favicon.svg")
    def icon() -> FileResponse:
        return page_file("favicon.svg", _REVALIDATE)

    def page_file(name: str, headers: dict[str, str]) -> FileResponse:
        try:
            return _file(page_files(page_folder()).get(name), headers)
        except InputError as error:
            raise HTTPException(503, str(error)) from None


def _add_index(app: FastAPI, served: _Index, offered: Service) -> None:
    @app.get(f"/{INDEX}/{NAME}")
    def manifest() -> FileResponse:
        return _file(served.folder / NAME, _REVALIDATE)

    @app.get(f"/{INDEX}/{SERVICE}")
    def service() -> dict[str, bool]:
        return asdict(offered)

    @app.get(f"/{INDEX}/columns/{{version}}/{{name}}")
    def table(version: str, name: str) -> FileResponse:
        current = served.manifest()
        if version != current.version:
            raise HTTPException(410, "the index was rebuilt; load the page again")
        known = name in current.table_names()
        return _file(current.columns(served.folder) / name if known else None, _UNCHANGING)

    @app.get(f"/{INDEX}/graphs/{{graphs}}/{{folder}}/{{name}}")
    def graph(graphs: str, folder: str, name: str) -> FileResponse:
        key, suffix = _key(folder, name)
        if not served.has_set(graphs) or suffix not in (".scenegraph.json", ".png"):
            raise HTTPException(404, f"the index has no file {name!r} in the set {graphs!r}")
        make = layout.graph_path if suffix == ".scenegraph.json" else layout.panoptic_path
        return _file(make(served.folder, graphs, key), _REVALIDATE)


def _add_pictures(app: FastAPI, served: _Index) -> None:
    making = threading.BoundedSemaphore(THUMBNAILS_AT_ONCE)
    films = Films(served.folder)

    @app.get(f"/{INDEX}/images/{{folder}}/{{name}}")
    def image(folder: str, name: str) -> FileResponse:
        key, suffix = _key(folder, name)
        known = suffix in PICTURE_SUFFIXES
        return _file(layout.image_path(served.folder, key, suffix) if known else None, _REVALIDATE)

    @app.get(f"/{INDEX}/frames/{{folder}}/{{key}}/{{name}}")
    def frame(folder: str, key: str, name: str) -> FileResponse:
        key, _ = _key(folder, key)
        number, dot, rest = name.partition(".")
        if not FRAME.fullmatch(number) or dot + rest not in PICTURE_SUFFIXES:
            raise HTTPException(404, "there is no such file")
        try:
            decoded = films.frame(key, int(number)) if dot + rest == SUFFIX else None
        except InputError:  # its message names folders of this machine
            raise HTTPException(404, f"frame {int(number)} of {key} cannot be decoded") from None
        except TimeoutError:  # what was decoded is kept: the next request goes on from there
            raise HTTPException(503, f"frame {int(number)} of {key} is being decoded; ask again") from None
        return _file(decoded or layout.frame_path(served.folder, key, int(number), dot + rest), _REVALIDATE)

    @app.get(f"/{INDEX}/depth/{{folder}}/{{key}}/{{name}}")
    def depth(folder: str, key: str, name: str) -> FileResponse:
        key, _ = _key(folder, key)
        number, dot, rest = name.partition(".")
        known = FRAME.fullmatch(number) and dot + rest == ".png"
        return _file(layout.depth_path(served.folder, key, int(number)) if known else None, _REVALIDATE)

    @app.get(f"/{INDEX}/clouds/{{folder}}/{{name}}")
    def cloud(folder: str, name: str) -> FileResponse:
        key, suffix = _key(folder, name)
        return _file(layout.cloud_path(served.folder, key) if suffix == ".glb" else None, _REVALIDATE)

    @app.get(f"/{INDEX}/thumbnails/{{folder}}/{{name}}")
    def thumbnail(folder: str, name: str) -> FileResponse:
        key, _ = _key(folder, name)
        pictures = ((suffix, layout.image_path(served.folder, key, suffix)) for suffix in PICTURE_SUFFIXES)
        suffix = next((suffix for suffix, path in pictures if path.exists()), None)
        if suffix is None:
            raise HTTPException(404, f"there is no picture of {key}")
        try:
            with making:
                return _file(thumbnails.ensure(served.folder, key, suffix), _REVALIDATE)
        except InputError:  # its message names folders of this machine
            raise HTTPException(404, f"the picture of {key} cannot be read") from None


def _add_questions(app: FastAPI, served: _Index) -> None:
    questions = Questions()

    @app.post("/api/ask")
    async def ask(asked: Question) -> dict[str, Any]:
        if not served.has_set(asked.set):
            raise HTTPException(404, f"the index has no set {asked.set!r}")
        path = layout.graph_path(served.folder, asked.set, layout.key_of(asked.item))
        await asyncio.to_thread(questions.prepare)
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await asyncio.to_thread(questions.answer, path, asked.question)
        except TimeoutError:
            raise HTTPException(504, f"no answer within {ANSWER_SECONDS:.0f} seconds") from None
        except InputError as error:
            raise HTTPException(422, str(error)) from None

    # Threads of their own: those who wait for their turn hold up no files, and memory of two threads is all there is.
    searching = ThreadPoolExecutor(SEARCHES_AT_ONCE, thread_name_prefix="search")

    def find(asked: SearchLine) -> JSONResponse:
        from explorer.searching import search  # only those who search wait for the assistant's word lists

        return JSONResponse(search(served.folder, served.manifest(), asked.set, asked.question))

    @app.post("/api/search")
    async def search(asked: SearchLine) -> JSONResponse:
        if not served.has_set(asked.set):
            raise HTTPException(404, f"the index has no set {asked.set!r}")
        return await asyncio.get_running_loop().run_in_executor(searching, find, asked)


def _add_prediction(app: FastAPI, predict: Predict) -> None:
    one_at_a_time = asyncio.Lock()

    @app.post("/api/predict")
    async def prediction(request: Request) -> Response:
        if request.headers.get("content-type") != "application/octet-stream":
            # A page elsewhere may send plain texts and forms without asking; this kind it may not.
            raise HTTPException(415, "send the picture as application/octet-stream")
        picture = await request.body()
        try:
            async with asyncio.timeout(PREDICT_SECONDS), one_at_a_time:
                graph = await asyncio.to_thread(predict, picture)
        except TimeoutError:
            raise HTTPException(504, f"no graph within {PREDICT_SECONDS:.0f} seconds") from None
        except InputError as error:
            raise HTTPException(422, str(error)) from None
        return Response(files.dumps(graph), media_type="application/json")


def _refused(status: int, message: str) -> JSONResponse:
    return JSONResponse({"detail": message}, status_code=status)


async def _unreadable(request: Request, error: Exception) -> JSONResponse:
    """The index was removed or damaged while it was being served."""
    return JSONResponse({"detail": "the index cannot be read; build it again"}, status_code=503)


def _key(folder: str, name: str) -> tuple[str, str]:
    """The key and suffix of a file name, if it is one that this program gives."""
    key, dot, rest = name.partition(".")
    if not KEY.fullmatch(key) or folder != layout.shard(key):
        raise HTTPException(404, "there is no such file")
    return key, dot + rest


def _file(path: Path | None, headers: dict[str, str]) -> FileResponse:
    if path is None or not path.is_file():
        raise HTTPException(404, "there is no such file")
    return FileResponse(path, headers=headers)
