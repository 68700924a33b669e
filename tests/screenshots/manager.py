"""The office: the hall now, reports, planning, what is guarded."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bench.year import FIRST
from hall.domain.callers import Caller
from hall.domain.people import Person
from hall.domain.webhooks import Webhook
from tests.booking import id_number
from tests.browser.stage import Stage
from tests.machines import owes_paper, screens
from tests.office import office
from tests.recorded import recorded_hall
from tests.screenshots.shoot import shoot


def manager(stage: Stage, lang: str) -> None:
    stage.services.office.help(Caller(by="staff:liwei"), stage.hall.id, "w3")
    owes_paper(stage)
    screens(stage)
    page = office(stage, lang=lang)
    page.wait_for_selector("#alarms li")
    page.wait_for_selector("#machines .was-stale")
    shoot(page, f"office-live-{lang}")
    page = office(stage, "description?part=services&id=hospital-plan", lang)
    shoot(page, f"office-description-{lang}")
    page = office(stage, "description/import", lang)
    shoot(page, f"office-import-{lang}")
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
    page = office(past, f"reports/month?month={FIRST:%Y-%m}", lang)
    shoot(page, f"office-month-{lang}")
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
    served = stage.services.calls.finish(Caller(by="program:test"), stage.hall.id, "w4")
    token = stage.services.secrets.ticket_token(stage.hall.id, served["id"])
    stage.services.ratings.by_token(Caller(by="resident"), token, 2, ["speed"])
    page = office(stage, "ratings", lang)
    page.reload()
    shoot(page, f"office-ratings-{lang}")


def guarded(stage: Stage, lang: str) -> None:
    """Personal data, the audit, other programs."""
    person = Person("欧阳秀英", "+8613987654321", id_number("19430607"))
    stage.services.people.keep(Caller(by="staff:ann"), stage.hall.id, person)
    page = office(stage, "privacy", lang)
    page.fill("[name=number]", id_number("19430607"))
    with page.expect_navigation():
        page.click("#find button")
    shoot(page, f"office-privacy-{lang}")
    page = office(stage, "audit", lang, role="auditor")
    shoot(page, f"office-audit-{lang}")
    told = Webhook("city", "https://city.example.org/sanban", ("ticket.issued", "ticket.called", "case.opened"))
    stage.services.halls.save(replace(stage.services.halls.get(stage.hall.id), webhooks=(told,)), Caller(by="test"))
    page = office(stage, "webhooks?id=city", lang)
    page.wait_for_selector("#webhook")
    shoot(page, f"office-webhooks-{lang}")
