"""Puts boxes on a sheet from top to bottom."""

from __future__ import annotations

from typing import Final

import qrcode
from qrcode.constants import ERROR_CORRECT_M

from hall.paper.font import BOLD, drawable, font
from hall.paper.sheet import INNER, MARGIN, WIDTH, Align, Box, Sheet, balanced, line_height, width_of, wrap

#: dots a module: what a cheap phone reads from thermal paper at arm's length
MODULE: Final = 6
_QUIET: Final = 4


class Page:
    """`y` is where the next thing goes; everything else is decided by what is put there."""

    def __init__(self, y: int = MARGIN) -> None:
        self.y = y
        self._boxes: list[Box] = []

    def sheet(self) -> Sheet:
        return Sheet(self.y + MARGIN, tuple(self._boxes))

    def gap(self, dots: int) -> None:
        self.y += dots

    def text(
        self,
        text: str,
        size: int,
        *,
        bold: bool = False,
        align: Align = "left",
        x: int = MARGIN,
        width: int = INNER,
    ) -> None:
        """A paragraph, broken into as many lines as it needs."""
        broken = balanced if align == "centre" else wrap
        for line in broken(drawable(text), size, width, bold=bold):
            wide = width_of(line, size, bold=bold)
            left = {"left": x, "centre": x + (width - wide) // 2, "right": x + width - wide}[align]
            self._boxes.append(Box("text", left, self.y, wide, line_height(size), line, size, bold))
            self.y += line_height(size)

    def huge(self, text: str, size: int) -> None:
        """One line as large as it fits, up to `size`, in the middle; its box is its ink."""
        while width_of(text, size, bold=True) > INNER:
            size -= 4
        left, top, right, bottom = font(BOLD, size).getbbox(text)
        width, height = int(right - left), int(bottom - top)
        self._boxes.append(Box("text", (WIDTH - width) // 2, self.y, width, height, text, size, bold=True, tight=True))
        self.y += height

    def rule(self, thick: int = 2) -> None:
        self._boxes.append(Box("rule", MARGIN, self.y, INNER, thick))
        self.y += thick

    def line_down(self, x: int, top: int, bottom: int) -> None:
        self._boxes.append(Box("rule", x, top, 2, bottom - top))

    def framed(self, lines: list[tuple[str, int]]) -> None:
        """Short sentences (text, size) in a frame, what nobody may overlook."""
        top, place = self.y, len(self._boxes)
        self.y += 16
        for text, size in lines:
            self.text(text, size, bold=True, align="centre", x=MARGIN + 16, width=INNER - 32)
        self.y += 16
        self._boxes.insert(place, Box("frame", MARGIN, top, INNER, self.y - top, size=12))

    def mark(self, kind: str, side: int, x: int, y: int) -> None:
        """A box to tick, empty or ticked."""
        self._boxes.append(Box("tick" if kind == "tick" else "empty", x, y, side, side))

    def qr(self, text: str, x: int | None = None) -> Box:
        """A QR code with its quiet zone inside the box; None: in the middle. `y` stays, so that words may stand
        beside it."""
        code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=_QUIET)
        code.add_data(text)
        code.make(fit=True)
        modules = tuple(tuple(bool(dark) for dark in row) for row in code.get_matrix())
        side = len(modules) * MODULE
        if side > WIDTH:
            raise ValueError("the text is too long for a QR code on this paper")
        box = Box("qr", (WIDTH - side) // 2 if x is None else x, self.y, side, side, text, MODULE, modules=modules)
        self._boxes.append(box)
        return box
