"""优先办 as people meet it: an appointment that is called first, a claim that is decided, a place that explains itself,
a window that becomes another kind."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from hall.domain.callers import Caller
from hall.domain.notices import Notices
from hall.domain.people import Person
from hall.services.tickets import Wish
from tests.browser.appointments import MINUTE, NAME, NUMBER, PHONE, booked, change, describe, every_line
from tests.browser.conftest import wait_until
from tests.browser.life import Life
from tests.browser.stage import Stage, axe, measure, press, settle
from tests.browser.test_kiosk_flow import put

Until = Callable[..., None]


def first_of(console: Page) -> str:
    """The next number of a window, as its console shows it."""
    spans = console.locator(".next span").all_inner_texts()
    return spans[0] if spans else ""


def an_appointment_now(stage: Stage) -> tuple[Life, str]:
    """Booked an hour ago for a time that has just come; the code that is told at the desk."""
    describe(stage, lines=every_line(stage))
    past = Life(stage.services, stage.hall.id)
    slot = past.start // (5 * MINUTE) * 5 * MINUTE
    kept = booked(stage, slot, Person(NAME, PHONE, NUMBER), now=past.start - 60 * MINUTE)
    return past, str(kept.desk_code)


@pytest.mark.parametrize("by", ["card", "code", "desk"])
def test_an_appointment_is_called_before_an_ordinary_visitor_at_a_general_window(
    stage: Stage, until: Until, by: str
) -> None:
    past, code = an_appointment_now(stage)
    ordinary = past.issue(20, "social-card")
    if by == "desk":
        place = stage.services.tickets.issue(Caller(by="staff:ann"), stage.hall.id, Wish(services=(), appointment=code))
        number = str(place.ticket["number"])
    else:
        number = checked_in(stage.kiosk(), NUMBER if by == "card" else code, by)
    ticket = stage.ticket_of(number)
    console = stage.console(window="w2")
    until(console, lambda: first_of(console) == number, "the appointment is the next one")
    press(console, "F2", f"#number:has-text('{number}')")
    counts = stage.hall.calendar.local(ticket["slot"] - 45 * MINUTE).strftime("%H:%M")
    assert counts in console.inner_text("dt:has-text('叫号依据') + dd")
    assert stage.state_of(ordinary) == "waiting"


def checked_in(kiosk: Page, text: str, by: str) -> str:
    """What the kiosk gives for a card put on its reader, or a code typed on its screen."""
    if by == "card":
        put(kiosk, text)
    else:
        kiosk.click("text=预约取号")
        settle(kiosk)
        for digit in text:
            kiosk.keyboard.press(digit)
    kiosk.wait_for_selector("#number")
    return kiosk.inner_text("#number").strip()


def test_the_clerk_sees_which_documents_to_ask_for_before_calling_and_decides_by_keys(stage: Stage) -> None:
    first, second, third = stage.issue(claim="veteran"), stage.issue(claim="disabled"), stage.issue()
    console = stage.console(window="w2")
    console.wait_for_selector(f".documents li:has-text('{second}')")
    papers = console.locator(".documents li").all_inner_texts()
    assert [first in papers[0], second in papers[1], len(papers)] == [True, True, 2]
    assert "退役军人优待证" in papers[0]
    press(console, "F2", f"#number:has-text('{first}')")
    press(console, "Control+Enter", ".claim:has-text('已核验')")
    press(console, "F2", f"#number:has-text('{second}')")
    assert "退役军人优待证" not in console.inner_text("#ahead")
    before = stage.ticket_of(second)["queue_time"]
    press(console, "Control+Delete", ".claim:not(.open):has-text('不予优先')")
    press(console, "F1", f"[data-list=social] [data-number={second}]")  # back: an ordinary place, in order of coming
    after = stage.ticket_of(second)
    assert after["queue_time"] == before + 60 * MINUTE == after["arrived"]
    assert console.locator("[data-list=social] .row").evaluate_all("all => all.map((row) => row.dataset.number)") == [
        second,
        third,
    ]


def test_the_clerk_sees_what_became_of_the_message_to_a_phone(stage: Stage, until: Until) -> None:
    change(stage, notices=Notices(called_soon=True, called=True, channels=("log",)))
    place = stage.services.tickets.issue(
        Caller(by="device:kiosk"), stage.hall.id, Wish(("social-card",), phone="13987654321")
    )
    number, about = place.ticket["number"], f"ticket/{place.ticket['id']}"
    console = stage.console(window="w2")
    press(console, "F2", f"#number:has-text('{number}')")

    def told() -> str:
        return str(stage.services.notices.newest(stage.hall.id, [about]).get(about, {}).get("state"))

    until(console, lambda: told() == "sent", "the call is told", seconds=60)
    press(console, "F6", f"[data-list=missed] [data-number={number}]")
    console.click(f"[data-number={number}]")
    console.wait_for_selector("[data-told=sent]:has-text('已发送')")
    assert "7654321" not in console.content().replace(" ", "")
    assert axe(console) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_three_documents_to_ask_for_fit_beneath_an_open_claim(stage: Stage, lang: str) -> None:
    for group in ("veteran", "serious-illness", "special-care", "disabled"):
        stage.issue(claim=group)
    console = stage.console(window="w2", lang=lang)
    press(console, "F2", ".claim.open")
    console.wait_for_selector(".documents li >> nth=2")
    assert measure(console, fontAtLeast=14, targetAtLeast=40, noScrollDown=True) == []
    assert (
        console.evaluate("document.querySelector('#now').scrollHeight - document.querySelector('#now').clientHeight")
        <= 0
    )
    assert axe(console) == []


def test_a_place_is_explained_alike_on_the_ticket_page_and_on_the_console(stage: Stage) -> None:
    past = Life(stage.services, stage.hall.id)
    past.issue(20, "social-card")
    past.issue(10, "social-card", "veteran")
    number = past.issue(5, "social-card")
    ticket = stage.ticket_of(number)
    phone = stage.page(320, 640)
    phone.goto(f"{stage.installation.url}/t/{stage.services.secrets.ticket_token(stage.hall.id, ticket['id'])}")
    told = phone.locator(".why li").all_inner_texts()
    assert len(told) == 2
    assert [int(n) for n in re.findall(r"\d+", told[0])] == [2, 1, 1]

    console = stage.console(window="w2")
    console.click(f"[data-number={number}]")
    console.wait_for_selector(".picked .why li")
    assert console.locator(".picked .why li").all_inner_texts() == told
    assert stage.hall.calendar.local(ticket["arrived"]).strftime("%H:%M") in console.inner_text(".picked .why p")
    assert axe(console) == []

    stage.call_next("w3")  # the hall goes on, and so does the explanation
    wait_until(console, lambda: console.inner_text(".picked .why li >> nth=0") != told[0], "another place")
    stage.call_next("w4")
    stage.call_next("w5")
    phone.reload()
    assert phone.locator(".why li").count() == 1


def test_a_manager_turns_a_window_into_a_priority_window_and_the_very_next_call_follows(
    stage: Stage, until: Until
) -> None:
    past = Life(stage.services, stage.hall.id)
    ordinary = past.issue(80, "social-card")
    green = past.issue(2, "social-card", "veteran")
    clerk = stage.console("ann", "w2")
    until(clerk, lambda: first_of(clerk) == ordinary, "the next one")

    manager = stage.console("bea", window=None)
    manager.goto(f"{stage.installation.url}/console/windows")
    manager.click("[data-change=w2]")
    manager.select_option("form.change select", "priority")
    manager.fill("form.change [name=reason]", "上午老人多")
    stage.issue("medical-record")  # what happens in the hall takes nothing away
    stage.call_next("w5")
    manager.wait_for_selector("[data-window=w5] .soft:has-text('1')")
    assert manager.input_value("form.change [name=reason]") == "上午老人多"
    past.issue(1, "social-card")
    manager.press("form.change [name=reason]", "Enter")
    manager.wait_for_selector("[data-window=w2] .kind.priority")
    manager.wait_for_selector("form.change", state="detached")

    clerk.wait_for_selector("#where:has-text('优先办专窗')")
    until(clerk, lambda: first_of(clerk) == green, "the next three follow")
    press(clerk, "F2", f"#number:has-text('{green}')")
    (entry,) = [
        e for e in stage.services.store.journal.after(stage.hall.id, "0-0") if e.facts.get("reason") == "上午老人多"
    ]
    assert (entry.kind, entry.by) == ("configured", "staff:bea")


def test_a_window_keeps_at_least_one_line(stage: Stage) -> None:
    manager = stage.console("bea", window=None)
    manager.goto(f"{stage.installation.url}/console/windows")
    manager.click("[data-change=w3]")
    for box in manager.locator("form.change [type=checkbox]").all():
        box.uncheck()
    manager.fill("form.change [name=reason]", "试试")
    manager.press("form.change [name=reason]", "Enter")
    manager.wait_for_selector("#message:has-text('至少')")
    assert axe(manager) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [1366, 768])
def test_everybody_can_use_the_page_of_windows(stage: Stage, lang: str, width: int) -> None:
    manager = stage.console("bea", window=None, width=width, lang=lang)
    manager.goto(f"{stage.installation.url}/console/windows")
    manager.wait_for_selector(".floor li")
    assert axe(manager) == []
    manager.focus("[data-change=w3]")
    press(manager, "Enter", "form.change select:focus")
    assert axe(manager) == []
    assert measure(manager, fontAtLeast=14, targetAtLeast=40) == []
    manager.click("form.change .quiet")
    assert manager.evaluate("document.activeElement.dataset.change") == "w3"
