"""What reports read: rows of facts of a hall and a period, test halls left out."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from sqlalchemy import select

from hall.archive.archive import Archive
from hall.archive.tables import FACTS

Rows = list[dict[str, Any]]

#: the columns that figures need; the rest of a row stays in the database
_NEEDED: Final[dict[str, tuple[str, ...]]] = {
    "tickets": (
        *("id", "date", "hour", "line", "services", "window", "lane", "group", "state", "issued_at", "slot"),
        *("called_at", "overtaken", "hit", "outcome", "slip_of"),
    ),
    "calls": (
        *("date", "hour", "line", "services", "window", "lane", "group", "rule", "over", "lead", "bound", "undone"),
    ),
    "visits": (
        *("date", "hour", "line", "services", "window", "lane", "group", "walk", "service", "how", "outcome", "undone"),
    ),
    "appointments": ("date", "hour", "line", "services", "state", "late", "person", "ticket"),
    "ratings": (
        *("date", "hour", "line", "services", "window", "lane", "group", "level", "source", "due_at", "answered_at"),
    ),
    "cases": (
        *("date", "hour", "kind", "community", "group", "items", "person", "state", "visits", "not_met", "numbers"),
    ),
    "case_items": (
        *("date", "hour", "kind", "community", "group", "item", "person", "state", "outcome", "opened_at", "ended_at"),
    ),
    "moves": ("date", "at", "kind", "line", "window", "detail", "reason"),
}


def read(archive: Archive, hall_id: str, table: str, first: date, last: date) -> Rows:
    """Rows of a table whose local date is in the period, both ends included."""
    rows = FACTS[table]
    query = (
        select(*(rows.c[name] for name in _NEEDED[table]))
        .where(rows.c.hall == hall_id, rows.c.date.between(first.isoformat(), last.isoformat()))
        .where(rows.c.test.is_(False))
        .order_by(rows.c.id)
    )
    names = _NEEDED[table]
    with archive.engine.connect() as sql:
        # Plain tuples into plain dicts: a month's rows in a few milliseconds.
        return [dict(zip(names, row, strict=True)) for row in sql.execute(query)]
