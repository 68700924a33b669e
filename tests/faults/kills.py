"""An installation under load whose processes are killed at random, one after the other."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from bench.rig import CALLER, LINES, bench_hall
from hall.archive.archive import Archive
from hall.bootstrap import Sanban, build
from hall.settings import Settings
from hall.store.embedded import EmbeddedServer
from tests.browser.proxy import Proxy
from tests.faults.crowd import Crowd
from tests.faults.record import Kept, check
from tests.system.serving import Serving, wait_for

HALL = "faults"
_PATIENCE = 60.0
#: a hall asks less often; who asks is counted all the same
_LIMITS = "program=100000/s:100000, socket=100000/s:100000, track=100000/s:100000"
#: what is killed how often. A background process that dies again and again is started ever later (up to 15 s), a store
#: and a web worker at once: they are what a number depends on
_WEIGHTS = {"store": 80, "web": 8, "follower": 4, "worker": 4, "archiver": 4}


class Site:
    """A whole installation, its hall, and a crowd in it."""

    def __init__(self, directory: Path) -> None:
        self.serving = Serving(directory, SANBAN_WEB_WORKERS="2", SANBAN_LIMITS=_LIMITS)
        self.network = Proxy(self.serving.port)
        settings = Settings.load(self.serving.env)
        url = EmbeddedServer(settings.data_dir / "store").url
        self.sanban: Sanban = build(replace(settings, redis_url=url))
        self.crowd: Crowd

    def start(self, kiosks: int = 2, clerks: int = 3, displays: int = 2) -> Site:
        self.serving.start()
        self.sanban.halls.save(bench_hall(HALL, clerks), CALLER)
        token = self.sanban.access.add_token(HALL, "manager")
        self.crowd = Crowd(self.serving.port, self.network.port, HALL, token, LINES)
        self.crowd.start(kiosks, clerks, displays)
        wait_for(lambda: all(screen.since for screen in self.crowd.record.screens), "the displays are there")
        self.await_answers()
        return self

    def stop(self) -> None:
        self.network.close()
        self.serving.stop()
        if hasattr(self, "crowd"):
            self.crowd.leave()

    def await_answers(self, count: int = 4) -> float:
        """Until so many more requests are answered; seconds it took."""
        began, before = time.monotonic(), self.crowd.record.answers
        wait_for(lambda: self.crowd.record.answers >= before + count, "requests are answered", _PATIENCE)
        return time.monotonic() - began

    def complaints(self) -> list[str]:
        """Bring the load to rest, let archive and displays catch up, and compare everything."""
        self.crowd.quiet()
        journal = self.sanban.store.journal.raw_after(HALL, "0-0", 1_000_000)
        archive = Archive(self.sanban.settings.archive)
        try:
            wait_for(lambda: archive.cursor(HALL) == journal[-1][0], "the archive has all", _PATIENCE)
            kept = Kept(journal, archive.read(HALL, 1_000_000), self.sanban.store.snapshot(HALL))
        finally:
            archive.close()
        calls = [entry.id for entry in kept.entries if entry.kind == "called"]
        # What they were told in the end is the checker's to say; who misses a call for good is only waited for.
        deadline = time.monotonic() + 20
        screens = self.crowd.record.screens
        while time.monotonic() < deadline and not all(calls[-1] in screen.rings for screen in screens):
            time.sleep(0.05)
        return check(self.crowd.record, kept)


class Killer:
    """Kills with a fixed seed; waits after each until requests are answered again."""

    def __init__(self, site: Site, seed: int) -> None:
        self._site, self._dice = site, Random(seed)
        self.killed: Counter[str] = Counter()
        #: seconds from each kill until four more requests were answered
        self.recovered: list[float] = []

    def kill(self, name: str) -> None:
        """One process of a name, as it comes: of the web's the workers, which are the pumps too."""
        pids = self._site.serving.pids(name)
        if len(pids) <= (name == "web"):
            return  # it is on its way back
        try:
            os.kill(self._dice.choice(pids[name == "web" :]), signal.SIGKILL)
        except ProcessLookupError:
            return  # a job's own process: it has ended meanwhile
        self.killed[name] += 1
        self.recovered.append(self._site.await_answers())

    def stall_store(self, seconds: float) -> None:
        """The store stands still, as a machine does that swaps, and goes on."""
        pid = self._site.serving.pids("store")[0]
        os.kill(pid, signal.SIGSTOP)
        try:
            time.sleep(seconds)
        finally:
            os.kill(pid, signal.SIGCONT)
        self.recovered.append(self._site.await_answers())

    def cut_displays(self) -> None:
        """No display has a connection, while numbers are called."""
        self._site.network.cut()
        try:
            self._site.await_answers(10)
        finally:
            self._site.network.heal()

    def random_kills(self, count: int) -> None:
        names, weights = list(_WEIGHTS), list(_WEIGHTS.values())
        deadline = time.monotonic() + count * 10
        while self.killed.total() < count:
            assert time.monotonic() < deadline, f"only {self.killed}"
            self.kill(self._dice.choices(names, weights)[0])

    def figures(self) -> dict[str, Any]:
        record, waits = self._site.crowd.record, sorted(self.recovered)
        return {
            "kills": self.killed.total(),
            **{f"kills of {name}": count for name, count in sorted(self.killed.items())},
            "numbers answered": len(record.issued),
            "calls answered": len(record.called),
            "requests sent again": len(record.repeated),
            **{f"tries that had: {what}": count for what, count in sorted(record.refused.items())},
            "seconds to the next four answers, median": round(waits[len(waits) // 2], 3),
            "seconds to the next four answers, longest": round(waits[-1], 3),
        }
