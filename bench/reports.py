"""How long the month report takes over a worked year: `python -m bench.reports [days]`. Goal on SQLite: < 1 s."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from bench.report import Figure, median
from bench.year import Year
from hall.archive.archive import Archive
from hall.services.halls import Halls, Versioned
from hall.services.reports import Reports, Table

DAYS = 250
_ROUNDS = 5


def fill(archive: Archive, year: Year, days: int) -> int:
    """Archive the year's entries through the projector. Returns how many."""
    last, count = "0-0", 0
    for day in year.days(days):
        rows = [(entry, json.dumps(body)) for entry, body in day]
        archive.append(year.hall.id, last, rows)
        last, count = rows[-1][0], count + len(rows)
    return count


def reports_of(archive: Archive, year: Year) -> Reports:
    """Reports that read this archive, with no store behind them."""
    known = {year.hall.id: Versioned(1, year.hall)}
    return Reports(Halls(None, known), "", [archive])  # type: ignore[arg-type]  # the hall is known already


def measure(days: int = DAYS) -> list[Figure]:
    with tempfile.TemporaryDirectory() as directory:
        year = Year()
        archive = Archive(
            f"sqlite:///{Path(directory) / 'archive.sqlite'}", b"a key of a bench, 32 bytes long..", migrate=True
        )
        began = time.perf_counter()
        entries = fill(archive, year, days)
        took = time.perf_counter() - began
        reports = reports_of(archive, year)
        first = date(2026, 6, 1) if days > 120 else date(2026, 1, 1)
        month = _times(lambda: reports.month("year", first, first + timedelta(days=29)))
        whole = _times(lambda: [reports.table("year", "waiting", date(2026, 1, 1), date(2026, 12, 31), "day")])
        archive.close()
    return [
        Figure("entries archived", entries / took, "/s"),
        Figure("month report over a worked year", median(month), "s", "second", median(month), "≤ 1", fixed=True),
        Figure("waiting of a whole year by day", median(whole), "s"),
    ]


def _times(make: Callable[[], list[Table]]) -> list[float]:
    took = []
    for _ in range(_ROUNDS):
        began = time.perf_counter()
        tables = make()
        took.append(time.perf_counter() - began)
        assert tables[0].rows
    return took


if __name__ == "__main__":
    from bench.report import table

    print(table(measure(int(sys.argv[1]) if len(sys.argv) > 1 else DAYS)))
