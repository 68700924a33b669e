"""Background processes on a real store, with queues of the test's own."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from hall.bootstrap import Sanban, build
from hall.domain.callers import Caller
from hall.domain.policy import Policy
from hall.settings import Settings
from hall.store.embedded import EmbeddedServer
from tests.driver import KEY, live_hall


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedServer]:
    """A store of the test's own: a follower serves every hall it finds."""
    server = EmbeddedServer(tmp_path / "store", durable=False).start()
    yield server
    server.stop()


@pytest.fixture
def sanban(server: EmbeddedServer, tmp_path: Path) -> Sanban:
    return build(Settings(data_dir=tmp_path, secret_key=KEY, redis_url=server.url))


@pytest.fixture
def new_hall(sanban: Sanban) -> Callable[..., str]:
    """Opens a hall; `walk_seconds` and such are its policy."""

    def new(past: int | None = None, **policy: int) -> str:
        hall_id = f"t{uuid.uuid4().hex[:12]}"
        hall = live_hall(hall_id, policy=replace(Policy(), **policy))  # type: ignore[arg-type]  # numbers all
        sanban.halls.save(hall, Caller(by="setup", now=past))
        return hall_id

    return new


@pytest.fixture
def jobs(server: EmbeddedServer) -> Iterator[Queue]:
    client = Redis.from_url(server.url)
    yield Queue("hall", connection=client, serializer=JSONSerializer)
    client.close()


@pytest.fixture
def work(jobs: Queue, sanban: Sanban, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """Run what is enqueued, as the worker does but in this process; the names of the jobs that ran."""
    monkeypatch.setenv("SANBAN_REDIS_URL", str(sanban.settings.redis_url))
    monkeypatch.setenv("SANBAN_DATA_DIR", str(sanban.settings.data_dir))
    monkeypatch.setenv("SANBAN_SECRET_KEY", KEY.decode())

    def run() -> list[str]:
        names = [str(job.func_name) for job in jobs.jobs]
        SimpleWorker([jobs], connection=jobs.connection, serializer=JSONSerializer).work(
            burst=True, logging_level="WARNING"
        )
        return names

    return run
