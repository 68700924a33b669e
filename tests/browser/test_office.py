"""A manager's day: the hall at a glance and what is changed there, by keyboard too."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser

from bench.year import FIRST
from hall.domain.callers import Caller
from hall.domain.halls import Hall
from tests.browser.installation import Installation
from tests.browser.stage import Stage, axe, measure
from tests.machines import owes_paper, screens
from tests.office import office
from tests.recorded import recorded_hall

LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])
BOSS = Caller(by="staff:boss")


@LANGUAGES
def test_the_hall_at_a_glance_fits_and_reads_well(busy: Stage, lang: str) -> None:
    busy.services.office.help(BOSS, busy.hall.id, "w3")
    owes_paper(busy)
    screens(busy)
    page = office(busy, lang=lang)
    page.wait_for_selector("[data-line=social] .age")
    page.wait_for_selector("#machines .unprinted-now:has-text('1 ')")
    assert page.locator("#machines .dropped a").all_inner_texts() == ["A002", "A001"]
    page.wait_for_selector("#machines .trouble:has-text('东墙')")
    page.wait_for_selector("#machines .fine:has-text('入口上方') .was-stale")
    assert axe(page) == []
    assert measure(page, noScrollDown=True) == []
    page.click("[data-line=social] button")
    page.click("[data-do=pause]")
    page.wait_for_selector("dialog [name=reason]")
    assert axe(page) == []


def test_a_manager_watches_a_window_go_idle_and_stops_a_line_and_opens_it_again(stage: Stage) -> None:
    page = office(stage, lang="en")
    stage.services.windows.open(Caller(by="staff:ann", clerk="ann"), stage.hall.id, "w2")
    page.wait_for_selector("[data-window=w2] .state.open")
    number = stage.issue("social-card")
    page.wait_for_selector("[data-window=w2] .state.idle")
    assert stage.call_next("w2") == number
    page.wait_for_selector(f"[data-window=w2] .number:has-text('{number}')")

    page.focus("[data-line=social] button")  # by keyboard alone
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-do=pause]:focus")
    page.keyboard.press("Enter")
    page.wait_for_selector("[name=zh]:focus")
    page.keyboard.type("制卡机故障")
    page.keyboard.press("Tab")
    page.keyboard.type("Card printer broken")
    page.keyboard.press("Tab")
    page.keyboard.type("waiting for repair")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-line=social]:has-text('Card printer broken')")
    kiosk = stage.kiosk_list()
    kiosk.click("[data-line=social]")
    kiosk.wait_for_selector("#page.refused:has-text('制卡机故障')")
    entry = [e for e in stage.services.store.journal.after(stage.hall.id, "0-0") if e.kind == "configured"][-1]
    assert (entry.by, entry.facts["reason"]) == ("staff:boss-admin", "waiting for repair")

    console = stage.console("sun", "w4")  # reception may go beyond, with a reason
    console.click("#give")
    console.click("#form .button")
    console.fill("#beyond:not([hidden]) [name=reason]", "腿脚不便，材料已备齐")
    console.keyboard.press("Enter")
    console.wait_for_selector("#message.info:has-text('已取号')")
    given = console.inner_text(".picked h2").split()[0]
    entry = [e for e in stage.services.store.journal.after(stage.hall.id, "0-0") if e.kind == "issued"][-1]
    assert entry.ticket and entry.ticket["number"] == given
    assert (entry.by, entry.facts["override"]) == ("staff:sun", "腿脚不便，材料已备齐")

    page.click("[data-line=social] button")
    page.click("[data-do=resume]")
    page.fill("[name=reason]", "repaired")
    page.click("dialog form .button >> nth=0")
    page.wait_for_selector("[data-line=social]:not(:has-text('Card printer broken'))")
    assert stage.issue("social-card")


def test_a_window_is_opened_for_somebody_and_closed_with_a_reason(stage: Stage) -> None:
    stage.installation.add_staff(stage.hall, "liu", "clerk")
    page = office(stage)
    page.click("[data-window=w2] button")
    page.click("[data-do=open]")
    page.select_option("dialog [name=clerk]", "liu")
    page.fill("dialog [name=reason]", "键盘坏了")
    assert axe(page) == []
    page.click("dialog form .button >> nth=0")
    page.wait_for_selector("[data-window=w2]:has-text('liu') .state.open")
    page.click("[data-window=w2] button")
    page.click("dialog [data-do=close]")
    page.fill("dialog [name=reason]", "停电")
    page.click("dialog form .button >> nth=0")
    page.wait_for_selector("[data-window=w2] .state.closed")
    entry = [e for e in stage.services.store.journal.after(stage.hall.id, "0-0") if e.kind == "window_closed"][-1]
    assert (entry.by, entry.facts["reason"]) == ("staff:boss-admin", "停电")


def test_what_is_refused_is_said_in_the_dialog(stage: Stage) -> None:
    page = office(stage)
    page.click("[data-do=close]")
    page.fill("[name=zh]", "停电")
    page.fill("[name=reason]", "\u202e")
    page.click("dialog form .button >> nth=0")
    page.wait_for_selector("dialog .error:visible")
    page.fill("[name=reason]", "停电")
    page.click("dialog form .button >> nth=0")
    page.wait_for_selector("#hall .late:has-text('停电')")


def test_a_call_for_help_is_answered(stage: Stage) -> None:
    page = office(stage)
    stage.services.office.help(BOSS, stage.hall.id, "w3")
    page.click("[data-note='help/w3'] button")
    page.wait_for_selector("[data-note='help/w3']", state="detached")
    page.wait_for_selector("[data-note='answer/w3']")
    assert list(stage.services.office.notes(stage.hall.id)) == ["answer/w3"]


@LANGUAGES
def test_a_message_reaches_the_console_of_its_window_alone(stage: Stage, lang: str) -> None:
    here, there = stage.console("ann", "w2", lang=lang), stage.console("bob", "w3", lang=lang)
    sent: list[str] = []
    there.on("response", lambda answer: sent.append(answer.url))
    page = office(stage, lang=lang)
    page.click("[data-window=w2] button")
    page.click("[data-do=message]")
    page.fill("[name=text]", "请到前台 to the desk")
    page.click("dialog form .button >> nth=0")
    here.wait_for_selector("[data-told=message]:has-text('请到前台 to the desk')")
    page.wait_for_selector("[data-note='message/w2']")
    assert axe(here) == []
    assert measure(here, noScrollDown=True) == []
    # The other console heard of everything up to here and has not a word of it.
    number = stage.issue()
    there.wait_for_selector(f"[data-number='{number}']")
    assert "请到前台" not in there.content()
    assert not [url for url in sent if url.endswith("/told")]
    here.focus("[data-told=message] button")
    here.keyboard.press("Enter")
    here.wait_for_selector("#office", state="hidden")
    page.wait_for_selector("[data-note='message/w2']", state="detached")


def test_a_window_calls_for_help_and_is_told_who_comes(stage: Stage) -> None:
    here, page = stage.console("ann", "w2"), office(stage)
    here.click("#support")
    here.wait_for_selector("[data-told=help]")
    here.wait_for_selector("#support", state="hidden")
    page.click("[data-note='help/w2'] button")
    here.wait_for_selector("[data-told=answer]:has-text('周敏')")
    here.click("[data-told=answer] button")
    here.wait_for_selector("#office", state="hidden")
    here.wait_for_selector("#support")
    assert stage.services.office.notes(stage.hall.id) == {}


# Reports, ratings, planning ------------------------------------------------------------------


@pytest.fixture(scope="module")
def lived(installation: Installation) -> Hall:
    """Two weeks of a hall in the installation's archive."""
    return recorded_hall(installation.services, 10, 120)


