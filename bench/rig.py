"""What the bench measures on: a durable store and the real web server, in a directory of their own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from hall import processes
from hall.bootstrap import Sanban, build
from hall.domain.calendar import Week
from hall.domain.callers import Caller
from hall.domain.halls import Hall, Line, Service, Window
from hall.domain.texts import Text
from hall.settings import Settings
from hall.store.embedded import EmbeddedServer

HALL = "bench"
LINES = 5
CALLER = Caller(by="bench")


@cache
def daytime() -> str:
    """A zone where it is past ten in the morning: no day ends while a hall there is measured or tested, and it can have
    been open for a while. The same one as long as a process lives."""
    ahead = 10 - datetime.now(UTC).hour
    ahead += 24 if ahead < -12 else 0
    return f"Etc/GMT{-ahead:+d}"  # its signs are turned round: GMT-8 is eight hours ahead


def bench_hall(hall_id: str, windows: int) -> Hall:
    """Five lines, never closed, without contingents; every window serves all lines."""
    lines = [f"l{n}" for n in range(LINES)]
    return Hall(
        id=hall_id,
        name=Text(zh="bench", en="bench"),
        zone=daytime(),
        hours=Week(*[("00:00-24:00",)] * 7),
        lines=tuple(Line(line, "ABCDE"[n], Text(zh=line, en=line)) for n, line in enumerate(lines)),
        services=tuple(Service(f"s{n}", line, Text(zh=line, en=line)) for n, line in enumerate(lines)),
        windows=tuple(Window(f"w{n}", str(n), tuple(lines)) for n in range(windows)),
        test=True,
    )


@dataclass(frozen=True, slots=True)
class Rig:
    sanban: Sanban
    host: str
    port: int
    token: str
    #: process id of the web server's master
    server: int


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def rig(windows: int, **more: str) -> Iterator[Rig]:
    """The hall open, the server answering, a manager's token in hand. `more`: settings."""
    with tempfile.TemporaryDirectory(prefix="sanban-bench-") as directory:
        store = EmbeddedServer(Path(directory) / "store").start()
        try:
            env = {"SANBAN_DATA_DIR": directory, "SANBAN_REDIS_URL": store.url, **more}
            env["SANBAN_BIND"] = f"127.0.0.1:{free_port()}"
            # Programs and pages ask here as fast as they can. They are counted all the same.
            env["SANBAN_LIMITS"] = "program=100000/s:100000, socket=100000/s:100000, track=100000/s:100000"
            settings = Settings.load(env)
            sanban = build(settings)
            sanban.halls.save(bench_hall(HALL, windows), CALLER)
            token = sanban.access.add_token(HALL, "manager")
            with serving(settings, env) as server:
                yield Rig(sanban, settings.host, settings.port, token, server.pid)
        finally:
            store.stop()


@contextmanager
def serving(
    settings: Settings, env: dict[str, str], app: str = "bench.wsgi:create_app()"
) -> Iterator[subprocess.Popen[bytes]]:
    """The web server as `serve` starts it; only the application also holds the yardsticks, or is another one."""
    command = [app if part == "app:create_app()" else part for part in _command(settings)]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SANBAN_")}
    server = subprocess.Popen(command, cwd=processes.ROOT, env={**clean, **env}, stdin=subprocess.DEVNULL)
    try:
        _await_ready(settings.url, server)
        yield server
    finally:
        server.terminate()
        server.wait(20)


def _command(settings: Settings) -> list[str]:
    command = processes.commands(settings)["web"]
    if "app:create_app()" not in command:
        sys.exit("bench: hall.processes starts the web server in another way now; change bench/rig.py")
    return command


def _await_ready(url: str, server: subprocess.Popen[bytes], patience: float = 120) -> None:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:  # noqa: S310 - our own server
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)  # asked again until it answers
    sys.exit("bench: the web server did not start")
