"""Our rooms against the library's: the same after any steps, and a socket that leaves looks at its own only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from socketio.manager import Manager

from hall.web.rooms import Rooms

_SPACES, _ROOMS = ("/live", "/other"), ("east/board", "west/board", "east/ticket-1")
_STEPS = ("come", "enter", "leave", "close", "go")
_step = some.tuples(
    some.sampled_from(_STEPS), some.integers(0, 5), some.sampled_from(_SPACES), some.sampled_from(_ROOMS)
)


class _Server:
    """What a manager asks of its server: ids."""

    packet_class: Any = type("Packets", (), {"json": None})

    def __init__(self) -> None:
        self.eio, self._ids = self, iter(range(10**6))

    def generate_id(self) -> str:
        return f"sid-{next(self._ids)}"


def _managed(manager: Manager) -> Manager:
    manager.set_server(_Server())
    return manager


def _do(manager: Manager, sids: dict[tuple[int, str], str], step: tuple[str, int, str, str]) -> None:
    what, number, space, room = step
    sid = sids.get((number, space))
    if what == "come" and sid is None:
        sids[number, space] = manager.connect(manager.pre_connect(f"page-{number}", space), space)
    elif what == "close" and space in manager.rooms:
        manager.close_room(room, space)
    elif sid is None:
        return
    elif what == "enter":
        manager.enter_room(sid, space, room)
    elif what == "leave":
        manager.leave_room(sid, space, room)
    elif what == "go":
        manager.pre_disconnect(sid, space)
        manager.disconnect(sid, space)
        del sids[number, space]


def _state(manager: Manager, sids: dict[tuple[int, str], str]) -> object:
    rooms = {space: {room: dict(who) for room, who in held.items()} for space, held in manager.rooms.items()}
    own = {key: sorted(manager.get_rooms(sid, key[1])) for key, sid in sids.items()}
    return rooms, own, manager.pending_connect, manager.pending_disconnect, manager.callbacks


@given(some.lists(_step, max_size=60))
def test_the_same_as_the_librarys_after_any_steps(steps: list[tuple[str, int, str, str]]) -> None:
    ours, theirs = _managed(Rooms()), _managed(Manager())
    of_ours: dict[tuple[int, str], str] = {}
    of_theirs: dict[tuple[int, str], str] = {}
    for step in steps:
        _do(ours, of_ours, step)
        _do(theirs, of_theirs, step)
        assert _state(ours, of_ours) == _state(theirs, of_theirs)
    for number, space in list(of_ours):
        _do(ours, of_ours, ("go", number, space, ""))
    assert not ours.rooms and not ours._rooms_of


class _Counted(dict[Any, Any]):
    """Rooms that count how often they are gone through."""

    searches = 0

    def __iter__(self) -> Iterator[Any]:
        self.searches += 1
        return super().__iter__()

    def copy(self) -> dict[Any, Any]:
        self.searches += 1
        return super().copy()

    def items(self) -> Any:
        self.searches += 1
        return super().items()


@pytest.mark.parametrize(("manager", "searched"), [(Rooms(), False), (Manager(), True)])
def test_who_leaves_does_not_look_through_all_rooms(manager: Manager, searched: bool) -> None:
    _managed(manager)
    rooms = manager.rooms["/live"] = _Counted()
    sid = manager.connect(manager.pre_connect("page", "/live"), "/live")
    manager.connect(manager.pre_connect("another", "/live"), "/live")
    manager.enter_room(sid, "/live", "east/board")
    manager.disconnect(sid, "/live")
    assert (rooms.searches > 0) is searched
    assert sid not in rooms[None]
