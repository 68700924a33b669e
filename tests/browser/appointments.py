"""A hall that can be booked at any hour, for tests in the browser: they run on the real clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import date as day
from typing import Any

from playwright.sync_api import Page

from hall.domain.appointments import Offer
from hall.domain.calendar import Week
from hall.domain.callers import Caller
from hall.domain.people import Person
from hall.services.appointments import Request
from hall.services.moves import wall_clock
from tests.booking import id_number
from tests.browser.stage import Stage

MINUTE = 60_000
EVERY_HOUR = Offer(Week(*[("00:00-24:00",)] * 7), slot_minutes=5, capacity=2, earliest=7, latest=0, release=(0, 0))
NAME, PHONE, NUMBER = "王小明", "138 1234 5678", id_number()


def every_line(stage: Stage, offer: Offer | None = EVERY_HOUR) -> Any:
    """The hall's lines, all with the same appointments."""
    return tuple(replace(line, appointments=offer) for line in stage.hall.lines)


def describe(stage: Stage, **fields: Any) -> None:
    """Another description of the hall, which pages know a moment later."""
    stage.hall = replace(stage.hall, **fields)
    # Long ago by the hall's clock, so that a test can still give it a past.
    stage.services.halls.save(stage.hall, Caller(by="test", now=wall_clock() - 80 * MINUTE))


def change(stage: Stage, **fields: Any) -> None:
    """Another description of the hall; comes back when the pages know it."""
    describe(stage, **fields)
    version = stage.services.halls.current(stage.hall.id).version
    kiosk = stage.kiosk()
    for _ in range(300):
        if kiosk.request.get(f"{stage.installation.url}/kiosk/state").json()["version"] >= version:
            return kiosk.context.close()
        kiosk.wait_for_timeout(50)
    raise AssertionError("the web process does not know the changed hall")


def booked(stage: Stage, slot: int, person: Person, service: str = "social-card", now: int | None = None) -> Any:
    """An appointment that was made elsewhere; its image and codes."""
    request = Request((service,), slot, person)
    return stage.services.appointments.book(Caller(by="resident", now=now), stage.hall.id, request)


def press(page: Page, selector: str) -> None:
    """A button or link that leads to another page."""
    with page.expect_navigation():
        page.click(selector)


def start(stage: Stage, page: Page, service: str = "senior-card") -> None:
    """Up to the times of the first day with a place."""
    page.goto(f"{stage.installation.url}/book/{stage.hall.id}")
    for selector in (f"[data-service={service}] >> nth=0", "#on", "a[data-date] >> nth=1"):
        press(page, selector)


def fill(page: Page, name: str = NAME, phone: str = PHONE, id_number: str = "") -> None:
    page.fill("#name", name)
    page.fill("#phone", phone)
    page.fill("#id_number", id_number)
    press(page, "#on")


def on(stage: Stage, date: str) -> list[dict[str, Any]]:
    """Everything that is booked for a date."""
    return [one.image for one in stage.services.appointments.on_date(stage.hall.id, day.fromisoformat(date))]
