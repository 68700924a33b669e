"""The settings of a hall that have a form: rules of booking, messages, voice, paper, targets, alarms, ratings."""

from __future__ import annotations

from typing import Final, get_args

from flask_babel import lazy_gettext as _

from hall.domain.notices import Channel
from hall.office.fields import Field, Part
from hall.office.names import EVENT_NAMES

_USUAL = _("Empty: the usual.")
_PENALTY = _("Whoever does not come (all empty: nothing follows)")
_NO_PENALTY = _("Numbers taken in the hall are never touched by it.")
_SMS = _("SMS gateway")
_PAIRS = _("One a row: name | value")
_FIELDS = _("One a row: name | text with {id}, {phone}, {text}, {token}. Empty: the usual.")
_TEMPLATES = _("One a row, like booked.zh | 12345")
_CHANNELS = " ".join(get_args(Channel))


def _choices(*values: str) -> tuple[tuple[str, str], ...]:
    """Values that need no words, and none of them."""
    return (("", "–"), *((value, value) for value in values))


SETTINGS: Final[dict[str, Part]] = {
    "booking": Part(
        _("Booking"),
        (
            Field("per_person_per_day", _("Appointments a person may have on one day"), "whole", hint=_USUAL),
            Field("changes", _("How often one may be moved"), "whole", hint=_USUAL),
            Field("reminder", _("Reminder, minutes before"), "whole", hint=_("Empty or 0: none.")),
            Field(
                "penalty.no_shows", _("Who let so many appointments pass"), "whole", hint=_NO_PENALTY, section=_PENALTY
            ),
            Field("penalty.within", _("within so many days"), "whole", section=_PENALTY),
            Field("penalty.days", _("cannot book for so many days"), "whole", section=_PENALTY),
        ),
        many=False,
    ),
    "notices": Part(
        _("Messages to people"),
        (
            Field("bookings", _("About appointments"), "yes"),
            Field("called_soon", _("When the call is near"), "yes"),
            Field("soon_ahead", _("Near: so many people before"), "whole", hint=_USUAL),
            Field("soon_minutes", _("Near: so many minutes"), "whole", hint=_USUAL),
            Field("called", _("At the call"), "yes"),
            Field("cases", _("About cases"), "yes"),
            Field("channels", _("Ways, the first that reaches somebody"), "words", hint=_CHANNELS),
            Field("mail.sender", _("Mails come from")),
            Field("sms.method", _("Method"), "choice", _choices("POST", "PUT", "GET"), section=_SMS),
            Field("sms.body", _("The request is sent as"), "choice", _choices("json", "form", "query"), section=_SMS),
            Field("sms.fields", _("Fields"), "pairs", hint=_FIELDS, section=_SMS),
            Field("sms.headers", _("Headers"), "pairs", hint=_PAIRS, section=_SMS),
            Field("sms.ok", _("What a JSON answer must hold"), "pairs", hint=_PAIRS, section=_SMS),
            Field("sms.templates", _("The gateway's ids of approved texts"), "pairs", hint=_TEMPLATES, section=_SMS),
        ),
        many=False,
    ),
    "webhooks": Part(
        _("Webhooks"),
        (
            Field("id", _("Id"), hint=_("Small letters, digits, - and _. It never changes.")),
            Field("url", _("Address"), hint=_("https://… The secret that signs events is on the page of webhooks.")),
            Field("on", _("Events are sent (else they wait)"), "on"),
            Field("events", _("Events"), "several", tuple(EVENT_NAMES.items())),
        ),
    ),
    "voice": Part(
        _("Voice"),
        (
            Field("on", _("Calls are spoken"), "yes"),
            Field("languages", _("Languages for everybody"), "words", hint=_("Like zh or zh en.")),
            Field("on_request", _("Languages for whoever asks"), "words", hint=_USUAL),
            Field("repeat", _("How often a call is spoken"), "whole", hint=_("1 to 3")),
            Field("one_as_yao", _("The 1 of a number is read yao"), "yes"),
            Field("voice", _("Set of clips"), hint=_USUAL),
        ),
        many=False,
    ),
    "printers": Part(
        _("Printers"),
        (
            Field("id", _("Id"), hint=_("Small letters, digits, - and _. It never changes.")),
            Field("name", _("Name shown")),
            Field(
                "kind",
                _("Kind"),
                "choice",
                (("network", _("network")), ("usb", "USB"), ("cups", "CUPS"), ("file", _("file"))),
            ),
            *(Field("host", _("Address (network)")), Field("port", _("Port (network)"), "whole", hint=_USUAL)),
            *(Field("vendor", _("Vendor (USB)"), "whole"), Field("product", _("Product (USB)"), "whole")),
            *(Field("usb_in", _("Endpoint in (USB)"), "whole"), Field("usb_out", _("Endpoint out (USB)"), "whole")),
            *(Field("queue", _("Queue (CUPS)")), Field("path", _("Path (file)"))),
            *(Field("kiosk", _("Of which kiosk")), Field("place", _("Of which place"))),
            Field("answers", _("It can be asked for paper"), "on"),
            Field("confirms", _("It says when it has printed"), "on"),
        ),
    ),
    "readers": Part(
        _("Card readers"),
        (
            Field("id", _("Id"), hint=_("Small letters, digits, - and _. It never changes.")),
            Field("url", _("Address on the kiosk's machine")),
            Field("card", _("Field of the card's number")),
            Field("code", _("Field of a code")),
            Field("every_ms", _("Asked every so many milliseconds"), "whole", hint=_USUAL),
            *(Field("hello", _("Sent first")), Field("kiosk", _("Of which kiosk"))),
        ),
    ),
    "paper": Part(
        _("Paper"),
        (
            Field(
                "when_back",
                _("Numbers that waited for the printer"),
                "choice",
                (("print", _("are printed when it is back")), ("drop", _("are given up"))),
            ),
            Field("max_age", _("Not older than so many minutes"), "whole", hint=_USUAL),
        ),
        many=False,
    ),
    "targets": Part(
        _("Targets"),
        (
            Field("ordinary", _("Ordinary visitors, minutes"), "whole", hint=_USUAL),
            Field("green", _("Green channel, minutes"), "whole", hint=_USUAL),
            Field("appointment", _("Appointments, minutes after the slot"), "whole", hint=_USUAL),
        ),
        many=False,
    ),
    "alarms": Part(
        _("Alarms"),
        (
            Field("longest_wait", _("Somebody waits so long, minutes"), "whole", hint=_USUAL),
            Field("waiting", _("So many people wait in a line"), "whole", hint=_USUAL),
            Field("idle_window", _("A window is free while people wait, minutes"), "whole", hint=_USUAL),
            Field("device_gone", _("A screen is away, minutes"), "whole", hint=_USUAL),
            Field("printer", _("A printer is not well, minutes"), "whole", hint=_USUAL),
            Field("archiver_behind", _("The archive is behind, minutes"), "whole", hint=_USUAL),
            Field("webhook_behind", _("A webhook is behind or has stopped, minutes"), "whole", hint=_USUAL),
            Field("privacy_hours", _("People's data were not swept, hours"), "whole", hint=_USUAL),
            Field("calendar", _("Next year's special days are missing"), "on"),
            Field("cases", _("The case desk"), "on"),
        ),
        many=False,
    ),
    "stop": Part(
        _("Before closing"),
        (
            Field("before_closing", _("Numbers stop when they cannot be served before closing"), "yes"),
            Field("reserve", _("Minutes kept free before closing"), "whole", hint=_USUAL),
        ),
        many=False,
    ),
    "rating": Part(
        _("Ratings"),
        (
            Field("enabled", _("People may rate a service"), "on"),
            Field("items", _("What it may be about"), "papers", hint=_("One a row: id | Chinese | English")),
            Field("follow_up_days", _("Days until a bad one must be answered"), "whole", hint=_USUAL),
        ),
        many=False,
    ),
    "retention": Part(
        _("How long data are kept"),
        (
            Field("journal_days", _("Journal in the store, days"), "whole", hint=_USUAL),
            Field("ticket_days", _("Closed numbers, days"), "whole", hint=_USUAL),
            Field("appointment_days", _("Appointments, days"), "whole", hint=_USUAL),
            Field("notice_days", _("Messages, days"), "whole", hint=_USUAL),
            Field("visit_days", _("Home visits, days"), "whole", hint=_USUAL),
            Field("people_days", _("People, days"), "whole", hint=_USUAL),
        ),
        many=False,
    ),
}
