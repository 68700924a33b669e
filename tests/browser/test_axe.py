"""axe-core finds nothing, on any page in any state, in both languages."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from hall.domain.callers import Caller
from tests.browser.stage import Stage, axe, measure

VENDOR = Path(__file__).parent / "vendor"
LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])


def test_the_vendored_axe_is_the_one_we_looked_at() -> None:
    digest, name = (VENDOR / "SHA256SUMS").read_text().split()
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest


@LANGUAGES
def test_the_matters_of_a_line_on_the_kiosk(busy: Stage, lang: str) -> None:
    """The other pages: test_kiosk_pages, test_kiosk_states."""
    kiosk = busy.kiosk_list(lang=lang)
    kiosk.click("[data-line=elderly]")
    kiosk.wait_for_selector("#page.choose")
    assert axe(kiosk) == []


@LANGUAGES
def test_the_display(busy: Stage, lang: str) -> None:
    display = busy.display(lang=lang)
    display.wait_for_selector("#rows li")
    assert axe(display) == []


@LANGUAGES
def test_the_console(busy: Stage, lang: str) -> None:
    console = busy.console(window=None, lang=lang)
    assert axe(console) == []
    console.click("[data-window=w2]")
    console.wait_for_selector("#take-over")
    assert axe(console) == []
    console.click("#choose .quiet")
    console.click("[data-window=w1]")
    console.wait_for_selector("[data-action=call_next]")
    assert axe(console) == []
    console.keyboard.press("F2")
    console.wait_for_selector(".claim.open")
    assert axe(console) == []
    console.keyboard.press("F10")
    console.wait_for_selector("#form select")
    assert axe(console) == []
    console.keyboard.press("Escape")
    console.click("[data-list=missed] .row")
    console.wait_for_selector("#form .picked")
    assert axe(console) == []
    console.keyboard.press("Escape")
    console.keyboard.press("F8")
    console.wait_for_selector("[data-action=pause]")
    console.keyboard.press("F9")
    console.wait_for_selector("[data-action=resume]")
    assert axe(console) == []


@LANGUAGES
def test_the_plain_pages(stage: Stage, lang: str) -> None:
    for width, height in ((320, 640), (390, 844), (1366, 768)):
        page = stage.page(width, height, lang)
        stage.installation.add_staff(stage.hall, "cho")
        paths = [
            "/",
            "/sign-in",
            "/console/",
            "/no-such-page",
            "/set-up/nothing",
            f"/set-up/{stage.services.access.set_up_code(stage.hall.id)}",
            stage.installation.pair_path(stage.hall, "kiosk"),
            stage.installation.sign_in_path(stage.hall, "cho"),
        ]
        for path in paths:
            page.goto(stage.installation.url + path)
            assert (path, axe(page)) == (path, [])
            assert (path, measure(page, fontAtLeast=16, targetAtLeast=44, gapAtLeast=8)) == (path, [])
        page.goto(f"{stage.installation.url}/sign-in")
        page.fill("[name=name]", f"nobody{width}{lang}")  # each name has its own count of wrong passwords
        page.fill("[name=password]", "wrong")
        page.click("form .button")
        page.wait_for_selector("[role=alert]")
        assert axe(page) == []
    page.goto(stage.installation.url + stage.installation.sign_in_path(stage.hall, "cho"))
    with page.expect_navigation():
        page.click("form .button")
    for path in ("/account", "/account/second"):
        page.goto(stage.installation.url + path)
        assert (path, axe(page)) == (path, [])
        assert (path, measure(page, fontAtLeast=16, targetAtLeast=44, gapAtLeast=8)) == (path, [])


@LANGUAGES
@pytest.mark.parametrize(("width", "height"), [(320, 640), (390, 844)])
def test_the_ticket_on_a_phone(stage: Stage, width: int, height: int, lang: str) -> None:
    page = stage.page(width, height, lang)
    stage.issue()
    number = stage.issue()
    ticket = stage.services.store.snapshot(stage.hall.id).tickets
    (ticket_id,) = [one for one, row in ticket.items() if row["number"] == number]
    address = f"{stage.installation.url}/t/{stage.services.secrets.ticket_token(stage.hall.id, ticket_id)}"
    for window, finish in ((None, False), ("w2", False), ("w3", False), ("w3", True)):
        if finish:
            stage.services.calls.finish(Caller(by="program:test"), stage.hall.id, window)
        elif window:
            stage.call_next(window)
        page.goto(address)
        assert number in page.inner_text("h1")
        assert axe(page) == []
        assert measure(page, fontAtLeast=16, targetAtLeast=44, gapAtLeast=8) == []


def test_the_ticket_on_a_phone_follows_the_call_by_itself(stage: Stage) -> None:
    page = stage.page(390, 844)
    number = stage.issue()
    (ticket_id,) = stage.services.store.snapshot(stage.hall.id).tickets
    page.goto(f"{stage.installation.url}/t/{stage.services.secrets.ticket_token(stage.hall.id, ticket_id)}")
    page.evaluate("window.notLoadedAgain = true")
    page.wait_for_selector("[role=status]:has-text('快到您了')")
    assert stage.call_next("w3") == number
    page.wait_for_selector(".go:has-text('3号窗口')")
    assert page.evaluate("window.notLoadedAgain")


def test_the_ticket_on_a_phone_works_without_scripts(stage: Stage) -> None:
    page = stage.page(390, 844, java_script_enabled=False)
    number = stage.issue()
    (ticket_id,) = stage.services.store.snapshot(stage.hall.id).tickets
    page.goto(f"{stage.installation.url}/t/{stage.services.secrets.ticket_token(stage.hall.id, ticket_id)}")
    assert page.inner_text("h1").endswith(number)
    assert page.locator("meta[http-equiv=refresh]").get_attribute("content") == "15"
