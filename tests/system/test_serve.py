"""One command starts everything, Ctrl-C stops it, and what dies comes back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ports import free_port
from tests.system.serving import (
    EXAMPLE,
    PROCESSES,
    ROOT,
    Serving,
    alive,
    command_line,
    descendants,
    environment,
    wait_for,
)

PASSWORD = "a long enough password"


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    here = Serving(tmp_path).start()
    yield here
    here.stop()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """One for the tests that leave it running."""
    here = Serving(tmp_path_factory.mktemp("running")).start()
    yield here
    here.stop()


def take_a_number(serving: Serving, token: str) -> str:
    answer = serving.browser().ask(
        "POST", "/api/v1/halls/changshou/tickets", {"services": ["senior-card"]}, Authorization=f"Bearer {token}"
    )
    assert answer.status == 201, answer.text
    return str(answer.json()["number"])


def test_the_links_of_the_first_start_work_once_and_ctrl_c_keeps_everything(serving: Serving) -> None:
    assert set(serving.links) == {"kiosk", "display", "console", "API"}
    assert all(link.startswith(serving.url) for link in serving.links.values())
    for kind in ("kiosk", "display"):
        browser = serving.browser()
        assert browser.submit(serving.links[kind]).address == f"{serving.url}/{kind}/"
        assert serving.browser().submit(serving.links[kind]).status == 410
    form = {"name": "boss", "password": PASSWORD, "again": PASSWORD}
    assert serving.browser().submit(serving.links["console"], **form).address == f"{serving.url}/console/"
    assert serving.browser().submit(serving.links["console"], **form).status == 410
    assert serving.browser().ask("GET", serving.links["API"]).status == 200

    token = serving.cli("token", "add", "--hall", "changshou", "--role", "clerk")
    number = take_a_number(serving, token)
    everything = descendants(serving.pid)
    assert len(everything) >= 6
    assert serving.interrupt() < 5
    assert serving.process is not None and serving.process.returncode == 0
    assert not [command_line(pid) for pid in everything if alive(pid)]
    assert serving.complained == ""

    serving.start()
    assert "loaded from" not in serving.printed
    browser = serving.browser()
    assert "/link/" in serving.links["console"]
    assert browser.submit(serving.links["console"]).address == f"{serving.url}/console/"
    bearer = {"Authorization": f"Bearer {token}"}
    assert browser.ask("GET", f"/api/v1/halls/changshou/tickets/{number}", **bearer).json()["state"] == "waiting"
    assert take_a_number(serving, token) == f"{number[0]}{int(number[1:]) + 1:03}"


def test_the_console_stays_readable(running: Serving) -> None:
    lines = [line for line in running.printed.splitlines() if line.strip()]
    assert len(lines) <= 8
    assert not [line for line in lines if line.startswith("{")]
    assert not [line for line in running.complained.splitlines() if not line.startswith("sanban: ")]
    names = {path.stem for path in (running.directory / "var" / "logs").glob("*.log")}
    assert names == {"serve", "web", "worker", "paper", "notices", "planner", "follower", "archiver", "webhooks"}


def test_a_call_nobody_answers_is_told_by_the_real_worker(running: Serving, tmp_path: Path) -> None:
    """Entry → follower → job queue → worker → entry → page."""
    impatient = tmp_path / "impatient.toml"
    text = EXAMPLE.read_text("utf-8").replace('id = "changshou"', 'id = "impatient"')
    impatient.write_text(text.replace("walk_seconds = 60", "walk_seconds = 1"), "utf-8")
    running.cli("load", str(impatient))
    bearer = {"Authorization": f"Bearer {running.cli('token', 'add', '--hall', 'impatient', '--role', 'clerk')}"}
    hall, browser = "/api/v1/halls/impatient", running.browser()
    browser.ask("POST", f"{hall}/tickets", {"services": ["senior-card"]}, **bearer)
    windows = [w["id"] for w in browser.ask("GET", f"{hall}/services").json()["windows"]]
    called = [browser.ask("POST", f"{hall}/windows/{window}/call-next", {}, **bearer).status for window in windows]
    assert 200 in called

    def unanswered() -> bool:
        rows = browser.ask("GET", f"{hall}/floor", **bearer).json()["tables"]["tickets"].values()
        return any(row["unanswered"] for row in rows)

    wait_for(unanswered, "the console offers miss")


@pytest.mark.parametrize("name", PROCESSES)
def test_what_is_killed_comes_back_and_the_next_request_works(running: Serving, name: str) -> None:
    token = running.cli("token", "add", "--hall", "changshou", "--role", "clerk")
    before = running.pids(name)
    # of the web server's processes the last one answers requests, the first one starts it again
    os.kill(before[-1], signal.SIGKILL)
    wait_for(lambda: set(running.pids(name)) - set(before), f"{name} starts again")
    wait_for(lambda: running.browser().ask("GET", "/readyz").status == 200, "ready again")
    assert take_a_number(running, token)
    assert running.process is not None and running.process.poll() is None


def test_a_killed_web_server_comes_back_with_its_workers(running: Serving) -> None:
    before = running.pids("web")
    os.kill(before[0], signal.SIGKILL)
    wait_for(lambda: len(set(running.pids("web")) - set(before)) == 2, "the web server starts again")

    def ready() -> bool:
        try:
            return running.browser().ask("GET", "/readyz").status == 200
        except OSError:
            return False

    wait_for(ready, "ready again")
    assert "web ended (status -9); starting it again" in running.complained


def test_children_die_with_a_killed_parent(serving: Serving) -> None:
    everything = descendants(serving.pid)
    os.kill(serving.pid, signal.SIGKILL)
    assert serving.process is not None
    serving.process.wait(60)
    wait_for(lambda: not [pid for pid in everything if alive(pid)], "every child ends")
    assert serving.start().links  # the lock and the port are free again


# What stops the start ------------------------------------------------------------------------


def refused(directory: Path, **settings: str) -> str:
    """The one line that a start that is refused says."""
    env = environment(directory, free_port(), **settings)
    command = [sys.executable, "-m", "hall", "serve"]
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1, done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("sanban: ")
    assert time.monotonic() - began < 30
    return line


def test_a_port_in_use_is_said(running: Serving, tmp_path: Path) -> None:
    line = refused(tmp_path / "var", SANBAN_BIND=f"127.0.0.1:{running.port}")
    assert f"cannot listen on 127.0.0.1:{running.port}" in line
    assert "SANBAN_BIND" in line
    assert not (tmp_path / "var" / "store").exists()


def test_a_data_directory_in_use_is_said_and_left_alone(running: Serving) -> None:
    assert "another Sanban works with" in refused(running.directory / "var")
    assert running.browser().ask("GET", "/readyz").status == 200


@pytest.mark.parametrize("directory", ["/proc/sanban", "/dev/null/var"])
def test_a_data_directory_that_cannot_be_written_is_said(directory: str) -> None:
    assert f"SANBAN_DATA_DIR: cannot write to {directory}" in refused(Path(directory))


BAD_SETTINGS = {
    "SANBAN_REDIS_URL": ("redis://127.0.0.1:1/0", "the store does not answer"),
    "SANBAN_REDIS_URL ": ("http://example.org", "SANBAN_REDIS_URL: not a store URL"),
    "SANBAN_JOBS_URL": ("redis://127.0.0.1:1/0", "SANBAN_JOBS_URL"),
    "SANBAN_JOBS_URL ": ("nonsense", "SANBAN_JOBS_URL"),
    "SANBAN_ARCHIVE_URL": ("nonsense", "SANBAN_ARCHIVE_URL"),
    "SANBAN_ARCHIVE_URL ": ("sqlite:////proc/no/archive", "SANBAN_ARCHIVE_URL"),
    "SANBAN_BIND": ("8000", "SANBAN_BIND"),
    "SANBAN_BIND ": ("127.0.0.1:99999", "SANBAN_BIND"),
    "SANBAN_BIND  ": ("256.0.0.1:8000", "cannot listen"),
    "SANBAN_PUBLIC_URL": ("hall.example.org", "SANBAN_PUBLIC_URL"),
    "SANBAN_WEB_WORKERS": ("many", "SANBAN_WEB_WORKERS"),
    "SANBAN_WEB_WORKERS ": ("²", "SANBAN_WEB_WORKERS"),
    "SANBAN_SECRET_KEY": ("short", "SANBAN_SECRET_KEY"),
    "SANBAN_SECRET_KEY_FILE": ("/nowhere", "SANBAN_SECRET_KEY_FILE"),
    "SANBAN_REDIS_URI": ("redis://127.0.0.1", "SANBAN_REDIS_URI is not a setting"),
    "SANBAN_": ("", "SANBAN_ is not a setting"),
}


@pytest.mark.parametrize("name", BAD_SETTINGS)
def test_a_bad_setting_is_said(tmp_path: Path, name: str) -> None:
    value, words = BAD_SETTINGS[name]
    assert words in refused(tmp_path / "var", **{name.strip(): value})
