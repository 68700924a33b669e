"""Markup in every text that is stored: pages show it, and it is nothing but letters."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import APIResponse, Page

from app import create_app
from hall.domain import texts
from hall.domain.callers import Caller
from tests.browser.doorstep import officer
from tests.browser.markup import Alive, plant
from tests.browser.stage import Stage
from tests.browser.test_kiosk import touch

#: nothing to be read there, or (sign-in of other services) no page of ours
_NO_PAGES = ("/api/", "/kiosk/paper", "/kiosk/state", "/kiosk/readers", "/display/state", "/sign-in/openid/")
#: pages that say nothing anybody wrote; a file that cannot be read back; screens, which are another test's
_SILENT = re.compile(
    r"/|/(link|pair|set-up)/.*|/account/second|.*/give-up|/office/description/hall\.toml|/kiosk/.*|/display/|/desk/visits/plan"
)
_LOOSE = re.compile(r"(?!)")
_SEEN = "() => document.body.innerText.includes('data-canary')"
_ALIVE = """() => window.canary || document.querySelectorAll('[data-canary], img[src="/canary"]').length"""


@pytest.fixture
def planted(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Any:
    before = stage.services.halls.get(stage.hall.id)
    monkeypatch.setattr(texts, "_MARKUP", _LOOSE)
    yield plant(stage)
    stage.services.halls.save(before, Caller(by="test"))  # other tests see all halls on one page


def addresses(stage: Stage, ids: dict[str, str]) -> list[str]:
    """Every page there is, of what was planted."""
    hall = stage.hall.id
    codes = {
        "/link/<code>": stage.installation.sign_in_path(stage.hall, "ann"),
        "/pair/<code>": stage.installation.pair_path(stage.hall, "kiosk", "x"),
        "/set-up/<code>": f"/set-up/{stage.services.access.set_up_code(hall)}",
    }
    found = [f"/desk/visits/plan?visit={ids['<visit>']}", "/console/appointments/book?service=social-card"]
    found += [f"/book/{hall}/{step}?service=social-card" for step in ("papers", "day", "time", "person", "check")]
    for rule in create_app(stage.services).url_map.iter_rules():
        path = codes.get(rule.rule, rule.rule).replace("<hall>", hall)
        for part in sorted(ids, key=len, reverse=True):
            path = path.replace(part, part.replace("<token>", ids[part]) if "<token>" in part else ids[part])
        if "GET" in (rule.methods or ()) and "<" not in path and not path.startswith(_NO_PAGES):
            found.append(path)
    return sorted(found)


def everybody(stage: Stage) -> list[Page]:
    """Whoever may see a page is among them."""
    stage.installation.add_staff(stage.hall, "eve", "auditor")
    pad = f"/pair/{stage.services.access.pairing_code(stage.hall.id, 'pad', 'pad', 'w3')}"
    ways = [*(stage.installation.sign_in_path(stage.hall, staff) for staff in ("ann", "eve")), pad]
    pages = [stage.page() for _ in ways]
    for page, way in zip(pages, ways, strict=True):
        page.goto(stage.installation.url + way)
        with page.expect_navigation():
            page.click("form button")
    return [*pages, officer(stage)]


def asked(askers: list[Page], address: str) -> APIResponse | None:
    """A page by whoever may see it, who then is the first to be asked for the next one."""
    for one in askers:
        answer = one.request.get(address)
        if answer.ok:
            askers.insert(0, askers.pop(askers.index(one)))
            return answer
    return None


def test_stored_markup_is_inert_on_every_page(stage: Stage, planted: dict[str, str]) -> None:
    askers = everybody(stage)
    alive: list[str] = []
    said: dict[str, bool] = {}
    for path in addresses(stage, planted):
        for lang in ("zh", "en"):
            address = f"{path}{'&' if '?' in path else '?'}lang={lang}"
            answer = asked(askers, stage.installation.url + address)
            if answer is None:
                said[path] = False
            elif "text/html" in answer.headers["content-type"]:
                page = answer.text()
                alive += [address] * Alive.within(page)
                said[path] = "data-canary" in page
    assert alive == []
    # It was there to be seen, as letters, on all but these.
    silent = [path for path, yes in said.items() if not (yes or _SILENT.fullmatch(path))]
    assert (silent, len(said) > 60) == ([], True)


def inert(page: Page) -> None:
    """It was there to be seen, as letters."""
    page.wait_for_function(_SEEN)
    assert not page.evaluate(_ALIVE), page.url


def test_stored_markup_is_inert_where_scripts_draw(stage: Stage, planted: dict[str, str]) -> None:
    kiosk = stage.kiosk()
    touch(kiosk, "[data-go=services]")
    lines = (stage.hall.lines[0].id,)  # no numbers there, and why
    named = next(one.id for one in stage.hall.services if one.popular and one.materials and one.line not in lines)
    choices = (
        "[data-line] >> nth=0",
        ".back",
        "[data-go=priority]",
        "[data-group] >> nth=0",
        f"[data-service={named}]",
    )
    for step in choices:
        inert(kiosk)
        touch(kiosk, step)
    kiosk.click("#language")
    touch(kiosk, ".missing")
    inert(kiosk)
    touch(kiosk, "#take")
    inert(kiosk)

    console = stage.console("bob", "w1", lang="en")
    console.wait_for_selector("[data-told=message]:has-text('data-canary')")
    console.wait_for_selector("[data-help]:has-text('data-canary')")
    console.click(f"[data-number={planted['<number>']}]")
    console.wait_for_selector(".picked [data-note]:has-text('data-canary')")
    console.keyboard.press("F2")
    console.wait_for_selector("#number")
    console.keyboard.press("F10")
    console.wait_for_selector("#form option:has-text('data-canary')", state="attached")
    inert(console)
    console.goto(stage.installation.url + stage.installation.sign_in_path(stage.hall, "ann"))
    with console.expect_navigation():
        console.click("form button")
    for path in ("/console/windows", "/office/", "/office/people", "/office/webhooks", "/office/description"):
        console.goto(stage.installation.url + path)
        inert(console)

    display = stage.display(lang="en")
    display.wait_for_selector("#rows li:has-text('data-canary')")
    inert(display)
    door = officer(stage)
    door.goto(f"{stage.installation.url}/desk/doorstep/")
    door.wait_for_selector("html[data-ready]")
    inert(door)
    phone = stage.page(lang="en")
    for path in (f"/t/{planted['/t/<token>']}", f"/mirror/{stage.hall.id}"):
        phone.goto(stage.installation.url + path)
        inert(phone)
