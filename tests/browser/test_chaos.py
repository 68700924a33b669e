"""Chaos on the wire: whatever happens between a display and its server, the display says that it is not live, shows
the truth soon after, announces every call and none twice."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from random import Random

import pytest
from playwright.sync_api import Page

from hall.domain.callers import Caller
from tests.browser.installation import Installation
from tests.browser.proxy import Lost, Proxy
from tests.browser.stage import Stage, answered, flashed, heard, settle
from tests.browser.test_kiosk import touch
from tests.browser.test_kiosk_flow import touches

Until = Callable[..., None]
BY = Caller(by="program:test")
#: seconds until a display says that it is not live
NOTICED = 10.5
#: seconds until it shows the truth again: the promise, and what a busy machine is given where everything else counts
PROMISED, PATIENT = 3, 15
#: of the last calls, as many as every screen shows
LISTED = 4


@pytest.fixture
def network(installation: Installation) -> Iterator[Proxy]:
    proxy = Proxy(installation.port)
    yield proxy
    proxy.close()


def recent(display: Page) -> list[str]:
    """The newest calls of the display's list, newest first."""
    rows: list[str] = display.locator("#recent li span:first-child").all_inner_texts()
    return rows[:LISTED]


def test_a_number_on_the_kiosk_stays_when_the_server_goes(stage: Stage, network: Proxy, until: Until) -> None:
    kiosk = stage.pair(stage.page(1080, 1920), "kiosk", url=network.url)
    kiosk.wait_for_selector("#page.home")
    settle(kiosk)
    touches(kiosk, "[data-go=services]", "[data-service=senior-card]", "#take")
    kiosk.wait_for_selector("#number")
    lost: list[str] = []
    kiosk.on("requestfailed", lambda request: lost.append(request.url))
    network.cut()
    until(kiosk, lambda: sum("/kiosk/state" in url for url in lost) >= 1, "the kiosk has noticed")
    kiosk.wait_for_timeout(200)
    assert kiosk.locator("#number").is_visible(), "the number is theirs already"
    touch(kiosk, "#done")
    kiosk.wait_for_selector("#page.away:has-text('咨询台')")
    network.heal()
    kiosk.wait_for_selector("#page.home")


class Morning:
    """Calls at random windows; what was called, in order."""

    def __init__(self, stage: Stage, seed: int) -> None:
        self.random = Random(seed)
        self.called: list[str] = []
        self._stage = stage
        line = stage.hall.service("social-card").line
        self._windows = [window.id for window in stage.hall.windows if line in window.lines]
        self._busy: set[str] = set()

    def call(self) -> None:
        window = self.random.choice(self._windows)
        self._stage.issue()
        if window in self._busy:
            self._stage.services.calls.finish(BY, self._stage.hall.id, window)
        self._busy.add(window)
        self.called.append(self._stage.call_next(window))

    def listed(self) -> list[str]:
        return self.called[::-1][:LISTED]


def shows_the_truth(display: Page, morning: Morning, until: Until, seconds: float = PATIENT) -> None:
    until(display, lambda: recent(display) == morning.listed(), "the last calls", seconds=seconds)


def cuts_over_calls(stage: Stage, network: Proxy, until: Until, cuts: int, calls: int, seconds: float) -> None:
    display, morning = stage.display(url=network.url), Morning(stage, seed=cuts)
    for cut in range(1, cuts + 1):
        due = calls * cut // cuts - len(morning.called)
        before = morning.random.randint(0, due)
        for _ in range(before):
            morning.call()
        # Anywhere between the call and its announcement.
        display.wait_for_timeout(morning.random.randint(0, 300))
        network.cut()
        for _ in range(due - before):
            morning.call()
        display.wait_for_timeout(morning.random.randint(0, 700))
        network.heal()
        shows_the_truth(display, morning, until, seconds)
        # A hall that calls faster than anybody can say it would only test the list of what is left to say.
        until(display, lambda: len(flashed(display)) >= len(morning.called) - 3, "announced", seconds=30)
    until(display, lambda: len(flashed(display)) >= len(morning.called), "everything", seconds=30)
    until(display, lambda: heard(display) >= len(morning.called), "the last chime")
    assert flashed(display) == morning.called
    assert heard(display) == len(morning.called)


