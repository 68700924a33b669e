"""A process stands still for twenty seconds, as on a machine that swaps, and goes on where it was."""

from __future__ import annotations

import time

import pytest

from tests.faults import figures
from tests.faults.conftest import MakeSite
from tests.system.serving import wait_for

pytestmark = pytest.mark.long
STALL_SECONDS = 20


@pytest.mark.parametrize("name", ["store", "web", "worker", "follower", "archiver"])
def test_a_process_that_stood_still_goes_on_and_does_nothing_twice(make_site: MakeSite, name: str) -> None:
    site = make_site()
    with site.stopped(name):
        time.sleep(STALL_SECONDS)
    site.recover()
    took = site.await_job()
    assert site.complaints() == []
    assert site.nobody_helped()
    figures.keep(f"{name} stands still", {**site.figures(), "seconds to a job": round(took, 1)})


def test_a_worker_that_stands_still_for_good_is_replaced(make_site: MakeSite) -> None:
    """The web server's own watch: a worker that has not moved for half a minute is killed and another one started."""
    site = make_site()
    with site.stopped("web") as pid:
        wait_for(lambda: pid not in site.serving.pids("web"), "another worker instead of it", 180)
        site.recover()
        assert site.complaints() == []
