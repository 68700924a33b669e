"""More than one machine: one with every process and one with a web process alone, nginx before both, the store and the
server for jobs each on their own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from redis import Redis
from rq import Worker
from websocket import WebSocket, create_connection

from hall.store.embedded import EmbeddedServer
from tests.ports import free_port
from tests.system.serving import ROOT, Answer, Browser, Serving, environment, wait_for
from tests.system.test_deploy import Nginx, heard, trusting

pytestmark = pytest.mark.long
_TICKETS = "/api/v1/halls/changshou/tickets"
_WISH = {"services": ["senior-card"], "override": "a test has no opening hours"}


@dataclass
class Machines:
    first: Serving
    second: subprocess.Popen[bytes]
    second_port: int
    nginx: Nginx
    store: EmbeddedServer
    jobs: EmbeddedServer

    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.first.cli('token', 'add', '--role', 'manager')}"}


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    tmp_path = tmp_path_factory.mktemp("machines")
    store, jobs = (EmbeddedServer(tmp_path / name).start() for name in ("store", "jobs"))
    first = Serving(tmp_path)
    second_port = free_port()
    nginx = Nginx(tmp_path, first.port, second_port)
    shared = {
        "SANBAN_REDIS_URL": store.url,
        "SANBAN_JOBS_URL": jobs.url,
        "SANBAN_SECRET_KEY": "the same key on every machine, of course",
        "SANBAN_TRUSTED_PROXIES": "127.0.0.1",
        "SANBAN_PUBLIC_URL": f"https://localhost:{nginx.port}",
    }
    first.env |= shared
    first.start()
    env = environment(tmp_path / "second", second_port, **shared)
    web = [sys.executable, "-m", "hall", "process", "web"]
    second = subprocess.Popen(web, cwd=ROOT, env=env, stdin=subprocess.DEVNULL)
    nginx.start()
    try:
        yield Machines(first, second, second_port, nginx, store, jobs)
    finally:
        nginx.stop()
        second.terminate()
        second.wait(30)
        first.stop()
        jobs.stop()
        store.stop()


def page_of(port: int, who: dict[str, str]) -> WebSocket:
    """A page that follows the hall's floor on one machine."""
    page = create_connection(
        f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket", timeout=20, header=who, suppress_origin=True
    )
    heard(page, "0")
    page.send("40/live,{}")
    heard(page, "40/live")
    page.send("42/live,1" + json.dumps(["join", {"room": "changshou/floor"}]))
    assert "problem" not in heard(page, "43/live,1")
    return page


def test_jobs_are_done_from_their_own_server(machines: Machines) -> None:
    jobs, store = (Redis.from_url(server.url) for server in (machines.jobs, machines.store))
    done = wait_for(lambda: sum(one.successful_job_count or 0 for one in Worker.all(connection=jobs)), "a job is done")
    assert done >= 1  # the close of yesterday, for a hall that is new
    assert store.keys("rq:*") == []


def test_what_one_machine_does_is_seen_on_the_other_and_one_may_go(machines: Machines) -> None:
    who = machines.bearer()
    first, second = (Browser(f"http://127.0.0.1:{port}") for port in (machines.first.port, machines.second_port))
    wait_for(lambda: answers(second), "the second machine's web process")
    pages = {port: page_of(port, who) for port in (machines.first.port, machines.second_port)}
    for by, port in ((first, machines.second_port), (second, machines.first.port)):
        made = by.ask("POST", _TICKETS, _WISH, **who)
        assert made.status == 201, made.text
        assert made.json()["number"] in heard(pages[port], "42/live,", made.json()["number"])
    for page in pages.values():
        page.close()

    door = Browser(f"https://localhost:{machines.nginx.port}", trusting(machines.nginx))
    numbers = [take(door, who) for _ in range(4)]
    machines.second.kill()
    machines.second.wait(30)
    numbers += [take(door, who) for _ in range(8)]
    assert len({*numbers}) == 12
    assert [int(number[1:]) for number in numbers] == list(range(3, 15))


def answers(machine: Browser) -> bool:
    try:
        return machine.ask("GET", "/readyz").status == 200
    except OSError:
        return False


def take(door: Browser, who: dict[str, str]) -> str:
    made: Answer = door.ask("POST", _TICKETS, _WISH, **who)
    assert made.status == 201, made.text
    return str(made.json()["number"])
