"""The kiosk's pages that come by themselves: an own number, closed, no server, not paired; the warning."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from hall.domain.callers import Caller
from tests.browser.stage import Stage, axe, measure, settle
from tests.browser.test_kiosk import SIZES, close, limits, touch
from tests.browser.test_kiosk_flow import put

#: as kiosk/static/js/idle.js does it after forty seconds
_WARN = """(on) => {
  document.querySelector("#warning").hidden = !on;
  document.querySelector("#warning-text").textContent = "20";
  for (const one of document.querySelectorAll("body > :not(#warning)")) one.inert = on;
}"""


def states(stage: Stage, kiosk: Page, lang: str) -> Iterator[str]:
    """One after the other, by its name."""
    number, caller = stage.issue(), Caller(by="program:test")
    token = stage.services.secrets.ticket_token(stage.hall.id, stage.ticket_of(number)["id"])
    stage.call_next("w3")
    stage.services.calls.miss(caller, stage.hall.id, "w3")
    put(kiosk, f"sanban:ticket:{token}")
    kiosk.wait_for_selector("#page.own #here")
    yield "own, missed"
    stage.services.tickets.staff_move(caller, stage.hall.id, number, "come_back")
    touch(kiosk, "#done")
    kiosk.wait_for_selector("html[lang=zh-CN] #page.home")
    put(kiosk, f"sanban:ticket:{token}")
    kiosk.wait_for_selector("#page.own .ahead")
    in_language(kiosk, lang)
    kiosk.evaluate(_WARN, True)
    yield "own, with the warning"
    kiosk.evaluate(_WARN, False)
    close(stage)
    touch(kiosk, "#done")
    kiosk.wait_for_selector("#page.closed .opens")
    in_language(kiosk, lang)
    yield "closed"
    kiosk.context.set_offline(True)
    kiosk.wait_for_selector("#page.away h1:has-text('请稍候'), #page.away h1:has-text('One moment')")
    yield "away"
    (device,) = stage.services.access.devices(stage.hall.id)
    stage.services.access.remove_device(stage.hall.id, device, "test")
    kiosk.context.set_offline(False)
    kiosk.wait_for_selector("#page.away h1:has-text('暂停服务'), #page.away h1:has-text('out of service')")
    yield "unpaired"


def in_language(kiosk: Page, lang: str) -> None:
    """Whoever has ended takes the language along."""
    kiosk.wait_for_selector("html[lang=zh-CN]")
    if lang == "en":
        kiosk.click("#language")
    kiosk.wait_for_selector(f"html[lang^={lang}]")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pages_that_come_by_themselves_fit_and_axe_finds_nothing(stage: Stage, lang: str) -> None:
    kiosk = stage.kiosk(lang=lang)
    seen = []
    for name in states(stage, kiosk, lang):
        seen.append(name)
        assert (name, axe(kiosk)) == (name, [])
        for elder in (True, False):
            kiosk.evaluate("document.querySelector('#elder').click()")  # a warning may lie over it
            for width, height in SIZES:
                kiosk.set_viewport_size({"width": width, "height": height})
                must = {**limits(width, height), "fontAtLeast": 40 if elder else 32}
                assert (name, elder, width, measure(kiosk, **must)) == (name, elder, width, [])
        settle(kiosk)
    assert len(seen) == 5
