"""One real installation and one browser a session; every test has a hall of its own there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from hall.domain.halls import Hall
from tests.browser.installation import Installation
from tests.browser.life import Life
from tests.browser.stage import ARGS, CHROMIUM, LOUD, Stage

#: made at once, because the live pump meets a new hall only at its next beat
_HALLS = 30
#: their clocks start in the past, so that a test can play a morning
_PAST_MINUTES = 90


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    running = Installation(tmp_path_factory.mktemp("hall") / "data").start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGS, LOUD])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def halls() -> list[Hall]:
    """Halls that nobody has used yet; `stage` makes more when they are used up."""
    return []


def _prepare(installation: Installation, browser: Browser) -> list[Hall]:
    """Some halls that the pump has met: their first call is told at once."""
    made = [installation.new_hall(_PAST_MINUTES) for _ in range(_HALLS)]
    last = installation.new_hall(_PAST_MINUTES)
    page = Stage(installation, browser, last).page()
    beats: list[str] = []

    def look(frame: object) -> None:
        beats.append(str(frame))

    page.on("websocket", lambda socket: socket.on("framereceived", look))
    Stage(installation, browser, last).pair(page, "display")
    while not any("heartbeat" in frame for frame in beats):
        page.wait_for_timeout(50)
    page.context.close()
    return made


@pytest.fixture
def stage(installation: Installation, browser: Browser, halls: list[Hall]) -> Iterator[Stage]:
    if not halls:
        halls.extend(_prepare(installation, browser))
    here = Stage(installation, browser, halls.pop())
    yield here
    here.close()
    installation.leave(here.hall)
    assert here.errors == []


@pytest.fixture
def busy(stage: Stage) -> Stage:
    """A hall in the middle of its morning."""
    Life(stage.services, stage.hall.id).morning()
    return stage


@pytest.fixture
def until() -> Callable[..., None]:
    return wait_until


def wait_until(page: Any, condition: Callable[[], bool], what: str, seconds: float = 15) -> None:
    """Poll until something is true; the page goes on meanwhile."""
    for _ in range(int(seconds * 20)):
        if condition():
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"not within {seconds} s: {what}")
