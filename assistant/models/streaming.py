"""Server-sent events of a chat completion as pieces of text, and an asynchronous reader as an iterator."""

import asyncio
import contextlib
import json
import queue
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

from assistant.models.base import ModelError

Give = Callable[[str], None]


async def read_events(chunks: AsyncIterator[bytes], give: Give, max_bytes: int) -> None:
    """Give the pieces of text of an event stream, until its `[DONE]`.

    Raises:
        ModelError: the stream holds something else, is larger than `max_bytes`, or ends too early.
    """
    received, line, finished = 0, b"", False
    async for chunk in chunks:
        received += len(chunk)
        if received > max_bytes:
            raise ModelError(f"the server's answer is larger than {max_bytes >> 20} MB")
        *whole, line = (line + chunk).split(b"\n")
        for event in whole:
            name, _, value = event.decode("utf-8", errors="replace").partition(":")
            if name != "data":
                continue  # comments and fields that the protocol does not use
            if value.strip() == "[DONE]":
                return
            text, ended = _piece(value)
            finished = finished or ended
            if text:
                give(text)
    if not finished:
        raise ModelError("the server's answer ended in the middle")


def _piece(value: str) -> tuple[str, bool]:
    """The text of one event, and whether the model says that it has finished."""
    try:
        choices = json.loads(value)["choices"]
        if not choices:
            return "", False  # the chunk with the usage
        text, reason = choices[0]["delta"].get("content"), choices[0].get("finish_reason")
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        raise ModelError("the server's answer is no chat completion") from None
    if text is not None and not isinstance(text, str):
        raise ModelError("the server's answer holds no text")
    return text or "", reason is not None


def iterate(read: Callable[[Give], Awaitable[Any]]) -> Iterator[str]:
    """What an asynchronous reader gives, as an iterator; closing it cancels the reader.

    The reader runs in a thread with an event loop of its own, since the caller may be in one.
    """
    given: queue.SimpleQueue[str | Exception | None] = queue.SimpleQueue()
    loop = asyncio.new_event_loop()

    def work() -> None:
        # A runner also ends what a reader that fails leaves behind: a response that is still being read.
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            try:
                runner.get_loop().run_until_complete(task)
                given.put(None)
            except asyncio.CancelledError:
                given.put(None)
            except Exception as error:
                given.put(error)

    async def run() -> None:
        await read(given.put)

    task = loop.create_task(run())
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        while (piece := given.get()) is not None:
            if isinstance(piece, Exception):
                raise piece
            yield piece
    finally:
        if thread.is_alive():
            with contextlib.suppress(RuntimeError):  # it ended in the meantime
                loop.call_soon_threadsafe(task.cancel)
        thread.join()
