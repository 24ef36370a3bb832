"""Any OpenAI-compatible server: vLLM, Ollama, llama.cpp, transformers serve, and so on.

Servers differ in what they honour, stall and send garbage; every answer has a time and a size limit,
and whatever is no chat completion becomes a `ModelError`.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from assistant.loopback import LOOPBACK
from assistant.models.base import Message, ModelError
from assistant.models.streaming import Give, iterate, read_events
from scenegraph import InputError

if TYPE_CHECKING:
    import httpx

MAX_BYTES = 4 << 20
"""An answer of a few hundred tokens has kilobytes; more is garbage."""

_REFUSES_SCHEMA = (400, 404, 415, 422, 501)
"""What servers answer that do not know `response_format`; the same request goes out once without it."""


class Server:
    """A model at an OpenAI-compatible server.

    Args:
        address: base address, with or without /v1.
        model: name of the model; the first one that the server lists if None.
        api_key: sent as a bearer token.
        timeout: seconds for a whole answer, connection included.

    Attributes:
        endpoint: scheme, host and port: what a record may name.

    Raises:
        InputError: the address is none.
    """

    def __init__(
        self, address: str, model: str | None = None, api_key: str | None = None, timeout: float = 60.0
    ) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InputError(f"server address {address[:200]!r}: expected http://host:port/v1")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise InputError("a server address must hold no password and no ?query; give the key by its own option")
        self.address = address.rstrip("/") if parts.path.strip("/") else f"{address.rstrip('/')}/v1"
        self.timeout = timeout
        self._model = model
        self._headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self.endpoint = f"{parts.scheme}://{parts.netloc}"
        self._direct = parts.hostname in LOOPBACK  # no proxy stands between a machine and itself

    @property
    def model(self) -> str | None:
        """The name of the model; None until the server has been asked for its first one."""
        return self._model

    @property
    def name(self) -> str:
        """The model's name where one is known, and the address."""
        return f"{self._model or 'the model'} at {self.address}"

    def complete(
        self, messages: Sequence[Message], schema: Mapping[str, Any] | None = None, max_tokens: int = 512
    ) -> str:
        """The text of the next turn.

        Raises:
            ModelError: the server cannot be reached, stalls, refuses, or answers something else.
        """
        deadline = time.monotonic() + self.timeout
        for request in self._requests(messages, schema, max_tokens, deadline):
            status, body = self._send("POST", "chat/completions", deadline, request)
            if status not in _REFUSES_SCHEMA:
                break
        return _text(status, body)

    def stream(
        self, messages: Sequence[Message], schema: Mapping[str, Any] | None = None, max_tokens: int = 512
    ) -> Iterator[str]:
        """The text of the next turn in pieces; a server that cannot stream gives one.

        Raises:
            ModelError: as `complete`, or the server stops in the middle of its answer.
        """
        deadline = time.monotonic() + self.timeout
        requests = self._requests(messages, schema, max_tokens, deadline)

        async def read(give: Give) -> None:
            for last, request in enumerate(requests, 1 - len(requests)):
                if await self._streamed({**request, "stream": True}, deadline, give, last == 0):
                    return

        yield from iterate(read)

    def _requests(
        self, messages: Sequence[Message], schema: Mapping[str, Any] | None, max_tokens: int, deadline: float
    ) -> list[dict[str, Any]]:
        """The request, and where a schema is asked for the one for servers that refuse it."""
        request: dict[str, Any] = {
            "model": self._model or self._first_model(deadline),
            "messages": list(messages),
            "temperature": 0,
            "max_tokens": max_tokens,
        }
        if schema is None:
            return [request]
        wanted = {"type": "json_schema", "json_schema": {"name": "answer", "schema": dict(schema)}}
        return [{**request, "response_format": wanted}, request]

    async def _streamed(self, request: Mapping[str, Any], deadline: float, give: Give, last: bool) -> bool:
        """Give what the server writes; False where it refuses the request and another one is left."""
        async with self._opened("POST", "chat/completions", deadline, request) as response:
            if response.status_code in _REFUSES_SCHEMA and not last:
                return False
            events = response.headers.get("content-type", "").startswith("text/event-stream")
            if response.status_code == 200 and events:
                await read_events(response.aiter_bytes(), give, MAX_BYTES)
            else:
                give(_text(response.status_code, await _body(response)))
        return True

    def _first_model(self, deadline: float) -> str:
        status, body = self._send("GET", "models", deadline)
        try:
            found = body["data"][0]["id"] if status == 200 else None
        except (KeyError, IndexError, TypeError):
            found = None
        if not isinstance(found, str) or not found:
            raise ModelError("the server lists no model; name one")
        self._model = found
        return found

    def _send(
        self, method: str, path: str, deadline: float, content: Mapping[str, Any] | None = None
    ) -> tuple[int, Any]:
        # Only a cancelled task bounds the whole exchange: a server that sends one byte now and then
        # passes every timeout of a single read. A thread of its own, since the caller may run a loop.
        with ThreadPoolExecutor(1) as executor:
            return executor.submit(asyncio.run, self._exchange(method, path, deadline, content)).result()

    async def _exchange(
        self, method: str, path: str, deadline: float, content: Mapping[str, Any] | None
    ) -> tuple[int, Any]:
        async with self._opened(method, path, deadline, content) as response:
            return response.status_code, await _body(response)

    @asynccontextmanager
    async def _opened(
        self, method: str, path: str, deadline: float, content: Mapping[str, Any] | None
    ) -> "AsyncIterator[httpx.Response]":
        import httpx

        try:
            async with (
                asyncio.timeout(max(deadline - time.monotonic(), 0.001)),
                httpx.AsyncClient(timeout=None, trust_env=not self._direct, follow_redirects=False) as client,
                client.stream(method, f"{self.address}/{path}", json=content, headers=self._headers) as response,
            ):
                yield response
        except TimeoutError:
            raise ModelError(f"the server gave no whole answer within {self.timeout:g} s") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ModelError(f"the server could not be reached ({type(error).__name__})") from None


async def _body(response: "httpx.Response") -> Any:
    """The JSON value of a response, None if it holds none; read piece by piece so that its size is bounded."""
    received = bytearray()
    async for piece in response.aiter_bytes():
        received.extend(piece)
        if len(received) > MAX_BYTES:
            raise ModelError(f"the server's answer is larger than {MAX_BYTES >> 20} MB")
    try:
        return json.loads(received.decode("utf-8", errors="replace"))
    except (ValueError, RecursionError):
        return None


def _text(status: int, body: Any) -> str:
    if status != 200:
        raise ModelError(f"the server answered with HTTP status {status}")
    try:
        text = body["choices"][0]["message"]["content"]
    except (KeyError, IndexError, TypeError):
        raise ModelError("the server's answer is no chat completion") from None
    if not isinstance(text, str) or not text.strip():
        raise ModelError("the server's answer holds no text")
    return text
