"""The pages of one hall in a real browser: a kiosk, a display, consoles; and what was heard and seen on them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from hall.domain.callers import Caller
from hall.domain.halls import Hall
from hall.services.tickets import Wish
from tests.browser.installation import Installation

HERE = Path(__file__).parent
#: The shell draws the same pages without the window of a browser around them, for half the processor's time.
CHROMIUM = shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
ARGS = ["--no-sandbox", "--disable-dev-shm-usage"]
LOUD = "--autoplay-policy=no-user-gesture-required"
PATIENCE_MS = 15_000

#: Remembers every chime that sounds and every row that flashes, in order.
_WITNESS = """
window.witness = { heard: 0, flashed: [] };
// One that pauses for want of data and plays on is told as playing again, without having been started again.
let started = false;
document.addEventListener("play", () => (started = true), true);
document.addEventListener("playing", () => { if (started) window.witness.heard += 1; started = false; }, true);
document.addEventListener("animationstart", (event) => {
  if (event.animationName === "flash") window.witness.flashed.push(event.target.querySelector(".number").textContent);
}, true);
"""


class Stage:
    """Opens pages; `errors` are what went wrong in their scripts."""

    def __init__(self, installation: Installation, browser: Browser, hall: Hall) -> None:
        self.installation = installation
        self.browser = browser
        self.hall = hall
        self.errors: list[str] = []
        self._contexts: list[BrowserContext] = []
        self._staff: set[str] = set()

    @property
    def services(self) -> Any:
        return self.installation.services

    def page(self, width: int = 1366, height: int = 768, lang: str = "zh", **options: Any) -> Page:
        locale = "en-GB" if lang == "en" else "zh-CN"
        context = self.browser.new_context(viewport={"width": width, "height": height}, locale=locale, **options)
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(_WITNESS)
        self._contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error}"))
        return page

    def pair(self, page: Page, kind: str, name: str = "", url: str = "", query: str = "") -> Page:
        base = url or self.installation.url
        page.goto(base + self.installation.pair_path(self.hall, kind, name))
        page.click("form button")
        page.wait_for_url(f"**/{kind}/")
        if query:
            page.goto(f"{base}/{kind}/{query}")
        return page

    def kiosk(self, width: int = 1080, height: int = 1920, lang: str = "zh") -> Page:
        page = self.pair(self.page(width, height, lang), "kiosk")
        page.wait_for_selector("#page.home, #page.closed")
        settle(page)
        return page

    def kiosk_list(self, width: int = 1080, height: int = 1920, lang: str = "zh") -> Page:
        """A kiosk whose first choice was touched: what did you come for?"""
        page = self.kiosk(width, height, lang)
        page.click("[data-go=services]")
        page.wait_for_selector("#page.services .waiting:not(:empty)")
        settle(page)
        return page

    def display(
        self, width: int = 1920, height: int = 1080, lang: str = "zh", url: str = "", query: str = "", **options: Any
    ) -> Page:
        page = self.pair(self.page(width, height, lang, **options), "display", url=url, query=query)
        page.wait_for_selector("#bar .count")
        return page

    def console(
        self,
        clerk: str = "ann",
        window: str | None = "w2",
        width: int = 1366,
        height: int = 768,
        lang: str = "zh",
        url: str = "",
    ) -> Page:
        if clerk not in self._staff:
            self.installation.add_staff(self.hall, clerk, "manager")
            self._staff.add(clerk)
        page = self.page(width, height, lang)
        page.goto((url or self.installation.url) + self.installation.sign_in_path(self.hall, clerk))
        page.click("form button")
        page.wait_for_selector("[data-window], [data-action]")
        if window:
            page.click(f"[data-window={window}]")
            page.wait_for_selector("#buttons [data-action]")
        return page

    def issue(self, *services: str, claim: str | None = None) -> str:
        wish = Wish(services=services or ("social-card",), claim=claim)
        place = self.services.tickets.issue(Caller(by="device:kiosk"), self.hall.id, wish)
        return str(place.ticket["number"])

    def call_next(self, window: str) -> str:
        ticket = self.services.calls.call_next(Caller(by="program:test"), self.hall.id, window)
        return str(ticket["number"])

    def ticket_of(self, number: str) -> dict[str, Any]:
        return dict(self.services.tickets.find(Caller(by="test"), self.hall.id, number).ticket)

    def state_of(self, number: str) -> str:
        return str(self.ticket_of(number)["state"])

    def close(self) -> None:
        for context in self._contexts:
            context.close()


def answered(page: Page) -> None:
    """The console has its answer: until then the same key again is a slip of the finger."""
    page.wait_for_selector("body:not([aria-busy])")


def press(page: Page, key: str, then: str) -> None:
    """Press a key after the answer to the one before, and wait for what it leads to."""
    answered(page)
    page.keyboard.press(key)
    page.wait_for_selector(then)


def settle(page: Page) -> None:
    """A kiosk page takes no touch in its first moment."""
    page.wait_for_timeout(420)


def heard(page: Page) -> int:
    return int(page.evaluate("window.witness.heard"))


def flashed(page: Page) -> list[str]:
    return list(page.evaluate("window.witness.flashed"))


def loaded(page: Page) -> set[str]:
    """The scripts and styles the page has loaded, by path."""
    script = """() => performance.getEntriesByType("resource").map((one) => new URL(one.name).pathname)"""
    return {path for path in page.evaluate(script) if "/static/" in path and path.endswith((".js", ".css"))}


def kept(page: Page) -> set[str]:
    """What the page keeps for when there is no server."""
    return set(
        page.evaluate(
            """async () => {
        const cache = await caches.open("sanban");
        return (await cache.keys()).map((one) => new URL(one.url).pathname);
    }"""
        )
    )


def measure(page: Page, **limits: Any) -> list[str]:
    page.wait_for_load_state()  # with its styles
    page.evaluate((HERE / "measure.js").read_text("utf-8"))
    usual = {"contrastAtLeast": 4.5, "fontAtLeast": 12, "targetAtLeast": 24, "gapAtLeast": 0, "targetsBelow": -1}
    return list(page.evaluate("(limits) => window.measure(limits)", {**usual, "noScrollDown": False, **limits}))


def axe(page: Page) -> list[str]:
    """What axe-core finds."""
    page.wait_for_load_state()
    page.evaluate((HERE / "vendor" / "axe.min.js").read_text("utf-8"))
    found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
    return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]]
