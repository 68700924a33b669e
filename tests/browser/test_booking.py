"""Residents book on a phone, with and without scripts; staff book for a caller."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page

from hall.domain.people import Person
from tests.browser import appointments
from tests.browser.appointments import NAME, NUMBER, PHONE, booked, every_line, fill, on, press, start
from tests.browser.stage import Stage, axe, measure

LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])
Until = Callable[..., None]


def phone(stage: Stage, lang: str = "zh", scripts: bool = True) -> Page:
    appointments.change(stage, lines=every_line(stage))
    return stage.page(320, 640, lang, java_script_enabled=scripts)


def good(page: Page) -> None:
    """Everybody can read and touch it: nothing for axe, nothing too small, nothing sideways."""
    assert (page.url, axe(page)) == (page.url, [])
    assert (page.url, measure(page, fontAtLeast=16, targetAtLeast=44)) == (page.url, [])


def code(page: Page) -> str:
    return page.inner_text("#code").replace(" ", "")


def test_an_appointment_is_booked_moved_and_cancelled_on_a_phone_without_scripts(stage: Stage) -> None:
    page = phone(stage, scripts=False)
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    start(stage, page)
    first = str(page.locator("a[data-slot]").nth(100).get_attribute("data-slot"))
    press(page, f"a[data-slot='{first}']")
    fill(page, id_number=NUMBER)
    assert [page.locator(f"#{row} dd").first.inner_text() for row in ("name", "phone")] == [NAME, PHONE]
    press(page, "#book")
    page.wait_for_selector(".good:has-text('预约成功')")

    own = page.url.split("?")[0]
    (made,) = on(stage, page_date(stage, first))
    kept = stage.services.appointments.kept.get(stage.hall.id, made["id"])
    assert (made["slot"], made["services"], kept.desk_code) == (int(first), "senior-card", code(page))
    assert own.endswith("/a/" + stage.services.secrets.appointment_token(stage.hall.id, made["id"]))

    press(page, "#move")
    press(page, "a[data-date] >> nth=2")
    other = str(page.locator("a[data-slot]").nth(50).get_attribute("data-slot"))
    press(page, f"a[data-slot='{other}']")
    press(page, "#move")
    page.wait_for_selector(".good:has-text('已改期')")
    assert on(stage, page_date(stage, first)) == []
    assert [one["slot"] for one in on(stage, page_date(stage, other))] == [int(other)]

    press(page, "#services")
    page.wait_for_selector(".checks")
    page.uncheck("[value=senior-card]")
    press(page, "#save")
    page.wait_for_selector(".summary:has-text('至少')")
    page.uncheck("[value=senior-card]")
    page.check("[value=care-subsidy]")
    press(page, "#save")
    page.wait_for_selector(".good:has-text('已修改')")
    (now,) = on(stage, page_date(stage, other))
    assert (now["slot"], now["services"]) == (int(other), "care-subsidy")

    press(page, "#cancel")
    press(page, "#cancel")
    page.wait_for_selector(".gone")
    assert stage.services.appointments.kept.get(stage.hall.id, made["id"]).image["state"] == "cancelled"
    said = re.compile(r"138|小明|%E5%B0%8F|" + NUMBER)
    assert [url for url in addresses if said.search(url)] == []


def page_date(stage: Stage, slot: str) -> str:
    return stage.hall.calendar.date_of(int(slot)).isoformat()


def test_the_code_in_the_picture_is_the_address_of_the_appointment(stage: Stage) -> None:
    page = phone(stage)
    start(stage, page)
    press(page, "a[data-slot] >> nth=0")
    fill(page)
    press(page, "#book")
    page.wait_for_selector("#code")
    path = stage.installation.directory / "qr.png"
    page.locator(".code").screenshot(path=path)
    (read,) = zxingcpp.read_barcodes(Image.open(path))
    assert read.text == page.url.split("?")[0]


@LANGUAGES
def test_everybody_can_use_every_step_of_booking(stage: Stage, lang: str) -> None:
    page = phone(stage, lang)
    page.goto(f"{stage.installation.url}/")
    good(page)
    page.goto(f"{stage.installation.url}/book")
    good(page)
    page.goto(f"{stage.installation.url}/book/{stage.hall.id}?q=yb")
    good(page)
    page.fill("#q", "nothing like it")
    page.press("#q", "Enter")
    page.wait_for_url("**q=nothing**")
    good(page)
    press(page, "[data-service=medical-claim]")
    good(page)
    press(page, "a.link")  # another service of the same line
    good(page)
    press(page, "[data-service=medical-record] >> nth=0")
    press(page, "#on")
    good(page)
    press(page, "a[data-date] >> nth=1")
    good(page)
    press(page, "a[data-slot] >> nth=100")
    good(page)
    fill(page, "", "", "31010719600101002")
    page.wait_for_selector(".summary")
    good(page)
    fill(page)
    page.wait_for_selector("#book")
    good(page)
    press(page, "#book")
    page.wait_for_selector("#code")
    good(page)
    press(page, "#services")
    page.wait_for_selector(".checks")
    good(page)
    page.screenshot(path=stage.installation.directory / f"services-{lang}.png")
    press(page, ".back a")
    press(page, "#move")
    good(page)
    press(page, "a[data-date] >> nth=1")
    good(page)
    press(page, "a[data-slot] >> nth=100")
    good(page)
    press(page, "#move")
    page.wait_for_selector(".good")
    good(page)
    press(page, "#cancel")
    good(page)
    press(page, "#cancel")
    page.wait_for_selector(".gone")
    good(page)


def test_an_error_stands_at_its_field_and_what_was_typed_stays(stage: Stage) -> None:
    page = phone(stage, "en")
    start(stage, page)
    press(page, "a[data-slot] >> nth=0")
    fill(page, "", "1381234", NUMBER[:-2] + "00")
    page.wait_for_selector(".summary")
    assert page.title().startswith("Error: ")
    faults = [one.removeprefix("Error: ") for one in page.locator(".fault").all_text_contents()]
    assert faults == page.locator(".summary a").all_inner_texts()
    assert "138 1234 5678" in faults[1]
    assert "swapped" in faults[2]
    for field in ("name", "phone", "id_number"):
        described = str(page.locator(f"#{field}").get_attribute("aria-describedby")).split()
        assert str(page.locator(f"#{described[1]}").text_content()).removeprefix("Error: ") in faults
    assert page.input_value("#phone") == "1381234"
    page.click(".summary a >> nth=1")
    assert page.evaluate("document.activeElement.id") == "phone"
    fill(page)
    page.wait_for_selector("#book")
    page.go_back()
    assert (page.input_value("#name"), page.input_value("#phone")) == (NAME, PHONE)
    press(page, "#on")
    page.wait_for_selector("#book")


def test_who_sits_down_after_somebody_sees_nothing_of_them(stage: Stage) -> None:
    page = phone(stage)
    start(stage, page)
    press(page, "a[data-slot] >> nth=0")
    fill(page)
    page.wait_for_selector("#book")
    address = page.url
    start(stage, page)
    press(page, "a[data-slot] >> nth=0")
    assert page.input_value("#name") == ""
    page.goto(address)
    assert page.locator("#book").count() == 0


def test_a_time_that_somebody_else_took_is_said_among_the_times(stage: Stage) -> None:
    page = phone(stage)
    start(stage, page)
    slot = str(page.locator("a[data-slot]").nth(100).get_attribute("data-slot"))
    press(page, f"a[data-slot='{slot}']")
    fill(page)
    page.wait_for_selector("#book")
    for n in range(2):
        booked(stage, int(slot), Person(f"李{n}", f"1390000000{n}"), "senior-card")
    press(page, "#book")
    page.wait_for_selector(".summary:has-text('已约满'), .summary:has-text('约满')")
    assert page.locator(f"a[data-slot='{slot}']").count() == 0
    good(page)
    press(page, "a[data-slot] >> nth=101")
    assert page.input_value("#name") == NAME
    press(page, "#on")
    press(page, "#book")
    page.wait_for_selector(".good")


def test_pressing_twice_books_once(stage: Stage, until: Until) -> None:
    page = phone(stage)
    start(stage, page)
    slot = str(page.locator("a[data-slot]").nth(100).get_attribute("data-slot"))
    press(page, f"a[data-slot='{slot}']")
    fill(page)
    page.wait_for_selector("#book")
    twice = """async () => {
      const form = document.querySelector("#book").form;
      const ask = () => fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      return (await Promise.all([ask(), ask()])).map((answer) => answer.url);
    }"""
    one, other = page.evaluate(twice)
    assert one == other
    assert "/a/" in one
    press(page, "#book")
    page.wait_for_selector("#code")
    assert page.url == one
    assert len(on(stage, page_date(stage, slot))) == 1


def test_the_limit_of_a_day_is_said_before_anything_is_lost(stage: Stage) -> None:
    page = phone(stage)
    day = stage.hall.calendar
    tomorrow = date.fromordinal(day.date_of(appointments_now(stage)).toordinal() + 1)
    for n in range(stage.hall.booking.per_person_per_day):
        booked(stage, day.ms(tomorrow, 600 + n * 5), Person(NAME, PHONE))
    page.goto(f"{stage.installation.url}/book/{stage.hall.id}/time?service=senior-card&date={tomorrow}")
    press(page, "a[data-slot] >> nth=0")
    fill(page)
    press(page, "#book")
    page.wait_for_selector(".summary")
    assert "2" in page.inner_text(".summary")
    assert page.locator("#book").count() == 1
    good(page)


def appointments_now(stage: Stage) -> int:
    return int(stage.services.appointments.moves.clock())


@LANGUAGES
def test_a_hall_that_cannot_be_booked_says_so(stage: Stage, lang: str) -> None:
    appointments.change(stage, lines=every_line(stage, None))
    page = stage.page(320, 640, lang)
    page.goto(f"{stage.installation.url}/book/{stage.hall.id}")
    assert page.locator("[data-service]").count() == 0
    assert page.inner_text("h1") == {"zh": "本大厅不需要预约", "en": "This hall takes no appointments"}[lang]
    good(page)


# At the desk ---------------------------------------------------------------------------------


def desk(stage: Stage, lang: str = "zh") -> Page:
    appointments.change(stage, lines=every_line(stage))
    page = stage.console(lang=lang)
    page.click(".pages a >> nth=0")
    page.wait_for_selector("#q")
    return page


def test_staff_book_for_a_caller_move_and_cancel(stage: Stage) -> None:
    page = desk(stage)
    press(page, "#book")
    for field, choice in (("#service", {"value": "social-card"}), ("#date", {"index": 1})):
        with page.expect_navigation():  # by its script
            page.select_option(field, **choice)
    assert "date=" in page.url
    page.fill("#name", NAME)
    page.click("#do")
    page.wait_for_selector("#phone[aria-invalid]:focus")
    assert page.input_value("#name") == NAME
    page.fill("#phone", PHONE)
    page.click(".slot:has-text('10:05')")
    page.click("#do")
    page.wait_for_selector("#code")
    shown = page.inner_text("main")
    assert NAME not in shown
    assert "王**" in shown
    assert re.fullmatch(r"\d{4} \d{4}", page.inner_text("#code"))
    page.click(".slot:has-text('11:10')")
    page.click("#move")
    page.wait_for_selector("h1:has-text('11:10')")
    page.click("summary")
    page.click("#cancel")
    page.wait_for_selector("dd:has-text('已取消')")
    by = [e.by for e in stage.services.store.journal.after(stage.hall.id, "0-0") if "book" in e.kind]
    assert by == ["staff:ann"] * 3


@pytest.mark.parametrize("wanted", ["code", "5678", "王小"])
def test_who_stands_at_the_desk_is_found_and_checked_in(stage: Stage, wanted: str) -> None:
    page = desk(stage)
    soon = appointments_now(stage) // (5 * appointments.MINUTE) * 5 * appointments.MINUTE + 10 * appointments.MINUTE
    kept = booked(stage, soon, Person(NAME, PHONE))
    booked(stage, soon, Person("李四", "13900000000"))
    page.goto(f"{stage.installation.url}/console/appointments/?date={stage.hall.calendar.date_of(soon)}")
    assert page.locator("tbody tr").count() == 2
    page.wait_for_selector("#q:focus")
    page.keyboard.type(kept.desk_code if wanted == "code" else wanted)
    page.keyboard.press("Enter")
    page.wait_for_selector("text=显示全部")
    assert page.locator("tbody tr").count() == 1
    assert wanted not in page.url
    if page.locator("[data-check-in]").count():  # not in the last minutes before midnight
        page.click("[data-check-in]")
        page.wait_for_selector("[role=status]:has-text('已签到')")
        state = stage.services.appointments.kept.get(stage.hall.id, kept.image["id"]).image
        assert (state["state"], state["number"]) == ("arrived", page.inner_text("tr[data-state=arrived] b"))


def test_who_comes_too_early_is_told_at_the_desk(stage: Stage) -> None:
    page = desk(stage)
    day = stage.hall.calendar.date_of(appointments_now(stage))
    late = stage.hall.calendar.ms(day, 23 * 60 + 55)
    if late - appointments_now(stage) > 61 * appointments.MINUTE:  # else nobody is too early any more today
        booked(stage, late, Person(NAME, PHONE))
        page.reload()
        page.click("[data-check-in]")
        page.wait_for_selector("[role=alert]:has-text('太早')")


def test_a_file_of_the_portal_is_imported_with_a_report(stage: Stage) -> None:
    page = desk(stage)
    tomorrow = date.fromordinal(stage.hall.calendar.date_of(appointments_now(stage)).toordinal() + 1)
    rows = ["预约编号,办理事项,预约时间,姓名,手机号"]
    rows += [f"P1,social-card,{tomorrow} 09:15,张三,13800000001", f"P2,no-such,{tomorrow} 09:20,李四,13800000002"]
    page.goto(f"{stage.installation.url}/console/appointments/import")
    file = stage.installation.directory.parent / "rows.csv"
    file.write_bytes("\n".join(rows).encode("gb18030"))
    page.set_input_files("#file", file)
    page.click("#import button")
    page.wait_for_selector("#report tr[data-result=refused]")
    assert page.locator("#report tr[data-result=accepted]").count() == 1
    assert "张三" not in page.inner_text("#report")
    assert [one["slot"] for one in on(stage, tomorrow.isoformat())] == [stage.hall.calendar.ms(tomorrow, 555)]
    assert axe(page) == []


@LANGUAGES
def test_everybody_can_use_the_desk(stage: Stage, lang: str) -> None:
    limits = {"fontAtLeast": 14, "targetAtLeast": 40}
    page = desk(stage, lang)
    soon = appointments_now(stage) // (5 * appointments.MINUTE) * 5 * appointments.MINUTE + 10 * appointments.MINUTE
    kept = booked(stage, soon, Person(NAME, PHONE))
    token = stage.services.secrets.appointment_token(stage.hall.id, kept.image["id"])
    base = f"{stage.installation.url}/console/appointments/"
    day = stage.hall.calendar.date_of(soon)
    for path in (
        "",
        f"?date={day}",
        f"?date={day}&refused=TOO_EARLY",
        "book",
        "book?service=social-card",
        "book?service=social-card&again=1&refused=SLOT_FULL",
        token,
        f"{token}?done=moved",
        "import",
    ):
        page.goto(base + path)
        assert (path, axe(page)) == (path, [])
        assert (path, measure(page, **limits)) == (path, [])
