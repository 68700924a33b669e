"""A hall, a gateway, and a store of the test's own, so that all of it can be searched for people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hall.notices import http
from hall.store.embedded import EmbeddedServer
from tests.notices.gateway import Gateway
from tests.notices.stage import NoticeHall, notice_hall


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is asked to be quick: the machine may be slow."""
    monkeypatch.setattr(http, "SECONDS", 20.0)


@pytest.fixture
def gateway(patience: None) -> Iterator[Gateway]:
    with Gateway() as here:
        yield here


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    here = EmbeddedServer(tmp_path_factory.mktemp("store"), durable=False).start()
    yield here
    here.stop()


@pytest.fixture
def hall(
    server: EmbeddedServer, gateway: Gateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[NoticeHall]:
    with notice_hall(
        server,
        tmp_path,
        monkeypatch,
        sms_url=gateway.url,
        sms_token="secret-of-the-gateway",
        webhook_url=gateway.url.replace("/send", "/hook"),
        webhook_key="k" * 32,
    ) as here:
        yield here
