"""The follower: one leader, a job for every timer that has come, nothing lost and nothing twice."""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from rq import Queue

from hall.bootstrap import Sanban
from hall.domain.callers import Caller
from hall.services.tickets import Booked, Wish
from hall.store.keys import Keys
from hall.store.lease import Lease
from workers import queues
from workers.follower import Follower

DAY = 24 * 3_600_000
New = Callable[..., str]
Work = Callable[[], list[str]]


def issue(sanban: Sanban, hall: str, now: int | None = None, booked: Booked | None = None) -> str:
    wish = Wish(services=("a1",), booked=booked)
    return str(sanban.tickets.issue(Caller(by="kiosk", now=now), hall, wish).ticket["id"])


def call(sanban: Sanban, hall: str, now: int | None = None) -> None:
    sanban.calls.call_next(Caller(by="staff:ann", now=now), hall, "w1")


def kinds(sanban: Sanban, hall: str) -> list[str]:
    return [entry.kind for entry in sanban.store.journal.after(hall, "0-0")]


def turn(follower: Follower, monkeypatch: pytest.MonkeyPatch) -> None:
    """One turn that waits for nothing."""
    monkeypatch.setattr("workers.follower._TURN_MS", 1)
    monkeypatch.setattr("workers.follower._SHORTEST_MS", 1)
    follower.turn()


@pytest.fixture
def follower(sanban: Sanban, jobs: Queue) -> Follower:
    return Follower(sanban, jobs)


