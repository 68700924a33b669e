"""What archive tests share."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from hall.archive.archive import Archive
from hall.archive.tables import FACTS
from hall.bootstrap import Sanban
from hall.domain.callers import Caller
from hall.services.tickets import Wish

Rows = dict[str, list[dict[str, Any]]]


def fill(sanban: Sanban, hall: str, count: int) -> None:
    for _ in range(count):
        sanban.tickets.issue(Caller(by="kiosk"), hall, Wish(services=("a1",)))


def serve(sanban: Sanban, hall: str, window: str = "w1") -> None:
    """Call and finish one."""
    sanban.calls.call_next(Caller(by="staff:ann"), hall, window)
    sanban.calls.start(Caller(by="staff:ann"), hall, window)
    sanban.calls.finish(Caller(by="staff:ann"), hall, window)


def journal(sanban: Sanban, hall: str) -> list[tuple[str, str]]:
    return sanban.store.journal.raw_after(hall, "0-0", 1_000_000)


def facts(archive: Archive, hall: str) -> Rows:
    """Every fact of a hall, by table."""
    found: Rows = {}
    with archive.engine.connect() as sql:
        for name, table in FACTS.items():
            rows = sql.execute(select(table).where(table.c.hall == hall).order_by(table.c.id))
            found[name] = [dict(row) for row in rows.mappings()]
    return found
