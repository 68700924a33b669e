"""What pages weigh, and how soon a clerk can use the console on a slow computer, in Chromium: python -m bench.pages"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Page, sync_playwright

from bench.report import Figure, median, table
from bench.rig import CALLER
from hall.services.tickets import Wish
from tests.browser.installation import Installation
from tests.browser.stage import ARGS, CHROMIUM, Stage
from tests.office import office

WEIGHT, USABLE, SLOWER = 200, 1.0, 4
_CONSOLE = "#buttons [data-action]"
#: when the first element of a selector is on the page: its scripts have heard from the server by then
_NOTE_USABLE = """
new MutationObserver((_, watcher) => {
  if (!document.querySelector(%r)) return;
  watcher.disconnect();
  requestAnimationFrame(() => (window.usableAt = performance.now()));
}).observe(document, { childList: true, subtree: true });
"""
#: milliseconds since the page was asked for
_WHEN_USABLE = "() => new Promise((tell) => requestAnimationFrame(() => requestAnimationFrame(() => tell(usableAt))))"


def measure(rounds: int) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="sanban-bench-") as directory, sync_playwright() as playwright:
        installation = Installation(Path(directory) / "data").start()
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        try:
            hall = installation.new_hall()
            stage = Stage(installation, chromium, hall)
            pages = _pages(stage)
            figures = [_weight(name, page, shown) for name, (page, shown) in pages.items()]
            return [*figures, _usable(pages["console"][0], rounds)]
        finally:
            chromium.close()
            installation.stop()


def _pages(stage: Stage) -> dict[str, tuple[Page, str]]:
    """By name: the page, and what is on it when it is whole."""
    wish = Wish(services=("social-card",))
    ticket = stage.services.tickets.issue(CALLER, stage.hall.id, wish).ticket
    phone = stage.page(390, 844)
    phone.goto(f"{stage.installation.url}/t/{stage.services.secrets.ticket_token(stage.hall.id, ticket['id'])}")
    return {
        "kiosk": (stage.kiosk(), "#page.home"),
        "display": (stage.display(), "#bar .count"),
        "console": (stage.console(), _CONSOLE),
        "office": (office(stage), "main"),
        "phone": (phone, "main"),
    }


def _weight(name: str, page: Page, shown: str) -> Figure:
    """KiB on the wire of everything but fonts, nothing being kept from before."""
    session = _forgetful(page)
    kinds: dict[str, str] = {}
    weights: dict[str, float] = {}

    def asked(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event.get("type", "")

    def came(event: dict[str, Any]) -> None:
        weights[event["requestId"]] = event["encodedDataLength"]

    session.on("Network.responseReceived", asked)
    session.on("Network.loadingFinished", came)
    page.reload()
    page.wait_for_selector(shown)
    page.wait_for_load_state("networkidle")
    weight = sum(size for request, size in weights.items() if kinds.get(request) != "Font") / 1024
    session.detach()
    return Figure(
        f"weight of the {name} page", weight, "KiB", f"{WEIGHT} KB", weight * 1.024 / WEIGHT, "≤ 1", fixed=True
    )


def _forgetful(page: Page) -> CDPSession:
    """Nothing that the page loads is kept for its next time."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.send("Network.setBypassServiceWorker", {"bypass": True})
    return session


def _usable(page: Page, rounds: int) -> Figure:
    session = _forgetful(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.add_init_script(_NOTE_USABLE % _CONSOLE)
    took = []
    for _ in range(rounds):
        page.reload()
        page.wait_for_selector(_CONSOLE)
        took.append(page.evaluate(_WHEN_USABLE) / 1000)
    name = f"console usable, processor {SLOWER} times slower"
    return Figure(name, median(took), "s", f"{USABLE:.0f} s", median(took) / USABLE, "≤ 1", fixed=True)


if __name__ == "__main__":
    print(table(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 5)))