def test_six_random_cuts_over_twelve_calls_lose_and_repeat_nothing(stage: Stage, network: Proxy, until: Until) -> None:
    cuts_over_calls(stage, network, until, cuts=6, calls=12, seconds=PATIENT)


@pytest.mark.long
def test_a_hundred_random_cuts_over_three_hundred_calls_lose_and_repeat_nothing(
    stage: Stage, network: Proxy, until: Until
) -> None:
    cuts_over_calls(stage, network, until, cuts=100, calls=300, seconds=PROMISED)


def test_a_machine_that_slept_shows_the_truth_and_the_halls_time_when_it_wakes(
    stage: Stage, network: Proxy, until: Until
) -> None:
    display, morning = stage.display(url=network.url), Morning(stage, seed=1)
    morning.call()
    until(display, lambda: flashed(display) == morning.called, "the call before")
    page = display.context.new_cdp_session(display)
    page.send("Page.setWebLifecycleState", {"state": "frozen"})
    network.cut()
    morning.call()
    morning.call()
    network.heal()
    page.send("Page.setWebLifecycleState", {"state": "active"})
    display.clock.set_system_time(time.time() + 3600)  # and its own clock is wrong by an hour
    shows_the_truth(display, morning, until)
    until(display, lambda: flashed(display) == morning.called, "all calls")

    def halls_time() -> bool:
        now = time.time_ns() // 1_000_000
        return display.inner_text("#clock") in {f"{stage.hall.calendar.local(at):%H:%M}" for at in (now, now - 60_000)}

    until(display, halls_time, "the hall's time")


@pytest.mark.long
def test_a_store_that_is_away_for_twenty_seconds_loses_nothing(stage: Stage, until: Until) -> None:
    display, morning = stage.display(), Morning(stage, seed=2)
    morning.call()
    until(display, lambda: flashed(display) == morning.called, "the call before")
    store = int(stage.services.store.reads.info("server")["process_id"])
    stopped = time.monotonic()
    os.kill(store, signal.SIGSTOP)
    try:
        display.wait_for_selector("#stale:not([hidden])", timeout=40_000)
        assert time.monotonic() - stopped < NOTICED
        display.wait_for_timeout(max(0, 20 - (time.monotonic() - stopped)) * 1000)
    finally:
        os.kill(store, signal.SIGCONT)
    morning.call()
    shows_the_truth(display, morning, until)
    display.wait_for_selector("#stale", state="hidden")
    until(display, lambda: flashed(display) == morning.called, "the call after it")
    until(display, lambda: heard(display) == 2, "its chime")


@pytest.mark.long
def test_a_display_with_a_half_open_connection_keeps_the_calls_says_so_and_comes_back(
    stage: Stage, network: Proxy, until: Until
) -> None:
    display, morning = stage.display(url=network.url), Morning(stage, seed=2)
    morning.call()
    shows_the_truth(display, morning, until)
    known = recent(display)
    network.swallow(Lost.BOTH)
    morning.call()
    until(display, lambda: display.locator("#stale").is_visible(), "it says that it is not live", seconds=PATIENT)
    assert recent(display) == known, "the last truth stays"
    network.heal()
    # Nobody tells the page that its connection is dead: it knocks again by itself.
    shows_the_truth(display, morning, until, seconds=40)
    until(display, lambda: display.locator("#stale").is_hidden(), "live again")
    until(display, lambda: flashed(display) == morning.called, "announced")


@pytest.mark.long
def test_a_clerk_whose_answer_is_lost_is_told_and_the_second_press_calls_nobody_else(
    stage: Stage, network: Proxy, until: Until
) -> None:
    first, second, third = (stage.issue() for _ in range(3))
    console = stage.console(url=network.url)
    console.keyboard.press("F2")
    console.wait_for_selector(f"#number:has-text('{first}')")
    answered(console)
    network.swallow(Lost.ANSWERS)
    console.keyboard.press("F2")  # ends the first one and calls the second; the page does not hear of it
    until(console, lambda: stage.state_of(second) == "called", "the server has done it")
    console.wait_for_selector("text=请稍后再试", timeout=60_000)
    network.heal()
    console.keyboard.press("F2")
    console.wait_for_selector(f"#number:has-text('{second}')", timeout=60_000)
    until(console, lambda: console.get_attribute("body", "aria-busy") is None, "the answer")
    assert [stage.state_of(one) for one in (first, second, third)] == ["done", "called", "waiting"]
