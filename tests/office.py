"""Opens the office in a browser."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.stage import Stage

_NAMES = {"admin": "周敏", "manager": "黄立", "auditor": "何平"}


def office(
    stage: Stage, path: str = "", lang: str = "zh", role: str = "admin", width: int = 1366, height: int = 768
) -> Page:
    """A page of the office, for somebody who signed in by a link."""
    stage.installation.add_staff(stage.hall, f"boss-{role}", role, _NAMES.get(role, ""))
    page = stage.page(width, height, lang)
    page.goto(stage.installation.url + stage.installation.sign_in_path(stage.hall, f"boss-{role}"))
    with page.expect_navigation():
        page.click("form button")
    page.goto(f"{stage.installation.url}/office/{path}")
    return page
