"""Jobs whose process dies: each is done in the end, and does nothing twice."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from contextlib import suppress

import pytest

from tests.faults import figures
from tests.faults.conftest import MakeSite
from tests.system.serving import wait_for

pytestmark = pytest.mark.long
KILLS = 8


def test_jobs_whose_worker_dies_are_done_once_in_the_end(make_site: MakeSite) -> None:
    """A ring that nobody answers makes a timer, which makes a job; the worker and the job's own process are killed
    about the moment when it is at work."""
    site = make_site(clerks=0, free=KILLS)
    began = time.monotonic()
    rings: set[tuple[str, int]] = set()
    killed: set[int] = set()

    def alive() -> set[int]:
        return set(site.serving.pids("worker")) - killed

    for turn in range(KILLS):
        wait_for(alive, "the worker is back")
        rings.add(wait_for(lambda: site.ring(f"w{turn}"), "somebody waits"))  # noqa: B023 - called at once
        time.sleep(1.0 + turn % 5 / 10)
        for pid in alive():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                killed.add(pid)
    wait_for(lambda: not rings - site.unanswered().keys(), "a job for every ring", 240)
    assert site.unanswered() == Counter(rings)
    assert len(killed) >= KILLS
    took = round(time.monotonic() - began, 1)
    figures.keep("jobs whose worker dies", {"kills": len(killed), "rings": len(rings), "seconds in all": took})
