"""The leader and a worker process do it by themselves."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from hall.store.embedded import EmbeddedServer
from tests.driver import KEY
from tests.notices.gateway import Gateway
from tests.notices.stage import NoticeHall
from workers.follower import Follower


def test_a_booking_is_confirmed_within_seconds_by_the_process_that_sends(
    hall: NoticeHall, gateway: Gateway, server: EmbeddedServer, tmp_path: Path
) -> None:
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("SANBAN_")},
        "SANBAN_REDIS_URL": server.url,
        "SANBAN_DATA_DIR": str(tmp_path),
        "SANBAN_SECRET_KEY": KEY.decode(),
        "SANBAN_SMS_URL": gateway.url,
        "SANBAN_SMS_TOKEN": "secret-of-the-gateway",
    }
    command = [sys.executable, "-m", "workers", "notices"]
    with (
        (tmp_path / "log").open("w") as log,
        subprocess.Popen(command, env=env, stdout=log, stderr=log) as worker,
    ):
        try:
            follower, deadline = Follower(hall.sanban, hall.jobs, None, hall.jobs), time.monotonic() + 60
            hall.book()
            while hall.states() != [("booked", "sent", 1)]:
                assert time.monotonic() < deadline, (tmp_path / "log").read_text()
                follower.turn()
            follower.give_back()
        finally:
            worker.terminate()
    assert [one.json["kind"] for one in gateway.taken] == ["booked"]
    logged = (tmp_path / "log").read_text()
    assert "notice tried" in logged
    assert "13812345678" not in logged
