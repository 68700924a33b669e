"""Markup in every text that is stored: pages show it, and it is nothing but letters."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from playwright.sync_api import Page

from app import create_app
from hall.domain import texts
from hall.domain.callers import Caller
from hall.domain.texts import Text
from hall.services.calls import Edit
from hall.services.tickets import Wish
from hall.store.access import AccessStore
from tests.browser.stage import Stage

#: breaks out of text, attributes and data blocks alike, where nobody escapes
CANARY = "</script></title>'\"><i data-canary></i><img src=/canary onerror=canary=1><script>canary=1</script>"
#: of programs, of screens, of appointments
_OTHERS = ("/api/", "/kiosk/", "/display/", "/a/")
_LOOSE = re.compile(r"(?!)")
_WORDS = ("name", "basis", "label")


def poisoned(part: Any) -> Any:
    """A description with the canary behind every text that is for people."""
    if isinstance(part, Text):
        return Text(zh=part.zh + CANARY, en=(part.en or part.zh) + CANARY)
    if isinstance(part, tuple):
        return tuple(poisoned(one) for one in part)
    if not is_dataclass(part) or isinstance(part, type):
        return part
    changed = {}
    for field in fields(part):
        value = getattr(part, field.name)
        is_word = isinstance(value, str) and value and field.name in _WORDS
        changed[field.name] = value + CANARY if is_word and field.name != "label" else poisoned(value)
    return replace(part, **changed)


def plant(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> str:
    """The canary in the hall's description, a note, a reason, names of staff, screens and tokens; a ticket's token."""
    services, hall = stage.services, stage.hall.id
    monkeypatch.setattr(texts, "_MARKUP", _LOOSE)  # past our own door, which takes no markup
    services.halls.save(poisoned(services.halls.get(hall)), Caller(by="test"))
    services.access.set_staff(hall, "ann", f"Ann{CANARY}"[:60], "admin", "correct horse battery", "test")
    store = AccessStore(services.store)
    store.write(hall, "devices", "kiosk-x", {"kind": "kiosk", "name": CANARY, "place": CANARY, "hash": "x"}, "test", {})
    store.write(hall, "tokens", "x", {"role": "clerk", "windows": [], "label": CANARY, "hash": "x"}, "test", {})
    wish = Wish(services=("social-card",), override=CANARY)
    place = services.tickets.issue(Caller(by="device:kiosk-x"), hall, wish)
    services.calls.edit(Caller(by="staff:ann"), hall, place.ticket["number"], Edit(note=CANARY))
    return str(services.secrets.ticket_token(hall, place.ticket["id"]))


def look(stage: Stage, page: Page, seen: dict[str, str], path: str) -> None:
    page.goto(stage.installation.url + path)
    page.wait_for_load_state("load")
    page.wait_for_timeout(250)  # scripts have drawn what they draw first
    alive = page.evaluate("window.canary || document.querySelectorAll('[data-canary], img[src=\"/canary\"]').length")
    assert not alive, path
    seen[path] = page.content()


def pages_of(stage: Stage, token: str) -> list[str]:
    """Every page somebody can open without more than a hall and a ticket."""
    app, found = create_app(stage.services), []
    for rule in app.url_map.iter_rules():
        path = rule.rule.replace("<hall>", stage.hall.id).replace("<token>", token)
        if "GET" not in (rule.methods or ()) or "<" in path or path.startswith(_OTHERS):
            continue
        if path.endswith((".js", ".webmanifest", "z", ".json", "/metrics")):
            continue
        found.append(path)
    return sorted(found)


@pytest.mark.long
def test_stored_markup_is_inert_on_every_page(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    before = stage.services.halls.get(stage.hall.id)
    try:
        look_at_all(stage, plant(stage, monkeypatch))
    finally:
        stage.services.halls.save(before, Caller(by="test"))  # other tests see all halls on one page


def look_at_all(stage: Stage, token: str) -> None:
    seen: dict[str, str] = {}
    staff = stage.page(lang="en")
    staff.goto(stage.installation.url + stage.installation.sign_in_path(stage.hall, "ann"))
    with staff.expect_navigation():
        staff.click("form button")
    for path in pages_of(stage, token):
        look(stage, staff, seen, path)
    for kind in ("kiosk", "display"):
        screen = stage.pair(stage.page(), kind, "screen")
        look(stage, screen, seen, f"/{kind}/")
    shown = [path for path, text in seen.items() if "data-canary" in text]
    assert len(seen) > 25
    # It was there to be seen, as letters.
    assert {f"/book/{stage.hall.id}", f"/t/{token}", "/office/people", "/kiosk/"} <= set(shown), shown
