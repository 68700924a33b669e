"""The words of messages, in the reader's language: a short message in both would cost twice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from babel.dates import format_skeleton
from babel.messages.pofile import read_po

from hall.domain.notices import What

_CATALOGUE: Final = Path(__file__).parent / "translations/zh_Hans_CN/LC_MESSAGES/messages.po"


def N_(text: str) -> str:  # noqa: N802 - the name gettext's tools look for
    """Marks a text for the catalogue."""
    return text


_TEXTS: Final = {
    What.BOOKED: N_("Booked: %(date)s, %(time)s at %(hall)s. Your code: %(code)s."),
    What.MOVED: N_("Your appointment is now on %(date)s, %(time)s at %(hall)s. Your code: %(code)s."),
    What.CANCELLED: N_("Your appointment on %(date)s, %(time)s at %(hall)s is cancelled."),
    What.REMINDER: N_("Reminder: your appointment is on %(date)s, %(time)s at %(hall)s. Your code: %(code)s."),
    What.SOON: N_("Number %(number)s: %(ahead)s people are called before you. Please come to %(hall)s."),
    What.CALLED: N_("Number %(number)s is called: please go to window %(window)s, %(hall)s."),
    What.CASE: N_("There is news of your matter, number %(number)s, at %(hall)s."),
}
_NEXT: Final = N_("Number %(number)s: you are next. Please come to %(hall)s.")
_ONE: Final = N_("Number %(number)s: 1 person is called before you. Please come to %(hall)s.")
_OF_APPOINTMENT: Final = N_("Your appointment at %(hall)s")
_OF_CASE: Final = N_("Your matter at %(hall)s")
_OF_NUMBER: Final = N_("Your number %(number)s at %(hall)s")


class Words(NamedTuple):
    subject: str
    text: str


def words(what: What, language: str, facts: Mapping[str, str]) -> Words:
    """Subject (for mail) and text; the link follows when there is one."""
    text = _TEXTS[what]
    if what is What.SOON:
        text = {"0": _NEXT, "1": _ONE}.get(facts["ahead"], text)
    of_number = what in (What.SOON, What.CALLED)
    subject = _OF_CASE if what is What.CASE else _OF_NUMBER if of_number else _OF_APPOINTMENT
    link = f" {facts['url']}" if facts.get("url") else ""
    return Words(_say(subject, language, facts), _say(text, language, facts) + link)


def day(moment: datetime, language: str) -> str:
    """11月30日, Nov 30."""
    return str(format_skeleton("MMMd", moment, locale="en" if language.startswith("en") else "zh"))


def _say(message: str, language: str, facts: Mapping[str, str]) -> str:
    template = message if language.startswith("en") else _chinese()[message]
    return template % facts


@cache
def _chinese() -> dict[str, str]:
    with _CATALOGUE.open("rb") as source:
        messages = read_po(source, locale="zh_Hans_CN")
    return {str(message.id): str(message.string) for message in messages if message.id and message.string}
