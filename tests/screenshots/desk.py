"""The desk: appointments, windows, cases, home visits."""

from __future__ import annotations

from hall.domain.callers import Caller
from hall.domain.people import Person
from hall.services.appointments import Request
from hall.services.case_parts import Wanted
from hall.services.cases import Opening
from tests.browser.doorstep import Door, officer, planned
from tests.browser.stage import Stage
from tests.office import office
from tests.screenshots.shoot import shoot

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
    page.goto(f"{stage.installation.url}/console/appointments/?date={day}")
    with page.expect_navigation():
        page.click("tbody a >> nth=0")
    shoot(page, f"desk-appointment-{lang}")
    page.goto(f"{stage.installation.url}/console/appointments/import")
    shoot(page, f"desk-import-{lang}")
    page.goto(f"{stage.installation.url}/console/windows")
    page.click("[data-change=w3]")
    shoot(page, f"desk-windows-{lang}")


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
    for path, name in (
        *((f"cases/{case}", "case"), ("cases", "list"), ("officers", "officers"), ("results?by=item", "results")),
        ("open", "open"),
    ):
        page.goto(f"{stage.installation.url}/desk/{path}")
        shoot(page, f"cases-{name}-{lang}")
    page.check("[name=group][value=elder-alone]")
    page.check("[name=items][value=senior-card]")
    page.click("form.opening .button")
    for box in page.locator("[name=checks][value^='elder-alone/']").all():
        box.check()
    page.click("form.opening .button")
    page.wait_for_selector("#open-it")
    shoot(page, f"cases-assign-{lang}")
    page.goto(f"{stage.installation.url}/desk/cases/{case}/receipt")
    shoot(page, f"cases-receipt-{lang}")
    for path, name in (("overview?by=month", "overview"), ("card", "card")):
        shoot(office(stage, f"../desk/{path}", lang, "manager"), f"cases-{name}-{lang}")
    phone = stage.page(390, 844, lang)
    phone.goto(f"{stage.installation.url}/c/{stage.services.secrets.case_token(hall, case)}")
    shoot(phone, f"cases-follow-{lang}")


def number_to_case(stage: Stage, lang: str) -> None:
    """A clerk makes the number at the window a case."""
    page = stage.console("zhouqi", "w7", lang=lang)
    page.click("[data-action=call_next]")
    with page.expect_navigation():
        page.click("#make-case")
    page.check("[name=group][value=elder-alone]")
    page.check("[name=items][value=social-card]")
    for box in page.locator("[name=checks][value^='elder-alone/']").all():
        box.check()
    with page.expect_navigation():
        page.click("form.opening .button")
    page.check("[name=owner] >> nth=0")
    with page.expect_navigation():
        page.click("#open-it")
    shoot(page, f"cases-opened-{lang}")


def visits(stage: Stage, lang: str) -> None:
    """A visit of two, as the desk plans it and as they see it at the door."""
    before = stage.services.halls.get(stage.hall.id)
    case, visit = planned(stage)
    # It is planned at any hour; the week is an officer's own.
    stage.services.halls.save(before, Caller(by="test"))
    page = officer(stage, 1366, 768, lang)
    for path, name in (
        *(("visits", "list"), (f"visits/plan?visit={visit['id']}", "week"), ("rounds", "rounds")),
        ("conflicts", "conflicts"),
    ):
        page.goto(f"{stage.installation.url}/desk/{path}")
        shoot(page, f"visits-{name}-{lang}")
    phone = officer(stage, 375, 812, lang)
    phone.goto(f"{stage.installation.url}/desk/doorstep/?lang={lang}")
    phone.wait_for_selector("html[data-ready]")
    door = Door(stage, phone, case, visit)
    shoot(phone, f"doorstep-round-{lang}")
    door.take_along()
    door.press("[data-do=arrive]")
    phone.wait_for_selector("#leave")
    shoot(phone, f"doorstep-visit-{lang}")
