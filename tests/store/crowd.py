"""What one of many processes does to a hall; each builds its own services, as each web process does."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing.synchronize import Barrier
from typing import Any

from hall.domain.callers import Caller
from hall.domain.errors import TicketOpen
from hall.services.calls import Calls, Finish
from hall.services.halls import Halls
from hall.services.moves import Moves
from hall.services.secrets import Secrets
from hall.services.tickets import Tickets, Wish
from hall.store.connect import connect
from hall.store.store import Store
from tests.driver import KEY

_barrier: Barrier | None = None


def _meet(barrier: Barrier) -> None:
    global _barrier  # noqa: PLW0603 - a barrier can be given to a process only at its start
    _barrier = barrier


def together(processes: int, work: Callable[..., Any], arguments: list[tuple[Any, ...]]) -> list[Any]:
    """Run `work` in as many processes, all beginning at the same moment."""
    # A fork of pytest itself would take its threads' locks along.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    barrier = context.Barrier(processes)
    with context.Pool(processes, _meet, (barrier,)) as pool:
        return pool.starmap(work, arguments, chunksize=1)


def _moves(url: str) -> Moves:
    store = Store(connect(url, retries=False), connect(url, retries=True))
    return Moves(store, Halls(store, {}))


def call_until_nobody_waits(url: str, hall_id: str, window: str, now: int) -> list[str]:
    """The numbers this window was given, one after another."""
    calls, numbers, finish = Calls(_moves(url)), [], None
    assert _barrier
    _barrier.wait(60)
    while ticket := calls.call_next(Caller(by=window, now=now), hall_id, window, finish):
        numbers.append(ticket["number"])
        finish = Finish()
    return numbers


def issue_many(url: str, hall_id: str, count: int, now: int, person: str | None) -> list[str]:
    """The numbers this kiosk gave out; a person who has one is refused another."""
    tickets, numbers = Tickets(_moves(url), Secrets(KEY)), []
    assert _barrier
    _barrier.wait(60)
    for _ in range(count):
        try:
            place = tickets.issue(Caller(by="device:kiosk", now=now), hall_id, Wish(("a1",), id_number=person))
        except TicketOpen:
            continue
        numbers.append(place.ticket["number"])
    return numbers
