"""A hall with many windows and a voice, and the displays that speak in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hall.domain.halls import Window
from hall.domain.voice import Voice
from tests.driver import Driver
from tests.voice.floor import Floor


@pytest.fixture
def make_floor(store_url: str, tmp_path: Path) -> Callable[..., Floor]:
    def make(windows: int = 4, **voice: Any) -> Floor:
        zones = ("hall", "annex")
        places = tuple(Window(f"w{n}", str(n + 1), ("a", "b"), zone=zones[n == windows - 1]) for n in range(windows))
        return Floor(Driver(store_url, windows=places, voice=Voice(on=True, **voice)), tmp_path)

    return make


@pytest.fixture
def floor(make_floor: Callable[..., Floor]) -> Iterator[Floor]:
    """Windows w0 to w2 in the zone "hall", w3 in "annex"."""
    yield make_floor()
