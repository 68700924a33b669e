"""One whole installation for tests and screenshots: `python -m hall serve` in a directory of its own, and the
services beside it to make halls, pair screens and sign people in."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from bench.rig import daytime
from hall.bootstrap import Sanban, build
from hall.domain.callers import Caller
from hall.domain.halls import Hall
from hall.domain.office import Alarms
from hall.domain.voice import Voice
from hall.services import hall_file
from hall.settings import Settings
from hall.store.embedded import EmbeddedServer
from hall.store.keys import HALLS
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "changshou" / "hall.toml"
PASSWORD = "correct horse battery"
_START_SECONDS = 120
#: an alarm is raised at the real time, and a hall whose clock is there has no past to be given any more
_NO_ALARMS = Alarms(
    longest_wait=None,
    waiting=None,
    idle_window=None,
    device_gone=None,
    printer=None,
    archiver_behind=None,
    calendar=False,
    privacy_hours=None,
    cases=False,
)


class Installation:
    """Starts and stops everything; `new_hall` makes halls of the test's own."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        self._names = itertools.count(1)

    @property
    def _env(self) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith("SANBAN_")}
        bind = f"127.0.0.1:{self.port}"
        # What webhooks tell is heard on this machine.
        own["SANBAN_WEBHOOK_NETWORKS"] = "127.0.0.1"
        return {**own, "SANBAN_DATA_DIR": str(self.directory), "SANBAN_BIND": bind, "SANBAN_WEB_WORKERS": "1"}

    def start(self) -> Installation:
        log = (self.directory.parent / f"{self.directory.name}.log").open("ab")
        command = [sys.executable, "-m", "hall", "serve", "--first-hall", str(EXAMPLE)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=self._env, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
        log.close()
        deadline = time.monotonic() + _START_SECONDS
        while not self._ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"the installation did not start: {log.name}")
            time.sleep(0.05)
        return self

    def _ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:  # noqa: S310 - our own address
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(60)
            self._process = None

    @cached_property
    def services(self) -> Sanban:
        settings = Settings.load(self._env)
        return build(replace(settings, redis_url=EmbeddedServer(self.directory / "store").url))

    # Halls and people ----------------------------------------------------------------------------

    def new_hall(self, opened_minutes_ago: int = 0, **changes: Any) -> Hall:
        """The example hall under another id; `changes` are fields of the description. A hall whose clock starts
        in the past can be given a past."""
        opened = time.time_ns() // 1_000_000 - opened_minutes_ago * 60_000
        hall = self._save(opened, changes)
        while opened_minutes_ago and self.services.store.hall_clock(hall.id) > opened:
            hall = self._save(opened, changes)  # a job of the hall's was faster, and set its clock to the present
        return hall

    def _save(self, opened: int, changes: dict[str, Any]) -> Hall:
        example = hall_file.parse(EXAMPLE.read_text("utf-8"))
        # Most tests listen for the chime alone; test_voice.py lets a hall speak.
        usual = {"id": f"hall{next(self._names)}", "zone": daytime(), "voice": Voice(), "alarms": _NO_ALARMS}
        hall = replace(example, **{**usual, **changes})
        self.services.halls.save(hall, Caller(by="test", now=opened))
        # Else the jobs of yesterday and of the night would set the hall's clock to the present.
        self.services.timers.close_day(hall.id, self._yesterday(hall), opened)
        self.services.privacy.sweep(hall.id, opened)
        return hall

    def leave(self, hall: Hall) -> None:
        """Nobody comes to a hall any more: else every process goes on looking at those of all tests before."""
        self.services.store.reads.srem(HALLS, hall.id)

    def _yesterday(self, hall: Hall) -> str:
        today = hall.calendar.date_of(time.time_ns() // 1_000_000)
        return (today - timedelta(days=1)).isoformat()

    def add_staff(self, hall: Hall, staff_id: str, role: str = "clerk", name: str = "") -> None:
        self.services.access.set_staff(hall.id, staff_id, name or staff_id, role, PASSWORD, "test")

    def pair_path(self, hall: Hall, kind: str, name: str = "") -> str:
        return f"/pair/{self.services.access.pairing_code(hall.id, kind, name)}"

    def sign_in_path(self, hall: Hall, staff_id: str) -> str:
        return f"/link/{self.services.access.sign_in_code(hall.id, staff_id)}"
