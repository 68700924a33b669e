"""A receiver, and a hall that tells it everything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hall.store.embedded import EmbeddedServer
from tests.notices.gateway import Gateway
from tests.webhooks.stage import WebhookHall, settings


@pytest.fixture
def receiver() -> Iterator[Gateway]:
    with Gateway() as here:
        yield here


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    here = EmbeddedServer(tmp_path_factory.mktemp("store"), durable=False).start()
    yield here
    here.stop()


@pytest.fixture
def hall(server: EmbeddedServer, receiver: Gateway, tmp_path: Path) -> WebhookHall:
    return WebhookHall.new(settings(tmp_path, server.url), receiver)
