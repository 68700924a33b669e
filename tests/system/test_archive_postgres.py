"""The archive's tests once more, on a real PostgreSQL of the test's own."""

from __future__ import annotations

import pytest

from tests.archive.conftest import archive, open_archive  # noqa: F401 - fixtures
from tests.archive.test_archiver import *  # noqa: F403 - the same tests
from tests.archive.test_chain import *  # noqa: F403
from tests.archive.test_migrations import *  # noqa: F403
from tests.system.postgres import Postgres, postgres  # noqa: F401 - a fixture
from tests.workers.conftest import new_hall, sanban, server  # noqa: F401 - fixtures


@pytest.fixture
def archive_url(postgres: Postgres) -> str:  # noqa: F811
    return postgres.new_archive()


@pytest.fixture
def empty_url(postgres: Postgres) -> str:  # noqa: F811
    return postgres.new()
