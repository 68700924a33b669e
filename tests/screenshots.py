"""Makes docs/screenshots/*.png from a running system with a morning's life in the hall: make screenshots."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.installation import ROOT, Installation
from tests.browser.life import Life
from tests.browser.stage import ARGS, CHROMIUM, LOUD, Stage, settle

TARGET = ROOT / "docs" / "screenshots"
_PAST_MINUTES = 90
_LARGEST_BYTES = 200_000


def shoot(page: Page, name: str) -> None:
    path = TARGET / f"{name}.png"
    page.screenshot(path=path, animations="disabled")
    if path.stat().st_size > _LARGEST_BYTES:
        sys.exit(f"{path} is larger than {_LARGEST_BYTES} bytes")


def kiosk(stage: Stage, lang: str) -> None:
    page = stage.kiosk(1080, 1920, lang)
    shoot(page, f"kiosk-home-{lang}")
    page.click("[data-go=services]")
    page.wait_for_selector(".waiting:not(:empty)")
    shoot(page, f"kiosk-services-{lang}")
    settle(page)
    page.click("[data-line=elderly]")
    settle(page)
    page.click("[data-service=hospital-plan]")
    page.wait_for_selector("#take")
    shoot(page, f"kiosk-papers-{lang}")
    settle(page)
    page.click("#take")
    page.wait_for_selector("#number")
    shoot(page, f"kiosk-number-{lang}")


def display(stage: Stage, lang: str) -> None:
    page = stage.display(lang=lang)
    page.wait_for_selector("#rows li")
    shoot(page, f"display-{lang}")


def console(stage: Stage, lang: str) -> None:
    page = stage.console("sunli", "w1", lang=lang)
    page.keyboard.press("F2")
    page.wait_for_selector(".claim.open")
    page.wait_for_selector(".next span")
    shoot(page, f"console-{lang}")


def phone(stage: Stage, lang: str) -> None:
    tickets = stage.services.store.snapshot(stage.hall.id).tickets
    ticket = next(one for one in reversed(tickets.values()) if one["state"] == "waiting")
    page = stage.page(390, 844, lang)
    page.goto(f"{stage.installation.url}/t/{stage.services.secrets.ticket_token(stage.hall.id, ticket['id'])}")
    shoot(page, f"phone-{lang}")


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as directory, sync_playwright() as playwright:
        installation = Installation(Path(directory) / "data").start()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGS, LOUD])
        try:
            for lang in ("zh", "en"):
                stage = Stage(installation, browser, installation.new_hall(_PAST_MINUTES))
                Life(stage.services, stage.hall.id).morning()
                for picture in (kiosk, display, console, phone):
                    picture(stage, lang)
                stage.close()
        finally:
            browser.close()
            installation.stop()


if __name__ == "__main__":
    main()
