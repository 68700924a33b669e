"""The leader watches a hall: alarms come and go without anybody asking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rq import Queue

from hall.bootstrap import Sanban
from hall.domain.callers import Caller
from hall.domain.office import Alarms
from hall.services.tickets import Wish
from workers.follower import Follower


def test_the_leader_raises_alarms_and_ends_them(sanban: Sanban, new_hall: Callable[..., str], jobs: Queue) -> None:
    hall = new_hall()
    sanban.halls.save(replace(sanban.halls.get(hall), alarms=Alarms(waiting=2)), Caller(by="setup"))
    for _ in range(2):
        sanban.tickets.issue(Caller(by="kiosk"), hall, Wish(services=("a1",)))
    Follower(sanban, jobs).turn()
    assert "alarm/waiting/a" in sanban.office.notes(hall)
    sanban.calls.call_next(Caller(by="staff:ann"), hall, "w1")
    follower = Follower(sanban, jobs)
    follower.turn()
    # Another process leads still: only the leader watches.
    assert "alarm/waiting/a" in sanban.office.notes(hall)
    sanban.alarms.watch(hall)
    assert "alarm/waiting/a" not in sanban.office.notes(hall)


def test_a_paired_screen_that_was_heard_of_and_is_gone_raises_an_alarm(
    sanban: Sanban, new_hall: Callable[..., str]
) -> None:
    hall = new_hall()
    holder, _ = sanban.access.pair(hall, sanban.access.pairing_code(hall, "display", "door"))
    now = sanban.store.clock()
    name = f"alarm/device_gone/{holder.id}"
    assert name not in sanban.alarms.watch(hall)
    sanban.office.hear(hall, holder.id, now - 60_000)
    assert name not in sanban.alarms.watch(hall)
    sanban.office.hear(hall, holder.id, now - 240_000)
    assert name in sanban.alarms.watch(hall)
    assert sanban.office.notes(hall)[name]["facts"] == {"name": "door", "kind": "display"}
    sanban.office.hear(hall, holder.id, now)
    assert name not in sanban.alarms.watch(hall)
