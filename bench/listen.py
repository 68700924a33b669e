"""Many displays in one process: python -m bench.listen < spec.json

Says "ready" when all have joined, then notes when each of them receives each call, until none comes
for a while. Prints, for every call in turn, the times at which the displays had it.
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
import time
from dataclasses import dataclass

from websocket import WebSocket, create_connection

#: only a ring puts a row there
_RING = b'["recent"'
_PING, _PONG = "2", "3"
_PING_FRAME = b"\x81\x012"


@dataclass(frozen=True, slots=True)
class Spec:
    """`calls`: how many rings to wait for; `patience`: seconds without one that end it anyway."""

    host: str
    port: int
    token: str
    room: str
    displays: int
    calls: int
    patience: float = 10


def join(spec: Spec) -> WebSocket:
    """One display in the room, its snapshot read."""
    display = create_connection(f"ws://{spec.host}:{spec.port}/socket.io/?EIO=4&transport=websocket", timeout=10)
    _await(display, "0")
    display.send("40/live," + json.dumps({"token": spec.token}))
    _await(display, "40/live")
    display.send("42/live,1" + json.dumps(["join", {"room": spec.room}]))
    answer = _await(display, "43/live,1")
    if "problem" in json.loads(answer.removeprefix("43/live,1"))[0]:
        raise RuntimeError(answer)
    return display


def _await(display: WebSocket, start: str) -> str:
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


def listen(spec: Spec, displays: list[WebSocket]) -> list[list[float]]:
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
            rings = seen.count(_RING)
            tails[number] = seen[-len(_RING) + 1 :]  # too short to be counted again
            if rings:
                heard[number] += [now] * rings
                quiet_since = now
    return heard


if __name__ == "__main__":
    given = Spec(**json.loads(sys.stdin.readline()))
    joined = [join(given) for _ in range(given.displays)]
    print("ready", flush=True)
    print(json.dumps(listen(given, joined)))
