"""A clerk's work, by keyboard alone; two clerks; what must not be lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import Page, Route

from hall.domain.callers import Caller
from hall.services.calls import Edit
from tests.browser.conftest import wait_until
from tests.browser.life import Life
from tests.browser.stage import Stage, answered, measure, press

Until = Callable[..., None]


def note_of(stage: Stage, number: str) -> str:
    return str(stage.services.tickets.find(Caller(by="test"), stage.hall.id, number).note)


def at_window(page: Page) -> str:
    return page.inner_text("#number")


def test_a_clerk_works_a_morning_by_keyboard_alone(stage: Stage, until: Until) -> None:
    console = stage.console()
    first, second, third, fourth = (stage.issue() for _ in range(4))
    console.wait_for_selector(f"[data-number={fourth}]")

    press(console, "F2", f"#number:has-text('{first}')")
    press(console, "F3", "dd:has-text('第 2 次')")  # recall
    press(console, "F4", ".state:has-text('办理中')")
    press(console, "F2", f"#number:has-text('{second}')")  # finish and next
    assert stage.state_of(first) == "done"
    press(console, "F6", "#facts .empty")  # missed
    press(console, "Control+z", f"#number:has-text('{second}')")
    press(console, "F7", f"[data-list=parked] [data-number={second}]")
    press(console, "F2", f"#number:has-text('{third}')")
    press(console, "F1", f"[data-list=social] [data-number={third}]")  # back to the queue
    assert stage.state_of(third) == "waiting"

    press(console, "/", "#find:focus")  # find the parked one
    console.keyboard.type(second.lower())
    press(console, "Enter", "#form .picked button:focus")
    press(console, "Enter", f"#number:has-text('{second}')")
    assert stage.state_of(second) == "called"

    press(console, "F10", "#form select:focus")  # transfer, with a reason
    console.keyboard.press("Tab")
    console.keyboard.type("需要医保窗口")
    console.keyboard.press("Shift+Tab")
    console.keyboard.press("ArrowDown")
    press(console, "Tab", "#form input[name=reason]:focus")
    press(console, "Enter", f"[data-list=medical] [data-number={second}]")

    press(console, "F9", "[data-action=resume]")  # pause
    assert console.locator("[data-action=call_next]").count() == 0
    press(console, "F9", "[data-action=call_next]")
    until(console, lambda: stage.state_of(second) == "waiting", "transferred")
    assert stage.state_of(fourth) == "waiting"


def test_every_button_shows_its_key_and_only_legal_moves_are_there(stage: Stage) -> None:
    stage.issue()
    console = stage.console()
    assert console.locator("#buttons [data-action]").evaluate_all("all => all.map(one => one.dataset.action)") == [
        "call_next",
        "pause",
        "close",
    ]
    press(console, "F2", "#number")
    keys = console.locator("#buttons kbd").all_inner_texts()
    assert keys == ["F2", "F4", "F3", "F6", "F8", "F7", "F1", "F10"]
    console.keyboard.press("F4")
    console.wait_for_selector("[data-action=miss]", state="detached")
    assert console.locator("[data-action=finish]").count() == 1


def test_undo_counts_down_and_goes_away(stage: Stage, until: Until) -> None:
    stage.issue()
    console = stage.console()
    press(console, "F2", "[data-action=undo] small")

    def left() -> int:
        return int(re.sub(r"\D", "", console.inner_text("[data-action=undo] small")))

    first = left()
    assert 0 < first <= 30
    until(console, lambda: left() < first, "it counts")
    press(console, "F4", "[data-action=undo]:has-text('开始办理')")


def test_a_call_that_nobody_answers_offers_did_not_come(stage: Stage) -> None:
    past = Life(stage.services, stage.hall.id)
    number = past.issue(3, "social-card")
    past.services.calls.call_next(past.by(1.1, "staff:ann", "ann"), stage.hall.id, "w2")

    console = stage.console("ann", window=None)
    console.wait_for_selector("#facts .offer", timeout=60_000)  # a job of a worker that may have others to do
    assert "offered" in (console.locator("[data-action=miss]").get_attribute("class") or "")
    press(console, "F6", f"[data-list=missed] [data-number={number}]")
    console.click(f"[data-number={number}]")
    console.click("#form .picked button >> nth=0")  # is here again
    console.wait_for_selector(f"[data-list=social] [data-number={number}]")


def test_a_note_is_kept_without_a_button_and_survives_a_closed_browser(stage: Stage, until: Until) -> None:
    number = stage.issue()
    console = stage.console()
    press(console, "F2", "#number")
    console.fill("#note", "缺照片一张")
    console.wait_for_selector("#kept:not(:empty)")
    console.context.close()

    again = stage.console(window=None)
    again.wait_for_selector(f"#number:has-text('{number}')")
    until(again, lambda: again.input_value("#note") == "缺照片一张", "the note is back")


def test_a_colleagues_note_is_seen_before_the_call_and_never_written_over(stage: Stage) -> None:
    number, other = stage.issue(), Caller(by="staff:ben")
    stage.services.calls.edit(other, stage.hall.id, number, Edit(note="轮椅"))
    note = partial(note_of, stage, number)
    console = stage.console()
    console.click(f"[data-number={number}]:has(.noted:text-is('备注'))")
    console.wait_for_selector(".picked [data-note]:has-text('轮椅')")
    console.keyboard.press("Escape")
    console.wait_for_selector(f".next span:has-text('{number}') .noted:text-is('备注')")

    answers = [{"status": 500, "json": {"code": "INTERNAL", "detail": ""}}]
    console.route(f"**/tickets/{number}", lambda route: route.fulfill(**answers.pop()) if answers else route.fallback())
    press(console, "F2", "#note:disabled[aria-busy]")
    console.wait_for_selector("#kept:has-text('正在重试')")
    console.wait_for_selector("#note:enabled:not([aria-busy])")
    assert (console.input_value("#note"), console.inner_text("#kept")) == ("轮椅", "")

    stage.services.calls.edit(other, stage.hall.id, number, Edit(note="轮椅，耳背"))
    console.evaluate("document.querySelector('#note').value = '缺照片'")  # it is the key that keeps it, no pause
    press(console, "F4", "#message:has-text('同事刚写了备注')")
    assert (note(), stage.state_of(number)) == ("轮椅，耳背", "called")
    assert console.input_value("#note") == "缺照片 / 轮椅，耳背"
    press(console, "F4", ".state:has-text('办理中')")
    assert note() == "缺照片 / 轮椅，耳背"


def test_a_note_whose_answer_is_lost_or_whose_ticket_is_taken_away_is_kept_once(stage: Stage, until: Until) -> None:
    number = stage.issue()
    note = partial(note_of, stage, number)
    console, lost = stage.console(), [True]

    def edit(route: Route) -> None:
        route.fetch()  # the server has it
        route.abort()

    press(console, "F2", "#note")
    console.route("**/edit", lambda route: edit(route) if lost else route.fallback())
    console.fill("#note", "缺照片")
    console.wait_for_selector("#message:has-text('无法连接系统')")
    assert note() == "缺照片"
    lost.clear()
    console.fill("#note", "缺照片两张")
    console.wait_for_selector("#kept:not(:empty)")
    assert (note(), console.input_value("#note")) == ("缺照片两张",) * 2, "our own is nobody else's"

    console.fill("#note", "照片齐了")
    stage.services.calls.return_(Caller(by="program:test"), stage.hall.id, "w2")
    until(console, lambda: note() == "照片齐了", "it goes to the number it was written for")


def test_a_field_being_written_survives_what_happens_in_the_hall(stage: Stage) -> None:
    stage.issue()
    console = stage.console()
    press(console, "F2", "#number")
    console.focus("#note")
    console.evaluate("window.field = document.querySelector('#note')")
    console.keyboard.type("资料")
    other = stage.issue("medical-record")
    console.wait_for_selector(f"[data-number={other}]")
    console.keyboard.type("齐全")
    assert console.input_value("#note") == "资料齐全"
    assert console.evaluate("window.field === document.querySelector('#note')")


def test_function_keys_work_from_a_field_and_the_note_goes_with_them(stage: Stage, until: Until) -> None:
    first, second = stage.issue(), stage.issue()
    console = stage.console()
    press(console, "F2", f"#number:has-text('{first}')")
    console.focus("#note")
    console.keyboard.type("F")
    press(console, "F2", f"#number:has-text('{second}')")
    assert console.input_value("#note") == ""
    assert "noted" in stage.ticket_of(first)


def test_two_clerks_at_one_window_are_told_and_one_takes_over(stage: Stage) -> None:
    number = stage.issue()
    ann = stage.console("ann")
    press(ann, "F2", f"#number:has-text('{number}')")

    ben = stage.console("ben", window=None)
    ben.click("[data-window=w2]")
    ben.wait_for_selector("#take-over:focus")
    assert "ann" in ben.inner_text("#choose")
    ben.keyboard.press("Enter")
    ben.wait_for_selector(f"#number:has-text('{number}')")
    ann.wait_for_selector("#message:has-text('ben')")
    assert ann.locator("#choose .place").count() == len(stage.hall.windows)


def test_two_presses_of_one_key_finish_one_number_and_call_one(stage: Stage, until: Until) -> None:
    first, second, third = (stage.issue() for _ in range(3))
    console = stage.console()
    press(console, "F2", f"#number:has-text('{first}')")
    answered(console)
    console.evaluate("""() => { for (const n of [1, 2]) document.dispatchEvent(
        new KeyboardEvent("keydown", { key: "F2", bubbles: true })) }""")
    until(console, lambda: stage.state_of(second) == "called", "called")
    console.wait_for_timeout(500)
    assert stage.state_of(third) == "waiting"


#: answers to a move arrive when the test lets them; what the hall does is on the page before
_HOLD = """(path) => {
  const [real, gate] = [fetch, new Promise((done) => (window.letGo = done))];
  window.fetch = async (...request) => {
    const answer = await real(...request);
    if (String(request[0]).endsWith(path)) await gate;
    return answer;
  };
}"""


def test_a_key_for_a_number_that_is_shown_waits_for_the_answer_to_the_key_before(stage: Stage, until: Until) -> None:
    first = stage.issue(claim="veteran")
    console = stage.console(window="w1")
    console.evaluate(_HOLD, "/call-next")
    press(console, "F2", f"#number:has-text('{first}')")
    console.keyboard.press("Control+Enter")
    assert stage.ticket_of(first)["claim"] == "declared"
    console.evaluate("letGo()")
    until(console, lambda: stage.ticket_of(first)["claim"] == "confirmed", "the claim is decided")


def test_a_key_that_comes_before_the_answer_to_sitting_down_calls(stage: Stage) -> None:
    number = stage.issue()
    console = stage.console(window=None)
    console.evaluate(_HOLD, "/open")
    console.click("[data-window=w2]")
    console.wait_for_selector("#buttons [data-action]")
    console.keyboard.press("F2")
    assert stage.state_of(number) == "waiting"
    console.evaluate("letGo()")
    console.wait_for_selector(f"#number:has-text('{number}')")


def test_a_key_for_a_window_that_is_free_again_waits_for_the_answer_to_the_key_before(stage: Stage) -> None:
    number = stage.issue()
    console = stage.console()
    press(console, "F2", f"#number:has-text('{number}')")
    console.evaluate(_HOLD, "/miss")
    press(console, "F6", "#facts .empty")
    console.keyboard.press("F9")
    console.evaluate("letGo()")
    console.wait_for_selector("[data-action=resume]")


@pytest.mark.parametrize("how", ["key", "button"])
def test_a_move_is_taken_back_before_it_is_answered(stage: Stage, how: str) -> None:
    number = stage.issue()
    console = stage.console()
    press(console, "F2", f"#number:has-text('{number}')")
    console.evaluate(_HOLD, "/miss")
    press(console, "F6", "#facts .empty")
    if how == "key":
        console.keyboard.press("Control+z")
    else:
        console.click("[data-action=undo]:has-text('过号')")
    console.evaluate("letGo()")
    console.wait_for_selector(f"#number:has-text('{number}')")


def test_what_is_pressed_in_a_list_waits_for_the_answer_to_the_key_before(stage: Stage, until: Until) -> None:
    number = stage.issue()
    console = stage.console()
    press(console, "F2", f"#number:has-text('{number}')")
    console.evaluate(_HOLD, "/miss")
    press(console, "F6", f"[data-list=missed] [data-number={number}]")
    console.click(f"[data-number={number}]")
    console.click("#form .picked button >> nth=0")  # is here again
    console.evaluate("letGo()")
    until(console, lambda: stage.state_of(number) == "waiting", "it waits again")


def test_a_form_that_is_opened_before_the_answer_to_another_one_stays(stage: Stage) -> None:
    number = stage.issue()
    console = stage.console()
    press(console, "F2", f"#number:has-text('{number}')")
    press(console, "F7", f"[data-list=parked] [data-number={number}]")
    console.click(f"[data-number={number}]")
    console.wait_for_selector("#form .picked")
    console.evaluate(_HOLD, "/unpark")
    console.click("#form .picked button >> nth=0")  # call again
    console.wait_for_selector(f"#number:has-text('{number}')")
    console.keyboard.press("F10")
    console.wait_for_selector("#form select:focus")
    console.evaluate("letGo()")
    answered(console)
    assert console.locator("#form select").is_visible()


def test_a_form_for_a_number_that_has_gone_moves_no_other_one(stage: Stage, until: Until) -> None:
    first, second = stage.issue(), stage.issue()
    console = stage.console()
    press(console, "F2", f"#number:has-text('{first}')")
    press(console, "F10", "#form select:focus")
    stage.services.calls.finish(Caller(by="program:test"), stage.hall.id, "w2")
    assert stage.call_next("w2") == second
    console.wait_for_selector(f"#number:has-text('{second}')")
    console.fill("#form [name=reason]", "x")
    console.press("#form [name=reason]", "Enter")
    console.wait_for_selector("#form", state="hidden")
    assert stage.state_of(second) == "called"


def test_a_key_that_was_meant_for_another_number_does_nothing(stage: Stage, until: Until) -> None:
    first, second = stage.issue(), stage.issue()
    console = stage.console(window="w1")
    press(console, "F2", f"#number:has-text('{first}')")
    answered(console)
    console.evaluate(_HOLD, "/call-next")
    # Both at once: the second is pressed while the first number is on the page.
    console.evaluate("""() => { for (const key of ["F2", "F6"]) document.dispatchEvent(
        new KeyboardEvent("keydown", { key, bubbles: true })) }""")
    console.wait_for_selector(f"#number:has-text('{second}')")
    console.evaluate("letGo()")
    answered(console)
    press(console, "F4", "#timer")
    until(console, lambda: stage.state_of(second) == "serving", "the second number is served")
    assert stage.state_of(first) == "done"


def test_a_claim_is_decided_by_two_keys(stage: Stage) -> None:
    first, second = stage.issue(claim="veteran"), stage.issue(claim="disabled")
    console = stage.console(window="w1")
    press(console, "F2", f"#number:has-text('{first}')")
    console.wait_for_selector(".claim.open:has-text('退役军人优待证')")
    press(console, "Control+Enter", ".claim:has-text('已核验')")
    press(console, "F2", f"#number:has-text('{second}')")
    press(console, "Control+Delete", ".claim:has-text('不予优先')")


def test_waiting_is_marked_at_fifteen_and_thirty_minutes(busy: Stage) -> None:
    console = busy.console(window="w1")
    # All at once: every row is painted anew from time to time.
    ages = console.locator("#lists [data-list=social] .row .age")
    rows = ages.evaluate_all("all => all.map((one) => [one.textContent, one.className])")
    assert len(rows) > 4
    for text, marks in rows:
        minutes = int(text.split()[0])
        assert ("toolong" in marks) == (minutes >= 30)
        assert ("long" in marks.split()) == (15 <= minutes < 30)


def test_the_next_three_are_those_that_are_called(busy: Stage) -> None:
    console = busy.console(window="w1")
    wait_until(console, lambda: console.locator(".next span").count() == 3, "three numbers")
    expected = console.locator(".next span").first.inner_text()
    press(console, "F2", "#number")
    assert at_window(console) == expected
    assert console.inner_text("dt:has-text('叫号依据') + dd") != ""


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080)])
def test_the_console_fits(busy: Stage, width: int, height: int, lang: str) -> None:
    console = busy.console(window=None, width=width, height=height, lang=lang)
    limits = {"fontAtLeast": 14, "targetAtLeast": 40, "gapAtLeast": 0, "noScrollDown": True}
    assert measure(console, **limits) == []
    console.click("[data-window=w1]")
    console.wait_for_selector("[data-action=call_next]")
    assert measure(console, **limits) == []
    press(console, "F2", ".claim.open")
    wait_until(console, lambda: console.locator(".next span").count() == 3, "three numbers")
    assert measure(console, **limits) == []
    assert console.evaluate(
        "document.querySelector('#now').scrollHeight <= document.querySelector('#now').clientHeight"
    )
    press(console, "F10", "#form select")
    assert measure(console, **limits) == []
