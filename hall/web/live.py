"""Live pages: one socket namespace, a room per hall and audience, catch-up, and a pump per web process
that reads the journals and tells the process's own sockets."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import structlog
from flask import Flask, request
from flask_socketio import SocketIO, join_room
from redis.exceptions import RedisError

from hall.bootstrap import Sanban
from hall.domain.errors import HallError
from hall.domain.events import Entry, id_order
from hall.domain.halls import Hall
from hall.store.store import HallState
from hall.web.access import Identity, identify_socket
from hall.web.errors import said
from hall.web.problems import PROBLEMS

NAMESPACE = "/live"
HEARTBEAT_SECONDS = 3
#: more missed entries than this, and a snapshot is less work
_CATCH_UP = 1000
_BLOCK_MS = 1000
_log = structlog.get_logger()

Row = dict[str, Any]
Json = dict[str, Any]


@dataclass(slots=True)
class Message:
    """What an audience sees of one entry: rows to put, rows to remove, counts of waiting tickets by
    line; `again`: too much changed, ask for a snapshot."""

    put: list[tuple[str, str, Row]] = field(default_factory=list)
    remove: list[tuple[str, str]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    again: bool = False

    def as_json(self, entry_id: str) -> Json:
        body = {"id": entry_id, **asdict(self)}
        return {name: value for name, value in body.items() if value}


@dataclass(frozen=True, slots=True)
class Audience:
    """Who watches what. A view sees one entry; a snapshot is where it starts. `keep` names the tables
    that hold only their newest rows, and how many."""

    name: str
    permission: str
    view: Callable[[Entry, Hall], Message | None]
    snapshot: Callable[[Hall, HallState], dict[str, dict[str, Row]]]
    keep: dict[str, int] = field(default_factory=dict)


def counts_of(entry: Entry, hall: Hall) -> dict[str, int]:
    """Waiting tickets of the lines an entry touched."""
    lines = {line.id for line in hall.lines}
    return {queue: count for queue, count in entry.waiting.items() if queue in lines}


def line_counts(hall: Hall, state: HallState) -> dict[str, int]:
    waiting = state.waiting()
    return {line.id: waiting.get(line.id, 0) for line in hall.lines}


class Live:
    """The socket server of this process."""

    def __init__(self, sanban: Sanban) -> None:
        self._sanban = sanban
        self._audiences: dict[str, Audience] = {}
        self._who: dict[str, Identity] = {}
        self._last: dict[str, str] = {}
        self._epochs: dict[str, str] = {}
        self._sent: dict[str, str] = {}
        self._beat = 0.0
        self._turned = time.monotonic()
        self.socketio = SocketIO(async_mode="gevent", transports=["websocket"], logger=False, engineio_logger=False)

    @property
    def audiences(self) -> dict[str, Audience]:
        return self._audiences

    def audience(self, audience: Audience) -> None:
        self._audiences[audience.name] = audience

    def register(self, app: Flask) -> None:
        """Attach to the application and start the pump."""
        app.extensions["live"] = self
        self.socketio.init_app(app)
        self.socketio.on_event("connect", self._connect, namespace=NAMESPACE)
        self.socketio.on_event("disconnect", self._disconnect, namespace=NAMESPACE)
        self.socketio.on_event("join", self._join, namespace=NAMESPACE)
        self.socketio.start_background_task(self._pump, app)

    def pump_alive(self) -> bool:
        """The pump went round within the last ten seconds."""
        return time.monotonic() - self._turned < 10

    # Sockets ---------------------------------------------------------------------------------

    def _connect(self, auth: object = None) -> None:
        self._who[self._sid()] = identify_socket(auth)

    def _disconnect(self, _reason: object = None) -> None:
        self._who.pop(self._sid(), None)

    @staticmethod
    def _sid() -> str:
        return str(request.sid)  # type: ignore[attr-defined]  # Flask-SocketIO adds it

    def _join(self, data: object) -> Json:
        """Join a room and catch up. The room is joined first, so that what happens while we read
        arrives as a message: the two overlap and never leave a gap."""
        asked = data if isinstance(data, dict) else {}
        room, since, epoch = (str(asked.get(name) or "") for name in ("room", "since", "epoch"))
        hall_id, _, name = room.partition("/")
        audience = self._audiences.get(name)
        if audience is None:
            return _problem("NOT_FOUND")
        identity = self._who.get(self._sid())
        if identity is None or not identity.may(audience.permission, hall_id):
            return _problem("FORBIDDEN" if identity and identity.id else "SIGN_IN_NEEDED")
        join_room(room)
        try:
            return self._catch_up(hall_id, audience, since, epoch)
        except HallError as error:
            return _problem(error.code)
        except RedisError:
            return _problem("STORE_AWAY")

    def _catch_up(self, hall_id: str, audience: Audience, since: str, epoch: str) -> Json:
        hall = self._sanban.halls.get(hall_id)
        known = self._sanban.store.epoch(hall_id)
        if since and epoch == known:
            missed = self._missed(hall_id, since)
            if missed is not None:
                messages = [sent for entry in missed if (sent := _view(audience, entry, hall))]
                as_of = missed[-1].id if missed else since
                return {"epoch": known, "as_of": as_of, "now": self._now(), "snapshot": None, "messages": messages}
        state = self._sanban.store.snapshot(hall_id)
        tables = audience.snapshot(hall, state)
        snapshot = {"tables": tables, "counts": line_counts(hall, state), "keep": audience.keep}
        return {"epoch": state.epoch, "as_of": state.as_of, "now": self._now(), "snapshot": snapshot, "messages": []}

    def _missed(self, hall_id: str, since: str) -> list[Entry] | None:
        """Entries after `since`; None when they are not all there any more, or too many."""
        first, last = self._sanban.store.journal.bounds(hall_id)
        try:
            known = id_order(first) <= id_order(since) <= id_order(last)
        except ValueError:
            return None
        entries = self._sanban.store.journal.after(hall_id, since, _CATCH_UP + 1) if known else []
        return entries if known and len(entries) <= _CATCH_UP else None

    def _now(self) -> int:
        return self._sanban.tickets.moves.clock()

    # The pump --------------------------------------------------------------------------------

    def _pump(self, app: Flask) -> None:
        broken = False
        while True:
            try:
                with app.app_context():
                    self._turn()
                broken = False
            except RedisError as error:
                if not broken:
                    _log.warning("live pump: store away", error=type(error).__name__)
                broken = True
                self.socketio.sleep(0.1)

    def _turn(self) -> None:
        self._beat_if_due()
        if self._last:
            for hall_id, entry in self._sanban.store.journal.tail(self._last, _BLOCK_MS):
                self._tell(hall_id, entry)
                self._last[hall_id] = entry.id
        else:
            self.socketio.sleep(0.2)  # no hall is loaded yet
        self._turned = time.monotonic()

    def _tell(self, hall_id: str, entry: Entry) -> None:
        if entry.kind == "configured":
            self._sanban.halls.forget(hall_id)
        if entry.kind == "access_changed":
            self._sanban.access.forget(hall_id)
            self._drop(hall_id, str(entry.facts.get("id")))
        hall = self._sanban.halls.get(hall_id)
        for audience in self._audiences.values():
            message = _view(audience, entry, hall)
            if message is not None:
                room = f"{hall_id}/{audience.name}"
                self.socketio.emit("message", {"room": room, **message}, namespace=NAMESPACE, to=room)
                self._sent[room] = entry.id

    def _drop(self, hall_id: str, holder: str) -> None:
        """Whoever lost their rights loses their socket; who still has some connects again."""
        for sid, identity in list(self._who.items()):
            if identity.hall == hall_id and identity.id == holder:
                self.socketio.server.disconnect(sid, namespace=NAMESPACE)

    def _beat_if_due(self) -> None:
        if time.monotonic() - self._beat < HEARTBEAT_SECONDS:
            return
        self._beat = time.monotonic()
        for hall_id in self._sanban.store.hall_ids():
            self._follow(hall_id)
            for name in self._audiences:
                room = f"{hall_id}/{name}"
                beat = {"room": room, "last": self._sent[room], "epoch": self._epochs[hall_id], "now": self._now()}
                self.socketio.emit("heartbeat", beat, namespace=NAMESPACE, to=room)

    def _follow(self, hall_id: str) -> None:
        """Start at the end of a new hall's journal, and of one whose past has changed (a restore):
        its ids may be smaller than those already seen."""
        epoch = self._sanban.store.epoch(hall_id)
        if self._epochs.get(hall_id) != epoch:
            self._epochs[hall_id] = epoch
            start = self._sanban.store.journal.bounds(hall_id)[1]
            self._last[hall_id] = start
            # Who read a snapshot before this moment is behind, and the heartbeat must say so.
            self._sent.update({f"{hall_id}/{name}": start for name in self._audiences})
            self._sanban.halls.forget(hall_id)
            self._sanban.access.forget(hall_id)


def _view(audience: Audience, entry: Entry, hall: Hall) -> Json | None:
    message = audience.view(entry, hall)
    return None if message is None else message.as_json(entry.id)


def _problem(code: str) -> Json:
    return {"problem": {"code": code, "detail": said(PROBLEMS[code][1], {})}}
