"""kill -9 at random while a hall is at work: nothing that was answered is lost, nothing happens twice."""

from __future__ import annotations

from functools import partial

import pytest

from tests.faults import figures
from tests.faults.conftest import MakeSite
from tests.faults.kills import Killer
from tests.faults.site import Site
from tests.system.serving import wait_for


def nothing_is_lost(site: Site, count: int, stall_seconds: float) -> Killer:
    killer = Killer(site, seed=20261125)
    for name in ("archiver", "worker", "follower", "web"):
        wait_for(partial(killer.kill, name), name)  # it may be on its way
    killer.cut_displays()
    killer.stall_store(stall_seconds)
    killer.random_kills(count)
    assert site.complaints() == []
    assert site.nobody_helped()
    assert set(killer.killed) == {"archiver", "worker", "follower", "web", "store"}
    assert len(site.crowd.record.called) >= count, "hardly anything happened"
    return killer


@pytest.mark.parametrize("kills", [50, pytest.param(1000, marks=pytest.mark.long)])
def test_random_kills_lose_nothing_and_do_nothing_twice(make_site: MakeSite, kills: int) -> None:
    killer = nothing_is_lost(make_site(pace=0.03), kills, stall_seconds=2 if kills < 100 else 20)
    if kills == 1000:
        figures.keep("1000 random kills", killer.figures())