@pytest.fixture
def past(installation: Installation, browser: Browser, lived: Hall) -> Iterator[Stage]:
    stage = Stage(installation, browser, lived)
    yield stage
    stage.close()
    assert stage.errors == []


PERIOD = f"from={FIRST}&to={FIRST + timedelta(days=13)}"


@LANGUAGES
def test_a_report_has_a_chart_and_its_table(past: Stage, lang: str) -> None:
    page = office(past, f"reports/?name=waiting&by=day&{PERIOD}", lang)
    page.wait_for_selector(".chart[data-drawn='4'] canvas", timeout=60_000)
    assert page.locator(".figures tbody tr").count() == 10
    assert axe(page) == []
    assert measure(page) == []
    page.select_option("[name=name]", "ratings")
    page.select_option("[name=by]", "month")
    with page.expect_navigation():
        page.click("form.bar .button")
    assert page.locator(".figures tbody tr").count() == 1
    assert axe(page) == []


@LANGUAGES
def test_the_month_report_can_be_printed(past: Stage, lang: str) -> None:
    page = office(past, "reports/month?month=2026-01", lang)
    page.wait_for_selector(".chart[data-drawn] canvas")
    assert axe(page) == []
    page.emulate_media(media="print")
    assert not page.is_visible("header.top")
    assert page.is_visible(".part .figures >> nth=0")
    assert page.pdf()[:5] == b"%PDF-"


