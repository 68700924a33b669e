"""One picture of a page as it stands."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from tests.browser.installation import ROOT

TARGET = ROOT / "docs" / "screenshots"
_LARGEST_BYTES = 160_000
#: our pages are flat: more colours cannot be told apart, and a repository keeps every picture for ever
_COLOURS = 256


def shoot(page: Page, name: str, *, whole: bool = False) -> Path:
    """`docs/screenshots/<name>.png`: what is seen, or the whole page with what is below. Raises `ValueError` when it
    is too large for a repository, or shows that the page did not come."""
    if page.locator("#problem").count() and not name.startswith("problem"):
        raise ValueError(f"{name}: {page.inner_text('#problem')}")
    seen = Image.open(io.BytesIO(page.screenshot(animations="disabled", full_page=whole)))
    path = TARGET / f"{name}.png"
    seen.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    if path.stat().st_size > _LARGEST_BYTES:
        raise ValueError(f"{path} is larger than {_LARGEST_BYTES} bytes")
    return path
