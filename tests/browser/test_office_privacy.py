"""The pages of personal data and of the audit: fit, read well, and work as somebody uses them."""

from __future__ import annotations

import pytest

from hall.archive.archive import Archive
from hall.archive.chain import key_of
from hall.domain.callers import Caller
from hall.domain.people import Person
from tests.booking import id_number
from tests.browser.stage import Stage, axe, measure
from tests.office import office
from workers.archiver import Archiver

NUMBER = id_number("19430607")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_somebody_is_found_shown_and_erased(stage: Stage, lang: str) -> None:
    people, hall = stage.services.people, stage.hall.id
    person = people.keep(Caller(by="staff:ann"), hall, Person("欧阳秀英", "+8613987654321", NUMBER))
    page = office(stage, "privacy", lang)
    page.fill("[name=number]", NUMBER)
    with page.expect_navigation():
        page.click("#find button")
    assert NUMBER not in page.content()
    assert axe(page) == []
    assert measure(page) == []
    with page.expect_navigation():
        page.click("[data-person] button >> nth=0")
    assert NUMBER in page.inner_text(f"[data-person='{person}']")
    assert axe(page) == []
    assert measure(page) == []
    page.check("[name=sure]")
    with page.expect_navigation():
        page.click(".danger button")
    assert page.query_selector("[role=status].info")
    assert people.find(hall, id_number=NUMBER) == {}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_auditor_reads_the_day(busy: Stage, lang: str) -> None:
    settings = busy.services.settings
    archiver = Archiver(busy.services, Archive(settings.archive, key_of(settings.secret_key), migrate=True))
    while archiver.copy(busy.hall.id):
        continue
    page = office(busy, "audit?verify=1", lang, role="auditor")
    assert page.query_selector("[role=status].info")
    assert len(page.query_selector_all("[data-entry]")) > 3
    assert axe(page) == []
    assert measure(page) == []
