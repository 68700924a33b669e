"""The shipped fonts. A character they lack is named, never printed as an empty box."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import structlog
from PIL import ImageFont

REGULAR: Final = "NotoSansSC-Regular.ttf"
BOLD: Final = "NotoSansSC-Bold.ttf"
_FONTS = Path(__file__).parent / "fonts"
_log = structlog.get_logger()


@cache
def font(name: str, size: int) -> ImageFont.FreeTypeFont:
    # Basic layout: the subset has no features, and raqm is not in every build of Pillow.
    return ImageFont.truetype(str(_FONTS / name), size, layout_engine=ImageFont.Layout.BASIC)


@cache
def covered() -> frozenset[int]:
    """Code points both weights can draw."""
    from fontTools.ttLib import TTFont  # few processes ever draw

    with TTFont(_FONTS / REGULAR, lazy=True) as regular, TTFont(_FONTS / BOLD, lazy=True) as bold:
        return frozenset(regular.getBestCmap()) & frozenset(bold.getBestCmap())


def missing(text: str) -> list[str]:
    """The characters of a text that cannot be drawn, each once, as "U+4EDD"."""
    return [f"U+{ord(char):04X}" for char in dict.fromkeys(text) if ord(char) not in covered()]


def drawable(text: str) -> str:
    """The text with every character that cannot be drawn as its code in brackets, "王[U+4EDD]": a resident can
    still be found by it, and the log says what the fonts lack."""
    lacking = missing(text)
    for code in lacking:
        _log.error(f"no glyph for {code}", font=REGULAR)
        text = text.replace(chr(int(code[2:], 16)), f"[{code}]")
    return text
