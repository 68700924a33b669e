"""Planning: a recorded day played again with another number of windows in each half hour."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from hall.domain.halls import Hall
from hall.office import names
from hall.office.pages import frame
from hall.office.reports import Shown
from hall.simulator.day import Line, summary, waits_of
from hall.simulator.plans import Halves, counted, idle_minutes, planned, played, waits_by_half
from hall.simulator.recorded import NothingRecorded, Recorded, recorded
from hall.web.access import allow, current, sanban

bp = Blueprint("office_planning", __name__, template_folder="templates")
_FIGURES = ("mean", "p50", "p90", "most")


@bp.get("/office/planning")
@allow("reports")
def planning() -> str:
    """Choose a day, change the windows, see what people would have waited."""
    hall = sanban().halls.get(current().hall)
    today = hall.calendar.date_of(sanban().tickets.moves.clock())
    day = _day(today)
    facts: dict[str, Any] = {"fault": None, "table": None, "chart": None, "halves": None, "result": None}
    try:
        facts |= _plan(hall, day, recorded(sanban().reports.archive, hall, day))
    except NothingRecorded:
        facts["fault"] = _("Nobody was called on this day.")
    return render_template("office_planning.html", **frame(), day=day, today=today, **facts)


def _plan(hall: Hall, day: date, came: Recorded) -> dict[str, Any]:
    were = counted(hall, day, came.seats)
    if not were.starts:  # its hours were changed afterwards
        raise NothingRecorded(date=day.isoformat())
    most = sum(window.kind == "general" for window in hall.windows)
    wanted = _wanted(were, most)
    seats = planned(hall, day, came.seats, wanted)
    before, after = played(hall, came.guests, came.seats), played(hall, came.guests, seats)
    starts = [f"{start // 60:02}:{start % 60:02}" for start in were.starts]
    waits = [waits_by_half(hall, came.guests, calls, were.starts) for calls in (before, after)]
    lines = [summary(waits_of(came.guests, calls, hall.policy), hall.targets) for calls in (before, after)]
    runs = ((came.seats, before), (seats, after))
    idles = [idle_minutes(hall, day, there, came.guests, calls, were.starts) for there, calls in runs]
    left = len(came.guests) - len(after)
    return {
        "halves": list(zip(starts, were.counts, wanted.counts, strict=True)),
        "most": most,
        "table": _table(*lines),
        "chart": _chart(starts, *waits),
        "by_half": list(
            zip(starts, *([names.cell(one, "minutes") for one in column] for column in waits), strict=True)
        ),
        "result": {"idle": idles, "left": left, "never": came.left},
    }


def _cells(waits: list[float | None]) -> list[str]:
    return [names.cell(wait, "minutes") for wait in waits]


def _wanted(were: Halves, most: int) -> Halves:
    """What the form asks for, half hour by half hour; what it does not say stays."""
    asked = request.args.getlist("n")
    given = [min(most, int(text)) if text.isascii() and text.isdigit() and len(text) < 4 else None for text in asked]
    given += [None] * (len(were.starts) - len(given))
    return Halves(were.starts, [n if one is None else one for n, one in zip(were.counts, given, strict=False)])


def _table(before: list[Line], after: list[Line]) -> Shown:
    rows = []
    for words, lines in ((_("as it was"), before), (_("with the plan"), after)):
        for line in lines:
            figures = [names.cell(float(getattr(line, name)), "minutes") for name in _FIGURES]
            cells = [str(line.people), *figures, names.cell(line.in_time, "share")]
            key = f"{names.LANES[line.lane]} · {words}"
            rows.append({"key": key, "lane": line.lane, "hidden": False, "cells": [(cell, True) for cell in cells]})
    order = list(names.LANES)
    rows.sort(key=lambda row: order.index(str(row["lane"])))
    head = [_("People"), *(str(names.COLUMNS[name]) for name in ("mean", "p50", "p90", "max", "share_in_time"))]
    return Shown("planning", _("Waits in minutes"), str(names.BY["lane"]), head, rows, None)


def _chart(starts: list[str], before: list[float | None], after: list[float | None]) -> Shown:
    series = [{"name": _("as it was"), "values": before}, {"name": _("with the plan"), "values": after}]
    chart: dict[str, Any] = {
        "unit": "minutes",
        "unit_name": str(names.UNITS["minutes"]),
        "labels": starts,
        "series": series,
    }
    chart["key"] = _("From")
    return Shown("waits", _("Mean wait of those who came in each half hour"), "", [], [], chart)


def _day(today: date) -> date:
    try:
        return date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return today - timedelta(days=1)
