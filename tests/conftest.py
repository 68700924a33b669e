"""What every test may use: a real store, and a hall of its own on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hall.store.embedded import EmbeddedServer
from tests.driver import Driver


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--halls", type=int, help="play this many new random halls instead of the fixed 200")


@pytest.fixture(scope="session")
def store_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """One throw-away Valkey for all tests of this process; each test uses halls of its own on it."""
    server = EmbeddedServer(tmp_path_factory.mktemp("store"), durable=False).start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def store_url(store_server: EmbeddedServer) -> str:
    return store_server.url


@pytest.fixture
def hall(store_url: str) -> Driver:
    """A small hall with a clock of its own."""
    return Driver(store_url)


@pytest.fixture
def make_hall(store_url: str) -> Callable[..., Driver]:
    """Halls with other lines, windows, hours."""

    def make(**changes: Any) -> Driver:
        return Driver(store_url, **changes)

    return make


@pytest.fixture
def durable_server(tmp_path: Path) -> Iterator[EmbeddedServer]:
    """A server of the test's own that keeps what it answered, to be killed and started again."""
    server = EmbeddedServer(tmp_path / "store").start()
    yield server
    server.stop()
