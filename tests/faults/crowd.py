"""Kiosks, clerks, phones and displays that never give up: each asks again with the same request key until it has an
answer, as the pages do. Plain threads over real HTTP and sockets."""

from __future__ import annotations

import http.client
import itertools
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from websocket import WebSocket, WebSocketException, create_connection

from hall.bootstrap import Sanban
from hall.domain.events import id_order
from hall.domain.halls import Hall
from tests.faults.record import Record, Screen

#: seconds between two requests of one client, as long as nobody says otherwise, and before it asks again
_PACE, _AGAIN = 0.03, 0.1
_ASK_SECONDS = 12.0
_JOIN_SECONDS = 8.0
_PING, _PONG = "2", "3"


class Crowd:
    """The load on one hall. Requests go to `doors` in turn, as nginx sends them to web servers, displays to `wall`;
    `quiet` ends new requests and waits until each one under way has its answer."""

    def __init__(self, doors: list[int], wall: int, hall: Hall, sanban: Sanban) -> None:
        self.record = Record()
        self.doors, self._wall = doors, wall
        self._hall, self._lines = hall.id, len(hall.lines)
        self._token = sanban.access.add_token(hall.id, "manager")
        self._id_of = sanban.secrets.read_ticket_token
        self.pace = _PACE
        self._turn = itertools.count()
        self._ending, self._gone = threading.Event(), threading.Event()
        self._askers: list[threading.Thread] = []
        self._displays: list[threading.Thread] = []

    def start(self, kiosks: int, clerks: int, displays: int) -> None:
        for n in range(displays):
            self.record.screens.append(Screen())
            self._displays.append(threading.Thread(target=self._display, args=(self.record.screens[n],)))
        self._askers += [threading.Thread(target=self._kiosk, args=(n,)) for n in range(kiosks)]
        self._askers += [threading.Thread(target=self._clerk, args=(n,)) for n in range(clerks)]
        for thread in (*self._displays, *self._askers):
            thread.start()

    def quiet(self) -> None:
        """Let every request come to its answer; displays stay."""
        self._ending.set()
        for thread in self._askers:
            thread.join(60)
        assert not any(thread.is_alive() for thread in self._askers), "a request never had an answer"

    def leave(self) -> None:
        self._ending.set()
        self._gone.set()
        for thread in (*self._displays, *self._askers):
            thread.join(30)

    # Requests ---------------------------------------------------------------------------------

    def _kiosk(self, n: int) -> None:
        """Takes numbers; every fourth person looks at the phone."""
        for turn in range(1_000_000):
            key = f"kiosk{n}-{turn}"
            body = {"services": [f"s{(n + turn) % self._lines}"]}
            answer = self._until_answered(key, f"/api/v1/halls/{self._hall}/tickets", body)
            if answer is not None:
                self.record.issued[key] = f"{answer['number']} {self._id_of(answer['token'])[1]}"
                if turn % 4 == 0:
                    self._phone(answer)
            if self._ending.wait(self.pace):
                return

    def _phone(self, ticket: dict[str, Any]) -> None:
        answer = self._ask("GET", f"/api/v1/tickets/{ticket['token']}")
        if answer and answer[0] == 404:
            self.record.odd.append(f"lost: {ticket['number']} is unknown to its phone")

    def _clerk(self, n: int) -> None:
        """Ends what stands at the window and calls the next, in one step."""
        present: dict[str, Any] | None = None
        for turn in range(1_000_000):
            key, window = f"clerk{n}-{turn}", f"w{n}"
            path = f"/api/v1/halls/{self._hall}/windows/{window}/call-next"
            present = self._until_answered(key, path, {"finish": {"outcome": "done"}} if present else {})
            if present:
                self.record.called[key] = (window, f"{present['number']} {present['id']}")
            if self._ending.wait(self.pace):
                return

    def _until_answered(self, key: str, path: str, body: dict[str, Any]) -> dict[str, Any] | None:
        """The body of the 2xx; None: refused for good, which nothing in this load deserves."""
        began = time.monotonic()
        while not self._gone.is_set():
            answer = self._ask("POST", path, body, key)
            if answer is not None and answer[0] < 300:
                with self.record.lock:
                    self.record.waits.append(time.monotonic() - began)
                return answer[1]
            if answer is not None and answer[1].get("code") == "WINDOW_EMPTY":
                return None  # the day was closed: a clerk sees that and calls the next one
            if answer is not None and answer[0] != 503:
                self.record.odd.append(f"{answer[0]} to {key}: {answer[1].get('code')}")
                return None
            with self.record.lock:
                self.record.refused[f"503 {answer[1].get('code')}" if answer else "no answer"] += 1
                self.record.repeated.add(key)
            self._gone.wait(_AGAIN)
        return None

    def _ask(self, method: str, path: str, body: Any = None, key: str = "") -> tuple[int, dict[str, Any]] | None:
        """(status, body); None: the connection ended before the whole answer was there."""
        head = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        if key:
            head["Idempotency-Key"] = key
        doors = tuple(self.doors)
        link = http.client.HTTPConnection("127.0.0.1", doors[next(self._turn) % len(doors)], timeout=_ASK_SECONDS)
        try:
            link.request(method, path, json.dumps(body) if body is not None else None, head)
            answer = link.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            link.close()
        if answer.status == 503 and not answer.headers.get("Retry-After"):
            self.record.odd.append(f"503 without Retry-After to {path}")
        if text and "json" not in answer.headers.get("Content-Type", ""):
            self.record.odd.append(f"{answer.status} to {path} says no JSON: {text[:80]!r}")
            return None
        return answer.status, json.loads(text) if text else {}

    # Displays ---------------------------------------------------------------------------------

    def _display(self, screen: Screen) -> None:
        page = _Page(screen, f"{self._hall}/board", self._token)
        while not self._gone.is_set():
            with suppress(OSError, WebSocketException), _socket(self._wall) as wire:
                page.live(wire, self._gone)
            self._gone.wait(_AGAIN)


