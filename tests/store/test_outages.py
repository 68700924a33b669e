"""The store dies, stalls, or runs full: what was answered stays, and nothing happens twice."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from redis.exceptions import RedisError

from hall.domain.callers import Caller
from hall.domain.errors import HallError, StoreAway, StoreFull
from hall.services.calls import Calls
from hall.services.moves import Moves
from hall.services.tickets import Tickets, Wish
from hall.store import store as store_module
from hall.store.connect import connect
from hall.store.embedded import EmbeddedServer
from hall.store.store import Store
from tests.browser.proxy import Lost, Proxy
from tests.driver import Driver


def kill_and_restart(server: EmbeddedServer) -> None:
    os.kill(server.pid, signal.SIGKILL)
    server.stop()
    server.start()


def one_command(hall: Driver, dice: random.Random) -> None:
    """Any move, legal or not."""
    window, number = dice.choice(["w1", "w2", "p1"]), f"A{dice.randint(1, 40):03}"
    caller = hall.caller()
    hall.now += dice.randint(0, 60_000)
    ways: list[Any] = [
        lambda: hall.issue(claim=dice.choice([None, "veteran"])),
        hall.issue,
        lambda: hall.next(window),
        lambda: hall.next(window, finish="done"),
        lambda: hall.calls.miss(caller, hall.id, window),
        lambda: hall.calls.return_(caller, hall.id, window),
        lambda: hall.calls.undo(caller, hall.id, window),
        lambda: hall.calls.park(caller, hall.id, window),
        lambda: hall.tickets.staff_move(caller, hall.id, number, dice.choice(["come_back", "cancel", "more_time"])),
    ]
    try:
        dice.choice(ways)()
    except StoreAway:
        raise
    except HallError:
        return  # refused: that is an answer, too


def test_every_answered_command_is_there_after_a_kill(durable_server: EmbeddedServer) -> None:
    hall, dice = Driver(durable_server.url), random.Random(20261124)
    kills = set(dice.sample(range(200), 20))
    for n in range(200):
        one_command(hall, dice)
        if n in kills:
            before, journal = hall.snapshot(), hall.journal()
            kill_and_restart(durable_server)
            hall.store.moves.close()  # the next command opens a new connection
            assert hall.snapshot() == before
            assert hall.journal() == journal
    assert len(hall.journal()) > 60, "hardly anything happened"


def test_what_was_answered_while_the_store_died_is_there_and_the_rest_can_be_asked_again(
    durable_server: EmbeddedServer,
) -> None:
    hall = Driver(durable_server.url)
    answered: dict[str, str] = {}
    enough, lost = threading.Event(), []

    def issue(key: str) -> str:
        caller = Caller("device:kiosk", key=key, now=hall.now)
        return str(hall.tickets.issue(caller, hall.id, Wish(("a1",))).ticket["number"])

    def kiosk() -> None:
        for n in range(100_000):
            try:
                answered[f"k{n}"] = issue(f"k{n}")
            except (StoreAway, RedisError):
                lost.append(f"k{n}")
                return
            if n == 50:
                enough.set()

    thread = threading.Thread(target=kiosk)
    thread.start()
    assert enough.wait(30)
    os.kill(durable_server.pid, signal.SIGKILL)
    thread.join(30)
    durable_server.stop()
    durable_server.start()

    answered.update({key: issue(key) for key in lost})
    assert {key: issue(key) for key in answered} == answered, "each key is still answered as before"
    assert sorted(ticket["number"] for ticket in hall.snapshot().tickets.values()) == sorted(answered.values())


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[EmbeddedServer]:
    """A server that may be stalled without stalling another test."""
    server = EmbeddedServer(tmp_path / "own", durable=False).start()
    yield server
    os.kill(server.pid, signal.SIGCONT)
    server.stop()


def test_a_store_that_stalls_for_ten_seconds_never_makes_one_call_happen_twice(own_server: EmbeddedServer) -> None:
    hall = Driver(own_server.url)
    hall.issue()
    hall.issue()
    caller = Caller("staff:ann", key="one click", now=hall.now)
    os.kill(own_server.pid, signal.SIGSTOP)
    for _ in range(2):  # each gives up after the five seconds of a connection as it is used everywhere
        with pytest.raises(StoreAway):
            hall.calls.call_next(caller, hall.id, "w1")
    os.kill(own_server.pid, signal.SIGCONT)

    ticket = hall.calls.call_next(caller, hall.id, "w1")
    assert ticket
    assert ticket["number"] == "A001"
    assert hall.kinds().count("called") == 1
    assert [t["state"] for _, t in sorted(hall.snapshot().tickets.items())] == ["called", "waiting"]


def test_a_call_that_was_lost_in_a_stall_is_not_repeated_by_the_client(own_server: EmbeddedServer) -> None:
    hall = Driver(own_server.url)
    store = Store(connect(own_server.url, retries=False, patience=2), hall.store.reads)
    hasty = Calls(Moves(store, hall.halls, lambda: hall.now))
    assert hasty.call_next(hall.caller(), hall.id, "w3") is None, "connected, and the server knows the script"
    hall.issue()
    hall.issue()
    os.kill(own_server.pid, signal.SIGSTOP)
    # The store is back while a client that repeats itself would be at it.
    wakes = threading.Timer(3.5, os.kill, (own_server.pid, signal.SIGCONT))
    wakes.start()
    with pytest.raises(StoreAway):
        hasty.call_next(hall.caller(), hall.id, "w1")
    wakes.join()

    assert hall.next("w2"), "the store works again"
    deadline = time.monotonic() + 60
    while hall.kinds().count("called") < 2 and time.monotonic() < deadline:
        hall.store.moves.ping()
    called = [entry.window["id"] for entry in hall.journal() if entry.kind == "called"]
    assert sorted(called) == ["w1", "w2"]


def test_a_store_that_is_gone_is_told_as_away(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path / "gone", durable=False).start()
    hall = Driver(server.url)
    hall.next("w1")
    server.stop()
    with pytest.raises(StoreAway):
        hall.next("w1")


def test_a_network_that_lost_every_connection_costs_one_request_and_not_one_a_connection(
    durable_server: EmbeddedServer,
) -> None:
    cable = Proxy(durable_server.url.removeprefix("unix://"))
    try:
        client = connect(f"redis://127.0.0.1:{cable.port}/0", retries=False, patience=3)
        pool = client.connection_pool
        idle = [pool.get_connection() for _ in range(8)]
        for one in idle:
            pool.release(one)
        cable.swallow(Lost.BOTH)
        cable.heal()  # new connections are well, the eight that wait are half open for ever
        with pytest.raises(RedisError):
            client.ping()
        with ThreadPoolExecutor(8) as requests:
            assert all(requests.map(lambda _: client.ping(), range(8)))
    finally:
        cable.close()


def test_with_little_room_on_the_disk_moves_are_refused_and_reads_are_not(
    store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = Driver(store_url)
    hall.issue()
    hall.store = Store(connect(store_url, retries=False), connect(store_url, retries=True), tmp_path)
    tickets = Tickets(Moves(hall.store, hall.halls, lambda: hall.now), hall.secrets)
    free = os.statvfs(tmp_path)
    monkeypatch.setattr(store_module, "FREE_BYTES", free.f_bavail * free.f_frsize * 2)
    entries = len(hall.journal())
    with pytest.raises(StoreFull):
        tickets.issue(hall.caller(), hall.id, Wish(("a1",)))
    with pytest.raises(StoreFull):
        hall.store.check_writable()
    assert len(hall.journal()) == entries
    assert tickets.find(hall.caller(), hall.id, "A001").ticket["state"] == "waiting"

    monkeypatch.undo()
    assert tickets.issue(hall.caller(), hall.id, Wish(("a1",))).ticket["number"] == "A002"
