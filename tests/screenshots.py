"""Makes docs/screenshots/*.png from a running system with a morning's life in the hall: make screenshots."""

from __future__ import annotations

import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.year import FIRST
from hall.domain.callers import Caller
from hall.domain.people import Person
from hall.services.appointments import Request
from hall.services.case_parts import Wanted
from hall.services.cases import Opening
from tests.browser.installation import ROOT, Installation
from tests.browser.life import Life
from tests.browser.stage import ARGS, CHROMIUM, LOUD, Stage, settle
from tests.office import office
from tests.recorded import recorded_hall

TARGET = ROOT / "docs" / "screenshots"
_PAST_MINUTES = 90
_LARGEST_BYTES = 200_000


def shoot(page: Page, name: str) -> None:
    path = TARGET / f"{name}.png"
    page.screenshot(path=path, animations="disabled")
    if path.stat().st_size > _LARGEST_BYTES:
        sys.exit(f"{path} is larger than {_LARGEST_BYTES} bytes")


def kiosk(stage: Stage, lang: str) -> None:
    page = stage.kiosk(1080, 1920, lang)
    shoot(page, f"kiosk-home-{lang}")
    page.click("[data-go=services]")
    page.wait_for_selector(".waiting:not(:empty)")
    shoot(page, f"kiosk-services-{lang}")
    settle(page)
    page.click("[data-line=elderly]")
    settle(page)
    page.click("[data-service=hospital-plan]")
    page.wait_for_selector("#take")
    shoot(page, f"kiosk-papers-{lang}")
    settle(page)
    page.click("#take")
    page.wait_for_selector("#number")
    shoot(page, f"kiosk-number-{lang}")

    settle(page)
    page.click("#done")
    page.wait_for_selector("#page.home")
    if lang == "en":  # the next person finds the page in Chinese
        page.click("#language")
        page.wait_for_selector("html[lang=en] #page.home")
    settle(page)
    page.click("[data-go=priority]")
    settle(page)
    shoot(page, f"kiosk-priority-{lang}")
    page.click(".back")
    settle(page)
    page.click("[data-go=help]")
    settle(page)
    page.click("#call-help")
    page.wait_for_selector("#cancel-help")
    shoot(page, f"kiosk-help-{lang}")
    settle(page)
    page.click("#cancel-help")
    page.wait_for_selector("#page.home")


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


def halls(stage: Stage, lang: str) -> None:
    page = stage.page(390, 844, lang)
    page.goto(f"{stage.installation.url}/mirror/{stage.hall.id}")
    shoot(page, f"mirror-{lang}")
    page.goto(f"{stage.installation.url}/halls")
    shoot(page, f"halls-{lang}")


def console(stage: Stage, lang: str) -> None:
    page = stage.console("sunli", "w1", lang=lang)
    page.keyboard.press("F2")
    page.wait_for_selector(".claim.open")
    page.wait_for_selector(".next span")
    shoot(page, f"console-{lang}")


def phone(stage: Stage, lang: str) -> None:
    tickets = stage.services.store.snapshot(stage.hall.id).tickets
    ticket = next(one for one in reversed(tickets.values()) if one["state"] == "waiting")
    page = stage.page(390, 844, lang)
    page.goto(f"{stage.installation.url}/t/{stage.services.secrets.ticket_token(stage.hall.id, ticket['id'])}")
    shoot(page, f"phone-{lang}")
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
    page.click("#book")
    page.wait_for_selector("#code")
    shoot(page, f"booking-done-{lang}")


#: minutes after midnight of the day after tomorrow, service, name
_BOOKED = [
    (540, "social-card", "陈美华"),
    (540, "medical-claim", "刘洋"),
    (555, "senior-card", "周阿妹"),
    (570, "social-card", "吴建国"),
    (600, "unemployment", "Anna Schmidt"),
    (630, "medical-record", "孙丽"),
]


def desk(stage: Stage, lang: str) -> None:
    days = stage.services.slots.days(stage.hall.id, "social")
    day = [one.date for one in days if one.slots][1]
    for n, (minutes, service, name) in enumerate(_BOOKED):
        slot = stage.hall.calendar.ms(day, minutes)
        request = Request((service,), slot, Person(name, f"1380000{1357 + n * 111}"))
        stage.services.appointments.book(Caller(by="resident"), stage.hall.id, request)
    page = stage.console("sunli", None, lang=lang)
    page.goto(f"{stage.installation.url}/console/appointments/?date={day}")
    shoot(page, f"desk-appointments-{lang}")
    page.goto(f"{stage.installation.url}/console/appointments/book?service=social-card&date={day}")
    shoot(page, f"desk-book-{lang}")
    page.goto(f"{stage.installation.url}/console/windows")
    page.click("[data-change=w3]")
    shoot(page, f"desk-windows-{lang}")


