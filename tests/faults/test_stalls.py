"""A process stands still for twenty seconds, as on a machine that swaps, and goes on where it was."""

from __future__ import annotations

import time

import pytest

from tests.faults import figures
from tests.faults.conftest import MakeSite

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
        deadline = time.monotonic() + 60
        while pid in site.serving.pids("web") and time.monotonic() < deadline:
            time.sleep(0.1)
        assert pid not in site.serving.pids("web")
        site.recover()
        assert site.complaints() == []
