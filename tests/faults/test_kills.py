"""kill -9 at random while a hall is at work: nothing that was answered is lost, nothing happens twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.report import Figure, json_lines, keep, machine
from tests.faults.kills import Killer, Site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    here = Site(tmp_path)
    try:
        yield here.start()
    finally:
        here.stop()


def nothing_is_lost(site: Site, count: int, stall_seconds: float) -> Killer:
    killer = Killer(site, seed=20261125)
    for name in ("archiver", "worker", "follower", "web"):
        killer.kill(name)
    killer.cut_displays()
    killer.stall_store(stall_seconds)
    killer.random_kills(count)
    assert site.complaints() == []
    assert site.serving.process is not None and site.serving.process.poll() is None, "nobody had to help"
    assert set(killer.killed) == {"archiver", "worker", "follower", "web", "store"}
    assert len(site.crowd.record.called) >= count, "hardly anything happened"
    return killer


@pytest.mark.long
def test_fifty_random_kills_lose_nothing_and_do_nothing_twice(site: Site) -> None:
    nothing_is_lost(site, 50, stall_seconds=2)


@pytest.mark.long
def test_a_thousand_random_kills_lose_nothing_and_do_nothing_twice(site: Site) -> None:
    killer = nothing_is_lost(site, 1000, stall_seconds=20)
    facts = machine()
    figures = [Figure(name, float(value), "") for name, value in killer.figures().items()]
    keep(json_lines(facts, figures), {**facts, "machine": f"{facts['machine']}-faults"})
