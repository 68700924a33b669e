"""What residents meet: kiosk, display, phone, booking; and the console beside them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hall.domain.callers import Caller
from hall.domain.office import Today
from hall.domain.texts import Text
from hall.services.calls import Edit
from hall.services.moves import wall_clock
from tests.browser.appointments import change
from tests.browser.stage import Stage, settle
from tests.browser.test_kiosk import NEVER, touch
from tests.browser.test_kiosk_flow import put
from tests.screenshots.shoot import shoot


def kiosk(stage: Stage, lang: str) -> None:
    page = stage.kiosk(1080, 1920, lang)
    shoot(page, f"kiosk-home-{lang}")
    page.click("[data-go=services]")
    page.wait_for_selector(".waiting:not(:empty)")
    shoot(page, f"kiosk-services-{lang}")
    touch(page, "#search")
    touch(page, "[data-letter=s]")
    shoot(page, f"kiosk-search-{lang}")
    touch(page, ".back")
    touch(page, "[data-go=services]")
    touch(page, "[data-line=elderly]")
    touch(page, "[data-service=hospital-plan]")
    page.wait_for_selector("#take")
    shoot(page, f"kiosk-papers-{lang}")
    touch(page, ".missing")
    touch(page, "[data-paper=discharge]")
    shoot(page, f"kiosk-missing-{lang}")
    touch(page, "#slip")
    page.wait_for_selector("#page.told")
    shoot(page, f"kiosk-told-{lang}")
    touch(page, "#take")
    page.wait_for_selector("#number")
    shoot(page, f"kiosk-number-{lang}")
    kiosk_asked(stage, lang)


def kiosk_asked(stage: Stage, lang: str) -> None:
    """What else the first page leads to, and a number that was put on the reader."""
    page = stage.kiosk(1080, 1920, lang)
    touch(page, "[data-go=appointment]")
    for digit in "31870":
        touch(page, f"[data-digit='{digit}']")
    shoot(page, f"kiosk-appointment-{lang}")
    touch(page, ".back")
    touch(page, "[data-go=priority]")
    settle(page)
    shoot(page, f"kiosk-priority-{lang}")
    touch(page, ".back")
    touch(page, "[data-go=help]")
    touch(page, "#call-help")
    page.wait_for_selector("#cancel-help")
    shoot(page, f"kiosk-help-{lang}")
    touch(page, "#cancel-help")
    page.wait_for_selector("#page.home")
    tickets = stage.services.store.snapshot(stage.hall.id).tickets.values()
    missed = next(one["id"] for one in tickets if one["state"] == "missed")
    put(page, f"sanban:ticket:{stage.services.secrets.ticket_token(stage.hall.id, missed)}")
    page.wait_for_selector("#here")
    shoot(page, f"kiosk-own-{lang}")


def kiosk_stopped(stage: Stage, lang: str) -> None:
    """A line that gives no numbers, a closed hall, and no server."""
    hours, day = stage.hall.hours, stage.hall.calendar.date_of(wall_clock())
    change(stage, today=Today(day, paused={"elderly": Text("系统维护，下午恢复", "Maintenance, until the afternoon")}))
    page = stage.kiosk(1080, 1920, lang)
    touch(page, "[data-go=services]")
    touch(page, "[data-line=elderly]")
    page.wait_for_selector("#page.refused")
    shoot(page, f"kiosk-refused-{lang}")
    weekday = f"{day + timedelta(days=1):%a}".lower()
    change(stage, today=Today(), hours=replace(NEVER, **{weekday: ("08:30-11:30",)}))
    page = stage.kiosk(1080, 1920, lang)
    page.wait_for_selector("#page.closed .opens")
    shoot(page, f"kiosk-closed-{lang}")
    page.context.set_offline(True)
    page.wait_for_selector("#page.away")
    shoot(page, f"kiosk-away-{lang}")
    change(stage, hours=hours)


def display(stage: Stage, lang: str) -> None:
    page = stage.display(lang=lang)
    page.wait_for_selector("#rows li")
    shoot(page, f"display-{lang}")
    page.context.set_offline(True)
    page.wait_for_selector("#stale:not([hidden])")
    shoot(page, f"display-stale-{lang}")
    page = stage.pair(stage.page(1920, 1080, lang), "display", query="?window=w3")
    # What was kept from the page before is marked as old until the server has answered.
    page.wait_for_selector("#rows li")
    page.wait_for_selector("#stale", state="hidden")
    shoot(page, f"display-window-{lang}")


def wall(stage: Stage, lang: str) -> None:
    page = stage.page(1123, 1587, lang)  # A3
    page.goto(f"{stage.installation.url}/wall/{stage.hall.id}")
    page.emulate_media(media="print")
    shoot(page, f"wall-{lang}")


def reader(stage: Stage, lang: str) -> None:
    stage.services.halls.save(replace(stage.services.halls.get(stage.hall.id), fake_reader=True), Caller(by="test"))
    page = stage.kiosk(1024, 768, lang)
    page.goto(f"{stage.installation.url}/kiosk/fake-reader")
    shoot(page, f"kiosk-fake-reader-{lang}")


def halls(stage: Stage, lang: str) -> None:
    page = stage.page(390, 844, lang)
    page.goto(f"{stage.installation.url}/mirror/{stage.hall.id}")
    shoot(page, f"mirror-{lang}")
    page.goto(f"{stage.installation.url}/halls")
    shoot(page, f"halls-{lang}")


def console(stage: Stage, lang: str) -> None:
    tickets = stage.services.store.snapshot(stage.hall.id).tickets.values()
    social = [one["number"] for one in tickets if one["state"] == "waiting" and one["queue"] == "social"]
    stage.services.calls.edit(Caller(by="staff:liwei"), stage.hall.id, social[1], Edit(note="听力不便，请写字沟通"))
    page = stage.console("sunli", "w1", lang=lang)
    page.keyboard.press("F2")
    page.wait_for_selector(".claim.open")
    page.wait_for_selector(".next .noted")
    shoot(page, f"console-{lang}")
    page.click(f"[data-number={social[1]}]")
    page.wait_for_selector(".picked [data-note]")
    shoot(page, f"console-picked-{lang}")


def phone(stage: Stage, lang: str) -> None:
    tickets = stage.services.store.snapshot(stage.hall.id).tickets
    ticket = next(one for one in reversed(tickets.values()) if one["state"] == "waiting")
    page = stage.page(390, 844, lang)
    page.goto(f"{stage.installation.url}/t/{stage.services.secrets.ticket_token(stage.hall.id, ticket['id'])}")
    shoot(page, f"phone-{lang}")
    page.goto(f"{page.url}/give-up")
    shoot(page, f"phone-give-up-{lang}")
    served = stage.services.calls.finish(Caller(by="program:test"), stage.hall.id, "w3")
    token = stage.services.secrets.ticket_token(stage.hall.id, served["id"])
    page.goto(f"{stage.installation.url}/t/{token}/rate")
    shoot(page, f"phone-rate-{lang}")
    called = next(one for one in tickets.values() if one["state"] == "called")
    page.goto(f"{stage.installation.url}/t/{stage.services.secrets.ticket_token(stage.hall.id, called['id'])}?elder=1")
    shoot(page, f"phone-called-{lang}")


def booking(stage: Stage, lang: str) -> None:
    page = stage.page(390, 844, lang)
    page.goto(f"{stage.installation.url}/book/{stage.hall.id}")
    shoot(page, f"booking-services-{lang}")
    page.click("[data-service=hospital-plan]")
    page.click("#on")
    page.click("a[data-date] >> nth=2")
    shoot(page, f"booking-times-{lang}")
    page.click("a[data-slot] >> nth=4")
    page.fill("#phone", "138 1234 567")
    page.click("#on")
    page.wait_for_selector(".summary")
    shoot(page, f"booking-person-{lang}")
    page.fill("#name", "王小明" if lang == "zh" else "Wang Xiaoming")
    page.fill("#phone", "138 1234 5678")
    page.click("#on")
    page.wait_for_selector("#book")
    shoot(page, f"booking-check-{lang}")
    page.click("#book")
    page.wait_for_selector("#code")
    shoot(page, f"booking-done-{lang}")
    own = page.url.split("?")[0]
    for link in ("services", "cancel", "move"):
        page.goto(own)
        page.click(f"#{link}")
        shoot(page, f"own-{link}-{lang}")
    page.click("a[data-date] >> nth=3")
    page.click("a[data-slot] >> nth=2")
    page.wait_for_selector("#move")
    shoot(page, f"own-moved-{lang}")
    page.goto(f"{stage.installation.url}/book")
    shoot(page, f"booking-halls-{lang}")
    page.goto(f"{stage.installation.url}/book/{stage.hall.id}/papers?service=hospital-plan")
    shoot(page, f"booking-papers-{lang}")
