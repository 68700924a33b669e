"""The worked example of the policy, minute by minute: one line, one window that is free every five minutes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from hall.domain import order
from hall.domain.policy import MINUTE
from tests.driver import Driver


@dataclass(frozen=True)
class Row:
    number: str
    arrived: str
    slot: str | None
    green: bool
    #: queue time while the slot is ahead (or without one), and from the slot on
    at_first: str
    later: str
    called: str


ROWS = [
    Row("A001", "09:40", None, False, "09:40", "09:40", "10:40"),
    Row("A002", "09:52", None, False, "09:52", "09:52", "10:50"),
    Row("A003", "10:05", "10:15", False, "10:05", "09:30", "10:35"),
    Row("A004", "10:10", None, False, "10:10", "10:10", "11:00"),
    Row("A005", "10:14", "10:00", False, "10:14", "10:14", "11:05"),
    Row("A006", "10:25", None, True, "09:25", "09:25", "10:30"),
    Row("A007", "10:28", "10:45", False, "10:28", "10:00", "10:55"),
    Row("A008", "10:38", "10:30", False, "09:45", "09:45", "10:45"),
]
CALLS = ["10:30", "10:35", "10:40", "10:45", "10:50", "10:55", "11:00", "11:05"]
EXPECTED = ["A006", "A003", "A001", "A008", "A002", "A007", "A004", "A005"]


def minute(text: str) -> int:
    hours, minutes = text.split(":")
    return (int(hours) * 60 + int(minutes)) * MINUTE


def test_the_table_of_the_example_agrees_with_itself() -> None:
    assert [row.number for row in sorted(ROWS, key=lambda row: row.called)] == EXPECTED


def test_the_store_calls_the_worked_example_in_its_order(hall: Driver) -> None:
    todo = {row.arrived: row for row in ROWS}
    called: list[str | None] = []
    for time in sorted([*todo, *CALLS]):
        hall.at(time)
        if row := todo.get(time):
            assert hall.issue(slot=row.slot, claim="veteran" if row.green else None) == row.number
            assert hall.ticket(row.number)["queue_time"] == hall.at(row.at_first).now
            hall.at(time)
        if time in CALLS:
            called.append(hall.next("w1", finish="done" if called else None))

    assert called == EXPECTED


@pytest.mark.parametrize("row", [row for row in ROWS if row.slot], ids=lambda row: row.number)
def test_a_slot_counts_from_its_moment_and_not_a_millisecond_before(hall: Driver, row: Row) -> None:
    assert row.slot
    hall.at(row.arrived).issue(slot=row.slot)
    token = hall.token("A001")
    slot = hall.at(row.slot).now
    arrived = hall.at(row.arrived).now
    at_first, later = hall.at(row.at_first).now, hall.at(row.later).now

    assert hall.tickets.look(token, max(arrived, slot - 1))[1].ticket["queue_time"] == at_first
    assert hall.tickets.look(token, max(arrived, slot))[1].ticket["queue_time"] == later


def test_the_definition_calls_the_worked_example_in_its_order() -> None:
    waiting: list[dict[str, Any]] = [
        {
            "id": row.number,
            "state": "waiting",
            "queue": "a",
            "arrived": minute(row.arrived),
            **({"green": 60 * MINUTE} if row.green else {}),
            **({"slot": minute(row.slot), "slot_head_start": 45 * MINUTE, "grace": 10 * MINUTE} if row.slot else {}),
        }
        for row in ROWS
    ]
    window = order.Seat("general", frozenset({"a"}), frozenset({"a"}), frozenset())
    called = []
    for time in CALLS:
        here = [ticket for ticket in waiting if ticket["arrived"] <= minute(time)]
        found = order.pick(here, window, minute(time))
        assert found
        called.append(found.ticket["id"])
        waiting.remove(found.ticket)  # type: ignore[arg-type]  # it is one of them

    assert called == EXPECTED
