"""Facts, replay and figures of an archive on a real PostgreSQL: the tests that SQLite has."""

from __future__ import annotations

import pytest

from tests.archive.conftest import archive, open_archive  # noqa: F401 - fixtures
from tests.archive.lively import LivelyYear
from tests.archive.test_case_facts import *  # noqa: F403
from tests.archive.test_facts import *  # noqa: F403 - the same tests
from tests.archive.test_replay import *  # noqa: F403
from tests.archive.test_reports import check_year
from tests.system.postgres import Postgres, postgres  # noqa: F401 - a fixture


@pytest.fixture
def archive_url(postgres: Postgres) -> str:  # noqa: F811
    return postgres.new_archive()


def test_every_figure_of_every_report_is_what_a_second_count_says(archive_url: str) -> None:
    check_year(archive_url, LivelyYear(seed=5, visitors=40), 20)


@pytest.mark.long
def test_every_figure_of_a_worked_year(archive_url: str) -> None:
    check_year(archive_url, LivelyYear(seed=11, people=4000), 250)
