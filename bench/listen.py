"""Many pages in one process: python -m bench.listen < spec.json

Says "ready" when all have joined, then notes when each of them receives each call, until none comes
for a while. Prints, for every page, the times at which it had one call after the other, and stays until its input ends.
"""

from __future__ import annotations

import json
import selectors
import socket
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field, replace

from websocket import WebSocket, create_connection

#: only a ring puts a row there
BOARD_RING = '["recent"'
_PING, _PONG = "2", "3"
_PING_FRAME = b"\x81\x012"


@dataclass(frozen=True, slots=True)
class Spec:
    """`asks`: event and payload with which a page joins; `ring`: what only a call's frame holds; `calls`: how many of
    them to wait for; `patience`: seconds without one that end it anyway. `joins`: token, event and payload of each
    page, when not all ask the same; they take turns."""

    host: str
    port: int
    token: str
    asks: tuple[str, dict[str, str]]
    ring: str
    pages: int
    calls: int
    patience: float = 10
    joins: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    def page(self, number: int) -> Spec:
        """What one page asks."""
        if not self.joins:
            return self
        token, event, payload = self.joins[number % len(self.joins)]
        return replace(self, token=token, asks=(event, payload))


class Pages:
    """Pages in a process of their own."""

    def __init__(self, spec: Spec) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.listen"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._say(json.dumps(asdict(spec)))

    def _say(self, line: str) -> None:
        if self._process.stdin is None:
            raise RuntimeError("no pipe")
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def _hear(self) -> str:
        if self._process.stdout is None:
            raise RuntimeError("no pipe")
        return self._process.stdout.readline()

    def await_joined(self) -> None:
        if self._hear() != "ready\n":
            raise RuntimeError("the pages did not join")

    def heard(self) -> list[list[float]]:
        """By page: when it had each call. They stay connected until `stop`."""
        times: list[list[float]] = json.loads(self._hear() or "[[]]")
        return times

    def stop(self) -> None:
        """Close them all at once, whatever they heard."""
        self._process.kill()
        self._process.wait()


def join(spec: Spec) -> WebSocket:
    """One page in its room, what it was answered read."""
    display = create_connection(f"ws://{spec.host}:{spec.port}/socket.io/?EIO=4&transport=websocket", timeout=10)
    await_frame(display, "0")
    display.send("40/live," + json.dumps({"token": spec.token}))
    await_frame(display, "40/live")
    display.send("42/live,1" + json.dumps(spec.asks))
    answer = await_frame(display, "43/live,1")
    if "problem" in json.loads(answer.removeprefix("43/live,1"))[0]:
        raise RuntimeError(answer)
    return display


def await_frame(display: WebSocket, start: str) -> str:
    while True:
        frame = str(display.recv())
        if frame == _PING:
            display.send(_PONG)
        elif frame.startswith(start):
            return frame


def _socket(display: WebSocket) -> socket.socket:
    if display.sock is None:
        raise ConnectionError("a display is not connected")
    return display.sock


def join_all(spec: Spec) -> list[WebSocket]:
    """Every page in its room. One that joined long ago is asked whether it is still there, while others join: it must
    answer, or the server tells it nothing any more and leaves its connection open."""
    displays: list[WebSocket] = []
    selector = selectors.DefaultSelector()
    for number in range(spec.pages):
        displays.append(join(spec.page(number)))
        selector.register(_socket(displays[-1]), selectors.EVENT_READ, displays[-1])
        for key, _ in selector.select(0):
            if _PING_FRAME in _socket(key.data).recv(65536):
                key.data.send(_PONG)
    return displays


def listen(spec: Spec, displays: list[WebSocket]) -> list[list[float]]:
    ring = spec.ring.encode()
    selector = selectors.DefaultSelector()
    # Plain reads from here: taking frames apart would cost more than the server's part.
    for number, display in enumerate(displays):
        selector.register(_socket(display), selectors.EVENT_READ, number)
    heard: list[list[float]] = [[] for _ in displays]
    tails = [b""] * len(displays)
    quiet_since = time.monotonic()
    while time.monotonic() - quiet_since < spec.patience and any(len(times) < spec.calls for times in heard):
        for key, _ in selector.select(0.5):
            number = key.data
            data = _socket(displays[number]).recv(65536)
            now = time.monotonic()
            if not data:
                raise ConnectionError(f"display {number} lost its connection")
            if _PING_FRAME in data:
                displays[number].send(_PONG)
            seen = tails[number] + data
            rings = seen.count(ring)
            tails[number] = seen[-len(ring) + 1 :]  # too short to be counted again
            if rings:
                heard[number] += [now] * rings
                quiet_since = now
    return heard


def stay(displays: list[WebSocket]) -> None:
    """Be there, as a page is that hears nothing more, until the input ends."""
    selector = selectors.DefaultSelector()
    selector.register(sys.stdin, selectors.EVENT_READ)
    for display in displays:
        selector.register(_socket(display), selectors.EVENT_READ, display)
    while True:
        for key, _ in selector.select():
            if key.data is None:
                return
            data = _socket(key.data).recv(65536)
            if _PING_FRAME in data:
                key.data.send(_PONG)
            elif not data:
                selector.unregister(_socket(key.data))


if __name__ == "__main__":
    given = Spec(**json.loads(sys.stdin.readline()))
    joined = join_all(given)
    print("ready", flush=True)
    print(json.dumps(listen(given, joined)), flush=True)
    stay(joined)
