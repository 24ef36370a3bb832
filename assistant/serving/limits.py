"""What is checked before a request is read: its host, its token, its kind and its size."""

import asyncio
import hmac
from collections.abc import Callable, Collection

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Refuse = Callable[[int, str], JSONResponse]
"""A response of an HTTP status and a message."""

BODY_SECONDS = 30.0
"""A client that sends its request more slowly than this is not waited for."""


class BodyLimit:
    """Refuses requests whose body is larger than `max_bytes`, whatever length they announce, or comes too slowly."""

    def __init__(self, app: ASGIApp, max_bytes: int, refuse: Refuse, seconds: float = BODY_SECONDS) -> None:
        self.app = app
        self.max_bytes = max_bytes
        self.refuse = refuse
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        if self._announced(scope) > self.max_bytes:
            await self._too_large(scope, receive, send)
            return
        try:
            async with asyncio.timeout(self.seconds):
                body = await self._body(receive)
        except TimeoutError:
            await self.refuse(408, f"the request did not come within {self.seconds:g} seconds")(scope, receive, send)
            return
        if body is None:
            return  # the client went away
        if len(body) > self.max_bytes:
            await self._too_large(scope, receive, send)
            return
        pending: list[Message] = [{"type": "http.request", "body": bytes(body), "more_body": False}]

        async def replay() -> Message:
            return pending.pop() if pending else await receive()

        await self.app(scope, replay, send)

    async def _too_large(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.refuse(413, f"at most {self.max_bytes} bytes are accepted")(scope, receive, send)

    @staticmethod
    def _announced(scope: Scope) -> int:
        """The length that a request says it has; 0 where it says none."""
        length = Headers(scope=scope).get("content-length", "")
        return int(length[:18]) if length.isascii() and length.isdigit() else 0

    async def _body(self, receive: Receive) -> bytearray | None:
        """The body, or its beginning where it is too large."""
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return None
            body += message.get("body", b"")
            if len(body) > self.max_bytes or not message.get("more_body", False):
                return body


class Gate:
    """Lets in requests to a known host, with the token where one is asked for, and with JSON as their body.

    A page in a browser elsewhere can neither let its own name point to this machine (host) nor send a
    form to it (JSON bodies need a permission that is never given).

    Args:
        app: what is behind the gate.
        refuse: makes the responses.
        hosts: names under which the server may be addressed; "*" for any.
        token: what `Authorization: Bearer` must hold; None asks for none.
        open_paths: paths that need no token.
    """

    def __init__(
        self,
        app: ASGIApp,
        refuse: Refuse,
        hosts: Collection[str],
        token: str | None = None,
        open_paths: Collection[str] = (),
    ) -> None:
        self.app = app
        self.refuse = refuse
        self.hosts = frozenset(hosts)
        self.token = None if token is None else token.encode()
        self.open_paths = frozenset(open_paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        refusal = self._refusal(scope) if scope["type"] == "http" else None
        await (refusal or self.app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> JSONResponse | None:
        headers = Headers(scope=scope)
        if "*" not in self.hosts and _hostname(headers.get("host", "")) not in self.hosts:
            return self.refuse(403, "the server does not answer to this host name")
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if (
            self.token is not None
            and scope["path"] not in self.open_paths
            and not (scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), self.token))
        ):
            return self.refuse(401, "the token is missing or wrong: send 'Authorization: Bearer TOKEN'")
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if scope["method"] == "POST" and kind != "application/json":
            return self.refuse(415, "expected a body of content type application/json")
        return None


def _hostname(host: str) -> str:
    """A Host header without its port: `[::1]:80` is ::1.

    >>> _hostname("127.0.0.1:8000"), _hostname("[::1]:8000")
    ('127.0.0.1', '::1')
    """
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()
