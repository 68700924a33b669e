"""Requests at their times, whatever the server does meanwhile: python -m bench.due < spec.json

One connection for each line of requests, so that a line's requests are answered in their order. A request whose time
has come while the one before it is not answered is late, and its lateness counts: its span begins when it was due. One
that is refused with 503 is made again with its key, as a kiosk would, and its span goes on.
"""

from __future__ import annotations

import heapq
import json
import selectors
import subprocess
import sys
import time
from dataclasses import asdict, dataclass

from bench import load

#: seconds until what was refused is asked again
_AGAIN = 1.0


@dataclass(frozen=True, slots=True)
class Line:
    """`requests`: (seconds from the start, path, body), ordered."""

    token: str
    requests: list[tuple[float, str, str]]


@dataclass(frozen=True, slots=True)
class Spec:
    host: str
    port: int
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Answered:
    """By line: (due, answered) of each request, seconds on the machine's monotonic clock; how many requests were
    answered with each status."""

    spans: list[list[tuple[float, float]]]
    statuses: dict[str, int]


def run(spec: Spec) -> Answered:
    """Run a spec in another process."""
    command = [sys.executable, "-m", "bench.due"]
    ended = subprocess.run(command, input=json.dumps(asdict(spec)), stdout=subprocess.PIPE, text=True, check=True)
    answer = json.loads(ended.stdout)
    return Answered([[(due, end) for due, end in line] for line in answer["spans"]], answer["statuses"])


def work(spec: Spec) -> Answered:
    connections = [_connect(spec, line) for line in spec.lines]
    selector = selectors.DefaultSelector()
    for number, connection in enumerate(connections):
        selector.register(connection.sock, selectors.EVENT_READ, number)
    begin = time.monotonic()
    spans: list[list[tuple[float, float]]] = [[] for _ in spec.lines]
    statuses: dict[str, int] = {}
    # (when, line): each line is either here or waits for an answer.
    ready = [(begin + line.requests[0][0], number) for number, line in enumerate(spec.lines)]
    heapq.heapify(ready)
    left = sum(len(line.requests) for line in spec.lines)
    while left:
        while ready and ready[0][0] <= time.monotonic():
            connections[heapq.heappop(ready)[1]].send()
        patience = max(0.0, ready[0][0] - time.monotonic()) if ready else None
        for key, _ in selector.select(patience):
            number, requests = key.data, spec.lines[key.data].requests
            status = connections[number].receive()
            statuses[status] = statuses.get(status, 0) + 1
            if status == "503":
                connections[number].take_back()
                heapq.heappush(ready, (time.monotonic() + _AGAIN, number))
                continue
            spans[number].append((begin + requests[len(spans[number])][0], time.monotonic()))
            left -= 1
            if len(spans[number]) < len(requests):
                heapq.heappush(ready, (begin + requests[len(spans[number])][0], number))
    return Answered(spans, statuses)


def _connect(spec: Spec, line: Line) -> load.Connection:
    turn = [(path, body) for _, path, body in line.requests]
    return load.Connection(load.Spec(spec.host, spec.port, line.token, []), turn)


if __name__ == "__main__":
    given = json.load(sys.stdin)
    lines = [Line(**line) for line in given.pop("lines")]
    print(json.dumps(asdict(work(Spec(lines=lines, **given)))))
