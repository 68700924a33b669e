"""A gateway on this machine that takes what is sent to it, and fails as real ones do."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Taken:
    """A request as the gateway saw it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(self.body)
        return read

    @property
    def form(self) -> dict[str, str]:
        text = self.body.decode() or urlsplit(self.path).query
        return {name: values[0] for name, values in parse_qs(text).items()}


class Gateway:
    """`answers` are given one after the other, the last one for ever: a status, a (status, body), `hang`, `noise`,
    `drip` (the body, for ever), `trickle` (the head, for ever), `drop` (hangs up)."""

    def __init__(self) -> None:
        self.taken: list[Taken] = []
        self.answers: list[Any] = [200]
        self.going = threading.Event()
        #: before each answer
        self.pause: Callable[[], None] = lambda: None
        here = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                here.taken.append(Taken(self.command, self.path, dict(self.headers), body))
                here.answer(self)

            do_GET = do_PUT = do_POST  # noqa: N815 - the names http.server looks for

            def log_message(self, *args: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: Any, client_address: Any) -> None:
                """A client that gave up is what some tests want."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/send"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.pause()
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer == "hang":
            self.going.wait(30)
            return
        if answer == "noise":
            handler.wfile.write(b"\xff\x00 no HTTP\r\n\r\n")
            return
        if answer == "drop":
            handler.connection.close()
            return
        if answer == "trickle":
            while not self.going.wait(0.02):
                handler.wfile.write(b"H")
            return
        if answer == "drip":
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            while not self.going.wait(0.05):
                handler.wfile.write(b"1")
            return
        status, body = answer if isinstance(answer, tuple) else (answer, b'{"code": 0}')
        handler.send_response(status)
        if status in (301, 302, 307):
            handler.send_header("Location", self.url)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        for at in range(0, len(body), 8192):
            handler.wfile.write(body[at : at + 8192])

    def __enter__(self) -> Gateway:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.going.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
