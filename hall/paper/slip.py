"""The 一次性告知 slip: which papers a service needs, which of them are missing, and a code for the next visit."""

from __future__ import annotations

from dataclasses import dataclass

from hall.domain.texts import Text
from hall.paper.page import Page
from hall.paper.sheet import INNER, MARGIN, Sheet, line_height
from hall.paper.texts import N_, in_languages, say
from hall.paper.ticket import BODY, LARGE, SMALL, local

TITLE = N_("Papers you need: all of them, told once")
HAVE = N_("You have this")
LACK = N_("Please bring this")
OUTCOME = N_("What you get: %(text)s")
PROCESS = N_("How it goes: %(text)s")
SKIP = N_("Next time, hold this code to the machine: no questions again.")
KEEP = N_("Come back today and hold this code to the machine: your place is kept.")
WRITTEN_AT = N_("Printed")
_SIDE = 30


@dataclass(frozen=True, slots=True)
class Paper:
    """One material on the slip."""

    name: Text
    note: Text | None = None
    have: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One service with its papers."""

    name: Text
    papers: tuple[Paper, ...]
    process: Text | None = None
    outcome: Text | None = None


@dataclass(frozen=True, slots=True)
class Slip:
    """`code` is what the QR code holds; `keeps_place`: it came from a window. `number` then is the ticket's."""

    hall: Text
    zone: str
    printed_at: int
    items: tuple[Item, ...]
    code: str
    keeps_place: bool = False
    number: str | None = None
    notice: Text | None = None
    language: str = "zh"


def layout(slip: Slip) -> Sheet:
    page = Page()
    _put(page, slip, say(TITLE), LARGE, bold=True)
    page.gap(4)
    _put(page, slip, slip.hall, SMALL)
    page.gap(12)
    page.rule(3)
    for item in slip.items:
        page.gap(18)
        _item(page, slip, item)
    page.gap(14)
    page.rule()
    page.gap(10)
    code = page.qr(slip.code)
    page.gap(code.height + 4)
    _put(page, slip, say(KEEP if slip.keeps_place else SKIP), BODY, bold=True)
    if slip.number:
        page.gap(10)
        page.text(slip.number, 56, bold=True, align="centre")
    page.gap(14)
    page.rule()
    page.gap(12)
    for words in in_languages(slip.notice, slip.language) if slip.notice else []:
        page.text(words, SMALL)
    printed = [*in_languages(say(WRITTEN_AT), slip.language), local(slip.printed_at, slip.zone)]
    page.text("  ".join(printed), SMALL)
    return page.sheet()


def _put(page: Page, slip: Slip, text: Text, size: int, *, bold: bool = False) -> None:
    for n, words in enumerate(in_languages(text, slip.language)):
        page.text(words, size if n == 0 else SMALL, bold=bold and n == 0, align="centre")


def _item(page: Page, slip: Slip, item: Item) -> None:
    for n, words in enumerate(in_languages(item.name, slip.language)):
        page.text(words, LARGE if n == 0 else SMALL, bold=n == 0)
    page.gap(8)
    # What is missing comes first: it is why the paper exists.
    for paper in sorted(item.papers, key=lambda paper: paper.have):
        _paper(page, slip, paper)
        page.gap(12)
    for message, text in ((PROCESS, item.process), (OUTCOME, item.outcome)):
        if text is not None:
            both = Text(zh=say(message, text=text.zh).zh, en=say(message, text=text.said("en")).en)
            for words in in_languages(both, slip.language):
                page.text(words, SMALL)


def _paper(page: Page, slip: Slip, paper: Paper) -> None:
    x = MARGIN + _SIDE + 16
    width = INNER - _SIDE - 16
    page.mark("tick" if paper.have else "empty", _SIDE, MARGIN, page.y + (line_height(BODY) - _SIDE) // 2)
    for n, words in enumerate(in_languages(paper.name, slip.language)):
        page.text(words, SMALL if n else BODY, bold=n == 0 and not paper.have, x=x, width=width)
    for words in in_languages(paper.note, slip.language) if paper.note else []:
        page.text(words, SMALL, x=x, width=width)
    page.text("  ".join(in_languages(say(HAVE if paper.have else LACK), slip.language)), SMALL, x=x, width=width)
