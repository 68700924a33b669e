"""The wall clock of the whole machine is wrong, passes midnight, and is changed for the summer where the hall is."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.faults import figures
from tests.faults.conftest import MakeSite
from tests.faults.machine import Machine
from tests.faults.site import HALL, Site
from tests.system.serving import wait_for

pytestmark = pytest.mark.long
HOUR = 3600
BERLIN = ZoneInfo("Europe/Berlin")
#: the last day of winter time, and of summer time: the next ones are an hour shorter and longer
SPRING, AUTUMN = "2027-03-27", "2027-10-30"


def entries(site: Site, kind: str) -> list[Any]:
    return [one for one in site.sanban.store.journal.after(HALL, "0-0", 1_000_000) if one.kind == kind]


@pytest.mark.parametrize("step", [HOUR, -HOUR])
def test_a_clock_that_is_set_wrong_and_right_again_loses_nothing(
    make_site: MakeSite, machine: Machine, step: int
) -> None:
    site = make_site(settings=machine.env)
    for seconds in (step, -step):
        machine.step_clock(seconds)
        site.recover()
        site.await_answers(50)
        site.await_job()
    assert site.complaints() == []
    assert site.nobody_helped()
    assert len(entries(site, "clock_stepped")) == 1, "told once a step back"
    figures.keep(f"clock {step / HOUR:+.0f} h and back", site.figures())


def set_clock(machine: Machine, local: str) -> None:
    """To a time of the hall's, now."""
    wanted = datetime.fromisoformat(local).replace(tzinfo=BERLIN).timestamp()
    machine.step_clock(round(wanted - time.time()) - machine.ahead)


def closed_on(site: Site, date: str) -> datetime:
    """When a day was closed, the hall's time."""
    (entry,) = wait_for(lambda: [one for one in entries(site, "day_closed") if one.facts["date"] == date], "day close")
    return datetime.fromtimestamp(entry.at / 1000, BERLIN)


@pytest.mark.parametrize(("before", "after"), [(SPRING, "2027-03-28"), (AUTUMN, "2027-10-31")])
def test_midnight_and_the_change_of_the_clocks_come_where_the_hall_is(
    make_site: MakeSite, machine: Machine, before: str, after: str
) -> None:
    set_clock(machine, f"{before}T23:55:00")
    site = make_site(zone="Europe/Berlin", settings=machine.env)
    set_clock(machine, f"{before}T23:59:58")
    assert f"{closed_on(site, before):%Y-%m-%d %H:%M}" == f"{after} 00:00"
    site.recover()
    for local in (f"{after}T01:59:58", f"{after}T02:59:58"):
        set_clock(machine, local)
        site.recover()
        site.await_answers(20)
        site.await_job()
    set_clock(machine, f"{after}T23:59:58")
    closed = closed_on(site, after)
    site.recover()
    assert f"{closed:%H:%M}" == "00:00"
    assert closed.date() > datetime.fromisoformat(after).date()
    assert site.complaints() == []
    assert site.nobody_helped()
    firsts = [one.ticket["date"] for one in entries(site, "issued") if one.ticket["number"].endswith("001")]
    assert len(set(firsts)) == 3, "every day begins anew"
    figures.keep(f"midnight and {after} in Berlin", site.figures())
