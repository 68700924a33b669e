"""Live pages: one socket namespace, a room per hall and audience, and catch-up. The pump tells the rooms."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

import structlog
from flask import Flask, request
from flask_socketio import SocketIO, join_room
from redis.exceptions import RedisError

from hall.bootstrap import Sanban
from hall.domain.errors import HallError, SignInNeeded, TooManyRequests
from hall.domain.events import Entry, id_order
from hall.web.access import NOBODY, Identity, identify_socket
from hall.web.audiences import Audience, Json, Message, counts_of, line_counts
from hall.web.errors import said
from hall.web.limits import Limiter, address, guessed
from hall.web.problems import PROBLEMS
from hall.web.pump import NAMESPACE, UNREADABLE, Pump, ticket_room, tickets_room, waiting_room
from hall.web.rooms import Rooms

__all__ = ["Audience", "Live", "Message", "counts_of", "line_counts"]

#: more missed entries than this, and a snapshot is less work
CATCH_UP = 1000
#: the largest thing a page sends is a join
_LONGEST_PACKET = 16 * 1024
#: a join may cost a snapshot: so many at once, then so many a second
_JOINS_FREE, _JOINS_A_SECOND = 20.0, 2.0
#: a socket that never joined a room is of no use to a page
_IDLE_SECONDS = 30.0
#: from one note of the devices that are there to the next
_HEAR_SECONDS = 30.0
#: a socket above the limit of its address waits at most so long
_LONGEST_WAIT, _LEAST_WAIT = 10.0, 0.2
_ENTRY_ID = re.compile(r"[0-9]{1,19}-[0-9]{1,19}")
_log = structlog.get_logger()


@dataclass(slots=True)
class _Connection:
    """One socket. Who it is, is asked at each join: a store that is away must not refuse the socket,
    because the browser's library would not try again."""

    auth: object
    opened: float
    identity: Identity = NOBODY
    joined: bool = False
    #: of a resident's page: the room of its ticket's queue, "" when it does not wait; None: not known yet
    queue: str | None = None
    credit: float = _JOINS_FREE
    asked: float = 0.0


