"""The forms of planning: what a manager may ask, and how it is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict

from hall.domain.halls import Hall
from hall.office.names import WEEKDAYS
from hall.simulator.questions import DAYS, Question, Target

Form = MultiDict[str, str]
#: in the field `source`: one recorded day, named by the field `day`
ONE_DAY: Final = "day"
#: windows at once
MOST: Final = 40
_NAMES: Final[dict[str, Any]] = {
    "n": lazy_gettext("Windows open in each half hour"),
    "green": lazy_gettext("Head start of special groups"),
    "appointment": lazy_gettext("Head start of appointments"),
    "grace": lazy_gettext("How late an appointment may be"),
    "booked": lazy_gettext("With an appointment, of 100 people"),
    "days": lazy_gettext("Days to play"),
    "most": lazy_gettext("Windows at once, at most"),
    "minutes": lazy_gettext("Called within"),
    "share": lazy_gettext("Of 100 people"),
}


class BadForm(ValueError):
    """A field cannot be meant; the text says which."""


def weekdays(hall: Hall) -> list[tuple[str, str]]:
    """The weekdays on which the hall is open: source and name."""
    return [(str(number), str(WEEKDAYS[number])) for number in range(7) if hall.hours.on(number)]


def source_of(hall: Hall, form: Form) -> str | None:
    """The source that a form names; None: none that can be meant."""
    source = form.get("source", "")
    if source == ONE_DAY:
        try:
            return date.fromisoformat(form.get("day", "")).isoformat()
        except ValueError:
            return None
    return source if source in dict(weekdays(hall)) else None


def source_name(source: str) -> str:
    if len(source) > 1:
        return str(_("Days like %(date)s", date=source))
    return str(_("%(weekday)s: forecast", weekday=WEEKDAYS[int(source)]))


def read(hall: Hall, source: str, usual: Sequence[int], form: Form) -> Question:
    """What a form asks; what it leaves out is as today. Raises `BadForm`."""
    asked = Question.of(hall, source, tuple(usual))
    counts = form.getlist("n")
    if counts:
        given = [_number("n", text, 0, MOST) for text in counts[: len(usual)]]
        asked = replace(asked, counts=(*given, *usual[len(given) :]))

    def typed(name: str, low: int, high: int, usual: int) -> int:
        return _number(name, form[name], low, high) if name in form else usual

    booked = form.get("booked", "").strip()
    asked = replace(
        asked,
        green=typed("green", 0, 1440, asked.green),
        appointment=typed("appointment", 0, 1440, asked.appointment),
        grace=typed("grace", 0, 1440, asked.grace),
        days=typed("days", 1, max(DAYS), asked.days),
        most=typed("most", 1, MOST, asked.most),
        booked=_number("booked", booked, 0, 100) if booked else None,
        even=form.get("even") == "1",
    )
    return replace(asked, targets=_targets(form)) if "minutes_ordinary" in form else asked


def _targets(form: Form) -> tuple[Target, ...]:
    found = []
    for lane in ("ordinary", "green", "appointment"):
        share = form.get(f"share_{lane}", "").strip()
        if share:
            minutes = _number("minutes", form.get(f"minutes_{lane}", ""), 0, 1440)
            found.append(Target(lane, minutes, _number("share", share, 1, 99) / 100))
    if not found:
        raise BadForm(_("Give at least one target."))
    return tuple(found)


def _number(name: str, text: str, low: int, high: int) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) < 5 and low <= int(text) <= high):
        raise BadForm(_("%(field)s: a whole number from %(low)s to %(high)s.", field=_NAMES[name], low=low, high=high))
    return int(text)


def address(question: Question) -> dict[str, Any]:
    """A question as the query of a page's address."""
    one_day = len(question.source) > 1
    where = {"source": ONE_DAY, "day": question.source} if one_day else {"source": question.source}
    mix = {"booked": "" if question.booked is None else question.booked, "even": int(question.even)}
    policy = {"green": question.green, "appointment": question.appointment, "grace": question.grace}
    return {**where, **policy, **mix, "days": question.days, "n": list(question.counts)}


def changed(question: Question, today: Mapping[str, int]) -> list[str]:
    """In words, what a question changes besides the windows."""
    told = [
        _("%(field)s: %(new)s minutes, today %(old)s", field=_NAMES[name], new=getattr(question, name), old=today[name])
        for name in ("green", "appointment", "grace")
        if getattr(question, name) != today[name]
    ]
    if question.booked is not None:
        told.append(_("%(field)s: %(new)s", field=_NAMES["booked"], new=question.booked))
        if question.even:
            told.append(_("Appointments spread evenly over the day"))
    return told
