"""The pump of a web process: reads the journals and tells the process's own sockets. No message queue: what a
restart of the store interrupts is read again from where the pump stands."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import structlog
from flask import Flask
from redis.exceptions import RedisError

from hall.bootstrap import Sanban
from hall.domain.errors import HallError
from hall.domain.events import Entry, id_order
from hall.domain.tickets import State
from hall.metrics import PUMP_LAG, PUMP_TURNED, SOCKETS
from hall.web.audiences import Audience, Json, Message

if TYPE_CHECKING:
    from hall.web.live import Live

NAMESPACE = "/live"
HEARTBEAT_SECONDS = 3
#: a call waits for the beat that is under way: a city's halls take turns, a share of them each time
SHARES = 10
_BLOCK_MS = HEARTBEAT_SECONDS * 1000 // SHARES
#: entries of a hall told in one go: the heartbeat must not wait for a long backlog
_BATCH = 100
#: what reading an entry of another make may raise
UNREADABLE = (KeyError, ValueError, TypeError, AttributeError)
_log = structlog.get_logger()


def ticket_room(hall_id: str, ticket_id: str) -> str:
    """The room of the pages that follow one ticket."""
    return f"{hall_id}/ticket/{ticket_id}"


def tickets_room(hall_id: str) -> str:
    """The room of the pages that follow any ticket of a hall."""
    return f"{hall_id}/tickets"


def queue_room(hall_id: str, queue: str) -> str:
    """The room of the pages whose ticket waits in a queue."""
    return f"{hall_id}/queue/{queue}"


def waiting_room(hall_id: str, ticket: Mapping[str, Any]) -> str:
    """The room of the queue in which a ticket waits; "" when it does not."""
    return queue_room(hall_id, ticket["queue"]) if ticket["state"] == State.WAITING else ""


def _comes_last(entry: Entry) -> bool:
    """A number just taken without any head start: nobody else's place changes."""
    ticket = entry.ticket or {}
    return entry.kind == "issued" and not any(ticket.get(name) for name in ("green", "slot", "slip"))


