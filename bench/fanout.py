"""One call told to a full hall: displays, and thousands of phones; beside the same emits of a bare Socket.IO server.

Both servers have one web worker, hold the same pages, and take turns call by call. The phones all follow the ticket
that is called: the most that one call can tell. Time runs from the POST until the last page has the call. Then all the
pages of a server leave at once, as when a cable is pulled.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from redis import Redis

from bench import load
from bench.cpu import await_quiet, resident, used
from bench.listen import BOARD_RING, Pages, Spec, await_frame, join
from bench.report import Figure, median
from bench.rig import CALLER, HALL, Rig, free_port, rig, serving
from hall.services.tickets import Wish
from hall.settings import Settings

GOAL = "≤ 1.3"
_TOLD = '["ticket",'
_WINDOW = "w0"
_RECALL = (f"/api/v1/halls/{HALL}/windows/{_WINDOW}/recall", "{}")
#: pages to a process
_CROWD = 2500
#: seconds from one side's call to the other's: longer than the slowest takes to its last page, so that the sides are
#: never in each other's way
_PAUSE = 2.0


@dataclass(frozen=True, slots=True)
class Side:
    """One server with its pages. `post`: path and body that tell them all."""

    host: str
    port: int
    token: str
    post: tuple[str, str]
    pages: list[Pages]

    def call(self) -> float:
        spec = load.Spec(self.host, self.port, self.token, [[self.post]], count=1)
        (span,) = load.run(spec).spans
        return span[0]


def measure(displays: int, phones: int, calls: int) -> list[Figure]:
    with rig(windows=1, SANBAN_WEB_WORKERS="1") as place, _bare() as (host, port, pid):
        token, frames = _called(place)
        before = resident(place.server)
        asks = ("follow", {"token": token}), ("join", {"room": f"{HALL}/board"})
        ours = _crowd(place.host, place.port, place.token, asks, (phones, displays), calls)
        held = resident(place.server) - before
        before = resident(pid)
        same = ("join", {"room": "phones"}), ("join", {"room": "board"})
        bare = _crowd(host, port, "", same, (phones, displays), calls)
        bare_held = resident(pid) - before
        emits = json.dumps({"emits": [[*frames["message"], "board"], [*frames["ticket"], "phones"]]})
        sides = [
            Side(place.host, place.port, place.token, _RECALL, ours),
            Side(host, port, "", ("/emit", emits), bare),
        ]
        took = _take_turns(sides, calls)
        store = place.sanban.store.reads
        ours_left, bare_left = _leave(sides[0], place.server, store), _leave(sides[1], pid, store)
    if max(max(times) for times in took) > _PAUSE:
        raise RuntimeError("a call took longer than the pause after it: the sides were in each other's way")
    ratios = [one / other for one, other in zip(*took, strict=True)]
    name = f"one call to {displays} displays and {phones:,} phones"
    count = displays + phones
    return [
        Figure(f"bare Socket.IO, the same to {count:,} sockets", median(took[1]) * 1000, "ms to the last"),
        Figure(name, median(took[0]) * 1000, "ms to the last", "bare Socket.IO", median(ratios), GOAL),
        Figure("memory of a connected page, bare Socket.IO", bare_held / count, "KiB"),
        Figure("memory of a connected page", held / count, "KiB", "bare Socket.IO", held / max(1, bare_held)),
        Figure(f"processor until {count:,} sockets that left are forgotten, bare Socket.IO", bare_left, "s"),
        Figure(
            f"processor until {count:,} pages that left are forgotten",
            ours_left,
            "s",
            "bare Socket.IO",
            ours_left / bare_left,
            "≤ 1",
        ),
    ]


def _called(place: Rig) -> tuple[str, dict[str, tuple[str, object]]]:
    """A called ticket's token, and what its recall tells a display and a phone: {event: (event, payload)}."""
    placed = place.sanban.tickets.issue(CALLER, HALL, Wish(services=("s0",)))
    place.sanban.calls.call_next(CALLER, HALL, _WINDOW)
    token = place.sanban.secrets.ticket_token(HALL, placed.ticket["id"])
    spec = Spec(place.host, place.port, place.token, ("join", {"room": f"{HALL}/board"}), BOARD_RING, 1, 1)
    board = join(spec)
    phone = join(Spec(place.host, place.port, place.token, ("follow", {"token": token}), _TOLD, 1, 1))
    Side(place.host, place.port, place.token, _RECALL, []).call()
    frames = {}
    for page, event in ((board, "message"), (phone, "ticket")):
        start = f'42/live,["{event}",'
        name, payload = json.loads(await_frame(page, start).removeprefix("42/live,"))
        frames[name] = (name, payload)
        page.close()
    return token, frames


def _crowd(
    host: str,
    port: int,
    token: str,
    asks: tuple[tuple[str, dict[str, str]], tuple[str, dict[str, str]]],
    counts: tuple[int, int],
    calls: int,
) -> list[Pages]:
    """Phones in crowds, then displays, all joined. One crowd after the other: none waits for its answer too long."""
    phones = [min(_CROWD, counts[0] - start) for start in range(0, counts[0], _CROWD)]
    specs = [Spec(host, port, token, asks[0], _TOLD, count, calls, 600) for count in phones]
    specs.append(Spec(host, port, token, asks[1], BOARD_RING, counts[1], calls, 600))
    crowd = []
    for spec in specs:
        crowd.append(Pages(spec))
        crowd[-1].await_joined()
    return crowd


def _take_turns(sides: list[Side], calls: int) -> tuple[list[float], list[float]]:
    """By side: seconds from each POST to the last page."""
    began: list[list[float]] = [[], []]
    for _ in range(calls):
        for side, starts in zip(sides, began, strict=True):
            starts.append(side.call())
            time.sleep(_PAUSE)  # the sides must not be in each other's way
    took = []
    for side, starts in zip(sides, began, strict=True):
        heard = [times for pages in side.pages for times in pages.heard()]
        if any(len(times) != calls for times in heard):
            raise RuntimeError("a page did not hear every call")
        took.append([max(times[n] for times in heard) - start for n, start in enumerate(starts)])
    return took[0], took[1]


def _leave(side: Side, server: int, store: Redis) -> float:
    """Seconds of the web worker's processor until it has seen all pages off."""
    before = used(server, store)
    for pages in side.pages:
        pages.stop()
    await_quiet(server, store)
    return used(server, store).since(before).web or 0.0


@contextmanager
def _bare() -> Iterator[tuple[str, int, int]]:
    """(host, port, process id) of the bare server, in the same gunicorn."""
    port = free_port()
    env = {"SANBAN_BIND": f"127.0.0.1:{port}", "SANBAN_WEB_WORKERS": "1", "SANBAN_SECRET_KEY": "x" * 32}
    env["SANBAN_DATA_DIR"] = str(Path(os.devnull).parent)
    settings = Settings.load(env)
    with serving(settings, env, "bench.bare_live:create_app()") as server:
        yield settings.host, settings.port, server.pid
