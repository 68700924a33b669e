"""What a resident meets at the kiosk: every state, every size, both languages, fingers and keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from hall.domain.calendar import Week
from hall.domain.callers import Caller
from hall.services.moves import wall_clock
from tests.browser.stage import Stage, measure, settle

Until = Callable[..., None]
SIZES = [(1080, 1920), (768, 1366), (1366, 768)]
NEVER = Week()


def limits(width: int, height: int) -> dict[str, Any]:
    below = height / 3 if height > width else -1
    return {
        "contrastAtLeast": 7,
        "fontAtLeast": 32,
        "targetAtLeast": 96,
        "gapAtLeast": 16,
        "targetsBelow": below,
        "noScrollDown": True,
    }


def change(stage: Stage, **changes: Any) -> None:
    """The hall's description changes while the kiosk runs."""
    stage.hall = replace(stage.hall, **changes)
    stage.services.halls.save(stage.hall, Caller(by="manager"))


def close(stage: Stage) -> None:
    """Closed now, whatever day and time it is, and open at half past eight on another day."""
    day = stage.hall.calendar.date_of(wall_clock()) + timedelta(days=3)
    change(stage, hours=replace(NEVER, **{f"{day:%a}".lower(): ("08:30-11:30",)}))


def touch(page: Page, selector: str) -> None:
    page.wait_for_selector(selector)  # a page takes no touch in its first moment, which begins when it is there
    settle(page)
    page.click(selector)


def waiting(stage: Stage) -> int:
    return len(stage.services.store.snapshot(stage.hall.id).tickets)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_page_is_large_clear_and_within_reach(busy: Stage, width: int, height: int, lang: str) -> None:
    kiosk = busy.kiosk_list(width, height, lang)
    must = limits(width, height)
    assert measure(kiosk, **must) == []
    touch(kiosk, "[data-line=elderly]")
    assert measure(kiosk, **must) == []
    touch(kiosk, "[data-service=hospital-plan]")
    assert measure(kiosk, **must) == []
    touch(kiosk, ".more")
    touch(kiosk, "[data-service=senior-card]")
    assert measure(kiosk, **must) == []
    touch(kiosk, "#take")
    kiosk.wait_for_selector("#number")
    assert measure(kiosk, **must) == []


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_large_text_and_high_contrast_fit_too(busy: Stage, width: int, height: int) -> None:
    kiosk = busy.kiosk_list(width, height)
    kiosk.click("#elder")
    kiosk.click("#contrast")
    must = {**limits(width, height), "contrastAtLeast": 15, "fontAtLeast": 40}
    assert measure(kiosk, **must) == []
    touch(kiosk, "[data-line=elderly]")
    assert measure(kiosk, **must) == []
    touch(kiosk, "[data-service=hospital-plan]")
    assert measure(kiosk, **must) == []


def test_a_double_tap_takes_one_number(stage: Stage) -> None:
    kiosk = stage.kiosk_list()
    kiosk.dblclick("[data-line=elderly]")
    kiosk.wait_for_selector("#page.choose")
    touch(kiosk, "[data-service=senior-card]")
    settle(kiosk)
    kiosk.dblclick("#take")
    kiosk.wait_for_selector("#number")
    kiosk.wait_for_timeout(600)
    assert kiosk.inner_text("#number") == "C001", "the second tap pressed nothing on the next page"
    assert waiting(stage) == 1


def test_a_long_press_takes_one_number(stage: Stage) -> None:
    kiosk = stage.kiosk_list()
    touch(kiosk, "[data-service=senior-card]")
    settle(kiosk)
    kiosk.click("#take", delay=1500)
    kiosk.wait_for_selector("#number")
    assert waiting(stage) == 1


def test_a_number_is_taken_by_keyboard_alone(stage: Stage) -> None:
    kiosk = stage.kiosk()
    kiosk.keyboard.press("Tab")
    assert kiosk.evaluate("document.activeElement.dataset.go") == "services"
    kiosk.keyboard.press("Enter")
    kiosk.wait_for_selector("#page.services")
    kiosk.keyboard.press("Tab")
    assert kiosk.evaluate("document.activeElement.dataset.service") == "social-card"
    assert kiosk.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)") >= 4
    settle(kiosk)
    kiosk.keyboard.press("Enter")
    kiosk.wait_for_selector("#page.materials")
    settle(kiosk)
    kiosk.keyboard.press("Tab")
    kiosk.keyboard.press("Enter")
    kiosk.wait_for_selector("#number")
    assert waiting(stage) == 1


def test_a_held_enter_key_takes_one_number(stage: Stage) -> None:
    kiosk = stage.kiosk_list()
    touch(kiosk, "[data-service=senior-card]")
    settle(kiosk)
    kiosk.focus("#take")
    for _ in range(12):
        kiosk.keyboard.down("Enter")  # repeats, as a held key does
        kiosk.wait_for_timeout(40)
    kiosk.keyboard.up("Enter")
    kiosk.wait_for_selector("#number")
    assert waiting(stage) == 1


def test_several_matters_go_on_one_ticket(stage: Stage) -> None:
    kiosk = stage.kiosk_list()
    touch(kiosk, "[data-line=elderly]")
    touch(kiosk, "[data-service=senior-card]")
    touch(kiosk, ".more")
    assert kiosk.locator("[data-service=senior-card]").count() == 0
    touch(kiosk, "[data-service=care-subsidy]")
    touch(kiosk, "#take")
    kiosk.wait_for_selector("#number")
    (ticket,) = stage.services.store.snapshot(stage.hall.id).tickets.values()
    assert ticket["services"] == "senior-card,care-subsidy"


