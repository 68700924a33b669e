"""Who is in which room, with the way back from a socket to its rooms.

The library finds a leaving socket's rooms by looking through all rooms of the process, so the cost of all of them
leaving at once, as when a cable is pulled, grows with the square of their number: at 10,000 a web worker would answer
nobody for many seconds. Here only its own rooms are looked at.
"""

from __future__ import annotations

from typing import Any

from socketio.manager import Manager

_Room = str | None  # None: the room of everybody


class Rooms(Manager):  # type: ignore[misc]  # python-socketio has no types
    def __init__(self) -> None:
        super().__init__()
        self._rooms_of: dict[tuple[str, str], dict[_Room, None]] = {}

    def basic_enter_room(self, sid: str, namespace: str, room: _Room, eio_sid: str | None = None) -> None:
        super().basic_enter_room(sid, namespace, room, eio_sid=eio_sid)
        self._rooms_of.setdefault((namespace, sid), {})[room] = None

    def basic_leave_room(self, sid: str, namespace: str, room: _Room) -> None:
        super().basic_leave_room(sid, namespace, room)
        own = self._rooms_of.get((namespace, sid), {})
        own.pop(room, None)
        if not own:
            self._rooms_of.pop((namespace, sid), None)

    def get_rooms(self, sid: str, namespace: str) -> list[str]:
        return [room for room in self._rooms_of.get((namespace, sid), {}) if room is not None]

    def basic_disconnect(self, sid: str, namespace: str, **_: Any) -> None:
        # All that the library does here, but for its search.
        for room in list(self._rooms_of.get((namespace, sid), {})):
            self.basic_leave_room(sid, namespace, room)
        self.callbacks.pop(sid, None)
        for pending in (self.pending_connect, self.pending_disconnect):
            waiting = pending.get(namespace, [])
            if sid in waiting:
                waiting.remove(sid)
                if not waiting:
                    del pending[namespace]
