"""A cheap HTTP client for many connections, in a process of its own: python -m bench.load < spec.json

Every connection sends its next request when the last one is answered. Plain sockets, so that the
client takes little of the machine it measures.
"""

from __future__ import annotations

import json
import selectors
import socket
import subprocess
import sys
import time
import uuid
from dataclasses import asdict, dataclass, field
from typing import Any

#: (path, body; a GET has none) of requests that one connection sends one after the other, again and again
Turn = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Spec:
    """`turns`: one for each connection. Until `seconds` are over or `count` turns are done, and the turn is;
    `pause` seconds between two turns of one connection."""

    host: str
    port: int
    token: str
    turns: list[Turn]
    seconds: float = 60
    count: int = 1_000_000
    pause: float = 0
    #: instead of the token: what a browser sends
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answered:
    """(start, end) of each turn's last request, seconds on the machine's monotonic clock; how many requests were
    answered with each status."""

    spans: list[tuple[float, float]]
    statuses: dict[str, int]
    seconds: float

    @property
    def count(self) -> int:
        return sum(self.statuses.values())


def run(spec: Spec) -> Answered:
    """Run a spec in another process."""
    return read(start(spec))


def start(spec: Spec) -> subprocess.Popen[str]:
    """Begin in another process; `read` waits for its end."""
    command = [sys.executable, "-m", "bench.load"]
    running = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    if running.stdin is not None:
        running.stdin.write(json.dumps(asdict(spec)))
        running.stdin.close()
        running.stdin = None
    return running


def read(running: subprocess.Popen[str]) -> Answered:
    out, _ = running.communicate()
    if running.returncode:
        raise RuntimeError(f"the load ended with {running.returncode}")
    answer: dict[str, Any] = json.loads(out)
    return Answered([(start, end) for start, end in answer["spans"]], answer["statuses"], answer["seconds"])


class Connection:
    def __init__(self, spec: Spec, turn: Turn) -> None:
        self.sock = socket.create_connection((spec.host, spec.port))
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._turn = [(_head(spec, path, body), f"\r\n\r\n{body}".encode()) for path, body in turn]
        self._key, self._sent = uuid.uuid4().hex[:12], 0
        self.started = 0.0

    def send(self) -> None:
        head, body = self._turn[self._sent % len(self._turn)]
        self._sent += 1
        request = head + f"{self._key}-{self._sent}".encode() + body
        self.started = time.monotonic()
        self.sock.sendall(request)

    def take_back(self) -> None:
        """The request that was sent last is the next one again, with its key."""
        self._sent -= 1

    @property
    def at_end(self) -> bool:
        """Whether what was sent last is the last of a turn."""
        return self._sent % len(self._turn) == 0

    def receive(self) -> str:
        """The status of the whole answer."""
        data = self.sock.recv(65536)
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _, body = data.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or 0)
        missing = length - len(body)
        while missing > 0:
            missing -= len(self._more())
        return head[9:12].decode()

    def _more(self) -> bytes:
        data = self.sock.recv(65536)
        if not data:
            raise ConnectionError("the server closed the connection")
        return data


def _head(spec: Spec, path: str, body: str) -> bytes:
    who = spec.headers or {"Authorization": f"Bearer {spec.token}"}
    head = f"{'POST' if body else 'GET'} {path} HTTP/1.1\r\nHost: {spec.host}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in who.items())
    return f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\nIdempotency-Key: ".encode()


def work(spec: Spec) -> Answered:
    selector = selectors.DefaultSelector()
    connections = [Connection(spec, turn) for turn in spec.turns]
    for connection in connections:
        selector.register(connection.sock, selectors.EVENT_READ, connection)
    spans: list[tuple[float, float]] = []
    statuses: dict[str, int] = {}
    begin = time.monotonic()
    end = begin + spec.seconds
    for connection in connections:
        connection.send()
    waiting = len(connections)
    while waiting:
        for key, _ in selector.select():
            connection = key.data
            status = connection.receive()
            now = time.monotonic()
            statuses[status] = statuses.get(status, 0) + 1
            if not connection.at_end:
                connection.send()
                continue
            spans.append((connection.started, now))
            if now >= end or len(spans) >= spec.count:
                waiting -= 1
                continue
            if spec.pause:
                time.sleep(spec.pause)  # a clerk's, between two calls
            connection.send()
    return Answered(spans, statuses, time.monotonic() - begin)


if __name__ == "__main__":
    given = json.load(sys.stdin)
    print(json.dumps(asdict(work(Spec(**given)))))
