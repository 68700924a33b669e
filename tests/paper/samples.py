"""Prints for the documentation: python -m tests.paper.samples docs/screenshots"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from PIL import Image, ImageOps

from hall.paper import slip, ticket
from hall.paper.sheet import Sheet, draw
from tests.paper.test_ticket import FULL, PLAIN, SLIP, URL

SAMPLES: dict[str, Sheet] = {
    "paper-ticket-zh": ticket.layout(replace(PLAIN, ahead=12, wait=(20, 35), url=URL, notice=FULL.notice)),
    "paper-ticket-en": ticket.layout(replace(FULL, copy=0, slot=None)),
    "paper-slip-zh": slip.layout(replace(SLIP, keeps_place=True, number="A012")),
    "paper-slip-en": slip.layout(replace(SLIP, language="en")),
}


def main(folder: Path) -> None:
    for name, sheet in SAMPLES.items():
        paper = draw(sheet).convert("L")
        # A grey edge, so that the paper can be told from the page.
        framed: Image.Image = ImageOps.expand(paper, border=1, fill=160)
        framed.save(folder / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
