"""The processes that `serve` keeps alive: programs of their own, or forks of `serve` itself."""

from __future__ import annotations

import ctypes
import gc
import importlib
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol, TextIO, cast

import structlog

from hall import logs
from hall.store.embedded import die_with_parent

#: a process that dies again and again is started ever later, up to this many seconds
_LONGEST_BACK_OFF = 15.0
#: one that ran so long was well
WELL_SECONDS = 30.0
#: the background processes' command line, by name: what is above cannot be imported by what is below
_CREW = "workers.__main__"
_PR_SET_NAME = 15
_log = structlog.get_logger()


class Running(Protocol):
    """A started process, as `subprocess.Popen` shows it."""

    @property
    def pid(self) -> int: ...
    def poll(self) -> int | None: ...
    def terminate(self) -> None: ...
    def wait(self, timeout: float | None = None) -> int: ...


Launch = Callable[[TextIO], Running]


def program(command: list[str], env: Mapping[str, str], directory: Path) -> Launch:
    """Starts another program, whose output goes to the log."""

    def launch(log: TextIO) -> Running:
        return subprocess.Popen(
            command,
            cwd=directory,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - one prctl call, no Python state is touched
            # its own group: Ctrl-C goes to us, and we stop the children in order
            process_group=0,
        )

    return launch


def fork(name: str, env: Mapping[str, str], directory: Path, let_go: Callable[[], None]) -> Launch:
    """Starts a background process of ours as a fork of this one: what both have loaded is in memory once. Five more
    interpreters would take seconds of processor at a start, and 75 MB each. `let_go`: gives up, in the fork, what only
    this process may hold."""

    def launch(log: TextIO) -> Running:
        _load_crew()

        def live() -> None:
            let_go()
            _become(name, env, directory, log.fileno())

        return _Fork(live)

    return launch


class _Fork:
    """A fork with the methods of `subprocess.Popen`."""

    def __init__(self, live: Callable[[], None]) -> None:
        # A daemon of multiprocessing: it is ended, not waited for, should this process end by an exception.
        self._process = multiprocessing.get_context("fork").Process(target=live, daemon=True)
        self._process.start()
        self.pid = cast(int, self._process.pid)

    def poll(self) -> int | None:
        return self._process.exitcode

    def terminate(self) -> None:
        self._process.terminate()

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        return self._process.exitcode


def _load_crew() -> None:
    """Before the first fork. What is there by then never becomes garbage: a collection in a fork would touch all of it,
    and copy it by that."""
    if _CREW not in sys.modules:
        importlib.import_module(_CREW)
        gc.collect()
        gc.freeze()


def _become(name: str, env: Mapping[str, str], directory: Path, log: int) -> None:
    for ours in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ours, signal.SIG_DFL)
    die_with_parent()
    os.setpgid(0, 0)
    ctypes.CDLL(None).prctl(_PR_SET_NAME, f"sanban-{name}".encode())
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.chdir(directory)
    os.environ.clear()
    os.environ.update(env)
    importlib.import_module(_CREW).cli([name], prog_name="python -m workers")


class Child:
    """One process, kept alive."""

    def __init__(self, name: str, launch: Launch, logs_dir: Path) -> None:
        self.name = name
        self._launch = launch
        self._logs_dir = logs_dir
        self._process: Running | None = None
        self._started = 0.0
        self._back_off = 0.0
        self._again_at = 0.0

    def keep_alive(self, now: float) -> None:
        if self._process is not None:
            status = self._process.poll()
            if status is None:
                return
            self._died(status, now)
        if now >= self._again_at:
            self._start(now)

    def _died(self, status: int, now: float) -> None:
        well = now - self._started > WELL_SECONDS
        self._back_off = longer(0 if well else self._back_off)
        self._again_at = now + self._back_off
        tell(self.name, status)
        self._process = None

    def _start(self, now: float) -> None:
        self._started = now
        with logs.open_file(self._logs_dir, self.name) as log:
            self._process = self._launch(log)

    def ask_to_stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def stop(self, deadline: float) -> None:
        if self._process is None:
            return
        try:
            self._process.wait(max(0.05, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            _log.warning("process killed", child=self.name)
            # the whole group: a web server's workers too
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def longer(back_off: float) -> float:
    """The next pause of something that ended again, seconds."""
    return min(_LONGEST_BACK_OFF, max(0.1, back_off * 2))


def tell(name: str, status: int | None) -> None:
    """One line for whoever watches, the same for the log."""
    _log.warning("process ended", child=name, status=status)
    print(f"sanban: {name} ended (status {status}); starting it again", file=sys.stderr, flush=True)  # noqa: T201 - the console is the place
