"""docs/pages.md: every page in both languages, made by `make screenshots`."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

from tests.browser.installation import ROOT

PAGE: Final = ROOT / "docs" / "pages.md"
LANGUAGES: Final = ("zh", "en")


class Shown(NamedTuple):
    """A picture, the template of the page on it, and what it is."""

    picture: str
    template: str
    words: str


GALLERY: Final[dict[str, tuple[Shown, ...]]] = {
    "Residents in the hall": (
        Shown("kiosk-home", "kiosk", "The kiosk's first page"),
        Shown("kiosk-services", "kiosk", "What did you come for?"),
        Shown("kiosk-search", "kiosk", "Looking for it by letters"),
        Shown("kiosk-papers", "kiosk", "What to bring"),
        Shown("kiosk-missing", "kiosk", "What is missing?"),
        Shown("kiosk-told", "kiosk", "What to bring next time"),
        Shown("kiosk-number", "kiosk", "The number"),
        Shown("kiosk-own", "kiosk", "A number that missed its call, put on the reader"),
        Shown("kiosk-appointment", "kiosk", "An appointment"),
        Shown("kiosk-priority", "kiosk", "The green channel"),
        Shown("kiosk-help", "kiosk", "Somebody comes to help"),
        Shown("kiosk-refused", "kiosk", "A line that gives no numbers"),
        Shown("kiosk-closed", "kiosk", "The hall is closed"),
        Shown("kiosk-away", "kiosk", "No server"),
        Shown("kiosk-fake-reader", "fake_reader", "A card reader for trying"),
        Shown("display", "display", "The hall's display"),
        Shown("display-window", "display", "One window's display"),
        Shown("display-stale", "display", "A display without a server"),
        Shown("pad", "office_pad", "The rating pad at a window"),
        Shown("wall", "wall", "The promise, for the wall"),
    ),
    "Residents on a phone": (
        Shown("phone", "ticket", "A number on a phone"),
        Shown("phone-called", "ticket", "Called, in large letters"),
        Shown("phone-give-up", "give_up", "Giving up a number"),
        Shown("phone-rate", "office_rate", "How it was"),
        Shown("mirror", "mirror", "The hall's calls"),
        Shown("halls", "halls", "Halls nearby"),
        Shown("cases-follow", "cases_tracking", "Following a case"),
    ),
    "Booking": (
        Shown("booking-halls", "booking/halls", "Which hall"),
        Shown("booking-services", "booking/services", "What for"),
        Shown("booking-papers", "booking/papers", "What to bring"),
        Shown("own-move", "booking/day", "Which day"),
        Shown("booking-times", "booking/time", "Which time"),
        Shown("booking-person", "booking/person", "For whom, with a mistake"),
        Shown("booking-check", "booking/check", "Is it right?"),
        Shown("booking-done", "booking/appointment", "The appointment"),
        Shown("own-moved", "booking/move", "At another time"),
        Shown("own-services", "booking/change_services", "For something else"),
        Shown("own-cancel", "booking/cancel", "Not at all"),
    ),
    "Clerks": (
        Shown("console", "console", "The console"),
        Shown("console-picked", "console", "A number that waits, with a note"),
        Shown("desk-appointments", "appointments", "A day's appointments"),
        Shown("desk-book", "appointment_book", "Booking for a caller"),
        Shown("desk-appointment", "appointment", "One appointment"),
        Shown("desk-import", "appointment_import", "Appointments of a portal"),
        Shown("desk-windows", "windows", "What windows do"),
    ),
    "Case officers": (
        Shown("cases-today", "cases_today", "Today"),
        Shown("cases-list", "cases_list", "All cases"),
        Shown("cases-card", "cases_card", "Whose card is it?"),
        Shown("cases-open", "cases_open", "Opening a case"),
        Shown("cases-assign", "cases_assign", "Who does it"),
        Shown("cases-opened", "cases_opened", "A number that became a case"),
        Shown("cases-case", "cases_case", "A case"),
        Shown("cases-receipt", "cases_receipt", "The receipt"),
        Shown("cases-officers", "cases_officers", "Officers"),
        Shown("cases-results", "cases_results", "What became of cases"),
        Shown("cases-overview", "cases_results", "The same for a manager"),
        Shown("visits-list", "visits_list", "Home visits"),
        Shown("visits-week", "visits_week", "A pair's week"),
        Shown("visits-rounds", "visits_rounds", "The rounds of a day"),
        Shown("visits-conflicts", "visits_conflicts", "What was refused"),
        Shown("doorstep-round", "doorstep", "At the door: the round"),
        Shown("doorstep-visit", "doorstep", "At the door: a visit"),
    ),
    "The office": (
        Shown("office-live", "office_live", "The hall now"),
        Shown("office-report", "office_report", "A report"),
        Shown("office-month", "office_month", "The month on paper"),
        Shown("office-planning", "office_planning", "Other windows on a day that was"),
        Shown("office-trial", "office_trial", "A plan over many days"),
        Shown("office-staffing", "office_staffing", "How many windows it takes"),
        Shown("office-ratings", "office_ratings", "Bad ratings wait for an answer"),
        Shown("office-description", "office_description", "Everything of the hall's file"),
        Shown("office-import", "office_import", "A file loaded"),
        Shown("office-webhooks", "office_webhooks", "Other programs are told"),
        Shown("office-people", "office_people", "Staff and devices"),
        Shown("office-privacy", "office_privacy", "Personal data"),
        Shown("office-audit", "office_audit", "The audit"),
    ),
    "Getting in": (
        Shown("home", "home", "The pages of an installation"),
        Shown("set-up", "set_up", "The first administrator"),
        Shown("sign-in", "sign_in", "Signing in"),
        Shown("second-code", "second_code", "The second factor"),
        Shown("account", "account", "One's own account"),
        Shown("second-factor", "second", "Setting up a second factor"),
        Shown("recovery-codes", "second_codes", "For when the phone is lost"),
        Shown("pair", "one_button", "A new screen"),
        Shown("problem", "problem", "What did not work"),
    ),
}
_HEAD: Final = """# Every page

Chinese left, English right, from a running hall: `make screenshots` makes the pictures and this page. What pages do is
told in [screens.md](screens.md), [office.md](office.md), [desk.md](desk.md), [visits.md](visits.md) and
[appointments.md](appointments.md).
"""


def text() -> str:
    sections = (f"\n## {title}\n" + "".join(map(_row, shown)) for title, shown in GALLERY.items())
    return _HEAD + "".join(sections)


def write(to: Path = PAGE) -> None:
    to.write_text(text(), "utf-8")


def _row(one: Shown) -> str:
    cells = (f"![{one.words} ({lang})](screenshots/{one.picture}-{lang}.png)" for lang in LANGUAGES)
    return f"\n**{one.words}**\n\n| 中文 | English |\n|---|---|\n| {' | '.join(cells)} |\n"
