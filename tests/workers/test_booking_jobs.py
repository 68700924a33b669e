"""Timers of appointments through the follower and its jobs, and what a job may know of people."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from rq import Queue
from structlog.testing import capture_logs

from hall.bootstrap import Sanban
from hall.domain.appointments import Booking, Offer
from hall.domain.calendar import Week
from hall.domain.callers import Caller
from hall.services.appointments import Request
from hall.store.appointments import Kept
from tests.booking import LI, lines
from workers import jobs as jobs_module
from workers.follower import Follower

ALWAYS = Offer(Week(*[("00:00-24:00",)] * 7), latest=0, release=(0, 0))
Work = Callable[[], list[str]]


@pytest.fixture
def hall(sanban: Sanban, new_hall: Callable[..., str]) -> str:
    """A hall on the real clock that can always be booked; a reminder is due at once."""
    hall_id = new_hall()
    hall = sanban.halls.get(hall_id)
    booking = Booking(per_person_per_day=9, reminder=14 * 24 * 60)
    sanban.halls.save(replace(hall, lines=lines(ALWAYS), booking=booking), Caller(by="setup"))
    return hall_id


def book(sanban: Sanban, hall: str, days: int) -> Kept:
    today = sanban.halls.get(hall).calendar.date_of(sanban.store.clock())
    slot = sanban.slots.on(hall, "a", today + timedelta(days=days))[40]
    return sanban.appointments.book(Caller(by="resident"), hall, Request(("a1",), slot.start, LI))


def test_a_place_that_was_given_up_is_released_by_a_job_that_knows_ids_alone(
    sanban: Sanban, hall: str, jobs: Queue, work: Work
) -> None:
    booked = book(sanban, hall, days=3)
    sanban.appointments.give_up(Caller(by="resident"), hall, booked.image["id"])
    follower, deadline = Follower(sanban, jobs), time.monotonic() + 20
    said: list[list[str]] = []
    while not (released := [e for e in sanban.store.journal.after(hall, "0-0") if e.kind == "place_released"]):
        assert time.monotonic() < deadline
        follower.turn()
        said += [list(job.args) for job in jobs.jobs if job.func_name == "workers.jobs.fire"]
        work()
    assert said == [[hall, f"release/{booked.image['id']}/a/{booked.image['slot']}"]]
    assert [(entry.by, entry.facts["taken"]) for entry in released] == [("timer", 0)]
    assert sanban.timers.due(hall, booked.image["slot"]) == []


def test_a_reminder_is_told_in_the_journal_when_its_time_has_come(
    sanban: Sanban, hall: str, jobs: Queue, work: Work
) -> None:
    booked = book(sanban, hall, days=3)
    at = sanban.store.clock() + 300
    sanban.store.moves.zadd(f"hall:{{{hall}}}:due", {f"reminder/{booked.image['id']}": at})
    follower, deadline = Follower(sanban, jobs), time.monotonic() + 20
    while (last := sanban.store.journal.after(hall, "0-0")[-1]).kind != "reminder_due":
        assert time.monotonic() < deadline
        follower.turn()
        work()
    assert last.appointment == {**booked.image, "reminded": booked.image["slot"]}
    assert last.at >= at


def test_closing_a_day_from_november_on_warns_of_the_missing_year(
    sanban: Sanban, hall: str, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = sanban.halls.get(hall).calendar.date_of(sanban.store.clock())
    yesterday = (today - timedelta(days=1)).isoformat()
    with capture_logs() as logs:
        jobs_module.close_day(hall, yesterday)
    warned = [log for log in logs if log["event"] == "special days missing"]
    assert [log["year"] for log in warned] == ([today.year + 1] if today.month >= 11 else [])
