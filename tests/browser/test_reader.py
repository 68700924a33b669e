"""A card reader that acts as a keyboard, with Chromium's own keys, fields and buttons."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.stage import Stage

Until = Callable[..., None]
CARD = "31010719400101001X"
_LISTEN = """async () => {
  const { listen } = await import("/kiosk/static/js/reader.js");
  window.read = [];
  window.clicks = 0;
  const field = document.createElement("input");
  const button = document.createElement("button");
  field.id = "field";
  button.id = "button";
  button.addEventListener("click", () => (window.clicks += 1));
  document.body.prepend(field, button);
  listen({ onCard: (number) => window.read.push(number), onCode: (code) => window.read.push(code.kind) });
}"""


@pytest.fixture
def page(stage: Stage) -> Iterator[Page]:
    page = stage.page()
    page.goto(f"{stage.installation.url}/sign-in")
    page.evaluate(_LISTEN)
    yield page


def swipe(page: Page, text: str, delay: int = 5) -> None:
    """As a card holder does: once more when nothing was read, or not the whole card. A machine that holds a key back
    for as long as a person would makes it a person's typing, and rightly so."""
    before = page.evaluate("window.read.length")
    for _ in range(5):
        page.keyboard.type(text, delay=delay)
        page.keyboard.press("Enter")
        for _ in range(40):
            if page.evaluate("window.read.length") > before:
                break
            page.wait_for_timeout(50)
        read = page.evaluate("(before) => window.read.slice(before)", before)
        if read and (text != CARD or read == [CARD]):
            return
        page.evaluate("(before) => { window.read.length = before; window.clicks = 0; }", before)
        page.evaluate("document.querySelector('#field').value = ''")
    raise AssertionError("the card was not read")


def test_a_card_leaves_no_digit_in_a_focused_field_and_presses_no_button(page: Page, until: Until) -> None:
    for name in ("#field", "#button"):
        page.focus(name)
        swipe(page, CARD)
    until(page, lambda: page.evaluate("window.read.length") == 2, "both were read")
    assert page.evaluate("window.read") == [CARD, CARD]
    assert page.input_value("#field") == ""
    assert page.evaluate("window.clicks") == 0


def test_what_a_person_types_is_typed_and_enter_presses_the_button(page: Page, until: Until) -> None:
    page.focus("#field")
    page.keyboard.type("A3 10", delay=110)
    until(page, lambda: page.input_value("#field") == "A3 10", "what was typed is there")
    page.keyboard.press("Backspace")
    assert page.input_value("#field") == "A3 1"
    page.focus("#button")
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    assert page.evaluate("window.clicks") == 2
    assert page.evaluate("window.read") == []


def test_a_code_is_told_from_a_card(page: Page, until: Until) -> None:
    page.focus("#field")
    swipe(page, "sanban:services:relief")
    swipe(page, "12345678")
    until(page, lambda: page.evaluate("window.read.length") == 2, "both were read")
    assert page.evaluate("window.read") == ["services", "desk"]


def test_the_fake_reader_plays_a_card_to_another_tab(stage: Stage, until: Until) -> None:
    hall = stage.installation.new_hall(test=True)
    stage.hall = hall
    kiosk = stage.pair(stage.page(lang="en"), "kiosk")
    kiosk.evaluate("""async () => {
      const { start } = await import("/kiosk/static/js/readers.js");
      const { get } = await import("/static/js/api.js");
      window.read = [];
      start(await get("/kiosk/readers"), { onCard: (number) => window.read.push(number), onCode: () => {} });
    }""")
    reader = kiosk.context.new_page()
    reader.goto(f"{stage.installation.url}/kiosk/fake-reader")
    reader.fill("#age", "82")
    reader.click("#ages button")
    number = reader.input_value("#text")
    reader.keyboard.press("Enter")
    until(kiosk, lambda: kiosk.evaluate("window.read.length") == 1, "the card was read")
    assert kiosk.evaluate("window.read") == [number]
    assert len(number) == 18
