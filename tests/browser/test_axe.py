"""axe-core finds nothing, on any page in any state, in both languages."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.browser.stage import Stage, axe, measure, settle

VENDOR = Path(__file__).parent / "vendor"
LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])


def test_the_vendored_axe_is_the_one_we_looked_at() -> None:
    digest, name = (VENDOR / "SHA256SUMS").read_text().split()
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest


@LANGUAGES
def test_the_kiosk(busy: Stage, lang: str) -> None:
    kiosk = busy.kiosk(lang=lang)
    assert axe(kiosk) == []
    kiosk.click("[data-line=elderly]")
    assert axe(kiosk) == []
    settle(kiosk)
    kiosk.click("[data-service=hospital-plan]")
    assert axe(kiosk) == []
    settle(kiosk)
    kiosk.click("#take")
    kiosk.wait_for_selector("#number")
    assert axe(kiosk) == []
    kiosk.evaluate("document.querySelector('#warning').hidden = false")
    assert axe(kiosk) == []


@LANGUAGES
def test_the_display(busy: Stage, lang: str) -> None:
    display = busy.display(lang=lang)
    display.wait_for_selector("#rows li")
    assert axe(display) == []
    display.evaluate("document.querySelector('#stale').hidden = false")
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
        page.fill("[name=name]", "nobody")
        page.fill("[name=password]", "wrong")
        page.click("form .button")
        page.wait_for_selector("[role=alert]")
        assert axe(page) == []


@LANGUAGES
@pytest.mark.parametrize(("width", "height"), [(320, 640), (390, 844)])
def test_the_ticket_on_a_phone(stage: Stage, width: int, height: int, lang: str) -> None:
    page = stage.page(width, height, lang)
    stage.issue()
    number = stage.issue()
    ticket = stage.services.store.snapshot(stage.hall.id).tickets
    (ticket_id,) = [one for one, row in ticket.items() if row["number"] == number]
    address = f"{stage.installation.url}/t/{stage.services.secrets.ticket_token(stage.hall.id, ticket_id)}"
    for move in (None, "call", "call", "finish"):
        if move == "call":
            stage.call_next(
                "w2"
                if stage.services.store.snapshot(stage.hall.id).windows.get("w2", {}).get("ticket") is None
                else "w3"
            )
        if move == "finish":
            from hall.domain.callers import Caller

            stage.services.calls.finish(Caller(by="program:test"), stage.hall.id, "w3")
        page.goto(address)
        assert number in page.inner_text("h1")
        assert axe(page) == []
        assert measure(page, fontAtLeast=16, targetAtLeast=44, gapAtLeast=8) == []
    page.set_viewport_size({"width": width // 2, "height": height // 2})  # 200 % zoom
    assert page.evaluate("document.documentElement.scrollWidth") <= width // 2 + (0 if width > 320 else 60)
