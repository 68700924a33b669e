"""Reports as pages: one at a time with its chart, and everything of a month to be printed."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, render_template, request

from hall.domain.errors import HallError
from hall.domain.halls import Hall
from hall.domain.report_list import REPORTS as DEFINED
from hall.office import names
from hall.office.pages import frame
from hall.services.reports import Table
from hall.web.access import allow, current, sanban
from hall.web.errors import said as said_with
from hall.web.problems import PROBLEMS

bp = Blueprint("office_reports", __name__, template_folder="templates", url_prefix="/office/reports")
#: figures of these units are drawn, the first that a report has
_DRAWN = ("minutes", "days", "share", "number", "count")


@dataclass(frozen=True, slots=True)
class Shown:
    """A table in words, and its chart: labels and series of one unit (none: nothing to draw)."""

    name: str
    title: str
    key: str
    head: list[str]
    rows: list[dict[str, Any]]
    chart: dict[str, Any] | None


@bp.get("/")
@allow("reports")
def report() -> str:
    """One report of a period, grouped."""
    hall, asked = sanban().halls.get(current().hall), request.args
    name = asked.get("name", "waiting")
    by = asked.get("by", "day" if name in DEFINED else "all")
    today = hall.calendar.date_of(sanban().tickets.moves.clock())
    last = _date(asked.get("to")) or today
    first = _date(asked.get("from")) or last - timedelta(days=13)
    groups = DEFINED[name].by if name in DEFINED else ("all",)
    by = by if by in groups else groups[0]
    shown, fault = None, None
    try:
        shown = make(hall, sanban().reports.table(hall.id, name, first, last, by))
    except HallError as refusal:
        fault = said_with(PROBLEMS[refusal.code][1], refusal.facts)
    address = {"from": first.isoformat(), "to": last.isoformat(), "by": by}
    return render_template(
        "office_report.html",
        **frame(),
        shown=shown,
        fault=fault,
        name_=name,
        by=by,
        first=first,
        last=last,
        names=names,
        groups=groups,
        address=address,
    )


@bp.get("/month")
@allow("reports")
def month() -> str:
    """Everything of a month, made to be printed."""
    hall = sanban().halls.get(current().hall)
    today = hall.calendar.date_of(sanban().tickets.moves.clock())
    first = _date(f"{request.args.get('month', '')}-01") or today.replace(day=1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    tables = [make(hall, table) for table in sanban().reports.month(hall.id, first, last)]
    filled = [table for table in tables if table.rows]
    return render_template("office_month.html", **frame(), tables=filled, first=first, last=last, today=today)


def make(hall: Hall, table: Table) -> Shown:
    units = [column.unit for column in table.columns]
    rows = [
        {
            "key": names.key_name(hall, table.name, table.by, row["key"]),
            "hidden": row.get("hidden", False),
            "cells": [names.cell(row[column.name], column.unit) for column in table.columns],
        }
        for row in table.rows
    ]
    head = [str(names.COLUMNS[column.name]) for column in table.columns]
    title = str(names.REPORTS[table.name])
    numeric = [unit != "text" for unit in units]
    for row in rows:
        row["cells"] = list(zip(row["cells"], numeric, strict=True))
    key = str(names.BY[table.by])
    return Shown(table.name, title, key, head, rows, _chart(hall, table))


def _chart(hall: Hall, table: Table) -> dict[str, Any] | None:
    """The figures of one unit, over the rows; a single row needs no picture."""
    units = {column.unit for column in table.columns}
    unit = next((unit for unit in _DRAWN if unit in units), None)
    if unit is None or len(table.rows) < 2 or "text" in units:
        return None
    drawn = [column for column in table.columns if column.unit == unit]
    return {
        "unit": unit,
        "unit_name": str(names.UNITS[unit]),
        "key": str(names.BY[table.by]),
        "labels": [names.key_name(hall, table.name, table.by, row["key"]) for row in table.rows],
        "series": [
            {"name": str(names.COLUMNS[column.name]), "values": [row[column.name] for row in table.rows]}
            for column in drawn
        ],
    }


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
