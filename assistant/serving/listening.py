"""Listening at an address of this machine until interrupted."""

import socket
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from scenegraph import InputError

BACKLOG = 2048
"""Connections that wait to be accepted: a crowd may come at once."""


def run(app: ASGIApp, host: str, port: int, on_ready: Callable[[str], None] | None = None) -> None:
    """Serve an application until interrupted.

    Args:
        app: the application.
        host: the address to listen at.
        port: 0 picks a free one.
        on_ready: called with the server's address (http://127.0.0.1:8000/) once it answers.

    Raises:
        InputError: the port is taken, or the address is none of this machine.
    """
    listener = _listen(host, port)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listener.getsockname()[1]}/"

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets=sockets)
            if on_ready is not None:
                on_ready(address)

    with listener:
        # Its own logging set-up would close every log file that is open in this process.
        config = uvicorn.Config(app, log_config=None, log_level="warning", server_header=False, backlog=BACKLOG)
        Server(config).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"cannot listen at {host}:{port} ({reason}); choose another port with --port") from None
    return listener
