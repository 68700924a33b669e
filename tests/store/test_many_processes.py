"""Sixteen processes at once: nobody is called twice, no number is given twice, none is skipped."""

from __future__ import annotations

from collections.abc import Callable

from hall.domain.halls import Window
from tests.driver import Driver
from tests.services.people import YOUNG
from tests.store.crowd import call_until_nobody_waits, issue_many, together

PROCESSES = 16


def test_sixteen_windows_call_two_thousand_tickets_each_exactly_once(
    make_hall: Callable[..., Driver], store_url: str
) -> None:
    hall = make_hall(windows=tuple(Window(f"w{n}", str(n), ("a",)) for n in range(PROCESSES)))
    numbers = [hall.issue() for _ in range(2000)]
    work = [(store_url, hall.id, f"w{n}", hall.now) for n in range(PROCESSES)]
    shares = together(PROCESSES, call_until_nobody_waits, work)

    called = [entry.ticket["number"] for entry in hall.journal() if entry.kind == "called"]
    assert called == numbers, "in their order, each once"
    assert sorted(number for share in shares for number in share) == sorted(numbers)
    assert sum(bool(share) for share in shares) > 1, "one process did everything: nothing was tried"
    assert hall.snapshot().tickets == {}


def test_sixteen_kiosks_give_every_number_once_and_skip_none(hall: Driver, store_url: str) -> None:
    shares = together(PROCESSES, issue_many, [(store_url, hall.id, 50, hall.now, None)] * PROCESSES)
    given = [number for share in shares for number in share]

    assert sorted(given, key=lambda number: int(number[1:])) == [f"A{n:03}" for n in range(1, 50 * PROCESSES + 1)]
    assert all(share == sorted(share, key=lambda number: int(number[1:])) for share in shares)
    assert len(hall.snapshot().tickets) == 50 * PROCESSES


def test_one_person_at_sixteen_kiosks_gets_one_ticket(hall: Driver, store_url: str) -> None:
    shares = together(PROCESSES, issue_many, [(store_url, hall.id, 5, hall.now, YOUNG)] * PROCESSES)
    assert [number for share in shares for number in share] == ["A001"]
