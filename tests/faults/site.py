"""An installation under load, whose faults a test brings about."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.rig import CALLER, bench_hall
from hall.archive.archive import Archive
from hall.bootstrap import Sanban, build
from hall.domain.events import id_order
from hall.domain.policy import Policy
from hall.services.calls import Finish
from hall.settings import Settings
from hall.store.embedded import EmbeddedServer
from tests.browser.proxy import Proxy
from tests.faults.crowd import Crowd
from tests.faults.record import Kept, check
from tests.system.serving import Serving, wait_for

HALL = "faults"
_PATIENCE = 150.0
#: a hall asks less often; who asks is counted all the same
LIMITS = "program=100000/s:100000, socket=100000/s:100000, track=100000/s:100000"


#: how a store is made to refuse, and to take again
_REFUSING = {
    "replica": (("REPLICAOF", "127.0.0.1", "1"), ("REPLICAOF", "NO", "ONE")),
    "no copies": (("CONFIG SET", "min-replicas-to-write", "1"), ("CONFIG SET", "min-replicas-to-write", "0")),
}


class Site:
    """A whole installation, its hall, and a crowd in it. `settings` are variables of its environment; `store`: where
    the test finds the store when the installation goes another way to it."""

    def __init__(self, directory: Path, store: str = "", settings: Mapping[str, str] | None = None) -> None:
        usual = {"SANBAN_WEB_WORKERS": "2", "SANBAN_LIMITS": LIMITS}
        self.serving = Serving(directory, {**usual, **(settings or {})})
        #: between displays and web, between everybody who asks and web
        self.network, self.street = Proxy(self.serving.port), Proxy(self.serving.port)
        here = Settings.load({name: value for name, value in self.serving.env.items() if name.startswith("SANBAN_")})
        url = store or EmbeddedServer(here.data_dir / "store").url
        self.sanban: Sanban = build(replace(here, redis_url=url))
        #: seconds from the end of each fault until four more requests were answered
        self.recovered: list[float] = []
        self.crowd: Crowd

    def start(self, clerks: int = 3, free: int = 1, pace: float = 0.3, **changes: Any) -> Site:
        """`free`: windows that no clerk of the crowd has, after theirs; `changes`: of the hall. Every call that
        nobody answers makes a job, so that a quick crowd's jobs pile up behind one worker."""
        self.serving.start()
        hall = replace(bench_hall(HALL, clerks + free), policy=Policy(walk_seconds=1), **changes)
        self.sanban.halls.save(hall, CALLER)
        self.crowd = Crowd([self.street.port], self.network.port, hall, self.sanban)
        self.crowd.pace = pace
        self.crowd.start(kiosks=2, clerks=clerks, displays=2)
        wait_for(lambda: all(screen.since for screen in self.crowd.record.screens), "the displays are there")
        self.await_answers()
        return self

    def stop(self) -> None:
        self.network.close()
        self.street.close()
        self.serving.stop()
        if hasattr(self, "crowd"):
            self.crowd.leave()

    def await_answers(self, count: int = 4) -> float:
        """Until so many more requests are answered; seconds it took."""
        began, before = time.monotonic(), self.crowd.record.answers
        wait_for(lambda: self.crowd.record.answers >= before + count, "requests are answered", _PATIENCE)
        return time.monotonic() - began

    def recover(self) -> None:
        """A fault is over: until requests are answered again."""
        self.recovered.append(self.await_answers())

    def await_refusals(self, what: str, count: int = 4) -> None:
        """Until so many more tries were refused with a text ("503 STORE_FULL"), or had "no answer"."""
        before = self.crowd.record.refused[what]
        wait_for(lambda: self.crowd.record.refused[what] >= before + count, f"tries that had: {what}", _PATIENCE)

    @contextmanager
    def stopped(self, name: str, which: int = -1) -> Iterator[int]:
        """A process stands still, as on a machine that swaps, and goes on. The last one of a name by default: of the
        web's a worker, which is a pump too."""
        pid = self.serving.pids(name)[which]
        os.kill(pid, signal.SIGSTOP)
        try:
            yield pid
        finally:
            with suppress(ProcessLookupError):  # who stood still too long was replaced
                os.kill(pid, signal.SIGCONT)

    def await_job(self) -> float:
        """A call at the window that no clerk of the crowd has, which nobody comes to: until a job has told that. It
        takes the follower's timer, the queue of jobs, a worker. Seconds it took."""
        began = time.monotonic()
        window = self.sanban.halls.get(HALL).windows[-1].id
        ring = wait_for(lambda: self.ring(window), "somebody waits")
        wait_for(lambda: self.unanswered()[ring], "the job that tells of a call nobody came to", 240)
        return time.monotonic() - began

    def ring(self, window: str) -> tuple[str, int] | None:
        """Call somebody to a window: (ticket, which ring); None when nobody waits."""
        here = self.sanban.store.snapshot(HALL).windows.get(window, {})
        finish = Finish("done") if here.get("ticket") else None
        ticket = self.sanban.calls.call_next(CALLER, HALL, window, finish)
        return (ticket["id"], ticket["calls"]) if ticket else None

    def unanswered(self) -> Counter[tuple[str, int]]:
        """How often each ring was told to have had no answer."""
        entries = self.sanban.store.journal.after(HALL, "0-0", 1_000_000)
        rings = (entry.ticket for entry in entries if entry.kind == "unanswered" and entry.ticket)
        return Counter((ticket["id"], ticket["calls"]) for ticket in rings)

    @contextmanager
    def refusing_store(self, how: str) -> Iterator[None]:
        """The store answers and takes nothing: it is a replica now, or has too few of them."""
        begin, end = _REFUSING[how]
        self.sanban.store.moves.execute_command(*begin)  # type: ignore[no-untyped-call]  # untyped in redis-py
        try:
            yield
        finally:
            self.sanban.store.moves.execute_command(*end)  # type: ignore[no-untyped-call]  # untyped in redis-py

    def nobody_helped(self) -> bool:
        return self.serving.process is not None and self.serving.process.poll() is None

    def complaints(self) -> list[str]:
        """Bring the load to rest, let archive and displays catch up, and compare everything."""
        self.crowd.quiet()
        state = self.sanban.store.snapshot(HALL)
        end = id_order(state.as_of)  # jobs write on
        archive = Archive(self.sanban.settings.archive, migrate=True)
        try:
            wait_for(lambda: id_order(archive.cursor(HALL)) >= end, "the archive has all", _PATIENCE)
            copied = archive.read(HALL, 1_000_000)
        finally:
            archive.close()
        journal = self.sanban.store.journal.raw_after(HALL, "0-0", 1_000_000)
        kept = Kept(_until(end, journal), _until(end, copied), state)
        calls = [entry.id for entry in kept.entries if entry.kind == "called"]
        # What they were told in the end is the checker's to say; who misses a call for good is only waited for.
        deadline = time.monotonic() + 40
        screens = self.crowd.record.screens
        while time.monotonic() < deadline and not all(calls[-1] in screen.rings for screen in screens):
            time.sleep(0.05)
        return check(self.crowd.record, kept)

    def figures(self) -> dict[str, Any]:
        record, waits = self.crowd.record, sorted(self.recovered)
        return {
            "numbers answered": len(record.issued),
            "calls answered": len(record.called),
            "requests sent again": len(record.repeated),
            **{f"tries that had: {what}": count for what, count in sorted(record.refused.items())},
            "seconds one request waited for its answer, longest": round(max(record.waits), 3),
            "seconds to the next four answers, median": round(waits[len(waits) // 2], 3),
            "seconds to the next four answers, longest": round(waits[-1], 3),
        }


def _until(end: tuple[int, int], rows: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [row for row in rows if id_order(row[0]) <= end]
