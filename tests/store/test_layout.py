"""The layout of a hall's keys: steps forward and back lose nothing, and code of another layout is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from redis import Redis

from hall.domain.errors import StoreLayout
from hall.store import layout
from hall.store.keys import Keys
from hall.store.lease import Lease
from tests.driver import Driver

Look = Callable[[], dict[str, bytes]]


class Broken(Exception):
    """The process ended in the middle of a step."""


def _forward(store: Redis, keys: Keys) -> None:
    """As a step would be: the windows under another key."""
    if store.exists(keys.of("windows")):
        store.rename(keys.of("windows"), f"{keys.hall}:desks")


def _back(store: Redis, keys: Keys) -> None:
    if store.exists(f"{keys.hall}:desks"):
        store.rename(f"{keys.hall}:desks", keys.of("windows"))


def _nothing(_store: Redis, _keys: Keys) -> None:
    """The second step changes nothing."""


STEPS = (layout.Step(_forward, _back), layout.Step(_nothing, _nothing))


@pytest.fixture
def keys(store_url: str, hall: Driver) -> Iterator[Look]:
    """Every key of the hall with its whole content."""
    raw = Redis.from_url(store_url)
    yield lambda: {key.decode(): raw.dump(key) or b"" for key in raw.scan_iter(match=f"*{{{hall.id}}}*", count=1000)}
    raw.close()


def _refused(hall: Driver) -> dict[str, object]:
    """What a move and a look are refused with, both alike."""
    with pytest.raises(StoreLayout) as move:
        hall.issue()
    with pytest.raises(StoreLayout) as look:
        hall.store.snapshot(hall.id)
    assert move.value.facts == look.value.facts
    return move.value.facts


def test_a_hall_goes_forward_and_back_and_is_as_it_was(hall: Driver, keys: Look) -> None:
    first, second = hall.issue(), hall.issue()
    assert hall.next("w1") == first
    before = keys()
    layout.move(hall.store.moves, hall.id, 3, STEPS)
    assert layout.of(hall.store.reads, hall.id) == "3"
    assert _refused(hall) == {"has": "3", "needs": str(layout.NEWEST)}
    layout.move(hall.store.moves, hall.id, 1, STEPS)
    assert keys() == before
    assert hall.next("w2") == second


@pytest.mark.parametrize("to", [2, 1])
def test_a_step_that_was_interrupted_refuses_everybody_and_is_done_again(hall: Driver, keys: Look, to: int) -> None:
    number = hall.issue()
    hall.next("w1")
    before = keys()

    def broken(store: Redis, of: Keys) -> None:
        _forward(store, of)
        raise Broken

    with pytest.raises(Broken):
        layout.move(hall.store.moves, hall.id, 2, [layout.Step(broken, _back)])
    assert layout.of(hall.store.reads, hall.id) == "1>2"
    assert _refused(hall)["has"] == "1>2"
    layout.move(hall.store.moves, hall.id, to, STEPS)
    assert layout.of(hall.store.reads, hall.id) == str(to)
    layout.move(hall.store.moves, hall.id, 1, STEPS)
    assert keys() == before
    assert hall.ticket(number)["state"] == "called"


@pytest.mark.parametrize(("has", "to"), [("1", 4), ("1", 0), ("4", 1), ("3>4", 1)])
def test_a_layout_that_this_code_does_not_know_is_left_as_it_is(hall: Driver, keys: Look, has: str, to: int) -> None:
    hall.issue()
    hall.store.moves.hset(Keys(hall.id).hall, "layout", has)
    before = keys()
    with pytest.raises(layout.UnknownLayout, match=hall.id):
        layout.move(hall.store.moves, hall.id, to, STEPS)
    assert keys() == before


@pytest.mark.parametrize("who", ["follower", "layout"])
def test_a_hall_that_somebody_works_with_is_left_as_it_is(hall: Driver, keys: Look, who: str) -> None:
    """A follower of any machine, or another process that moves it."""
    hall.issue()
    lease = Lease(hall.store, hall.id, who)
    assert lease.hold()
    before = keys()
    with pytest.raises(layout.InUse, match=hall.id):
        layout.move(hall.store.moves, hall.id, 2, STEPS)
    assert set(keys()) == set(before)
    assert layout.of(hall.store.reads, hall.id) == "1"
    lease.give_back()
    layout.move(hall.store.moves, hall.id, 2, STEPS)
    assert layout.of(hall.store.reads, hall.id) == "2"


def test_a_hall_of_before_the_marks_has_the_first_layout_and_gets_a_mark(hall: Driver) -> None:
    assert layout.of(hall.store.reads, hall.id) == str(layout.NEWEST), "a new hall has this code's"
    hall.store.moves.hdel(Keys(hall.id).hall, "layout")
    assert layout.of(hall.store.reads, hall.id) == "1"
    hall.issue()
    assert hall.store.moves.hget(Keys(hall.id).hall, "layout") == "1"
