"""A visit that two officers of the example hall take along, whatever the hour of the test."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from playwright.sync_api import Page

from hall.domain.callers import Caller
from hall.domain.people import Person
from hall.services.case_parts import Wanted
from hall.services.cases import Opening
from hall.services.visits import Pair, Plan
from tests.browser.conftest import wait_until
from tests.browser.stage import Stage
from tests.driver import ALWAYS

NAME, STREET = "欧阳秀英", "澳门路660弄12号"
DEVICE = Caller(by="staff:test")


@dataclass
class Door:
    """`page` is the page at the door of an officer of the centre; the store tells what has reached it."""

    stage: Stage
    page: Page
    case: Any
    visit: Any

    @property
    def hall(self) -> str:
        return self.stage.hall.id

    def now(self) -> Any:
        return self.stage.services.cases.kept.visit(self.hall, self.visit["id"])

    def items(self) -> dict[str, str]:
        case = self.stage.services.cases.kept.get(self.hall, self.case["id"])
        return {number: item["state"] for number, item in case["items"].items()}

    def press(self, selector: str) -> None:
        self.page.click(selector)

    def waiting(self, count: int) -> None:
        """Every action is two requests, one after the other."""
        self.page.wait_for_selector(f"html[data-waiting='{count}']", timeout=60_000)

    def until(self, condition: Any, what: str) -> None:
        wait_until(self.page, condition, what)

    def take_along(self) -> None:
        self.press(f"[data-do=take][data-id='{self.visit['id']}']")
        self.press(f"[data-do=open][data-id='{self.visit['id']}']")
        self.page.wait_for_selector("[data-do=arrive]")


def planned(stage: Stage, person: Person | None = None, texts: dict[str, str] | None = None) -> tuple[Any, Any]:
    """(case, visit) of an elder at home, by the first officers of the centre and of a community."""
    hall = stage.services.halls.get(stage.hall.id)
    officers = tuple(replace(one, hours=ALWAYS) for one in hall.officers)
    stage.services.halls.save(replace(hall, officers=officers, hours=ALWAYS, days=()), Caller(by="test"))
    centre, near = (next(one for one in officers if one.of == of) for of in ("centre", "community"))
    opening = Opening(
        kind="home_visit",
        source="phone",
        group="elder-alone",
        owner=centre.id,
        community=near.community,
        wanted=Wanted((), ("elder-home",)),
        person=person or Person(NAME, "+8613987654321"),
        texts=texts or {"address": STREET},
    )
    case = stage.services.cases.open(Caller(by="staff:test"), hall.id, opening)
    now = stage.services.cases.moves.clock()
    starts = now + 60_000
    if hall.calendar.date_of(starts) != hall.calendar.date_of(starts + 1_800_000):
        starts = hall.calendar.ms(hall.calendar.date_of(starts + 1_800_000), 5)
    plan = Plan(Pair(centre.id, near.id), starts, 15)
    return case, stage.services.visits.plan(Caller(by="staff:test"), hall.id, case["id"], plan)


def officer(stage: Stage, width: int = 375, height: int = 812, lang: str = "zh") -> Page:
    """The phone of the first officer of the centre, signed in."""
    hall = stage.services.halls.get(stage.hall.id)
    centre = next(one for one in hall.officers if one.of == "centre")
    stage.installation.add_staff(hall, centre.id, "officer", centre.name)
    page = stage.page(width, height, lang)
    page.goto(stage.installation.url + stage.installation.sign_in_path(hall, centre.id))
    with page.expect_navigation():
        page.click("form button")
    return page


def at_the_door(stage: Stage, width: int = 375, height: int = 812, lang: str = "zh") -> Door:
    case, visit = planned(stage)
    page = officer(stage, width, height, lang)
    page.goto(f"{stage.installation.url}/desk/doorstep/?lang={lang}")
    page.wait_for_selector("html[data-ready]")
    return Door(stage, page, case, visit)
