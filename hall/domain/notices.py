"""Messages to people: which a hall sends, through which channels, and when one is tried again."""

from __future__ import annotations

import string
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Literal

_STRICT = {"extra": "forbid"}


class What(StrEnum):
    """What a notice says."""

    BOOKED = "booked"
    MOVED = "moved"
    CANCELLED = "cancelled"
    REMINDER = "reminder"
    SOON = "soon"
    CALLED = "called"
    CASE = "case"


class NoticeState(StrEnum):
    """`dropped`: no longer true when it was to be sent, or nobody to send it to."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


#: what a text may be made of
FACTS: Final = ("hall", "date", "time", "code", "url", "number", "ahead", "window")
#: what a field of a gateway may be made of besides; `mobile` is the phone without +86, `params` the facts as JSON
FIELDS: Final = (*FACTS, "id", "phone", "mobile", "text", "what", "language", "template", "params", "token")
#: seconds from one try to the next
BACK_OFF: Final = (10, 60, 300, 900, 3600)
#: how long one try may take; another one begins no sooner
TRY_SECONDS: Final = 60
#: a call that was not told within so many minutes is not told any more
CALLED_MINUTES: Final = 5
#: nor is a call that is near
SOON_MINUTES: Final = 60

Channel = Literal["sms", "mail", "webhook", "log"]
#: hours within which news of a case is still news; and one message an hour is enough
CASE_HOURS: Final = 24


def next_try(tries: int) -> int | None:
    """Seconds until the next try after so many; None: give up."""
    return BACK_OFF[tries - 1] if tries <= len(BACK_OFF) else None


def _check_places(text: str) -> None:
    """Only {place}s of `FIELDS`: a template is data, and must reach nothing else."""
    for _, name, spec, conversion in _parts(text):
        if name is not None and (name not in FIELDS or spec or conversion):
            raise ValueError(f"{{{name}}} is none of {', '.join(FIELDS)}")


def _parts(text: str) -> Iterable[tuple[str, str | None, str | None, str | None]]:
    try:
        return list(string.Formatter().parse(text))
    except ValueError as error:
        raise ValueError(f"{text!r}: {error}") from None


@dataclass(frozen=True, slots=True)
class Sms:
    """What an SMS gateway wants to read. `fields` name → text with {places}; a name with dots is nested in JSON. `ok`:
    what a JSON answer must hold, by name. `templates`: the gateway's own ids of approved texts, by `what.language`."""

    __pydantic_config__ = _STRICT

    method: Literal["POST", "PUT", "GET"] = "POST"
    body: Literal["json", "form", "query"] = "json"
    headers: dict[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=lambda: {"id": "{id}", "phone": "{phone}", "text": "{text}"})
    ok: dict[str, str] = field(default_factory=dict)
    templates: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.method == "GET" and self.body != "query":
            raise ValueError('method GET needs body = "query"')
        for text in (*self.headers.values(), *self.fields.values()):
            _check_places(text)
        known = {f"{what}.{language}" for what in What for language in ("zh", "en")}
        if unknown := sorted(set(self.templates) - known):
            raise ValueError(f"templates: {unknown[0]!r} is not like booked.zh")


@dataclass(frozen=True, slots=True)
class Mail:
    """`sender`: the address mails come from."""

    __pydantic_config__ = _STRICT

    sender: str = ""

    def __post_init__(self) -> None:
        if self.sender and (not self.sender.isascii() or self.sender.count("@") != 1 or set(self.sender) & set(" <>,")):
            raise ValueError("sender must be one address, like hall@example.org")


@dataclass(frozen=True, slots=True)
class Notices:
    """Which messages the hall sends. `bookings`: an appointment was made, moved, cancelled; reminders are sent when
    `booking.reminder` is set. `called_soon`: at most `soon_ahead` people are before, or the wait may be
    `soon_minutes`; `called`: the call itself; `cases`: a case has gone on. The
    first of `channels` that has the person's address is taken."""

    __pydantic_config__ = _STRICT

    called_soon: bool = False
    soon_ahead: int = 3
    soon_minutes: int = 10
    called: bool = False
    bookings: bool = False
    cases: bool = False
    channels: tuple[Channel, ...] = ("log",)
    sms: Sms = Sms()
    mail: Mail = Mail()

    def __post_init__(self) -> None:
        if not 0 <= self.soon_ahead <= 100:
            raise ValueError("soon_ahead must be from 0 to 100")
        if not 0 <= self.soon_minutes <= 240:
            raise ValueError("soon_minutes must be from 0 to 240")
        if self.called and not self.called_soon:
            raise ValueError("called needs called_soon: only for it a phone is kept with a number")
        if "mail" in self.channels and not self.mail.sender:
            raise ValueError("the channel mail needs [notices.mail] sender")
