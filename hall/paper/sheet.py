"""A sheet of paper before it is drawn: boxes with their place and what is in them. Drawing decides nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from math import ceil
from typing import Final, Literal

from PIL import Image, ImageDraw

from hall.paper.font import BOLD, REGULAR, drawable, font

#: dots across 80 mm paper at 203 dpi
WIDTH: Final = 576
MARGIN: Final = 24
INNER: Final = WIDTH - 2 * MARGIN
#: Below this share of white a dot is burnt; strokes of small Chinese text then neither break nor close up.
_THRESHOLD: Final = 150
_LEADING: Final = 1.28
_BASELINE: Final = 0.99
_NOT_FIRST: Final = "，。、；：！？）》」』”’…％%,.;:!?)]}·"
_NOT_LAST: Final = "（《「『“‘([{"
_WORDS: Final = re.compile(r"[A-Za-z0-9À-ÿ'’/+@#&_.:\-–]+|\s|.", re.DOTALL)

Kind = Literal["text", "rule", "frame", "qr", "tick", "empty"]
Align = Literal["left", "centre", "right"]


@dataclass(frozen=True, slots=True)
class Box:
    """Something on the paper, in dots. `size` is the font's for a text, the dots of a module for a QR code."""

    kind: Kind
    x: int
    y: int
    width: int
    height: int
    text: str = ""
    size: int = 0
    bold: bool = False
    #: the box is the ink itself, not a line of text
    tight: bool = False
    modules: tuple[tuple[bool, ...], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Sheet:
    height: int
    boxes: tuple[Box, ...]
    width: int = WIDTH


def line_height(size: int) -> int:
    return round(size * _LEADING)


def width_of(text: str, size: int, *, bold: bool = False) -> int:
    """The shipped fonts have no kerning, so a text is as wide as its characters."""
    return ceil(sum(_advance(char, size, bold) for char in text))


@cache
def _advance(char: str, size: int, bold: bool) -> float:
    return font(BOLD if bold else REGULAR, size).getlength(char)


def wrap(text: str, size: int, width: int, *, bold: bool = False) -> list[str]:
    """Break a text into lines: anywhere between Chinese characters, between words otherwise, and never so that a
    comma begins a line or an opening bracket ends one."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and width_of(line + piece.rstrip(), size, bold=bold) > width:
            lines.append(line.strip())
            line = ""
        line += piece
        while width_of(line.rstrip(), size, bold=bold) > width:  # one word longer than the line
            cut = next(n for n in range(len(line), 0, -1) if n == 1 or width_of(line[:n], size, bold=bold) <= width)
            lines.append(line[:cut].strip())
            line = line[cut:]
    if line.strip():
        lines.append(line.strip())
    return lines


def balanced(text: str, size: int, width: int, *, bold: bool = False) -> list[str]:
    """As few lines as `wrap` makes, of about the same length: no single word on the last one."""
    lines = wrap(text, size, width, bold=bold)
    best, count = lines, len(lines)
    while count > 1 and width > size:
        width -= size // 4
        lines = wrap(text, size, width, bold=bold)
        if len(lines) > count:
            break
        best = lines
    return best


def _pieces(text: str) -> list[str]:
    """What must not be torn apart."""
    pieces: list[str] = []
    for token in _WORDS.findall(text):
        glued = pieces and (token[0] in _NOT_FIRST or pieces[-1][-1] in _NOT_LAST or token.isspace())
        if glued:
            pieces[-1] += token
        else:
            pieces.append(token)
    return pieces


def draw(sheet: Sheet) -> Image.Image:
    """The picture, one bit a dot: black is burnt."""
    image = Image.new("L", (sheet.width, sheet.height), 255)
    pen = ImageDraw.Draw(image)
    for box in sheet.boxes:
        _PENS[box.kind](pen, box)
    return image.point(lambda grey: 255 if grey >= _THRESHOLD else 0).convert("1", dither=Image.Dither.NONE)


def _text(pen: ImageDraw.ImageDraw, box: Box) -> None:
    face, text = font(BOLD if box.bold else REGULAR, box.size), drawable(box.text)
    if box.tight:
        left, top, _, _ = face.getbbox(text)
        pen.text((box.x - left, box.y - top), text, 0, face)
    else:
        pen.text((box.x, box.y + round(box.size * _BASELINE)), text, 0, face, anchor="ls")


def _rule(pen: ImageDraw.ImageDraw, box: Box) -> None:
    pen.rectangle((box.x, box.y, box.x + box.width - 1, box.y + box.height - 1), fill=0)


def _frame(pen: ImageDraw.ImageDraw, box: Box) -> None:
    edges = (box.x, box.y, box.x + box.width - 1, box.y + box.height - 1)
    pen.rounded_rectangle(edges, radius=box.size, outline=0, width=4)


def _empty(pen: ImageDraw.ImageDraw, box: Box) -> None:
    pen.rectangle((box.x, box.y, box.x + box.width - 1, box.y + box.height - 1), outline=0, width=3)


def _tick(pen: ImageDraw.ImageDraw, box: Box) -> None:
    _empty(pen, box)
    x, y, side = box.x, box.y, box.width
    corners = [(0.2, 0.5), (0.42, 0.74), (0.82, 0.24)]
    pen.line([(x + side * a, y + side * b) for a, b in corners], fill=0, width=5, joint="curve")


def _qr(pen: ImageDraw.ImageDraw, box: Box) -> None:
    for row, modules in enumerate(box.modules):
        for column, dark in enumerate(modules):
            if dark:
                x, y = box.x + column * box.size, box.y + row * box.size
                pen.rectangle((x, y, x + box.size - 1, y + box.size - 1), fill=0)


_PENS = {"text": _text, "rule": _rule, "frame": _frame, "qr": _qr, "tick": _tick, "empty": _empty}
