"""How many random halls are played."""

from __future__ import annotations

import pytest


@pytest.fixture
def halls(request: pytest.FixtureRequest) -> int | None:
    """`--halls N`; None when it was not given."""
    number: int | None = request.config.getoption("--halls")
    return number
