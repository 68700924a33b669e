"""The wall: letters large enough, each ring once, more calls than rows, and what stays when things go wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from hall.domain.callers import Caller
from hall.domain.policy import HeadStart
from hall.domain.texts import Text
from tests.browser.installation import Installation
from tests.browser.stage import Stage, axe, flashed, heard, measure

Until = Callable[..., None]
CLEAR: dict[str, Any] = {"contrastAtLeast": 7, "noScrollDown": True, "targetAtLeast": 24}
ROWS = "document.documentElement.style.getPropertyValue('--rows')"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (3840, 2160), (1080, 1920)])
def test_the_wall_is_clear_at_every_size(busy: Stage, width: int, height: int, lang: str) -> None:
    display = busy.display(width, height, lang)
    display.wait_for_selector("#rows li")
    assert measure(display, **CLEAR) == []


@pytest.mark.parametrize(
    ("width", "height", "inches", "metres"),
    [(1920, 1080, 55, 10), (3840, 2160, 55, 10), (1920, 1080, 43, 5), (1920, 1080, 32, 4)],
)
def test_capitals_are_as_high_as_the_distance_asks(
    busy: Stage, width: int, height: int, inches: int, metres: int
) -> None:
    display = busy.display(width, height, query=f"?inches={inches}&metres={metres}")
    display.wait_for_selector("#rows li")
    capital = display.evaluate(
        """() => {
        const canvas = document.createElement("canvas").getContext("2d");
        const style = getComputedStyle(document.querySelector("#rows .number"));
        canvas.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
        return canvas.measureText("H").actualBoundingBoxAscent;
    }"""
    )
    pixels_per_mm = (width**2 + height**2) ** 0.5 / (inches * 25.4)
    assert capital / pixels_per_mm >= 12.2 * metres * 0.995
    assert measure(display, **CLEAR) == []


def test_a_recall_rings_again_and_once(stage: Stage, until: Until) -> None:
    display = stage.display()
    number = stage.issue()
    stage.call_next("w2")
    until(display, lambda: heard(display) == 1, "the call")
    stage.services.calls.recall(Caller(by="program:test"), stage.hall.id, "w2")
    until(display, lambda: len(flashed(display)) == 2 == heard(display), "the recall")
    display.wait_for_timeout(2500)
    assert flashed(display) == [number, number]
    assert heard(display) == 2
    assert display.locator("#recent li").count() == 1, "one line a number"


def test_a_page_that_is_opened_later_shows_the_calls_and_does_not_ring_them_again(stage: Stage) -> None:
    number = stage.issue()
    stage.call_next("w2")
    display = stage.display()
    display.wait_for_selector(f"#rows li:has-text('{number}')")
    display.wait_for_timeout(1500)
    assert heard(display) == 0


def test_more_calls_than_rows_are_paged_slowly_newest_first(stage: Stage, until: Until) -> None:
    display = stage.display()
    numbers = [stage.issue() for _ in range(5)]
    for window in ("w2", "w3", "w4", "w5", "w7"):
        stage.call_next(window)
    until(display, lambda: len(flashed(display)) >= 5, "each is announced", seconds=25)
    assert flashed(display) == numbers
    shown: list[str] = []

    def everything_was_seen() -> bool:
        now = display.locator("#rows .number").all_inner_texts()
        assert 0 < len(now) <= 2
        if shown[-len(now) :] != now:
            shown.extend(now)
        return set(shown) == set(numbers)

    until(display, everything_was_seen, "every call had its turn", seconds=60)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_counts_the_notice_and_the_promise_take_turns(stage: Stage, lang: str) -> None:
    page = stage.page(1920, 1080, lang)
    page.clock.install()
    display = stage.pair(page, "display")
    display.wait_for_selector("#bar .count")
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)  # no turn passes while it is measured
    said = ""
    for _ in range(24):
        said += display.inner_text("#bar")
        assert measure(display, **CLEAR) == []
        page.clock.run_for(8_000)
    promise = {
        "zh": f"比您晚到超过 {stage.hall.bound} 分钟的人，不会排到您前面。",
        "en": f"nobody who comes more than {stage.hall.bound} minutes after you is called before you.",
    }[lang]
    assert ("绿色通道" if lang == "zh" else "green channel") in said
    assert "".join(promise.split()) in "".join(said.split())
    # What is shown follows the description: a display is never loaded again.
    policy = replace(stage.hall.policy, head_start=HeadStart(green=40, appointment=45))
    changed = replace(stage.hall, policy=policy, notice=Text("明日停电", "No power tomorrow"))
    assert changed.bound != stage.hall.bound
    with display.expect_response("**/display/state"):
        stage.services.halls.save(changed, Caller(by="manager"))
    bound = {"zh": f"超过 {changed.bound} 分钟", "en": f"{changed.bound} minutes after"}[lang]
    new = ({"zh": "明日停电", "en": "No power tomorrow"}[lang], bound)
    said = ""
    for _ in range(24):
        said += display.inner_text("#bar")
        page.clock.run_for(8_000)
    assert all("".join(text.split()) in "".join(said.split()) for text in new)
    assert "".join(promise.split()) not in "".join(said.split())


def test_what_a_manager_tells_everybody_stands_above_the_bar_and_costs_no_row(busy: Stage) -> None:
    page = busy.page(1920, 1080, "en")
    page.clock.install()
    display = busy.pair(page, "display")
    display.wait_for_selector("#rows li")
    rows = display.evaluate(ROWS)
    boss, office = Caller(by="staff:boss"), busy.services.office
    office.close(boss, busy.hall.id, Text("停电，今日停止取号", "No power. No more numbers today"), "power cut")
    office.pause_line(boss, busy.hall.id, "medical", Text("系统故障", "The system is down"), "system")
    display.wait_for_selector("#told:not([hidden])")
    missing = ["停电，今日停止取号", "No power.", "系统故障", "The system is down", "Whoever has a number"]
    for _ in range(20):
        assert measure(display, **CLEAR) == []
        said = display.inner_text("#told")
        missing = [text for text in missing if text not in said]
        page.clock.run_for(8_000)
    assert missing == []
    assert display.evaluate(ROWS) == rows
    assert axe(display) == []
    office.open(boss, busy.hall.id, "again")
    office.resume_line(boss, busy.hall.id, "medical", "again")
    display.wait_for_selector("#told", state="hidden")


def test_a_window_with_a_long_name_is_not_cut(stage: Stage) -> None:
    windows = [replace(one, label="综合咨询台") if one.id == "w2" else one for one in stage.hall.windows]
    stage.services.halls.save(replace(stage.hall, windows=tuple(windows)), Caller(by="manager"))
    stage.issue()
    stage.call_next("w2")
    display = stage.display()
    display.wait_for_selector("#rows .window:has-text('综合咨询台')")
    assert measure(display, **CLEAR) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_display_that_may_not_sound_says_so_before_the_first_call(stage: Stage, lang: str) -> None:
    display = stage.display(lang=lang)
    assert display.locator("#blocked").is_hidden()
    display.add_init_script("window.AudioContext = class extends AudioContext { get state() { return 'suspended' } }")
    display.reload()
    display.wait_for_selector("#blocked")
    assert measure(display, **CLEAR) == []
    assert axe(display) == []


def test_a_screen_size_that_cannot_be_is_refused_with_words(stage: Stage, installation: Installation) -> None:
    display = stage.display()
    display.goto(f"{installation.url}/display/?inches=0")
    assert "屏幕尺寸" in display.inner_text("body")
