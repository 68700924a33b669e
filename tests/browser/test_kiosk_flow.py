"""The kiosk's whole flow: few touches, cards, codes, claims, slips, help; the same for keys and for every size."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as NotInTime

from hall.domain.callers import Caller
from hall.domain.people import Person
from hall.services.calls import Finish
from tests.booking import id_number
from tests.browser.appointments import MINUTE, NAME, NUMBER, PHONE, booked, describe, every_line
from tests.browser.life import Life
from tests.browser.stage import Stage, measure, settle
from tests.browser.test_kiosk import limits, touch, waiting

Until = Callable[..., None]
ELDER = id_number("19400501")
YOUNG = id_number("19940101")


_BURST = """(text) => {
  for (const key of [...text, "Enter"]) {
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  }
}"""


def put(page: Page, text: str) -> None:
    """A card or a code on a reader that acts as a keyboard, as fast as one however busy this machine is."""
    page.wait_for_selector("html[data-listens]")
    settle(page)
    page.evaluate(_BURST, text)


def swipe(page: Page, text: str, then: str) -> None:
    """The same with the browser's own keys; once more, as a card holder does, when this machine was too busy for a
    reader and it was taken for somebody who types."""
    page.wait_for_selector("html[data-listens]")
    for _ in range(5):
        settle(page)
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        with suppress(NotInTime):
            page.wait_for_selector(then, timeout=3000)
            return
    raise AssertionError("the card was not read")


def touches(page: Page, *selectors: str) -> int:
    for selector in selectors:
        touch(page, selector)
    page.wait_for_selector("#number")
    return len(selectors)


def only_ticket(stage: Stage) -> dict[str, Any]:
    (ticket,) = stage.services.store.snapshot(stage.hall.id).tickets.values()
    return dict(ticket)


def test_a_popular_service_takes_three_touches(stage: Stage) -> None:
    popular = [service.id for service in stage.hall.services if service.popular]
    kiosk = stage.kiosk()
    for service in popular:
        assert touches(kiosk, "[data-go=services]", f".popular [data-service={service}]", "#take") == 3
        touch(kiosk, "#done")
    assert waiting(stage) == len(popular)


def test_any_service_takes_five_touches_at_most(stage: Stage) -> None:
    kiosk = stage.kiosk()
    for service in stage.hall.services:
        way = ("[data-go=services]", f"[data-line={service.line}]", f"[data-service={service.id}]", "#take")
        assert touches(kiosk, *way) <= 5
        touch(kiosk, "#done")
    claimed = ("[data-go=priority]", "[data-group=veteran]", "[data-line=employment]", "[data-service=relief]", "#take")
    assert touches(kiosk, *claimed) == 5


def test_a_number_is_taken_by_keys_alone_also_by_letters(stage: Stage) -> None:
    kiosk = stage.kiosk()
    kiosk.keyboard.press("Tab")
    settle(kiosk)
    kiosk.keyboard.press("Enter")
    kiosk.wait_for_selector("#page.services")
    kiosk.focus("#search")
    settle(kiosk)
    kiosk.keyboard.press("Enter")
    kiosk.wait_for_selector("#page.search")
    for letter in "jlk":
        kiosk.keyboard.press(letter)
        kiosk.wait_for_timeout(200)
    kiosk.wait_for_selector("[data-service=senior-card]")
    kiosk.focus("[data-service=senior-card]")
    settle(kiosk)
    kiosk.keyboard.press("Enter")
    kiosk.wait_for_selector("#page.materials")
    kiosk.focus("#take")
    settle(kiosk)
    kiosk.keyboard.press("Enter")
    kiosk.wait_for_selector("#number")
    assert only_ticket(stage)["services"] == "senior-card"


def test_a_card_gives_the_green_channel_without_a_question_and_leaks_no_digit(stage: Stage) -> None:
    kiosk = stage.kiosk()
    kiosk.focus("[data-go=help]")
    swipe(kiosk, ELDER, "#page.services")
    assert ELDER[:6] not in kiosk.content()
    touches(kiosk, "[data-service=senior-card]", "#take")
    ticket = only_ticket(stage)
    assert (ticket["group"], ticket["claim"]) == ("aged-80", "proven")
    said = kiosk.inner_text("#page")
    assert "请在窗口出示证件" in said
    assert "80" not in said and "绿色" not in said
    touch(kiosk, "#done")
    touches(kiosk, "[data-go=services]", "[data-line=social]", "[data-service=social-card]", "#take")
    tickets = stage.services.store.snapshot(stage.hall.id).tickets.values()
    assert [one.get("claim") for one in tickets if one["line"] == "social"] == [None], "the next person has no card"


def test_a_card_that_is_read_twice_is_read_once(stage: Stage) -> None:
    kiosk = stage.kiosk()
    settle(kiosk)
    kiosk.evaluate("([burst, text]) => { const read = eval(burst); read(text); read(text); }", [_BURST, ELDER])
    touches(kiosk, "[data-service=senior-card]", "#take")
    assert only_ticket(stage).get("claim") == "proven"


def test_a_card_of_somebody_young_is_read_and_claims_nothing(stage: Stage) -> None:
    kiosk = stage.kiosk_list()
    touch(kiosk, "[data-service=senior-card]")
    put(kiosk, YOUNG)
    kiosk.wait_for_selector(".note:has-text('请在窗口出示证件')")
    touches(kiosk, "#take")
    assert "claim" not in only_ticket(stage)


def test_a_card_that_cannot_be_right_is_refused_with_a_way_on(stage: Stage) -> None:
    kiosk = stage.kiosk()
    put(kiosk, ELDER[:-1] + ("1" if ELDER[-1] == "0" else "0"))
    kiosk.wait_for_selector("#page.refused h1:has-text('没有读到证件')")
    assert measure(kiosk, **limits(1080, 1920)) == []
    touch(kiosk, "#without")
    touches(kiosk, "[data-service=senior-card]", "#take")


def appointment_now(stage: Stage, person: Person) -> tuple[str, str]:
    """(desk code, link token) of an appointment whose time has just come."""
    describe(stage, lines=every_line(stage))
    start = Life(stage.services, stage.hall.id).start
    kept = booked(stage, start // (5 * MINUTE) * 5 * MINUTE, person, now=start - 60 * MINUTE)
    return str(kept.desk_code), stage.services.secrets.appointment_token(stage.hall.id, kept.image["id"])


def test_a_card_checks_the_appointment_of_today_in_at_once(stage: Stage) -> None:
    appointment_now(stage, Person(NAME, PHONE, NUMBER))
    kiosk = stage.kiosk()
    put(kiosk, NUMBER)
    kiosk.wait_for_selector("#number")
    assert "slot" in only_ticket(stage)


def test_the_eight_digits_check_an_appointment_in(stage: Stage) -> None:
    code, _ = appointment_now(stage, Person(NAME, PHONE))
    kiosk = stage.kiosk()
    touch(kiosk, "[data-go=appointment]")
    settle(kiosk)
    for digit in code:
        kiosk.click(f"[data-digit='{digit}']")
    kiosk.wait_for_selector("#number")
    assert "slot" in only_ticket(stage)


def test_the_link_in_the_qr_code_checks_an_appointment_in(stage: Stage) -> None:
    _, token = appointment_now(stage, Person(NAME, PHONE))
    kiosk = stage.kiosk()
    put(kiosk, f"https://hall.example.org/a/{token}")
    kiosk.wait_for_selector("#number")
    assert "slot" in only_ticket(stage)


def test_a_wrong_code_says_what_to_do(stage: Stage) -> None:
    kiosk = stage.kiosk()
    put(kiosk, "12345678")
    kiosk.wait_for_selector("#page.refused h1:has-text('没有找到这个预约')")
    touch(kiosk, "#without")
    kiosk.wait_for_selector("#page.services")


def test_a_declared_group_is_for_the_clerk_to_decide(stage: Stage) -> None:
    kiosk = stage.kiosk()
    touches(kiosk, "[data-go=priority]", "[data-group=veteran]", "[data-service=senior-card]", "#take")
    ticket = only_ticket(stage)
    assert (ticket["group"], ticket["claim"]) == ("veteran", "declared")
    assert "退役" not in kiosk.inner_text("#page")


def test_the_slip_of_a_kiosk_skips_the_menus_next_time(stage: Stage) -> None:
    kiosk = stage.kiosk_list()
    touch(kiosk, "[data-line=elderly]")
    touch(kiosk, "[data-service=hospital-plan]")
    touch(kiosk, ".missing")
    settle(kiosk)
    assert kiosk.locator("#slip").count() == 0, "nothing is missing yet"
    kiosk.click("[data-paper=discharge]")
    kiosk.click("#language")
    kiosk.wait_for_selector("[data-paper=discharge][aria-pressed=true]:has-text('Missing')")
    with kiosk.expect_request("**/slips") as sent:
        touch(kiosk, "#slip")
    ((there,),) = [[item["have"] for item in (sent.value.post_data_json or {})["items"]]]
    assert there and "discharge" not in there
    kiosk.click("#language")
    kiosk.wait_for_selector("#page.told li:has-text('出院小结与收据')")
    assert kiosk.locator("#page.told li").count() == 1
    assert "请记住或拍下" in kiosk.inner_text("#page"), "there is no printer"
    touch(kiosk, "#done")
    put(kiosk, "sanban:services:hospital-plan")
    kiosk.wait_for_selector("#page.materials h1:has-text('退休住院计划')")
    touches(kiosk, "#take")


def test_the_slip_of_a_window_keeps_the_place(stage: Stage) -> None:
    number = stage.issue("hospital-plan")
    (first,) = stage.services.store.snapshot(stage.hall.id).tickets
    token = stage.services.secrets.ticket_token(stage.hall.id, first)
    assert stage.call_next("w2") == number
    stage.services.calls.finish(Caller(by="program:test"), stage.hall.id, "w2", Finish("papers_missing"))
    kiosk = stage.kiosk()
    put(kiosk, f"sanban:ticket:{token}")
    kiosk.wait_for_selector("#page.materials h1:has-text('退休住院计划')")
    touches(kiosk, "#take")
    assert only_ticket(stage)["slip_of"] == first


def test_a_ticket_on_the_reader_says_how_it_stands_and_a_missed_one_comes_back(stage: Stage) -> None:
    number = stage.issue()
    (first,) = stage.services.store.snapshot(stage.hall.id).tickets
    token = stage.services.secrets.ticket_token(stage.hall.id, first)
    kiosk = stage.kiosk()
    put(kiosk, f"sanban:ticket:{token}")
    kiosk.wait_for_selector(f"#page.own #number:has-text('{number}')")
    stage.call_next("w2")
    stage.services.calls.miss(Caller(by="program:test"), stage.hall.id, "w2")
    put(kiosk, f"sanban:ticket:{token}")
    touch(kiosk, "#here")
    kiosk.wait_for_selector("#page.own .what:has-text('正在排队')")
    assert stage.state_of(number) == "waiting"
