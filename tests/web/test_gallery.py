"""docs/pages.md shows every page, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

from tests.screenshots import gallery
from tests.screenshots.shoot import TARGET

ROOT = Path(__file__).resolve().parents[2]
_TEMPLATES = {
    path.relative_to(folder).with_suffix("").as_posix(): path.read_text("utf-8")
    for top in ("hall", "kiosk", "display")
    for folder in (ROOT / top).rglob("templates")
    for path in folder.rglob("*.html")
}
SHOWN = [one for shown in gallery.GALLERY.values() for one in shown]


def whole_pages() -> set[str]:
    """Templates that somebody sees: they extend another, and no other extends them."""
    bases = {name for text in _TEMPLATES.values() for name in re.findall(r'{% extends "([^"]+)\.html" %}', text)}
    return {name for name, text in _TEMPLATES.items() if "{% extends" in text} - bases


def test_every_page_is_shown() -> None:
    assert whole_pages() == {one.template for one in SHOWN}


def test_every_picture_is_there_and_none_is_left_over() -> None:
    paper = {path.name for path in TARGET.glob("paper-*.png")}
    named = {f"{one.picture}-{lang}.png" for one in SHOWN for lang in gallery.LANGUAGES}
    assert {path.name for path in TARGET.iterdir()} - paper == named


def test_the_page_is_what_make_screenshots_writes() -> None:
    assert gallery.PAGE.read_text("utf-8") == gallery.text()
