"""A manager's day: the hall at a glance and what is changed there, by keyboard too."""

from __future__ import annotations

import pytest

from hall.domain.callers import Caller
from tests.browser.stage import Stage, axe, measure
from tests.office import office

LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])
BOSS = Caller(by="staff:boss")


@LANGUAGES
def test_the_hall_at_a_glance_fits_and_reads_well(busy: Stage, lang: str) -> None:
    busy.services.office.help(BOSS, busy.hall.id, "w3")
    page = office(busy, lang=lang)
    page.wait_for_selector("[data-line=social] .age")
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

    page.click("[data-line=social] button")
    page.click("[data-do=resume]")
    page.fill("[name=reason]", "repaired")
    page.click("dialog form .button >> nth=0")
    page.wait_for_selector("[data-line=social]:not(:has-text('Card printer broken'))")
    assert stage.issue("social-card")


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
    page.wait_for_selector("#alarms li", state="detached")
    assert stage.services.office.notes(stage.hall.id) == {}