def test_a_sheet_that_was_downloaded_is_read_back(past: Stage) -> None:
    page = office(past, f"reports/?name=waiting&by=line&{PERIOD}")
    shown = page.locator(".figures tbody tr td:nth-child(2)").all_inner_texts()
    with page.expect_download() as waiting:
        page.click("#xlsx")
    sheet = load_workbook(io.BytesIO(waiting.value.path().read_bytes())).worksheets[0]
    assert [str(row[1].value) for row in sheet.iter_rows(min_row=2)] == shown


@LANGUAGES
def test_a_plan_is_played_and_read_in_chart_and_table(past: Stage, lang: str) -> None:
    page = office(past, f"planning?day={FIRST}", lang)
    page.wait_for_selector(".chart[data-drawn='2'] canvas")
    first = page.locator(".figures >> nth=0").inner_text()
    assert axe(page) == []
    assert measure(page) == []
    for field in page.locator("[name=n]").all():
        field.fill("2")
    with page.expect_navigation():
        page.click("#play")
    page.wait_for_selector(".chart[data-drawn='2'] canvas")
    assert page.locator("[name=n] >> nth=3").input_value() == "2"
    assert page.locator(".figures >> nth=0").inner_text() != first
    page.click("summary")
    drawn = page.evaluate("JSON.parse(document.querySelector('.chart script').textContent).series[1].values")
    read = page.locator("#by-half tbody tr td:nth-child(3)").all_inner_texts()
    assert read == ["–" if value is None else f"{value:.1f}" for value in drawn]


ANSWER_MS = 180_000
#: an answer, and no question any more
ANSWERED = "main:not(:has(#running)) #answer"


def test_a_plan_is_tried_over_many_days_and_read_as_ranges(past: Stage) -> None:
    page = office(past, "planning/trial", "en")
    assert axe(page) == []
    for field in page.locator("[name=n]").all():
        field.fill("2")
    page.select_option("[name=days]", "50")
    with page.expect_navigation():
        page.click("#ask")
    page.wait_for_selector(ANSWERED, timeout=ANSWER_MS)  # by its own script
    for lang in ("en", "zh"):
        page.goto(f"{past.installation.url}/office/planning/trial?lang={lang}")
        page.wait_for_selector(".chart[data-drawn='6'] canvas")
        assert axe(page) == []
        assert measure(page) == []
    drawn = page.evaluate("JSON.parse(document.querySelector('.chart script').textContent).series[3].values")
    page.click("summary >> nth=0")
    read = page.locator("#answer details >> nth=0").locator("tbody td:nth-child(3)").all_inner_texts()
    assert [text.split(" ")[0] for text in read] == [
        "–" if value is None else f"{value:.1f}" if value < 10 else f"{value:.0f}" for value in drawn
    ]


