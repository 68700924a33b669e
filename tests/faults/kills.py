"""Processes of an installation under load are killed at random, one after the other."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from random import Random
from typing import Any

from tests.faults.site import Site

#: what is killed how often. A background process that dies again and again is started ever later (up to 15 s), a store
#: and a web worker at once: they are what a number depends on
_WEIGHTS = {"store": 80, "web": 8, "follower": 4, "worker": 4, "archiver": 4}


class Killer:
    """Kills with a fixed seed; waits after each until requests are answered again."""

    def __init__(self, site: Site, seed: int) -> None:
        self._site, self._dice = site, Random(seed)
        self.killed: Counter[str] = Counter()

    def kill(self, name: str) -> bool:
        """One process of a name, as it comes: of the web's the workers, which are pumps too. Whether there was one."""
        pids = self._site.serving.pids(name)
        if len(pids) <= (name == "web"):
            return False  # it is on its way back
        try:
            os.kill(self._dice.choice(pids[name == "web" :]), signal.SIGKILL)
        except ProcessLookupError:
            return False  # a job's own process: it has ended meanwhile
        self.killed[name] += 1
        self._site.recover()
        return True

    def stall_store(self, seconds: float) -> None:
        """The store stands still, as a machine does that swaps, and goes on."""
        with self._site.stopped("store"):
            time.sleep(seconds)
        self._site.recover()

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
        kills = {f"kills of {name}": count for name, count in sorted(self.killed.items())}
        return {"kills": self.killed.total(), **kills, **self._site.figures()}