class Pump:
    def __init__(self, sanban: Sanban, live: Live) -> None:
        self._sanban = sanban
        self._live = live
        #: by hall: the last entry told, and the epoch it belongs to
        self._last: dict[str, str] = {}
        self._epochs: dict[str, str] = {}
        #: by room: the last entry that said something there
        self._sent: dict[str, str] = {}
        #: when the next share is due (monotonic), and which it was last
        self._beat_at = 0.0
        self._share = -1
        self._turned = time.monotonic()

    def alive(self) -> bool:
        """It went round within the last ten seconds."""
        return time.monotonic() - self._turned < 10

    def run(self, app: Flask) -> None:
        away = False
        while True:
            try:
                with app.app_context():
                    self.turn()
                away = False
            except RedisError as error:
                if not away:
                    _log.warning("live pump: store away", error=type(error).__name__)
                away = True
                self._live.socketio.sleep(0.1)
            except Exception:  # noqa: BLE001 - a pump that stopped would leave every page of the process dead
                _log.error("live pump failed", exc_info=True)
                self._live.socketio.sleep(1)

    def turn(self) -> None:
        """Beat if it is time, then wait for entries until the next beat and tell them."""
        self._beat_if_due()
        if self._last:
            for hall_id, entry in self._read():
                try:
                    self._tell(hall_id, entry)
                except (HallError, ValueError):
                    # The hall's own description cannot be read: the other halls go on.
                    _log.error("entry not told", hall=hall_id, id=entry.id, exc_info=True)
                self._last[hall_id] = entry.id
                PUMP_LAG.observe(max(0.0, time.time() - id_order(entry.id)[0] / 1000))
        else:
            self._live.socketio.sleep(0.2)  # no hall is loaded yet
        self._turned = time.monotonic()
        PUMP_TURNED.set(time.time())

    def _read(self) -> list[tuple[str, Entry]]:
        journal = self._sanban.store.journal
        try:
            return journal.tail(self._last, _BLOCK_MS, _BATCH)
        except UNREADABLE:
            _log.error("an entry cannot be read", exc_info=True)
        for hall_id, last in list(self._last.items()):
            try:
                journal.after(hall_id, last, _BATCH)
            except UNREADABLE:
                self._restart(hall_id)
        return []

    def _restart(self, hall_id: str) -> None:
        """Leave out what cannot be read: its pages get a snapshot, the other halls go on."""
        self._last[hall_id] = self._sanban.store.journal.bounds(hall_id)[1]
        for audience in self._live.audiences.values():
            self._emit(hall_id, audience, Message(again=True).as_json(self._last[hall_id]))
        self._live.socketio.emit("again", {}, namespace=NAMESPACE, to=tickets_room(hall_id))

    def _tell(self, hall_id: str, entry: Entry) -> None:
        if entry.kind == "configured":
            self._sanban.halls.forget(hall_id)
        if entry.kind == "access_changed":
            self._sanban.access.forget(hall_id)
            self._sanban.doors.forget(hall_id)
            self._live.drop(hall_id, str(entry.facts.get("id")))
        hall = self._sanban.halls.get(hall_id)
        for audience in self._live.audiences.values():
            message = audience.seen(entry, hall)
            if message is not None:
                self._emit(hall_id, audience, message)
        if entry.ticket is not None:
            room, state = ticket_room(hall_id, entry.ticket["id"]), entry.ticket["state"]
            told = {"id": entry.id, "kind": entry.kind, "state": state}
            self._live.socketio.emit("ticket", told, namespace=NAMESPACE, to=room)
            self._live.requeue(room, waiting_room(hall_id, entry.ticket))
        for queue in () if _comes_last(entry) else entry.waiting:
            self._live.socketio.emit("moved", {}, namespace=NAMESPACE, to=queue_room(hall_id, queue))

    def _emit(self, hall_id: str, audience: Audience, message: Json) -> None:
        room = f"{hall_id}/{audience.name}"
        self._live.socketio.emit("message", {"room": room, **message}, namespace=NAMESPACE, to=room)
        self._sent[room] = message["id"]

    def _beat_if_due(self) -> None:
        if time.monotonic() < self._beat_at:
            return
        self._beat_at = time.monotonic() + HEARTBEAT_SECONDS / SHARES
        self._share = (self._share + 1) % SHARES
        if self._share == 0:
            self._live.drop_idle()
            self._live.hear()
            SOCKETS.set(self._live.sockets)
        now = self._sanban.tickets.moves.clock()
        store = self._sanban.store
        every = store.hall_ids()
        # One that is new need not wait for its share's turn.
        halls = [hall_id for n, hall_id in enumerate(every) if n % SHARES == self._share or hall_id not in self._epochs]
        if str(self._sanban.settings.redis_url).startswith("redis+"):
            for hall_id in halls:
                store.notice_server(hall_id)
        for hall_id, epoch in store.epochs(halls).items():
            self._follow(hall_id, epoch)
            for name in self._live.audiences:
                room = f"{hall_id}/{name}"
                beat = {"room": room, "last": self._sent[room], "epoch": self._epochs[hall_id], "now": now}
                self._live.socketio.emit("heartbeat", beat, namespace=NAMESPACE, to=room)

    def _follow(self, hall_id: str, epoch: str) -> None:
        """Start at the end of a new hall's journal, and of one whose past has changed (a restore):
        its ids may be smaller than those already seen."""
        if self._epochs.get(hall_id) == epoch:
            return
        start = self._sanban.store.journal.bounds(hall_id)[1]
        self._last[hall_id] = start
        # Who read a snapshot before this moment is behind, and the heartbeat must say so.
        self._sent.update({f"{hall_id}/{name}": start for name in self._live.audiences})
        self._sanban.halls.forget(hall_id)
        self._sanban.access.forget(hall_id)
        self._live.socketio.emit("again", {}, namespace=NAMESPACE, to=tickets_room(hall_id))
        # Last: an outage half-way must not leave a hall that seems to be followed.
        self._epochs[hall_id] = epoch
