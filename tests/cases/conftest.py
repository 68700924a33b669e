"""A case desk of the test's own."""

from __future__ import annotations

import pytest

from tests.cases.desk import Desk
from tests.web.conftest import site, web

__all__ = ["desk", "site", "web"]


@pytest.fixture
def desk(store_url: str) -> Desk:
    return Desk(store_url)
