"""The ticket: what a resident carries to a chair. The number is what they look for, so it is most of the paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from hall.domain.texts import Text
from hall.paper.page import Page
from hall.paper.sheet import INNER, MARGIN, WIDTH, Sheet, line_height, wrap
from hall.paper.texts import N_, in_languages, say

SMALL: Final = 26
BODY: Final = 30
LARGE: Final = 38
_NUMBER: Final = 208
_GUTTER: Final = 16
#: dots that words beside the code need
_NARROWEST: Final = 200

YOUR_NUMBER = N_("Your number")
PRINTED_AGAIN = N_("Printed again (%(copy)s)")
BEFORE_YOU = N_("Called before you")
PEOPLE = N_("%(n)s people")
NOBODY = N_("You are next")
EXPECTED_WAIT = N_("Expected wait")
MINUTES = N_("%(low)s–%(high)s min")
APPOINTMENT = N_("Appointment at %(time)s")
SHOW_DOCUMENT = N_("Please show your document at the window")
SCAN = N_("Scan to follow your place")
SCAN_MORE = N_("Your phone tells you when your turn is near.")
WATCH = N_("Watch the screens and listen for your number.")
NO_PHONE = N_("No phone needed: watch the screens and listen for your number.")
TAKEN_AT = N_("Taken")


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a ticket says. `declared`: a group was declared, which the paper never names. Times are ms UTC, shown
    in `zone`. `copy` counts reprints."""

    hall: Text
    zone: str
    number: str
    services: tuple[Text, ...]
    issued_at: int
    ahead: int | None = None
    wait: tuple[int, int] | None = None
    slot: int | None = None
    declared: bool = False
    url: str | None = None
    notice: Text | None = None
    language: str = "zh"
    copy: int = 0


def layout(ticket: Ticket) -> Sheet:
    page = Page()
    _put(page, ticket, ticket.hall, BODY, bold=True)
    page.gap(14)
    page.rule(3)
    page.gap(18)
    _number(page, ticket)
    page.gap(30)
    for service in ticket.services:
        _put(page, ticket, service, LARGE, bold=True)
        page.gap(6)
    if ticket.slot is not None:
        _put(page, ticket, say(APPOINTMENT, time=local(ticket.slot, ticket.zone, "%H:%M")), BODY)
    page.gap(14)
    _place(page, ticket)
    if ticket.declared:
        shown = in_languages(say(SHOW_DOCUMENT), ticket.language)
        page.framed([(text, LARGE - 12 * n) for n, text in enumerate(shown)])
        page.gap(18)
    _follow(page, ticket)
    page.rule()
    page.gap(14)
    _foot(page, ticket)
    return page.sheet()


def local(at: int, zone: str, form: str = "%Y-%m-%d %H:%M") -> str:
    return datetime.fromtimestamp(at / 1000, ZoneInfo(zone)).strftime(form)


def _put(page: Page, ticket: Ticket, text: Text, size: int, *, bold: bool = False) -> None:
    """Both languages, in the middle; English smaller, under the Chinese."""
    for n, line in enumerate(in_languages(text, ticket.language)):
        page.text(line, size if n == 0 else max(SMALL, size - 10), bold=bold and n == 0, align="centre")


def _number(page: Page, ticket: Ticket) -> None:
    page.text("  ".join(in_languages(say(YOUR_NUMBER), ticket.language)), BODY, align="centre")
    page.gap(18)
    page.huge(ticket.number, _NUMBER)


def _place(page: Page, ticket: Ticket) -> None:
    """People ahead and the wait, side by side; what is not known is left out, never invented."""
    facts = []
    if ticket.ahead is not None:
        facts.append((say(BEFORE_YOU), say(PEOPLE, n=ticket.ahead) if ticket.ahead else say(NOBODY)))
    if ticket.wait is not None:
        low, high = ticket.wait
        facts.append((say(EXPECTED_WAIT), say(MINUTES, low=low, high=high)))
    if not facts:
        return
    page.rule()
    top, bottom, width = page.y + 16, page.y, INNER // len(facts)
    for n, (label, value) in enumerate(facts):
        page.y = top
        _fact(page, ticket, label, value, MARGIN + n * width, width)
        bottom = max(bottom, page.y)
    if len(facts) > 1:
        page.line_down(WIDTH // 2 - 1, top, bottom)
    page.y = bottom + 16
    page.rule()
    page.gap(20)


def _fact(page: Page, ticket: Ticket, label: Text, value: Text, x: int, width: int) -> None:
    for words in in_languages(label, ticket.language):
        page.text(words, SMALL, align="centre", x=x, width=width)
    for n, words in enumerate(in_languages(value, ticket.language)):
        page.text(words, SMALL if n else 46, bold=n == 0, align="centre", x=x, width=width)


def _follow(page: Page, ticket: Ticket) -> None:
    """The QR code beside what it is good for, below it when the address makes it too wide for that; and that
    nobody needs a phone."""
    if ticket.url is not None:
        _code(page, ticket, ticket.url)
    _put(page, ticket, say(NO_PHONE if ticket.url else WATCH), SMALL)
    page.gap(14)


def _code(page: Page, ticket: Ticket, url: str) -> None:
    top = page.y
    code = page.qr(url, MARGIN)
    x, width = code.x + code.width + _GUTTER, INNER - code.width - _GUTTER
    said = [
        (words, BODY if message == SCAN and n == 0 else SMALL, message == SCAN)
        for message in (SCAN, SCAN_MORE)
        for n, words in enumerate(in_languages(say(message), ticket.language))
    ]
    if width < _NARROWEST:
        page.y = top + code.height
        x, width = MARGIN, INNER
    else:
        # In the middle of the code's height.
        tall = sum(line_height(size) * len(wrap(words, size, width, bold=bold)) for words, size, bold in said)
        page.y = top + max(0, code.height - tall) // 2
    for words, size, bold in said:
        page.text(words, size, bold=bold, x=x, width=width)
    page.y = max(page.y, top + code.height) + 8


def _foot(page: Page, ticket: Ticket) -> None:
    if ticket.notice is not None:
        for words in in_languages(ticket.notice, ticket.language):
            page.text(words, SMALL)
        page.gap(10)
    taken = [*in_languages(say(TAKEN_AT), ticket.language), local(ticket.issued_at, ticket.zone)]
    page.text("  ".join(taken), SMALL)
    if ticket.copy:
        page.text("  ".join(in_languages(say(PRINTED_AGAIN, copy=ticket.copy), ticket.language)), SMALL)
