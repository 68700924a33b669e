"""What web server and store use of the machine: seconds of processor, memory."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from redis import Redis

_PROC = Path("/proc")
#: seconds of processor in half a second
_RESTING = 0.05


class Used(NamedTuple):
    """Seconds; `web` is None where the system does not tell (no /proc)."""

    web: float | None
    store: float

    def since(self, before: Used) -> Used:
        web = None if self.web is None or before.web is None else self.web - before.web
        return Used(web, self.store - before.store)


def used(server: int, store: Redis) -> Used:
    """By the workers of a gunicorn master, and by the store's whole process."""
    told = store.info("cpu")
    workers = _children(server)
    web = sum(map(_seconds, workers)) if workers else None
    return Used(web, float(told["used_cpu_user"]) + float(told["used_cpu_sys"]))


def seconds(pids: Iterable[int]) -> float:
    """Of processor, by processes and those of their children that ended."""
    return sum(map(_seconds, pids))


def await_quiet(server: int, store: Redis, patience: float = 120) -> None:
    """Wait until the web workers have told their sockets what happened so far, and rest. Raises `TimeoutError`."""
    end = time.monotonic() + patience
    before = used(server, store)
    while time.monotonic() < end:
        time.sleep(0.5)  # the span over which they are said to rest
        now = used(server, store)
        if (now.since(before).web or 0.0) < _RESTING:
            return
        before = now
    raise TimeoutError("the web workers are still busy")


def resident(server: int) -> float:
    """KiB of memory that the workers of a gunicorn master hold; 0 where the system does not tell."""
    page = os.sysconf("SC_PAGE_SIZE") / 1024
    return sum(int(fields[21]) * page for pid in _children(server) if (fields := _stat(pid)))


def proportional(parent: int) -> dict[int, float]:
    """KiB of memory by process: a whole tree's, pages that several share counted in parts; empty where the system does
    not tell."""
    found = {}
    for pid in (parent, *_descendants(parent)):
        try:
            lines = (_PROC / str(pid) / "smaps_rollup").read_text("ascii").splitlines()
        except (FileNotFoundError, ProcessLookupError):
            continue
        found[pid] = float(next(line for line in lines if line.startswith("Pss:")).split()[1])
    return found


def _descendants(parent: int) -> list[int]:
    return [pid for child in _children(parent) for pid in (child, *_descendants(child))]


def _children(parent: int) -> list[int]:
    pids = [int(path.name) for path in _PROC.glob("[0-9]*")]
    return [pid for pid in pids if (fields := _stat(pid)) and int(fields[1]) == parent]


def _seconds(pid: int) -> float:
    fields = _stat(pid)
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def _stat(pid: int) -> list[str]:
    """proc(5) after the name, which may hold anything: state, ppid, …; empty when the process has gone."""
    try:
        return (_PROC / str(pid) / "stat").read_text("utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
