"""The case desk in a browser: from a patrol to the receipt without a paper of the person, read well in both languages;
and nothing of what was typed can be read in any file of the installation."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from hall.domain.callers import Caller
from hall.domain.people import Person
from hall.services.case_parts import Wanted
from hall.services.cases import Opening
from hall.services.tickets import Wish
from tests.browser.appointments import press
from tests.browser.stage import Stage, axe, measure
from tests.office import office
from tests.services.people import OLD

LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])
DESK = Caller(by="staff:c3")
NAME, PHONE, PLACE, NOTE = "欧阳秀英", "13987654321", "澳门路北桥下第三个桥洞", "对花生过敏的老伯"


def officer(stage: Stage, lang: str = "zh", width: int = 1366) -> Page:
    """The first page of officer c3 of the example hall."""
    stage.installation.add_staff(stage.hall, "c3", "officer", "林涵燕")
    page = stage.page(width, 768, lang)
    page.goto(stage.installation.url + stage.installation.sign_in_path(stage.hall, "c3"))
    page.click("form button")
    page.wait_for_url("**/desk/")
    return page


def patrol(stage: Stage, **more: object) -> str:
    """A case of a homeless person, by its id."""
    asked = Opening("assisted", "patrol", "homeless", "c3", Wanted((), ("homeless",)), community="r03")
    return str(stage.services.cases.open(DESK, stage.hall.id, asked)["id"])


def test_a_case_goes_from_a_patrol_to_its_receipt_without_a_paper_and_is_followed(
    stage: Stage, until: Callable[..., None]
) -> None:
    page = officer(stage)
    press(page, ".head a.button")
    page.check("[name=group][value=homeless]")
    page.check("[name=checks][value='homeless/0']")
    page.check("[name=bundles][value=homeless]")
    page.fill("[name=found]", PLACE)
    page.fill("[name=description]", NOTE)
    page.select_option("[name=community]", "r03")
    press(page, "form.opening .button")
    assert page.locator(".suggested .check").count() == len(stage.hall.officers)
    assert page.is_checked("[name=owner] >> nth=0"), "somebody is proposed"
    page.check("[name=owner][value=c3]")
    press(page, "#open-it")
    assert page.locator(".item[data-state=opened]").count() == 5
    assert PLACE not in page.content()

    page.click("#do-authorise summary")
    page.select_option("#do-authorise [name=how]", "fingerprint")
    page.fill("#do-authorise [name=note]", f"{NAME}，{PHONE}")
    press(page, "#do-authorise .button")
    page.select_option("[name=paper]", "photo")
    press(page, "form.grid:has([name=original]) .button")
    for n in range(1, 6):
        for move in ("accept", "take", "submit", "decide", "deliver"):
            press(page, f"[data-item='{n}'] form:has([value={move}]) button.small >> nth=0")
    assert page.locator(".item[data-state=delivered]").count() == 5

    press(page, ".head a.button")
    assert page.locator("article tbody tr").count() == 1
    page.emulate_media(media="print")
    assert not page.is_visible("header.top")
    assert page.pdf()[:5] == b"%PDF-"
    page.emulate_media(media="screen")
    press(page, "a.button.quiet")
    press(page, "[data-paper='1'] button")
    address = page.get_attribute("#tracking", "href")
    page.click("#do-close summary")
    press(page, "#do-close .button")

    bare = stage.page(390, 844, java_script_enabled=False)
    bare.goto(str(address))
    assert bare.locator(".matters [data-state=delivered]").count() == 5
    story = [one["kind"] for one in stage.services.cases.kept.story(stage.hall.id, "0000000001")]
    assert (story[0], story[-1], story.count("case_item_moved")) == ("case_opened", "case_closed", 25)
    nothing_to_read(stage, page, until)


def nothing_to_read(stage: Stage, page: Page, until: Callable[..., None]) -> None:
    """Store, journal, archive and logs of the whole installation, as they lie on the disk."""
    directory = stage.installation.directory
    log = directory.parent / f"{directory.name}.log"
    until(page, lambda: archived(directory / "archive.sqlite", stage.hall.id), "the case's end is in the archive")
    files = [path for path in directory.rglob("*") if path.is_file()] + [log]
    whole = {path: path.read_bytes() for path in files}
    assert any(b"case_authorised" in text for text in whole.values()), "the search looks where things are kept"
    for secret in (NAME, "秀英", PHONE, PLACE, NOTE):
        shapes = (secret.encode(), secret.encode("unicode_escape"), secret.encode("utf-16-le"))
        assert [path for path, text in whole.items() for shape in shapes if shape in text] == [], secret


def archived(path: Path, hall: str) -> bool:
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as sql:
        rows = sql.execute("select body from entries where hall = ?", (hall,))
        return any("case_closed" in str(row) for row in rows)


@LANGUAGES
def test_every_page_of_the_desk_reads_well(stage: Stage, lang: str) -> None:
    desk, hall = stage.services.cases, stage.hall.id
    case, now = patrol(stage), desk.moves.clock()
    for number in ("1", "2", "3"):
        desk.move_item(DESK, hall, case, number, "accept")
    desk.move_item(DESK, hall, case, "4", "withdraw", reason="why")
    desk.paper_in(DESK, hall, case, "photo")
    elder = Opening("home_visit", "phone", "elder-alone", "c3", Wanted(("senior-card",)), Person(NAME, PHONE, OLD))
    other = desk.open(DESK, hall, elder)["id"]
    desk.next_step(DESK, hall, other, now + 60_000, "ask_papers")
    stage.services.visits.away(DESK, hall, "c5", now, now + 86_400_000)
    page = officer(stage, lang)
    paths = (
        *("", "?all=1", "cases", f"cases/{case}", f"cases/{case}/receipt", "open", "open?kind=home_visit"),
        *("officers", "results?by=item"),
    )
    for path in paths:
        page.goto(f"{stage.installation.url}/desk/{path}")
        assert axe(page) == [], path
        assert measure(page) == [], path
    page.goto(f"{stage.installation.url}/desk/cases/{case}")
    for part in page.locator(".acts-of-case summary").all():
        part.click()
    page.evaluate("window.scrollTo(0, 0)")
    assert axe(page) == []
    assert measure(page) == []
    page.goto(f"{stage.installation.url}/desk/open")
    page.check("[name=group][value=elder-alone]")
    page.check("[name=items][value=social-card]")
    press(page, "form.opening .button")
    assert page.is_visible("#instead")
    assert axe(page) == []
    for box in page.locator("[name=checks][value^='elder-alone/']").all():
        box.check()
    press(page, "form.opening .button")
    assert page.is_visible("#open-it")
    assert axe(page) == []
    assert measure(page) == []
    token = stage.services.secrets.case_token(hall, case)
    phone = stage.page(390, 844, lang)
    phone.goto(f"{stage.installation.url}/c/{token}")
    assert axe(phone) == []
    assert measure(phone, fontAtLeast=16, targetAtLeast=44, gapAtLeast=8) == []


@LANGUAGES
def test_what_managers_and_clerks_see_of_the_desk_reads_well(stage: Stage, lang: str) -> None:
    patrol(stage)
    page = office(stage, lang=lang, role="manager")
    for path in ("overview?by=month", "card"):
        page.goto(f"{stage.installation.url}/desk/{path}")
        assert axe(page) == []
        assert measure(page) == []


def test_a_clerk_makes_the_number_at_the_window_a_case_and_sees_that_there_is_one(stage: Stage) -> None:
    wish = Wish(services=("social-card",), id_number=OLD)
    number = stage.services.tickets.issue(Caller(by="device:kiosk"), stage.hall.id, wish).ticket["number"]
    stage.services.people.keep(DESK, stage.hall.id, Person(NAME, id_number=OLD))
    page = stage.console()
    page.click("[data-action=call_next]")
    page.wait_for_selector(f"#number:has-text('{number}')")
    page.wait_for_selector("#make-case")
    press(page, "#make-case")
    assert page.is_checked("[name=items][value=social-card]")
    page.check("[name=group][value=elder-alone]")
    for box in page.locator("[name=checks][value^='elder-alone/']").all():
        box.check()
    press(page, "form.opening .button")
    page.click(".suggested + details summary")
    page.check("[name=owner][value=c3]")
    press(page, "#open-it")
    press(page, "main .button")
    page.wait_for_selector("#open-cases:has-text('林涵燕')")
    (case,) = stage.services.cases.kept.open(stage.hall.id)
    assert (case["source"], case["owner"]) == ("hall_ticket", "c3")
