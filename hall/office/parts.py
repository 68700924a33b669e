"""The parts of a hall's description that have a form, and what each field becomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict

from hall.domain.calendar import DAYS
from hall.domain.errors import TextNotPlain
from hall.domain.halls import Hall
from hall.domain.texts import plain
from hall.office.case_parts import CASES
from hall.office.fields import Field, Part
from hall.office.names import HOURS_HINT, WEEKDAYS
from hall.office.settings_parts import SETTINGS

Json = dict[str, Any]
_LONGEST = 500


_NAME = Field("name", _("Name shown"), "both")
_ID = Field("id", _("Id"), hint=_("Small letters, digits, - and _. It never changes."))
_USUAL = _("Empty: the usual.")
_OWN = _("Hours of its own (all empty: those of the hall)")
_OFFER = _("Hours of appointments (all empty: none can be booked)")
_MINUTES = (
    *(("grace", _("How late an appointment may check in")), ("early", _("How early an appointment may check in"))),
    ("come_back_within", _("How long a missed person may come back to a place")),
    ("come_back_shift", _("What coming back costs")),
    ("more_time_shift", _("What more time costs")),
    ("more_time_times", _("How often more time is given (times)")),
    ("pass_over", _("How long a window passes over a number it returned")),
    ("undo_seconds", _("How long a move can be taken back (seconds)")),
    ("walk_seconds", _("When the console offers that nobody came (seconds)")),
    ("walk_seconds_green", _("The same for the green channel (seconds)")),
)

PARTS: Final[dict[str, Part]] = {
    "services": Part(
        _("Services"),
        (
            *(_ID, _NAME, Field("line", _("Line"), "line")),
            Field("minutes", _("Minutes it takes, until there is history"), "number"),
            Field("popular", _("Among the first a kiosk shows"), "yes"),
            Field("search", _("Words to find it by"), "words", hint=_("Parted by spaces.")),
            Field("recipients", _("For whom"), "both"),
            Field("content", _("What it is"), "both"),
            Field("process", _("How it goes"), "both"),
            Field("outcome", _("What comes of it"), "both"),
            Field(
                "materials",
                _("Papers"),
                "papers",
                hint=_("One a row: id | Chinese | English | note in Chinese | note in English"),
            ),
        ),
    ),
    "windows": Part(
        _("Windows"),
        (
            *(_ID, Field("label", _("Label, as it is shown and spoken")), Field("lines", _("Lines"), "lines")),
            Field("kind", _("Kind"), "choice", (("general", _("Window")), ("priority", _("Priority window")))),
            Field("direction", _("Where it is"), "both"),
            Field("zone", _("Sound zone")),
        ),
    ),
    "lines": Part(
        _("Lines"),
        (
            *(_ID, Field("letter", _("Letter of its numbers")), _NAME),
            Field("contingent", _("Numbers a day"), "whole", hint=_("Empty: no limit.")),
            *(Field(f"hours.{day}", words, "words", section=_OWN) for day, words in zip(DAYS, WEEKDAYS, strict=True)),
            *(
                Field(f"appointments.hours.{day}", words, "words", section=_OFFER)
                for day, words in zip(DAYS, WEEKDAYS, strict=True)
            ),
            Field("appointments.slot_minutes", _("Minutes of a slot"), "whole", hint=_USUAL),
            Field("appointments.capacity", _("Appointments in a slot"), "whole", hint=_USUAL),
            Field("appointments.earliest", _("Bookable so many days ahead"), "whole", hint=_USUAL),
            Field("appointments.latest", _("Bookable until so many minutes before"), "whole", hint=_USUAL),
            Field("appointments.release", _("A place is free again after minutes"), "words", hint=_("Like 10 60.")),
        ),
    ),
    "groups": Part(
        _("Groups with a head start"),
        (
            *(_ID, _NAME),
            Field("proof", _("Proof"), "choice", (("document", _("a document")), ("card", _("the age on the card")))),
            Field("from_age", _("From which age"), "whole"),
            Field("evidence", _("What is shown at the window"), "both"),
            Field("basis", _("Legal basis")),
            Field("head_start", _("Head start in minutes"), "whole", hint=_("Empty: that of the policy.")),
        ),
    ),
    "days": Part(
        _("Special days"),
        (
            Field("date", _("Date"), "date"),
            Field("hours", _("Hours"), "words", hint=HOURS_HINT),
            Field(
                "like",
                _("Works like a"),
                "choice",
                (("", "–"), *zip(DAYS, WEEKDAYS, strict=True)),
                _("For make-up days."),
            ),
            Field("why", _("Why")),
        ),
        key="date",
    ),
    "hours": Part(
        _("Hours"),
        tuple(Field(day, words, "words", hint=HOURS_HINT) for day, words in zip(DAYS, WEEKDAYS, strict=True)),
        many=False,
    ),
    "policy": Part(
        _("Policy"),
        (
            Field("head_start.green", _("Head start of the green channel"), "whole"),
            Field("head_start.appointment", _("Head start of an appointment, from its slot"), "whole"),
            *(Field(name, words, "whole") for name, words in _MINUTES),
        ),
        many=False,
    ),
    "": Part(
        _("Texts of the hall"),
        (
            *(_NAME, Field("address", _("Address"), "both"), Field("notice", _("Notice on the screens"), "both")),
            Field("outcomes", _("How a service may end"), "words", hint=_("Ids like done papers_missing.")),
            Field(
                "outcome_names",
                _("What ends of the hall's own are called"),
                "named",
                hint=_("One a row: id | Chinese | English"),
            ),
            Field(
                "position.lat", _("Where it is: latitude"), "number", hint=_("For distances on the page of all halls.")
            ),
            Field("position.lon", _("Where it is: longitude"), "number"),
            Field("zone", _("Time zone"), hint=_("Like Asia/Shanghai.")),
            Field("fake_reader", _("Kiosks offer a reader for trying"), "yes"),
        ),
        many=False,
    ),
    **SETTINGS,
    **CASES,
}


def value_of(field: Field, data: Mapping[str, Any]) -> Any:
    """What a form shows: a text, or {zh, en}, or a list of chosen lines."""
    value: Any = data
    for name in field.name.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    if field.kind == "both":
        return value or {"zh": "", "en": ""}
    if field.kind in ("words", "numbers"):
        return " ".join(str(one) for one in value or ())
    if field.kind in ("lines", "several"):
        return list(value or ())
    if field.kind == "papers":
        return "\n".join(_paper_row(one) for one in value or ())
    if field.kind == "named":
        return "\n".join(
            f"{name} | {one['zh']} | {one.get('en', '')}".rstrip(" |") for name, one in (value or {}).items()
        )
    if field.kind == "texts":
        return "\n".join(f"{one['zh']} | {one.get('en', '')}".rstrip(" |") for one in value or ())
    if field.kind in ("pairs", "counts"):
        return "\n".join(f"{name} | {one}" for name, one in (value or {}).items())
    if field.kind in ("yes", "on"):
        return bool(value) if value is not None else field.kind == "on"
    return "" if value is None else str(value)


def _paper_row(paper: Mapping[str, Any]) -> str:
    note = paper.get("note") or {}
    cells = (paper["id"], paper["name"]["zh"], paper["name"].get("en", ""), note.get("zh") or "", note.get("en") or "")
    return " | ".join(cells).rstrip(" |")


def read(fields: Sequence[Field], form: MultiDict[str, str], old: Mapping[str, Any], hall: Hall) -> Json:
    """The part as the form has it; what has no field stays. Raises `TextNotPlain`."""
    data: Json = {name: dict(value) if isinstance(value, dict) else value for name, value in old.items()}
    for field in fields:
        if field.name == "id" and "id" in old:
            continue
        value = _read(field, form, hall)
        *path, last = field.name.split(".")
        inner = data
        for name in path:
            kept = inner.get(name)
            inner[name] = dict(kept) if isinstance(kept, Mapping) else {}  # a penalty may be "off"
            inner = inner[name]
        if value is None:
            inner.pop(last, None)
        else:
            inner[last] = value
    if not data.get("appointments", {}).get("hours"):
        data.pop("appointments", None)  # of a line: without hours nothing is offered
    return {name: value for name, value in data.items() if value != {}}


def _read(field: Field, form: MultiDict[str, str], hall: Hall) -> Any:
    name = field.name
    if field.kind == "both":
        pair = {lang: plain(form.get(f"{name}.{lang}", ""), f"{name}.{lang}", _LONGEST) for lang in ("zh", "en")}
        if pair["en"] and not pair["zh"]:
            raise TextNotPlain(field=f"{name}.zh")  # the Chinese is what everybody sees who did not ask for English
        return pair if pair["zh"] else None
    if field.kind == "lines":
        return [line.id for line in hall.lines if line.id in form.getlist(name)]
    if field.kind == "several":
        return [choice for choice, _words in field.choices if choice in form.getlist(name)]
    if field.kind == "on":
        return bool(form.get(name))
    if field.kind == "yes":
        return True if form.get(name) else None
    if field.kind == "papers":
        rows = [row.split("|") for row in form.get(name, "").splitlines() if row.strip()]
        return [_paper([plain(cell, name, _LONGEST) for cell in row]) for row in rows] or None
    if field.kind in ("texts", "pairs", "counts", "named"):
        return _rows(field, form) or None
    text = plain(form.get(name, ""), name, _LONGEST)
    if field.kind == "words":
        return text.split() or None
    if field.kind == "numbers":
        return [_number(one) for one in text.split()] or None
    if not text:
        return None
    return _number(text) if field.kind in ("number", "whole") else text


def _rows(field: Field, form: MultiDict[str, str]) -> Any:
    """Of two languages, or of a name and its value, which may hold a |."""
    name, rows = field.name, []
    for row in form.get(field.name, "").splitlines():
        if row.strip():
            left, _bar, right = row.partition("|")
            rows.append((plain(left, name, _LONGEST), plain(right, name, _LONGEST)))
    if field.kind == "texts":
        return [{"zh": zh, "en": en} for zh, en in rows]
    if field.kind == "named":
        return {left: dict(zip(("zh", "en"), _two(right), strict=True)) for left, right in rows}
    return {left: _number(right) if field.kind == "counts" else right for left, right in rows}


def _two(text: str) -> tuple[str, str]:
    zh, _bar, en = text.partition("|")
    return zh.strip(), en.strip()


def _paper(cells: list[str]) -> Json:
    name, zh, en, note_zh, note_en = (cells + [""] * 5)[:5]
    paper: Json = {"id": name, "name": {"zh": zh, "en": en}}
    return {**paper, "note": {"zh": note_zh, "en": note_en}} if note_zh or note_en else paper


def _number(text: str) -> int | float | str:
    """A number, or the text as it is, which the description then refuses."""
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text
