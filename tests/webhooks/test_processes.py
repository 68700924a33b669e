"""The process that tells: killed in the middle, with a receiver that hangs, and what is measured of it."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from hall.bootstrap import build
from hall.notices import http
from hall.store.embedded import EmbeddedServer
from tests.driver import KEY
from tests.notices.gateway import Gateway
from tests.webhooks.stage import WebhookHall, settings
from workers import queues
from workers.metrics import StoreCollector
from workers.webhooks import Courier

PATIENCE = 60


def until(
    what: Callable[[], bool], turn: Callable[[], None] = lambda: time.sleep(0.02), seconds: float = PATIENCE
) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not come"
        turn()


@contextmanager
def process(server: EmbeddedServer, directory: Path, arguments: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """One more process that tells the halls' receivers."""
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("SANBAN_")},
        "SANBAN_REDIS_URL": server.url,
        "SANBAN_DATA_DIR": str(directory),
        "SANBAN_SECRET_KEY": KEY.decode(),
        "SANBAN_WEBHOOK_NETWORKS": "127.0.0.1",
    }
    with (directory / "log").open("a") as log:
        running = subprocess.Popen([sys.executable, *arguments], env=env, stdout=log, stderr=log)
        try:
            yield running
        finally:
            running.kill()
            running.wait()


def test_a_process_that_is_killed_in_the_middle_of_a_try_loses_nothing_and_skips_nothing(
    hall: WebhookHall, receiver: Gateway, server: EmbeddedServer, tmp_path: Path
) -> None:
    receiver.answers = [200, 200, 200, "hang", 200]
    hall.open()
    for _ in range(3):
        hall.take()
        hall.call()
    with process(server, tmp_path, ["-m", "workers", "webhooks"]) as running:
        until(lambda: len(receiver.taken) == 4)
        running.kill()
    assert hall.progress.event == hall.events()[3][0].removeprefix(f"{hall.id}-")
    hall.pass_time(20)
    hall.work()
    events = hall.events()
    assert hall.told() == [*events[:4], *events[3:]], "the one under way comes twice, none is skipped"
    assert receiver.taken[3].body == receiver.taken[4].body
    logged = (tmp_path / "log").read_text()
    assert receiver.url not in logged


def test_a_receiver_that_hangs_holds_up_no_other(
    server: EmbeddedServer, receiver: Gateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "SECONDS", 2.0 * PATIENCE)
    with Gateway() as silent:
        silent.answers = ["hang"]
        slow = WebhookHall.new(settings(tmp_path, server.url), silent)
        quick = WebhookHall.new(settings(tmp_path, server.url), receiver)
        courier = Courier(build(slow.sanban.settings))
        slow.take()
        until(lambda: bool(silent.taken), courier.turn)
        for _ in range(3):
            quick.take()
        until(lambda: quick.told() == quick.events() != [], courier.turn)
        assert (len(silent.taken), slow.log()) == (1, []), "its try is still under way"
        slow.tell("city", "new", url=receiver.url)  # the next turn follows the description
        slow.take()
        until(lambda: slow.sanban.webhooks.kept.log(slow.id, "new") != [], courier.turn)
        courier.end()


def test_how_far_behind_a_webhook_is_is_a_figure_and_an_alarm(hall: WebhookHall, receiver: Gateway) -> None:
    process = StoreCollector(build(hall.sanban.settings), queues.connection(hall.sanban.settings))

    def figures() -> dict[str, float]:
        registry = CollectorRegistry()
        registry.register(process)
        rows = (line.rpartition(" ") for line in generate_latest(registry).decode().splitlines() if line[0] != "#")
        return {series: float(value) for series, _, value in rows}

    hall.tell("old")
    assert f'{{hall="{hall.id}",webhook="old"}}' in str(figures())
    hall.tell("city")
    label = f'{{hall="{hall.id}",webhook="city"}}'
    hall.take()
    hall.work()
    assert (figures()[f"sanban_webhook_lag_seconds{label}"], figures()[f"sanban_webhook_stopped{label}"]) == (0, 0)
    receiver.answers = [410]
    hall.take()
    until(lambda: figures()[f"sanban_webhook_lag_seconds{label}"] > 0)
    assert "alarm/webhook_behind/city" not in hall.sanban.alarms.watch(hall.id)
    later = hall.sanban.store.clock() + 15 * 60_000
    assert "alarm/webhook_behind/city" in hall.sanban.alarms.watch(hall.id, later)
    hall.work()
    assert figures()[f"sanban_webhook_stopped{label}"] == 1
    assert "alarm/webhook_stopped/city" in hall.sanban.alarms.watch(hall.id, later)


#: a process as it is, but a try that was cut off is made again sooner than its longest could take
IMPATIENT = (
    "import hall.domain.webhooks as rules; rules.TRY_MS = 400; from workers.__main__ import cli; cli(['webhooks'])"
)


@pytest.mark.long
def test_a_process_that_is_killed_a_hundred_times_tells_everything_in_order(
    hall: WebhookHall, receiver: Gateway, server: EmbeddedServer, tmp_path: Path
) -> None:
    dice, killed = random.Random(20261125), 0
    receiver.pause = lambda: time.sleep(dice.random() * 0.03)
    done = threading.Event()

    def live() -> None:
        """Numbers are taken and called while processes come and go."""
        while not done.wait(1.0):
            hall.take()
            hall.call()

    hall.open()
    people = threading.Thread(target=live)
    people.start()
    try:
        while killed < 100:
            with process(server, tmp_path, ["-c", IMPATIENT]) as running:
                before = len(receiver.taken)
                until(lambda: len(receiver.taken) > before)  # noqa: B023 - asked at once
                time.sleep(dice.random() * 0.4)
                running.kill()
            killed += 1
    finally:
        done.set()
        people.join()
    with process(server, tmp_path, ["-c", IMPATIENT]):
        until(lambda: hall.sanban.webhooks.kept.oldest_unsent(hall.id, "city") is None, seconds=300)
    told = hall.told()
    assert list(dict.fromkeys(told)) == hall.events()
    assert len(told) - len(set(told)) <= killed
    bodies = {one.json["id"]: one.body for one in receiver.taken}
    assert all(one.body == bodies[one.json["id"]] for one in receiver.taken)