def test_windows_are_searched_and_taken_into_the_trial(past: Stage) -> None:
    page = office(past, "planning/staffing", "en")
    assert axe(page) == []
    page.select_option("[name=days]", "50")
    page.fill("[name=share_green]", "")
    with page.expect_navigation():
        page.click("#ask")
    page.wait_for_selector(ANSWERED, timeout=ANSWER_MS)
    page.wait_for_selector(".chart[data-drawn='3'] canvas")
    for lang in ("en", "zh"):
        page.goto(f"{past.installation.url}/office/planning/staffing?lang={lang}")
        page.wait_for_selector(".chart[data-drawn='3'] canvas")
        assert axe(page) == []
        assert measure(page) == []
    found = page.locator("#answer .figures tbody td:nth-child(3)").all_inner_texts()
    with page.expect_navigation():
        page.click("#take")
    assert [field.input_value() for field in page.locator("[name=n]").all()] == found


def test_a_trial_is_asked_and_answered_and_stopped_without_scripts(past: Stage) -> None:
    past.installation.add_staff(past.hall, "boss-still", "manager")
    page = past.page(java_script_enabled=False)
    page.goto(past.installation.url + past.installation.sign_in_path(past.hall, "boss-still"))
    with page.expect_navigation():
        page.click("form button")
    page.goto(f"{past.installation.url}/office/planning/trial")
    page.select_option("[name=days]", "500")
    with page.expect_navigation():
        page.click("#ask")
    page.click("#stop")
    page.wait_for_url("**stopped=*")
    page.goto(f"{past.installation.url}/office/planning/trial")
    page.fill("[name=n] >> nth=0", "3")
    page.select_option("[name=days]", "50")
    with page.expect_navigation():
        page.click("#ask")
    page.wait_for_selector(ANSWERED, timeout=ANSWER_MS)  # the page looks again by itself
    assert page.locator("#answer tbody tr").count() > 10


@LANGUAGES
def test_a_service_is_rated_at_the_pad_and_a_bad_rating_is_answered(stage: Stage, lang: str) -> None:
    pad = stage.page(1024, 768, lang)
    code = stage.services.access.pairing_code(stage.hall.id, "pad", "pad 3", "w3")
    pad.goto(f"{stage.installation.url}/pair/{code}")
    pad.click("form button")
    pad.wait_for_selector("[data-level]")
    pad.wait_for_load_state()  # with its script
    assert axe(pad) == []
    assert measure(pad, noScrollDown=True) == []
    stage.issue()
    stage.call_next("w3")
    stage.services.calls.start(BOSS, stage.hall.id, "w3")
    pad.click("[data-level='2']")
    pad.click("#send")
    pad.wait_for_selector("[data-level]:visible", state="hidden")
    assert stage.services.ratings.follow_ups(stage.hall.id, 0) == []  # the service has not ended
    stage.services.calls.finish(BOSS, stage.hall.id, "w3")
    pad.wait_for_selector("[data-level='1']:visible")
    pad.focus("[data-level='1']")  # by keyboard
    pad.keyboard.press("Enter")
    pad.click("[data-item=attitude]")
    assert axe(pad) == []
    pad.click("#send")
    pad.wait_for_selector("#send", state="hidden")
    (given,) = stage.services.ratings.follow_ups(stage.hall.id, 0)
    assert (given["level"], given["items"], given["source"]) == (1, ["attitude"], "pad")

    page = office(stage, "ratings", lang)
    assert axe(page) == []
    assert measure(page) == []
    page.fill("[name=answer]", "spoken to")
    with page.expect_navigation():
        page.click("section .button")
    page.wait_for_selector("[role=status]:not(:empty)")
    assert stage.services.ratings.follow_ups(stage.hall.id, 0) == []


