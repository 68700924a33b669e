"""Installations that break, and where their figures go."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.faults.machine import Machine
from tests.faults.site import Site

MakeSite = Callable[..., Site]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """What an installation of `make_site` may run on: its disk is the one of the data directory."""
    return Machine(tmp_path, tmp_path / "var")


@pytest.fixture
def make_site(tmp_path: Path) -> Iterator[MakeSite]:
    """Starts an installation under load; see `Site`."""
    made: list[Site] = []

    def make(store: str = "", settings: Mapping[str, str] | None = None, **how: Any) -> Site:
        made.append(Site(tmp_path, store, settings))
        return made[-1].start(**how)

    yield make
    for site in made:
        site.stop()