def test_a_call_nobody_answers_is_told_to_the_clerk(
    sanban: Sanban, new_hall: New, follower: Follower, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = new_hall(walk_seconds=1)
    issue(sanban, hall)
    call(sanban, hall)
    deadline = time.monotonic() + 20
    while "unanswered" not in kinds(sanban, hall):
        assert time.monotonic() < deadline
        follower.turn()  # it sleeps until the timer comes
        work()
    entries = sanban.store.journal.after(hall, "0-0")
    called, unanswered = (next(e for e in entries if e.kind == kind) for kind in ("called", "unanswered"))
    assert 1000 <= unanswered.at - called.at < 15_000
    assert sanban.store.due(hall, unanswered.at + DAY) == []


def test_a_call_that_was_answered_is_not(
    sanban: Sanban, new_hall: New, follower: Follower, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = new_hall(walk_seconds=0)
    issue(sanban, hall)
    call(sanban, hall)
    sanban.calls.start(Caller(by="staff:ann"), hall, "w1")
    turn(follower, monkeypatch)
    assert "workers.jobs.fire" not in work()
    assert "unanswered" not in kinds(sanban, hall)
    assert sanban.store.due(hall, sanban.store.clock() + DAY) == []


def test_a_slot_that_has_come_tells_the_idle_windows(
    sanban: Sanban, new_hall: New, follower: Follower, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = new_hall()
    slot = sanban.store.clock() + 2000
    ticket = issue(sanban, hall, booked=Booked("b1", slot))
    turn(follower, monkeypatch)
    assert "slot_due" not in kinds(sanban, hall)
    while sanban.store.clock() < slot:
        follower.turn()
    turn(follower, monkeypatch)
    work()
    told = next(e for e in sanban.store.journal.after(hall, "0-0") if e.kind == "slot_due")
    assert told.ticket is not None
    assert (told.ticket["id"], told.ticket["lane"]) == (ticket, "priority")
    assert told.at >= slot


def test_a_turn_ends_when_a_nearer_timer_comes(sanban: Sanban, new_hall: New, follower: Follower, work: Work) -> None:
    hall = new_hall(walk_seconds=0)
    issue(sanban, hall)
    follower.turn()
    work()
    call(sanban, hall)
    began = time.monotonic()
    follower.turn()  # the entries since are read at once
    follower.turn()
    assert time.monotonic() - began < 30, "it does not wait for ever; a starved machine may take its seconds"
    assert work() == ["workers.jobs.fire"]


def test_the_day_is_closed_once_though_two_leaders_try(
    sanban: Sanban, new_hall: New, jobs: Queue, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    yesterday = sanban.store.clock() - DAY
    hall = new_hall(past=yesterday)
    issue(sanban, hall, yesterday)
    for follower in (Follower(sanban, jobs), Follower(sanban, jobs)):
        follower.serve(hall)  # as if both led: one that stalled, and the next
    assert work().count("workers.jobs.close_day") == 1
    Follower(sanban, jobs).serve(hall)
    assert "workers.jobs.close_day" not in work()
    date = sanban.halls.get(hall).calendar.date_of(yesterday).isoformat()
    assert not sanban.timers.close_day(hall, date).closed
    assert kinds(sanban, hall).count("day_closed") == 1
    assert kinds(sanban, hall).count("expired") == 1


def test_of_two_followers_one_leads(
    sanban: Sanban, new_hall: New, jobs: Queue, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = new_hall(walk_seconds=0)
    first, second = Follower(sanban, jobs), Follower(sanban, jobs)
    turn(first, monkeypatch)
    turn(second, monkeypatch)
    work()
    issue(sanban, hall)
    call(sanban, hall)
    served: list[Follower] = []

    def serve(self: Follower, _: str) -> int:
        served.append(self)
        return 1

    monkeypatch.setattr(Follower, "serve", serve)
    turn(second, monkeypatch)
    turn(first, monkeypatch)
    assert served == [first]
    first.give_back()
    turn(second, monkeypatch)
    assert served == [first, second]


def test_a_leader_that_died_is_followed_when_its_lease_ends(sanban: Sanban, new_hall: New) -> None:
    hall = new_hall()
    dead, next_one = (Lease(sanban.store, hall, "follower") for _ in range(2))
    assert dead.hold()
    assert not next_one.hold()
    sanban.store.moves.pexpire(Keys(hall).of("lease", "follower"), 1)
    while sanban.store.moves.exists(Keys(hall).of("lease", "follower")):
        continue
    assert next_one.hold()
    assert not dead.hold()


def test_a_timer_whose_job_was_lost_fires_again(
    sanban: Sanban, new_hall: New, follower: Follower, jobs: Queue, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = new_hall(walk_seconds=0)
    issue(sanban, hall)
    call(sanban, hall)
    turn(follower, monkeypatch)
    assert len(jobs.jobs) >= 1
    jobs.delete()  # the job server forgot everything
    turn(follower, monkeypatch)
    work()
    assert "unanswered" in kinds(sanban, hall)


def test_a_job_is_enqueued_once_and_holds_ids_alone(
    sanban: Sanban, new_hall: New, follower: Follower, jobs: Queue, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = new_hall(walk_seconds=0)
    turn(follower, monkeypatch)
    work()
    ticket = issue(sanban, hall)
    call(sanban, hall)
    for _ in range(3):
        turn(follower, monkeypatch)
    (job,) = jobs.jobs
    assert (job.func_name, job.args, job.kwargs) == ("workers.jobs.fire", [hall, f"unanswered/{ticket}/1"], {})
    raw = jobs.connection.hget(job.key, "data")
    assert isinstance(raw, bytes)
    assert json.loads(zlib.decompress(raw))  # JSON, never a pickle
    job.perform()
    work()
    assert kinds(sanban, hall).count("unanswered") == 1


def test_a_job_that_runs_twice_or_late_does_nothing_twice(sanban: Sanban, new_hall: New) -> None:
    hall = new_hall(walk_seconds=0)
    ticket = issue(sanban, hall)
    call(sanban, hall)
    assert [sanban.timers.fire(hall, f"unanswered/{ticket}/1") for _ in range(2)] == ["called", "called"]
    assert kinds(sanban, hall).count("unanswered") == 1
    sanban.calls.recall(Caller(by="staff:ann"), hall, "w1")
    sanban.timers.fire(hall, f"unanswered/{ticket}/1")  # of a ring that is over
    assert kinds(sanban, hall).count("unanswered") == 1
    assert sanban.timers.fire(hall, "unanswered/9999999999/1") == "gone"


def test_a_hall_that_cannot_be_read_stops_no_other_hall(
    sanban: Sanban, new_hall: New, follower: Follower, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, well = sorted([new_hall(walk_seconds=0), new_hall(walk_seconds=0)])
    sanban.store.moves.set(Keys(broken).of("config"), '{"id": "x"}')
    sanban.halls.forget(broken)
    issue(sanban, well)
    call(sanban, well)
    turn(follower, monkeypatch)
    work()
    assert "unanswered" in kinds(sanban, well)


def test_a_job_name_holds_nothing_that_rq_refuses(jobs: Queue) -> None:
    assert queues.put(jobs, "fire", "hall-unanswered/0000000001/1", "hall", "unanswered/0000000001/1")
    assert not queues.put(jobs, "fire", "hall-unanswered/0000000001/1", "hall", "unanswered/0000000001/1")
    (job,) = jobs.jobs
    assert job.id == "hall-unanswered-0000000001-1"
    assert job.enqueued_at is not None
    assert job.enqueued_at <= datetime.now(UTC)