def manager(stage: Stage, lang: str) -> None:
    stage.services.office.help(Caller(by="staff:liwei"), stage.hall.id, "w3")
    page = office(stage, lang=lang)
    page.wait_for_selector("#alarms li")
    shoot(page, f"office-live-{lang}")
    page = office(stage, "description?part=services&id=hospital-plan", lang)
    shoot(page, f"office-description-{lang}")
    page = office(stage, "people", lang)
    shoot(page, f"office-people-{lang}")
    past = Stage(stage.installation, stage.browser, recorded_hall(stage.services, 10, 150))
    page = office(past, f"reports/?name=waiting&by=day&from={FIRST}&to={FIRST + timedelta(days=13)}", lang)
    page.wait_for_selector(".chart[data-drawn] canvas")
    shoot(page, f"office-report-{lang}")
    page = office(past, f"planning?day={FIRST}&{'&'.join(['n=3'] * 8)}", lang)
    page.wait_for_selector(".chart[data-drawn] canvas")
    shoot(page, f"office-planning-{lang}")
    planner(past, lang)
    past.close()


def planner(past: Stage, lang: str) -> None:
    """A plan of fewer windows in the afternoon, over many days; and the search."""
    for kind in ("trial", "staffing"):
        page = office(past, f"planning/{kind}", lang)
        for field in page.locator("[name=n]").all()[6:]:
            field.fill("3")
        page.select_option("[name=days]", "100")
        with page.expect_navigation():
            page.click("#ask")
        page.wait_for_selector("main:not(:has(#running)) #answer", timeout=120_000)
        page.wait_for_selector(".chart[data-drawn] canvas")
        shoot(page, f"office-{kind}-{lang}")


def rating(stage: Stage, lang: str) -> None:
    pad = stage.page(1024, 768, lang)
    code = stage.services.access.pairing_code(stage.hall.id, "pad", "pad", "w3")
    pad.goto(f"{stage.installation.url}/pair/{code}")
    pad.click("form button")
    pad.click("[data-level='4']")
    shoot(pad, f"pad-{lang}")


def cases(stage: Stage, lang: str) -> None:
    desk, hall, who = stage.services.cases, stage.hall.id, Caller(by="staff:c3")
    stage.installation.add_staff(stage.hall, "c3", "officer", "林涵燕")
    found = Person(description="灰色大衣，约六十岁")
    bundle = Opening("assisted", "patrol", "homeless", "c3", Wanted((), ("homeless",)), found, "r03")
    case = desk.open(who, hall, bundle)["id"]
    desk.authorise(who, hall, case, "fingerprint")
    desk.paper_in(who, hall, case, "photo")
    for move in ("accept", "take", "submit"):
        desk.move_item(who, hall, case, "1", move)
    desk.move_item(who, hall, case, "3", "accept")
    soon = desk.moves.clock() + 3_600_000
    elder = Opening(
        *("home_visit", "phone", "elder-alone", "c3", Wanted(("senior-card", "long-term-care"))),
        *(Person("王秀英", "13812345678"), "r01"),
        next_at=soon,
        next_step="call",
    )
    desk.open(who, hall, elder)
    page = stage.page(1366, 768, lang)
    page.goto(stage.installation.url + stage.installation.sign_in_path(stage.hall, "c3"))
    page.click("form button")
    page.wait_for_url("**/desk/")
    shoot(page, f"cases-today-{lang}")
    page.goto(f"{stage.installation.url}/desk/cases/{case}")
    shoot(page, f"cases-case-{lang}")
    page.goto(f"{stage.installation.url}/desk/open")
    shoot(page, f"cases-open-{lang}")
    page.goto(f"{stage.installation.url}/desk/cases/{case}/receipt")
    shoot(page, f"cases-receipt-{lang}")
    phone = stage.page(390, 844, lang)
    phone.goto(f"{stage.installation.url}/c/{stage.services.secrets.case_token(hall, case)}")
    shoot(phone, f"cases-follow-{lang}")


PICTURES = (kiosk, display, halls, console, phone, booking, desk, manager, rating, cases)


def main() -> None:
    """All pictures, or those whose names are given."""
    pictures = [one for one in PICTURES if len(sys.argv) == 1 or one.__name__ in sys.argv[1:]]
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as directory, sync_playwright() as playwright:
        installation = Installation(Path(directory) / "data").start()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGS, LOUD])
        try:
            for lang in ("zh", "en"):
                stage = Stage(installation, browser, installation.new_hall(_PAST_MINUTES))
                Life(stage.services, stage.hall.id).morning()
                for picture in pictures:
                    picture(stage, lang)
                stage.close()
        finally:
            browser.close()
            installation.stop()


if __name__ == "__main__":
    main()
