"""The leader watches a hall: alarms come and go without anybody asking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rq import Queue

from hall.bootstrap import Sanban
from hall.domain.callers import Caller
from hall.domain.office import Alarms
from hall.services.case_parts import Wanted
from hall.services.cases import Opening
from hall.services.tickets import Wish
from hall.services.visits import Action, Pair, Plan
from tests.cases.desk import parts
from tests.driver import ALWAYS
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


def test_a_case_whose_step_is_overdue_or_whose_officer_has_left_is_shown_to_the_office(
    sanban: Sanban, new_hall: Callable[..., str]
) -> None:
    hall, day = new_hall(), 86_400_000
    sanban.halls.save(replace(sanban.halls.get(hall), **parts()), Caller(by="setup"))
    now = sanban.store.clock()
    opening = Opening("assisted", "patrol", "homeless", "c1", Wanted((), ("homeless",)), next_at=now + 60_000)
    sanban.cases.open(Caller(by="staff:c1"), hall, opening)
    assert not [name for name in sanban.alarms.watch(hall) if "case" in name]
    description = sanban.halls.get(hall)
    sanban.halls.save(replace(description, officers=description.officers[1:]), Caller(by="setup"))
    assert [name for name in sanban.alarms.watch(hall) if "case" in name] == ["alarm/case_unowned/desk"]
    later = sanban.alarms.watch(hall, now + day)
    assert {"alarm/case_unowned/desk", "alarm/case_overdue/desk", "alarm/case_relief/desk"} <= set(later)
    assert "alarm/case_overdue/desk" in sanban.office.notes(hall)
    off = replace(sanban.halls.get(hall), alarms=Alarms(cases=False))
    sanban.halls.save(off, Caller(by="setup", now=now + day))
    assert not [name for name in sanban.alarms.watch(hall, now + day) if "case" in name]


def test_two_officers_who_are_not_heard_of_half_an_hour_after_a_visit_alarm_the_office(
    sanban: Sanban, new_hall: Callable[..., str]
) -> None:
    hall, minute, alarm = new_hall(), 60_000, "alarm/case_overrun/desk"
    always = {"officers": tuple(replace(one, hours=ALWAYS) for one in parts()["officers"])}
    sanban.halls.save(replace(sanban.halls.get(hall), **{**parts(), **always}), Caller(by="setup"))
    now = sanban.store.clock()
    opening = Opening("home_visit", "phone", "elder", "c1", Wanted(("papers",)), next_at=now + 100 * 86_400_000)
    case = sanban.cases.open(Caller(by="staff:c1"), hall, opening)
    description = sanban.halls.get(hall)
    starts = description.calendar.ms(description.calendar.date_of(now + 86_400_000), 600)
    plan = Plan(Pair("c1", "n1"), starts)
    visit = sanban.visits.plan(Caller(by="staff:c1"), hall, case["id"], plan)
    sanban.doorstep.pack(Caller(by="staff:c1"), hall, visit["id"], "phone")
    arrive = Action(visit["id"], "arrive", starts, {})
    sanban.visits.act(Caller(by="staff:c1", now=starts), hall, "phone", 1, arrive)
    assert alarm not in sanban.alarms.watch(hall, visit["ends"] + 29 * minute)
    assert alarm in sanban.alarms.watch(hall, visit["ends"] + 30 * minute)
    assert alarm in sanban.office.notes(hall)
    leave = Action(visit["id"], "leave", visit["ends"], {"met": True, "outcome": "done"})
    sanban.visits.act(Caller(by="staff:c1", now=visit["ends"] + 31 * minute), hall, "phone", 2, leave)
    assert alarm not in sanban.alarms.watch(hall, visit["ends"] + 32 * minute)
    assert alarm not in sanban.office.notes(hall)
