"""The office's reports, ratings and audit with an archive on a real PostgreSQL: the tests that SQLite has."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from app import create_app
from hall.bootstrap import Sanban, build
from tests.system.postgres import Postgres, postgres  # noqa: F401 - a fixture
from tests.web.conftest import CHEAP, clerk, manager, settings, site  # noqa: F401 - fixtures
from tests.web.test_exports import both, other, test_no_cell_of_any_file_is_a_formula  # noqa: F401
from tests.web.test_office_api import (
    archived,  # noqa: F401 - a fixture
    test_a_report_is_read_by_those_who_may,  # noqa: F401
    test_a_service_is_rated_on_the_phone_or_at_the_pad_and_answered_by_a_manager,  # noqa: F401
    test_reports_are_files_for_other_programs,  # noqa: F401
)
from tests.web.test_office_audit import *  # noqa: F403 - the same tests

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def web(
    postgres: Postgres,  # noqa: F811
    store_url: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Flask, Sanban]]:
    sanban = build(settings(tmp_path_factory.mktemp("data"), store_url, archive_url=postgres.new_archive()))
    sanban.access._hasher = CHEAP
    yield create_app(sanban), sanban
    sanban.reports.close()
