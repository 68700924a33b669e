"""One of everything, small enough for every run: under load, on one installation, one fault after the other."""

from __future__ import annotations

from tests.faults.conftest import MakeSite
from tests.faults.kills import Killer
from tests.faults.machine import Machine
from tests.system.serving import wait_for


def test_one_fault_of_every_kind_loses_nothing_and_does_nothing_twice(make_site: MakeSite, machine: Machine) -> None:
    site = make_site(settings=machine.env, pace=0.03)
    killer = Killer(site, seed=1)
    with machine.full_disk():
        site.await_refusals("503 STORE_FULL")
    site.recover()
    with machine.read_only_disk():
        site.await_refusals("503 STORE_AWAY")
    site.recover()
    for how in ("replica", "no copies"):
        with site.refusing_store(how):
            site.await_refusals("503 STORE_AWAY")
        site.recover()
    with machine.slow_disk(200):
        site.await_answers()
    machine.step_clock(3600)
    site.recover()
    machine.step_clock(-3600)
    site.recover()
    with site.stopped("web"):
        site.await_answers()
    wait_for(lambda: killer.kill("web"), "a web worker")
    wait_for(lambda: killer.kill("store"), "the store")
    killer.cut_displays()
    site.street.cut()
    site.await_refusals("no answer")
    site.street.heal()
    site.recover()
    assert site.complaints() == []
    assert site.nobody_helped()
    assert killer.killed.total() == 2
