"""Errors in the form that OpenAI's clients read, and never a traceback."""

import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from assistant.serving.library import UnknownGraph
from scenegraph import InputError

LOG = logging.getLogger("groundgraph.serving")

_TYPES = {
    401: ("authentication_error", "invalid_api_key"),
    404: ("invalid_request_error", "not_found"),
    405: ("invalid_request_error", "method_not_allowed"),
    413: ("invalid_request_error", "too_large"),
    415: ("invalid_request_error", "unsupported_media_type"),
    503: ("server_error", "overloaded"),
    504: ("server_error", "timeout"),
}


class Refusal(Exception):
    """A request that is not answered: an HTTP status and a message for its author."""

    def __init__(self, status: int, message: str, parameter: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.parameter = parameter
        self.code = code


class AsciiJSON(JSONResponse):
    """JSON in plain ASCII: text that a request brought may hold what no encoding can write (lone surrogates)."""

    def render(self, content: Any) -> bytes:
        """The body."""
        return json.dumps(content, allow_nan=False, separators=(",", ":")).encode("ascii")


def error_body(status: int, message: str, parameter: str | None = None, code: str | None = None) -> dict[str, Any]:
    """The body of an error: `{"error": {"message", "type", "param", "code"}}`."""
    kind, usual = _TYPES.get(status, ("server_error" if status >= 500 else "invalid_request_error", None))
    return {"error": {"message": message, "type": kind, "param": parameter, "code": code or usual}}


def error_response(status: int, message: str, parameter: str | None = None, code: str | None = None) -> JSONResponse:
    """That body as a response."""
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return AsciiJSON(error_body(status, message, parameter, code), status, headers)


def add_error_handlers(app: FastAPI) -> None:
    """Give every error of an application this form."""

    async def refused(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Refusal)
        return error_response(error.status, str(error), error.parameter, error.code)

    async def invalid(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        first = error.errors()[0] if error.errors() else {"loc": (), "msg": "invalid"}
        where = ".".join(str(part) for part in first["loc"][1:])[:200]
        return error_response(400, f"{where or 'body'}: {str(first['msg'])[:300]}", where or None)

    async def unusable(request: Request, error: Exception) -> JSONResponse:
        return error_response(400, str(error)[:1000])

    async def unknown(request: Request, error: Exception) -> JSONResponse:
        return error_response(404, str(error), "model", "model_not_found")

    async def http(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        return error_response(error.status_code, str(error.detail))

    async def failed(request: Request, error: Exception) -> JSONResponse:
        LOG.error("a request failed", exc_info=error)
        return error_response(500, "the server failed to answer; its log says why")

    handlers: dict[type[Exception], Callable[[Request, Exception], Awaitable[JSONResponse]]] = {
        Refusal: refused,
        RequestValidationError: invalid,
        InputError: unusable,
        UnknownGraph: unknown,
        HTTPException: http,
        Exception: failed,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)
