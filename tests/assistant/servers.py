"""A scripted OpenAI-compatible server that answers, refuses, stalls and lies."""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MODEL = "scripted"


def completion(text):
    """The body of a chat completion."""
    return json.dumps({"choices": [{"index": 0, "message": {"role": "assistant", "content": text}}]}).encode()


def event(text=None, finish=None):
    """One server-sent event of a streamed chat completion."""
    choice = {"index": 0, "delta": {} if text is None else {"content": text}, "finish_reason": finish}
    return b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\n"


def streams(*events, then=None):
    """A turn that sends events (bytes as they are, texts as pieces), then does nothing more or what `then` does."""

    def turn(handler, script):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream; charset=utf-8")
        handler.send_header("Connection", "close")
        handler.end_headers()
        try:
            for each in events:
                handler.wfile.write(each if isinstance(each, bytes) else event(each))
                handler.wfile.flush()
            if then is not None:
                then(handler, script)
        except OSError:
            pass
        handler.close_connection = True

    return turn


DONE = b"data: [DONE]\n\n"


def waits(handler, script):
    """Sends no more and keeps the connection open."""
    script.stop.wait(20)


def pours(handler, script):
    """Sends events without end."""
    while not script.stop.is_set():
        handler.wfile.write(event("x" * 4096))


class Script:
    """What the server does: a list of turns, the last one repeated; and what it was asked."""

    def __init__(self, *turns):
        self.turns = list(turns)
        self.requests = []
        self.headers = []
        self.stop = threading.Event()

    def next_turn(self):
        return self.turns.pop(0) if len(self.turns) > 1 else self.turns[0]


@contextmanager
def serving(*turns):
    """A server on a free port of this machine; a turn is a text, bytes, a (status, body) pair or a function."""
    script = Script(*turns)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def do_GET(self):
            body = json.dumps({"object": "list", "data": [{"id": MODEL}]}).encode()
            self.reply(200 if self.path == "/v1/models" else 404, body)

        def do_POST(self):
            content = self.rfile.read(int(self.headers["Content-Length"]))
            script.requests.append(json.loads(content))
            script.headers.append(dict(self.headers))
            turn = script.next_turn()
            if callable(turn):
                turn(self, script)
            elif isinstance(turn, tuple):
                self.reply(*turn)
            else:
                self.reply(200, turn if isinstance(turn, bytes) else completion(turn))

        def reply(self, status, body):
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", script
    finally:
        script.stop.set()
        server.shutdown()
        server.server_close()


def answers_a_page(handler, script):
    """What a proxy answers in place of the server: a page, with status 200."""
    body = b"<!doctype html><title>Welcome</title>" + completion("There is a unicorn.")
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def stalls(handler, script):
    """Never answers."""
    script.stop.wait(20)
    handler.close_connection = True


def stalls_midway(handler, script):
    """Sends half an answer and no more."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"choices": [')
    handler.wfile.flush()
    script.stop.wait(20)
    handler.close_connection = True


def drips(handler, script):
    """One byte now and then, for ever: no single read times out."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    try:
        while not script.stop.is_set():
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        pass
    handler.close_connection = True


def floods(handler, script):
    """Far more than any answer."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(1 << 30))
    handler.end_headers()
    try:
        while not script.stop.is_set():
            handler.wfile.write(b" " * (1 << 16))
    except OSError:
        pass
    handler.close_connection = True


def hangs_up(handler, script):
    """Closes the connection without a word."""
    handler.close_connection = True
    handler.connection.close()