def pass_time(page: Page, seconds: int) -> None:
    """Turn the page's clock in small steps, so that answers from the server keep pace."""
    for _ in range(seconds * 2):
        page.clock.run_for(500)
        page.evaluate("fetch('/kiosk/state').then(() => 0)")


def test_the_page_warns_twenty_seconds_before_it_goes_home_and_one_touch_extends(stage: Stage) -> None:
    page = stage.page(1080, 1920)
    page.clock.install()
    kiosk = stage.pair(page, "kiosk")
    kiosk.wait_for_selector("#page.home .choice")
    kiosk.clock.pause_at(kiosk.evaluate("Date.now()") / 1000 + 1)  # only we turn it, however slow this machine is
    pass_time(kiosk, 1)
    kiosk.click("[data-go=services]")
    pass_time(kiosk, 1)
    kiosk.click("[data-service=senior-card]")
    pass_time(kiosk, 38)
    assert kiosk.locator("#warning").is_hidden()
    pass_time(kiosk, 3)
    assert kiosk.locator("#warning").is_visible()
    assert measure(kiosk, contrastAtLeast=7, fontAtLeast=32, targetAtLeast=96) == []
    kiosk.click("#stay")
    assert kiosk.locator("#warning").is_hidden()
    pass_time(kiosk, 38)
    assert kiosk.locator("#page.materials").is_visible()
    pass_time(kiosk, 23)
    assert kiosk.locator("#page.home").is_visible()


def test_a_number_that_was_left_on_the_screen_goes_after_half_a_minute_without_a_warning(stage: Stage) -> None:
    page = stage.page(1080, 1920)
    page.clock.install()
    kiosk = stage.pair(page, "kiosk")
    kiosk.wait_for_selector("#page.home .choice")
    kiosk.clock.pause_at(kiosk.evaluate("Date.now()") / 1000 + 1)
    for selector in ("[data-go=services]", "[data-service=senior-card]", "#take"):
        pass_time(kiosk, 1)
        kiosk.click(selector)
    kiosk.wait_for_selector("#number")
    pass_time(kiosk, 24)
    assert kiosk.locator("#warning").is_hidden(), "nothing is lost: the number is theirs"
    assert kiosk.locator("#number").is_visible()
    pass_time(kiosk, 8)
    assert kiosk.locator("#page.home").is_visible()


def test_the_next_person_finds_the_page_in_chinese_and_without_large_text(stage: Stage) -> None:
    kiosk = stage.kiosk_list()
    kiosk.click("#language")
    kiosk.wait_for_selector("html[lang=en] #page.services h1:has-text('What did you come for?')")
    kiosk.click("#elder")
    touch(kiosk, "[data-service=senior-card]")
    touch(kiosk, "#take")
    touch(kiosk, "#done")
    kiosk.wait_for_selector("html[lang=zh-CN]:not(.elder) #page.home .choice")


def test_a_closed_hall_says_when_numbers_are_given_again_and_opens_by_itself(stage: Stage) -> None:
    open_week = stage.hall.hours
    kiosk = stage.kiosk()
    close(stage)
    kiosk.wait_for_selector("#page.closed")
    assert "8:30" in kiosk.inner_text(".opens")
    assert kiosk.locator("#page button").count() == 0
    assert measure(kiosk, **limits(1080, 1920)) == []
    change(stage, hours=open_week)
    kiosk.wait_for_selector("#page.home")


def test_a_closed_line_is_said_on_its_button_and_gives_no_number(stage: Stage) -> None:
    lines = [replace(line, hours=NEVER) if line.id == "social" else line for line in stage.hall.lines]
    change(stage, lines=tuple(lines))
    kiosk = stage.kiosk_list()
    assert "现在不取号" in kiosk.inner_text("[data-line=social]")
    touch(kiosk, "[data-line=social]")
    kiosk.wait_for_selector("#page.refused h1:has-text('这类业务现在不取号')")
    assert measure(kiosk, **limits(1080, 1920)) == []
    touch(kiosk, ".back")
    kiosk.wait_for_selector("#page.home")


def test_a_used_up_contingent_says_what_to_do_next(stage: Stage) -> None:
    lines = [replace(line, contingent=1) if line.id == "elderly" else line for line in stage.hall.lines]
    change(stage, lines=tuple(lines))
    stage.issue("senior-card")
    kiosk = stage.kiosk_list()
    touch(kiosk, "[data-service=senior-card]")
    touch(kiosk, "#take")
    kiosk.wait_for_selector("#page.refused h1:has-text('今天的号已取完')")
    assert "咨询台" in kiosk.inner_text("#page")


def test_a_long_list_of_services_is_cut_into_parts_and_nobody_scrolls(stage: Stage) -> None:
    service = stage.hall.services[0]
    many = [
        replace(service, id=f"more-{n}", name=replace(service.name, zh=f"事项{n}"), popular=False) for n in range(30)
    ]
    change(stage, services=(*stage.hall.services, *many))
    kiosk = stage.kiosk_list(1366, 768)
    touch(kiosk, "[data-line=social]")
    seen: set[str] = set()
    for _ in range(8):
        assert measure(kiosk, **limits(1366, 768)) == []
        seen |= set(kiosk.locator("[data-service]").evaluate_all("all => all.map(one => one.dataset.service)"))
        touch(kiosk, ".next")
    assert len(seen) == 33


def test_counts_follow_the_hall(stage: Stage) -> None:
    kiosk = stage.kiosk_list()
    assert "等候 0 人" in kiosk.inner_text("[data-line=social]")
    stage.issue()
    kiosk.wait_for_selector("[data-line=social]:has-text('等候 1 人')")
