"""From the kiosk to the console to the wall, and what happens when the network or the server goes away."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from hall.domain.callers import Caller
from tests.browser.installation import Installation
from tests.browser.proxy import Proxy
from tests.browser.stage import Stage, axe, flashed, heard, measure, settle

Until = Callable[..., None]


@pytest.fixture
def network(installation: Installation) -> Iterator[Proxy]:
    proxy = Proxy(installation.port)
    yield proxy
    proxy.close()


def test_a_number_is_taken_called_seen_and_heard(stage: Stage, until: Until) -> None:
    display, kiosk, console = stage.display(), stage.kiosk_list(), stage.console(window="w3")
    kiosk.click("[data-line=medical]")
    settle(kiosk)
    kiosk.click("[data-service=medical-record]")
    settle(kiosk)
    kiosk.click("#take")
    kiosk.wait_for_selector("#number")
    number = kiosk.inner_text("#number")
    assert number == "B001"

    display.wait_for_selector("[data-line=medical]:has-text('1')")
    console.keyboard.press("F2")

    display.wait_for_selector(f"#rows li.flash:has-text('{number}')")
    assert display.inner_text("#rows .window") == "3"
    until(display, lambda: heard(display) == 1, "the chime sounds")
    console.wait_for_selector(f"#number:has-text('{number}')")
    until(display, lambda: stage.state_of(number) == "called", "called in the store")

    def shown() -> bool:
        return bool(stage.ticket_of(number).get("shown"))

    until(display, shown, "the display acknowledged the call")


def test_a_display_that_was_cut_off_announces_the_three_calls_it_missed_in_order(
    stage: Stage, network: Proxy, until: Until
) -> None:
    display = stage.display(url=network.url)
    for _ in range(4):
        stage.issue()
    stage.call_next("w2")
    until(display, lambda: heard(display) == 1, "the call before the break")

    network.cut()
    missed = [stage.call_next(window) for window in ("w3", "w4", "w5")]
    network.heal()

    until(display, lambda: len(flashed(display)) == 4 == heard(display), "three more, with their chimes")
    assert flashed(display)[1:] == missed
    display.wait_for_timeout(2500)  # nothing more comes
    assert len(flashed(display)) == 4 == heard(display)
    assert display.locator("#recent li").all_inner_texts()[0].startswith(missed[-1])


def test_a_call_that_is_over_when_the_display_comes_back_is_shown_all_the_same(
    stage: Stage, network: Proxy, until: Until
) -> None:
    display = stage.display(url=network.url)
    first = stage.issue()
    network.cut()
    stage.call_next("w2")
    stage.services.calls.finish(Caller(by="program:test"), stage.hall.id, "w2")
    network.heal()

    until(display, lambda: flashed(display) == [first], "the call is shown")
    display.wait_for_selector("#rows li", state="detached")
    until(display, lambda: heard(display) == 1, "its chime")


def test_two_calls_in_the_same_millisecond_are_both_shown(stage: Stage, until: Until) -> None:
    display = stage.display()
    numbers = [stage.issue(), stage.issue()]
    at = time.time_ns() // 1_000_000 + 50
    for window in ("w2", "w3"):
        stage.services.calls.call_next(Caller(by="program:test", now=at), stage.hall.id, window)

    until(display, lambda: len(flashed(display)) == 2 == heard(display), "both flash, with their chimes")
    assert sorted(flashed(display)) == sorted(numbers)
    assert sorted(display.locator("#rows .number").all_inner_texts()) == sorted(numbers)


def test_a_stopped_server_is_noticed_within_ten_seconds_and_everything_comes_back_by_itself(
    stage: Stage, installation: Installation, until: Until
) -> None:
    display, kiosk, console = stage.display(), stage.kiosk(), stage.console()
    english = stage.display(lang="en")
    first = stage.issue()
    stage.call_next("w3")
    display.wait_for_selector(f"#rows li:has-text('{first}')")

    installation.stop()
    display.clock.set_system_time(time.time() + 10.5)  # by the page's own clock, however slow this machine is
    display.wait_for_selector("#stale:not([hidden])", timeout=6000)
    assert "起未更新" in display.inner_text("#stale")
    assert display.locator(f"#rows li:has-text('{first}')").is_visible(), "the last calls stay on the wall"
    kiosk.wait_for_selector("#page.away")
    console.wait_for_selector("#fresh:not(:empty)")
    english.wait_for_selector("#stale:has-text('since')")
    assert axe(display) == axe(english) == []
    assert measure(display) == measure(english) == []

    installation.start()
    for page in (display, kiosk, console):
        page.evaluate("window.notLoadedAgain = true")
    number = stage.issue()
    stage.call_next("w4")
    display.wait_for_selector(f"#rows li:has-text('{number}')")
    display.wait_for_selector("#stale", state="hidden")
    kiosk.wait_for_selector("#page.home")
    console.wait_for_selector("#fresh:empty", state="attached")
    until(display, lambda: number in flashed(display), "a call after the restart is announced")
    assert flashed(display) == [first, number]
    until(display, lambda: stage.services.screens.stale(stage.hall.id), "the office knows how long it showed the old")
    assert all(page.evaluate("window.notLoadedAgain") for page in (display, kiosk, console))
