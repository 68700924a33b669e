"""An archive of the test's own beside a real store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hall.archive.archive import Archive
from hall.archive.chain import key_of
from tests.driver import KEY
from tests.workers.conftest import new_hall, sanban, server  # noqa: F401 - fixtures

CHAIN = key_of(KEY)


@pytest.fixture
def archive_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'archive.sqlite'}"


@pytest.fixture
def empty_url(tmp_path: Path) -> str:
    """A database that has not even tables."""
    return f"sqlite:///{tmp_path / 'empty.sqlite'}"


@pytest.fixture
def elsewhere() -> str | None:
    """Where an installation has its archive that a backup is put back into; None: in its data directory."""
    return None


@pytest.fixture
def open_archive(archive_url: str) -> Iterator[Callable[[], Archive]]:
    """Opens the test's archive as one more process would."""
    opened: list[Archive] = []

    def open_() -> Archive:
        opened.append(Archive(archive_url, CHAIN, migrate=True))
        return opened[-1]

    yield open_
    for one in opened:
        one.close()


@pytest.fixture
def archive(open_archive: Callable[[], Archive]) -> Archive:
    return open_archive()