@LANGUAGES
def test_a_service_is_rated_on_a_phone_without_scripts(stage: Stage, lang: str) -> None:
    stage.issue()
    stage.call_next("w3")
    stage.services.calls.start(BOSS, stage.hall.id, "w3")
    stage.services.calls.finish(BOSS, stage.hall.id, "w3")
    token = stage.services.secrets.ticket_token(stage.hall.id, "0000000001")
    page = stage.page(390, 844, lang)
    page.goto(f"{stage.installation.url}/t/{token}/rate")
    assert axe(page) == []
    assert measure(page, fontAtLeast=16, targetAtLeast=44, gapAtLeast=8) == []
    bare = stage.page(390, 844, lang, java_script_enabled=False)
    bare.goto(f"{stage.installation.url}/t/{token}")
    bare.click(f"a[href='/t/{token}/rate']")
    bare.check("[name=level][value='5']")
    with bare.expect_navigation():
        bare.click("form .button")
    bare.wait_for_selector("[role=status]")
    kinds = [entry.kind for entry in stage.services.store.journal.after(stage.hall.id, "0-0")]
    assert kinds.count("rated") == 1


# The description, people and screens ---------------------------------------------------------


@LANGUAGES
@pytest.mark.parametrize(
    "path",
    [
        "description?part=services&id=hospital-plan",
        "description?part=windows&id=%2B",
        "description?part=days",
        "description?part=policy",
        "description?part=lines&id=social",
        "description?part=alarms",
        "description?part=printers&id=%2B",
        "description?part=",
        "description/import",
        "people",
    ],
)
def test_every_page_of_the_administration_reads_well(stage: Stage, lang: str, path: str) -> None:
    stage.services.access.add_token(stage.hall.id, "clerk", ("w1",), "bridge")
    page = office(stage, path, lang)
    assert axe(page) == []
    assert measure(page) == []


def test_a_service_is_renamed_and_the_kiosk_shows_it(stage: Stage) -> None:
    kiosk = stage.kiosk_list()
    page = office(stage, "description?part=services&id=hospital-plan")
    page.fill("[name='name.zh']", "住院计划新名称")
    page.fill("[name=minutes]", "-1")
    page.fill("[name=reason]", "市里改名")
    page.click("form.card .button >> nth=0")
    page.wait_for_selector(".error[role=alert]")
    assert axe(page) == []
    assert page.input_value("[name='name.zh']") == "住院计划新名称"
    page.fill("[name=minutes]", "11")
    page.click("form.card .button >> nth=0")
    page.wait_for_selector("[role=status]:has-text('已修改')")
    kiosk.wait_for_selector("[data-line=elderly]")
    kiosk = stage.kiosk_list()
    kiosk.click("[data-line=elderly]")
    kiosk.wait_for_selector("[data-service=hospital-plan]:has-text('住院计划新名称')")


def test_a_link_brings_a_new_colleague_to_the_console(stage: Stage) -> None:
    page = office(stage, "people", "en")
    page.fill("#add-staff [name=name]", "Wang Hong")
    page.fill("#add-staff [name=id]", "wanghong")
    page.click("#add-staff .button")
    link = page.inner_text("#secret")
    assert axe(page) == []
    other = stage.page(lang="en")
    other.goto(link)
    other.click("form button")
    other.wait_for_url("**/console/")
    other.wait_for_selector("[data-window]")
    page.fill("[data-staff=wanghong] [name=reason]", "moved away")
    page.click("[data-staff=wanghong] button:has-text('Let in no more')")
    page.wait_for_selector("[data-staff=wanghong]", state="detached")
    other.goto(f"{stage.installation.url}/console/")
    assert other.locator("[data-window]").count() == 0