@contextmanager
def _socket(port: int) -> Iterator[WebSocket]:
    wire = create_connection(f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket", timeout=12)
    try:
        yield wire
    finally:
        wire.shutdown()  # type: ignore[no-untyped-call]  # untyped in websocket-client


class _Page:
    """What the pages' own script does: joins with the last id it knows, applies what is newer, joins again when the
    heartbeat says that it is behind."""

    def __init__(self, screen: Screen, room: str, token: str) -> None:
        self._screen, self._room, self._token = screen, room, token
        self._last, self._epoch = "", ""
        self._early: list[dict[str, Any]] = []
        self._joining, self._asked = False, 0.0

    def live(self, wire: WebSocket, gone: threading.Event) -> None:
        self._joining, heard = False, time.monotonic()
        while not gone.is_set() and time.monotonic() - heard < 12:
            frame = str(wire.recv())
            heard = time.monotonic()
            if self._joining and heard - self._asked > _JOIN_SECONDS:
                raise OSError("what we say does not arrive")
            if frame == _PING:
                wire.send(_PONG)
            elif frame.startswith("0"):
                wire.send("40/live," + json.dumps({"token": self._token}))
            elif frame.startswith("40/live"):
                self._join(wire)
            elif frame.startswith("43/live,1"):
                self._joined(json.loads(frame.removeprefix("43/live,1"))[0])
            elif frame.startswith("42/live,"):
                self._told(wire, *json.loads(frame.removeprefix("42/live,"))[:2])
            else:
                raise OSError("the server said good-bye" if frame[:1] in "14" or not frame else frame)

    def _join(self, wire: WebSocket) -> None:
        self._joining, self._asked = True, time.monotonic()
        known = {"since": self._last, "epoch": self._epoch} if self._last else {}
        wire.send("42/live,1" + json.dumps(["join", {"room": self._room, **known}]))

    def _joined(self, answer: dict[str, Any]) -> None:
        if "problem" in answer:
            raise OSError(answer["problem"]["code"])
        self._joining = False
        if answer["snapshot"] is not None and not self._screen.since:
            self._screen.since = answer["as_of"]
        self._epoch = answer["epoch"]
        early, self._early = self._early, []
        if answer["snapshot"] is not None:
            self._last = answer["as_of"]
        for message in (*answer["messages"], *early):
            self._apply(message)
        self._last = max(self._last, answer["as_of"], key=id_order)

    def _told(self, wire: WebSocket, event: str, message: dict[str, Any]) -> None:
        if message.get("room") != self._room:
            return
        if event == "message" and self._joining:
            self._early.append(message)
        elif event == "message":
            self._apply(message)
        elif event == "heartbeat" and not self._joining and id_order(message["last"]) > id_order(self._last or "0-0"):
            self._join(wire)

    def _apply(self, message: dict[str, Any]) -> None:
        if id_order(message["id"]) <= id_order(self._last):
            return
        self._last = message["id"]
        rings = [key for table, key, _ in message.get("put", []) if table == "recent"]
        self._screen.rings += rings
