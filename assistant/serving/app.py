"""The OpenAI-compatible server: `/v1/chat/completions` and `/v1/models` over named graphs.

Whatever a request holds, no file and no address that it names is opened, and every answer has a limit of
time; errors have OpenAI's form.
"""

import asyncio
from collections.abc import AsyncIterator, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse, StreamingResponse

from assistant.assistant import warm_up
from assistant.loopback import LOOPBACK
from assistant.serving.errors import AsciiJSON, Refusal, add_error_handlers, error_response
from assistant.serving.library import Library
from assistant.serving.limits import BodyLimit, Gate
from assistant.serving.replies import Reply, reply_to
from assistant.serving.requests import ChatRequest, read_request

MAX_BODY = 1 << 20
MAX_PICTURE_BODY = 24 << 20
"""Bytes of a request, and of one where pictures are taken (base64 makes a third more of them)."""

ANSWER_SECONDS = 30.0
MODEL_SECONDS = 180.0
"""For an answer, and for one with which a language model or a predictor may help."""

MAX_WAITING = 1000
"""Requests that wait for an answer at a time; more are told to come back."""

WORKERS = 2
MODEL_WORKERS = 8
"""Answers worked out at a time: more threads do not make Python faster, but language models are waited for."""


def create_app(
    library: Library,
    *,
    hosts: Collection[str] = LOOPBACK,
    token: str | None = None,
    max_body: int | None = None,
    seconds: float | None = None,
) -> FastAPI:
    """The application.

    Args:
        library: the graphs that are served.
        hosts: names under which the server may be addressed; "*" for any.
        token: a bearer token that every request must bring; None asks for none.
        max_body: bytes of a request at most.
        seconds: for one answer.
    """
    seconds = seconds or (MODEL_SECONDS if library.slow else ANSWER_SECONDS)
    pool = ThreadPoolExecutor(MODEL_WORKERS if library.slow else WORKERS, thread_name_prefix="answer")

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        warm_up()
        yield
        pool.shutdown(wait=False, cancel_futures=True)

    app = FastAPI(title="groundgraph", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    add_error_handlers(app)
    _add_models(app, library)
    _add_chat(app, library, pool, seconds)
    largest = max_body or (MAX_PICTURE_BODY if library.takes_pictures else MAX_BODY)
    app.add_middleware(BodyLimit, max_bytes=largest, refuse=error_response)
    app.add_middleware(Gate, refuse=error_response, hosts=hosts, token=token, open_paths=("/health", "/v1/health"))
    return app


def _add_models(app: FastAPI, library: Library) -> None:
    def described(model: str) -> dict[str, Any]:
        return {"id": model, "object": "model", "created": 0, "owned_by": "groundgraph"}

    @app.get("/health")
    @app.get("/v1/health")
    async def health() -> dict[str, Any]:
        return {"status": "ok", "graphs": len(library.names)}

    @app.get("/v1/models")
    async def models() -> dict[str, Any]:
        return {"object": "list", "data": [described(model) for model in library.models()]}

    @app.get("/v1/models/{name:path}")
    async def model(name: str) -> dict[str, Any]:
        if not library.knows(name):
            library.get(name)  # says which there are
        return described(name)


def _add_chat(app: FastAPI, library: Library, pool: ThreadPoolExecutor, seconds: float) -> None:
    waiting = 0

    def answered(request: ChatRequest) -> Reply:
        return reply_to(library, request.model, read_request(request))

    @app.post("/v1/chat/completions", response_model=None)
    async def chat(request: ChatRequest) -> JSONResponse | StreamingResponse:
        nonlocal waiting
        if waiting >= MAX_WAITING:
            raise Refusal(503, f"{waiting} requests are waiting; try again later")
        waiting += 1
        try:
            work = asyncio.get_running_loop().run_in_executor(pool, answered, request)
            reply = await asyncio.wait_for(work, seconds)
        except TimeoutError:
            raise Refusal(504, f"there was no answer within {seconds:g} seconds") from None
        finally:
            waiting -= 1
        if not request.stream:
            return AsciiJSON(reply.to_json())
        include_usage = bool(request.stream_options and request.stream_options.include_usage)
        return StreamingResponse(
            _sent(reply, include_usage), media_type="text/event-stream", headers={"Cache-Control": "no-cache"}
        )


async def _sent(reply: Reply, include_usage: bool) -> AsyncIterator[str]:
    for event in reply.events(include_usage):
        yield event
        await asyncio.sleep(0)  # lets the server see that the client has gone, to whom it would write in vain
