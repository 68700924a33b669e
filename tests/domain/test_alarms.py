"""When the office is told something."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hall.domain.alarms import Seen, alarms, idle_now
from hall.domain.office import Alarms
from hall.domain.policy import MINUTE
from hall.domain.printers import Printer
from tests.driver import small_hall

HALL = small_hall("h")
NOW = 10**12


def waiting(number: int, minutes: int, line: str = "a", **fields: Any) -> dict[str, Any]:
    at = NOW - minutes * MINUTE
    return {"id": str(number), "state": "waiting", "line": line, "queue": line, "arrived": at, **fields}


def names(**seen: Any) -> list[str]:
    return sorted(alarms(Seen(**{"hall": HALL, "now": NOW, **seen})))


def people(*tickets: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {ticket["id"]: ticket for ticket in tickets}


def test_a_quiet_hall_raises_nothing() -> None:
    assert names() == []


@pytest.mark.parametrize(("minutes", "raised"), [(44, []), (45, ["alarm/longest_wait/a"])])
def test_somebody_who_waits_too_long_is_told_by_line(minutes: int, raised: list[str]) -> None:
    assert names(tickets=people(waiting(1, minutes), waiting(2, 1, "b"))) == raised
    served = waiting(1, 90, state="serving")
    assert names(tickets=people(served)) == []


def test_too_many_who_wait_are_told_by_line() -> None:
    crowd = people(*(waiting(n, 1) for n in range(40)))
    assert names(tickets=crowd) == ["alarm/waiting/a"]
    crowd.pop("0")
    assert names(tickets=crowd) == []


def test_a_window_idles_while_somebody_waits_whom_it_serves() -> None:
    free = {"w1": {"id": "w1", "state": "open", "since": 0}, "w3": {"id": "w3", "state": "open", "since": 0}}
    assert idle_now(HALL, people(waiting(1, 1, "b")), free) == {"w1"}
    assert idle_now(HALL, people(waiting(1, 1)), free) == {"w1", "w3"}
    assert idle_now(HALL, people(waiting(1, 1, queue="@window/w3")), free) == {"w3"}
    assert idle_now(HALL, people(waiting(1, 1, state="serving")), free) == set()
    for image in ({"state": "paused"}, {"state": "open", "ticket": "9"}):
        assert idle_now(HALL, people(waiting(1, 1)), {"w1": {"id": "w1", "since": 0, **image}}) == set()


def test_an_idle_window_is_told_after_its_time() -> None:
    assert names(idle={"w1": NOW - 5 * MINUTE + 1}) == []
    assert names(idle={"w1": NOW - 5 * MINUTE}) == ["alarm/idle_window/w1"]


def test_a_device_that_was_there_and_is_gone_is_told() -> None:
    def device(seen: int | None) -> dict[str, Any]:
        return {"display-1": {"name": "hall", "kind": "display", "seen": seen}}

    assert names(devices=device(NOW - 3 * MINUTE)) == ["alarm/device_gone/display-1"]
    assert names(devices=device(NOW - 2 * MINUTE)) == []
    assert names(devices=device(None)) == []


def test_a_printer_in_trouble_is_told_unless_the_hall_has_it_no_more() -> None:
    hall = replace(HALL, printers=(Printer("p1", "file", path="paper"),))
    states = {"p1": {"state": "paper_out", "since": NOW - MINUTE}, "gone": {"state": "offline", "since": 0}}
    assert names(hall=hall, printers=states) == ["alarm/printer/p1"]
    assert names(hall=hall, printers={"p1": {"state": "ok", "since": 0}}) == []


def test_chores_that_were_not_done_are_told() -> None:
    assert names(unarchived=NOW - 5 * MINUTE) == ["alarm/archiver_behind/archive"]
    assert names(unarchived=NOW - 4 * MINUTE) == []
    assert names(year_missing=2027) == ["alarm/calendar/2027"]
    assert names(swept=NOW - 30 * 60 * MINUTE) == ["alarm/privacy/sweep"]
    assert names(swept=NOW - 29 * 60 * MINUTE) == []


def test_a_hall_may_do_without_any_alarm() -> None:
    off = Alarms(None, None, None, None, None, None, calendar=False, privacy_hours=None)
    everything = {
        "hall": replace(HALL, alarms=off, printers=(Printer("p1", "file", path="paper"),)),
        "tickets": people(*(waiting(n, 99) for n in range(99))),
        "idle": {"w1": 0},
        "printers": {"p1": {"state": "offline", "since": 0}},
        "devices": {"d": {"name": "", "kind": "display", "seen": 1}},
        "unarchived": 0,
        "year_missing": 2027,
        "swept": 0,
    }
    assert names(**everything) == []
    assert len(names(**{**everything, "hall": replace(HALL, printers=(Printer("p1", "file", path="paper"),))})) == 8