class Live:
    """The socket server of this process."""

    def __init__(self, sanban: Sanban) -> None:
        self._sanban = sanban
        self.audiences: dict[str, Audience] = {}
        self._sockets: dict[str, _Connection] = {}
        # One event of a socket after the other: a flood of joins then slows only its sender.
        self.socketio = SocketIO(
            async_mode="gevent",
            client_manager=Rooms(),
            transports=["websocket"],
            async_handlers=False,
            max_http_buffer_size=_LONGEST_PACKET,
            cors_allowed_origins=self._is_own,
            logger=False,
            engineio_logger=False,
        )
        self.pump = Pump(sanban, self)
        self._limits: Limiter
        self._hear_at = 0.0

    def _is_own(self, origin: str | None, environ: Json) -> bool:
        """Whether a page of ours opens the socket. Programs send no origin, and are not asked."""
        own = {f"{environ.get('wsgi.url_scheme')}://{environ.get('HTTP_HOST')}"}
        if public := self._sanban.settings.public_url:
            own.add("/".join(public.split("/")[:3]))
        return origin in own

    def audience(self, audience: Audience) -> None:
        self.audiences[audience.name] = audience

    def register(self, app: Flask) -> None:
        """Attach to the application and start the pump."""
        app.extensions["live"] = self
        self._limits = app.extensions["limits"]
        self.socketio.init_app(app)
        self.socketio.on_event("connect", self._connect, namespace=NAMESPACE)
        self.socketio.on_event("disconnect", self._disconnect, namespace=NAMESPACE)
        self.socketio.on_event("join", self._join, namespace=NAMESPACE)
        self.socketio.on_event("follow", self._follow_ticket, namespace=NAMESPACE)
        self.socketio.on_event("*", self._unknown, namespace=NAMESPACE)
        self.socketio.on_error(NAMESPACE)(_failed)
        self.socketio.start_background_task(self.pump.run, app)

    @property
    def sockets(self) -> int:
        """How many sockets this process holds."""
        return len(self._sockets)

    # Sockets ---------------------------------------------------------------------------------

    def _connect(self, auth: object = None) -> None:
        # Who opens too many waits; a socket that is turned away would not come back by itself.
        latest = time.monotonic() + _LONGEST_WAIT
        while (wait := self._limits.take("socket", address())) and time.monotonic() < latest:
            self.socketio.sleep(max(wait, _LEAST_WAIT))
        self._sockets[self._sid()] = _Connection(auth, time.monotonic())

    def _disconnect(self, _reason: object = None) -> None:
        self._sockets.pop(self._sid(), None)

    @staticmethod
    def _sid() -> str:
        return str(request.sid)  # type: ignore[attr-defined]  # Flask-SocketIO adds it

    def _join(self, *data: object) -> Json:
        """Join a room and catch up. The room is joined first, so that what happens while we read
        arrives as a message: the two overlap and never leave a gap."""
        connection = self._sockets.get(self._sid())
        asked = data[0] if len(data) == 1 and isinstance(data[0], dict) else {}
        room, since, epoch = (_short(asked.get(name)) for name in ("room", "since", "epoch"))
        hall_id, _, name = room.partition("/")
        audience = self.audiences.get(name)
        if audience is None or connection is None:
            return _problem("NOT_FOUND")
        self._pace(connection)
        try:
            # Kept before anything else is read: whose rights end meanwhile is found by it.
            connection.identity = identity = identify_socket(connection.auth)
            if not identity.id:
                return self._guessed(SignInNeeded())
            if not identity.may(audience.permission, hall_id):
                return _problem("FORBIDDEN")
            join_room(room)
            connection.joined = True
            return self._catch_up(hall_id, audience, since, epoch)
        except HallError as error:
            return _problem(error.code)
        except RedisError:
            return _problem("STORE_AWAY")

    def _follow_ticket(self, *data: object) -> Json:
        """A resident's page follows one ticket, whose token is the right to it. It is told that something happened to
        it (`ticket`), or that others of its queue moved (`moved`); what, the page itself says."""
        connection = self._sockets.get(self._sid())
        asked = data[0] if len(data) == 1 and isinstance(data[0], dict) else {}
        if connection is None:
            return _problem("NOT_FOUND")
        self._pace(connection)
        token = _short(asked.get("token"))
        try:
            hall_id, ticket_id = self._sanban.secrets.read_ticket_token(token)
        except HallError as error:
            return self._guessed(error)
        # Before its queue is read: what happens meanwhile reaches the page, or moves it on (`requeue`).
        room = ticket_room(hall_id, ticket_id)
        join_room(room)
        join_room(tickets_room(hall_id))
        self._enter_queue(self._sid(), "")
        connection.joined, connection.queue = True, None
        try:
            _, place = self._sanban.tickets.look(token)
            if connection.queue is None:
                self._enter_queue(self._sid(), waiting_room(hall_id, place.ticket))
            return {"now": self._now()}
        except HallError as error:
            return _problem(error.code)
        except RedisError:
            return _problem("STORE_AWAY")

    def _enter_queue(self, sid: str, room: str) -> None:
        """A resident's page is in the room of the queue in which its ticket waits; "": in none."""
        connection, server = self._sockets.get(sid), self.socketio.server
        if connection is None or connection.queue == room:
            return
        if connection.queue:
            server.leave_room(sid, connection.queue, namespace=NAMESPACE)
        connection.queue = room
        if room:
            server.enter_room(sid, room, namespace=NAMESPACE)

    def _guessed(self, refusal: HallError) -> Json:
        try:
            guessed()
        except TooManyRequests as error:
            return _problem(error.code, error.facts)
        return _problem(refusal.code)

    def _unknown(self, *_: object) -> Json:
        """An event that no page of ours sends."""
        connection = self._sockets.get(self._sid())
        if connection is not None:
            self._pace(connection)
        return _problem("NOT_FOUND")

    def _pace(self, connection: _Connection) -> None:
        now = time.monotonic()
        earned = (now - connection.asked) * _JOINS_A_SECOND
        connection.credit = min(_JOINS_FREE, connection.credit + earned) - 1
        connection.asked = now
        if connection.credit < 0:
            self.socketio.sleep(-connection.credit / _JOINS_A_SECOND)

    def _catch_up(self, hall_id: str, audience: Audience, since: str, epoch: str) -> Json:
        version, hall = self._sanban.halls.current(hall_id)
        known = self._sanban.store.epoch(hall_id)
        if since and epoch == known:
            missed = self._missed(hall_id, since)
            if missed is not None:
                messages = [sent for entry in missed if (sent := audience.seen(entry, hall))]
                as_of = missed[-1].id if missed else since
                return {"epoch": known, "as_of": as_of, "now": self._now(), "snapshot": None, "messages": messages}
        state = self._sanban.store.snapshot(hall_id)
        if state.config != version:
            # It changed a moment ago and the pump has yet to tell us: the page would ignore that entry as known.
            self._sanban.halls.forget(hall_id)
            hall = self._sanban.halls.get(hall_id)
        tables = audience.snapshot(hall, state)
        snapshot = {"tables": tables, "counts": line_counts(hall, state), "keep": audience.keep}
        return {"epoch": state.epoch, "as_of": state.as_of, "now": self._now(), "snapshot": snapshot, "messages": []}

    def _missed(self, hall_id: str, since: str) -> list[Entry] | None:
        """Entries after `since`; None when they are not all there any more, or too many."""
        if not _ENTRY_ID.fullmatch(since):
            return None
        first, last = self._sanban.store.journal.bounds(hall_id)
        if not id_order(first) <= id_order(since) <= id_order(last):
            return None
        try:
            entries = self._sanban.store.journal.after(hall_id, since, CATCH_UP + 1)
        except UNREADABLE:
            return None
        return entries if len(entries) <= CATCH_UP else None

    def _now(self) -> int:
        return self._sanban.tickets.moves.clock()

    # For the pump ----------------------------------------------------------------------------

    def requeue(self, ticket: str, queue: str) -> None:
        """The pages in a ticket's room go into the room of the queue in which it waits now; "": into none."""
        for sid, _ in list(self.socketio.server.manager.get_participants(NAMESPACE, ticket)):
            self._enter_queue(sid, queue)

    def drop(self, hall_id: str, holder: str) -> None:
        """Whoever lost their rights loses their socket; who still has some connects again."""
        for sid, connection in list(self._sockets.items()):
            if (connection.identity.hall, connection.identity.id) == (hall_id, holder):
                self.socketio.server.disconnect(sid, namespace=NAMESPACE)

    def hear(self) -> None:
        """Say which devices are there, twice a minute: one that is not heard of for long raises an alarm. Whose
        session ended meanwhile loses their socket."""
        if time.monotonic() < self._hear_at:
            return
        self._hear_at = time.monotonic() + _HEAR_SECONDS
        now = self._now()
        for sid, connection in list(self._sockets.items()):
            if connection.joined and connection.identity.kind == "device":
                self._sanban.office.hear(connection.identity.hall, connection.identity.id, now)
            if connection.identity.session and self._sanban.doors.has_ended(
                connection.identity.hall, connection.identity.session
            ):
                self.socketio.server.disconnect(sid, namespace=NAMESPACE)

    def drop_idle(self) -> None:
        oldest = time.monotonic() - _IDLE_SECONDS
        for sid, connection in list(self._sockets.items()):
            if not connection.joined and connection.opened < oldest:
                self.socketio.server.disconnect(sid, namespace=NAMESPACE)


def _short(value: object) -> str:
    """A text of a join; nothing a page sends is longer."""
    return value if isinstance(value, str) and len(value) <= 128 else ""


def _problem(code: str, facts: Json | None = None) -> Json:
    return {"problem": {"code": code, "detail": said(PROBLEMS[code][1], facts or {})}}


def _failed(_error: Exception) -> Json:
    _log.error("socket event failed", exc_info=True)
    return _problem("INTERNAL")
