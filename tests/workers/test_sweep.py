"""The nightly sweep runs by itself, and the office is told when it does not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rq import Queue

from hall.bootstrap import Sanban
from hall.domain.callers import Caller
from hall.domain.people import Person
from hall.services.key_ring import KeyRing
from hall.store.office import OfficeStore
from workers.follower import Follower

ALARM = "alarm/privacy/sweep"
HOUR, DAY = 3_600_000, 24 * 3_600_000


def test_the_leader_has_the_night_swept_once(
    sanban: Sanban, new_hall: Callable[..., str], jobs: Queue, work: Callable[[], list[str]]
) -> None:
    hall = new_hall()
    follower = Follower(sanban, jobs)
    follower.turn()
    assert "workers.jobs.sweep_people" in work()
    assert OfficeStore(sanban.store).swept(hall)
    follower.turn()
    assert "workers.jobs.sweep_people" not in work()
    swept = [entry for entry in sanban.store.journal.after(hall, "0-0") if entry.kind == "people_swept"]
    assert [entry.by for entry in swept] == ["timer"]


def test_a_night_that_was_swept_while_its_job_waited_is_not_swept_again(
    sanban: Sanban, new_hall: Callable[..., str], jobs: Queue, work: Callable[[], list[str]]
) -> None:
    hall = new_hall()
    Follower(sanban, jobs).turn()
    sanban.privacy.sweep(hall)  # by hand
    assert "workers.jobs.sweep_people" in work()
    swept = [entry for entry in sanban.store.journal.after(hall, "0-0") if entry.kind == "people_swept"]
    assert len(swept) == 1


def test_a_sweep_that_does_not_come_raises_an_alarm_and_ends_it_when_it_does(
    sanban: Sanban, new_hall: Callable[..., str]
) -> None:
    hall = new_hall()
    now = sanban.store.clock()
    assert ALARM not in sanban.alarms.watch(hall, now)
    assert ALARM not in sanban.alarms.watch(hall, now + 29 * HOUR)
    assert ALARM in sanban.alarms.watch(hall, now + 31 * HOUR)
    assert sanban.office.notes(hall)[ALARM]["alarm"] == "privacy"
    sanban.privacy.sweep(hall, now + 31 * HOUR)
    assert ALARM not in sanban.alarms.watch(hall, now + 32 * HOUR)
    assert ALARM not in sanban.office.notes(hall)
    assert ALARM in sanban.alarms.watch(hall, now + 62 * HOUR)


@pytest.mark.parametrize("by_hand", [False, True])
def test_the_sweep_destroys_wrapping_keys_that_no_backup_needs(
    sanban: Sanban, new_hall: Callable[..., str], jobs: Queue, work: Callable[[], list[str]], by_hand: bool
) -> None:
    hall = new_hall()
    person = sanban.people.keep(Caller(by="staff:ann"), hall, Person("王秀英"))
    long_ago = sanban.store.clock() - 40 * DAY
    for at in (long_ago, long_ago + DAY):
        sanban.rotation.rotate(Caller(by="cli"), at)
    follower = Follower(sanban, jobs)
    follower.turn()
    if by_hand:  # while the job waits
        sanban.privacy.sweep(hall)
    assert "workers.jobs.sweep_people" in work()
    assert [one.generation for one in KeyRing(sanban.settings.key_ring).all()] == [2]
    assert sanban.people.get(hall, person).name == "王秀英"
