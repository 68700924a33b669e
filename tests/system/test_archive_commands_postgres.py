"""Commands and backups of an archive on a real PostgreSQL: the tests that SQLite has."""

from __future__ import annotations

from pathlib import Path

import pytest

from hall.bootstrap import Sanban, build
from hall.settings import Settings
from hall.store.embedded import EmbeddedServer
from tests.archive.conftest import archive, open_archive  # noqa: F401 - fixtures
from tests.archive.test_backups import (
    empty,  # noqa: F401 - a fixture
    made,  # noqa: F401 - a fixture
    test_a_backup_is_of_one_moment_while_numbers_are_taken,  # noqa: F401
    test_a_restored_hall_is_the_one_that_was_backed_up,  # noqa: F401
    test_nothing_is_restored_over_a_hall_that_is_there,  # noqa: F401
    test_the_archive_goes_forward_and_back_with_its_entries,  # noqa: F401
)
from tests.archive.test_cli import *  # noqa: F403 - the same tests
from tests.driver import KEY
from tests.system.postgres import Postgres, postgres  # noqa: F401 - a fixture
from tests.workers.conftest import new_hall, server  # noqa: F401 - fixtures

pytestmark = pytest.mark.long


@pytest.fixture
def archive_url(postgres: Postgres) -> str:  # noqa: F811
    return postgres.new_archive()


@pytest.fixture
def elsewhere(postgres: Postgres) -> str:  # noqa: F811
    return postgres.new()


@pytest.fixture
def sanban(server: EmbeddedServer, tmp_path: Path, archive_url: str) -> Sanban:  # noqa: F811
    return build(Settings(data_dir=tmp_path, secret_key=KEY, redis_url=server.url, archive_url=archive_url))
