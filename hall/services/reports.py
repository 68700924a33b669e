"""Reports: facts of a period, grouped, as figures; small counts are left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple

from hall.archive import queries
from hall.archive.archive import Archive
from hall.domain.errors import HallError
from hall.domain.halls import Hall
from hall.domain.office import Targets
from hall.domain.report_list import FEWEST, REPORTS, Column, Report
from hall.services.halls import Halls

LONGEST_DAYS: Final = 400
#: what the month report shows, and how each part is grouped
MONTH: Final[tuple[tuple[str, str], ...]] = (
    *((name, "all") for name in REPORTS),
    *(("waiting", by) for by in ("day", "hour", "line", "lane", "group")),
    *(("service", by) for by in ("service", "line")),
    ("overtaking", "day"),
    ("promise", "window"),
    ("outcomes", "line"),
    ("no-shows", "line"),
    ("ratings", "line"),
    *(("cases", by) for by in ("kind", "group", "item")),
)
_DECISIONS = tuple(Column(name, "text") for name in ("date", "time", "kind", "line", "window", "detail", "reason"))


class UnknownReport(HallError):
    code = "UNKNOWN_REPORT"


class BadPeriod(HallError):
    """`from` is after `to`, or they are too far apart. Facts: `days`, the most there may be."""

    code = "BAD_PERIOD"


class BadGrouping(HallError):
    """The report cannot be grouped by this. Facts: `by`, what it can be grouped by."""

    code = "BAD_GROUPING"


class Table(NamedTuple):
    """`rows`: the key they are grouped by under `key`, and the columns; `hidden`: true where too few were counted."""

    name: str
    first: date
    last: date
    by: str
    columns: tuple[Column, ...]
    rows: list[dict[str, Any]]


Facts = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(slots=True)
class Reports:
    """The archive is opened at the first report."""

    halls: Halls
    url: str
    _archive: list[Archive] = field(default_factory=list)

    @property
    def archive(self) -> Archive:
        if not self._archive:
            self._archive.append(Archive(self.url))
        return self._archive[0]

    def close(self) -> None:
        while self._archive:
            self._archive.pop().close()

    def table(self, hall_id: str, name: str, first: date, last: date, by: str = "all") -> Table:
        """One report. Raises `UnknownReport`, `BadPeriod`, `BadGrouping`."""
        hall = self.halls.get(hall_id)
        _check_period(first, last)
        if name == "decisions":
            return self._decisions(hall, first, last)
        report = REPORTS.get(name)
        if report is None:
            raise UnknownReport()
        if by not in report.by:
            raise BadGrouping(by=", ".join(report.by))
        facts = self._facts(hall_id, (*report.tables, *report.beside), first, last)
        return _made(report, facts, first, last, by, hall.targets)

    def month(self, hall_id: str, first: date, last: date) -> list[Table]:
        """Everything about a period; each table of facts is read once."""
        hall = self.halls.get(hall_id)
        _check_period(first, last)
        facts = self._facts(hall_id, {t for report in REPORTS.values() for t in report.tables}, first, last)
        return [_made(REPORTS[name], facts, first, last, by, hall.targets) for name, by in MONTH]

    def _facts(self, hall_id: str, tables: Iterable[str], first: date, last: date) -> Facts:
        found = {table: queries.read(self.archive, hall_id, table, first, last) for table in sorted(tables)}
        if {"tickets", "appointments"} <= set(found):
            _meet(found["tickets"], found["appointments"])
        return found

    def _decisions(self, hall: Hall, first: date, last: date) -> Table:
        """What staff decided against the usual course, and why; by whom is left to the audit."""
        rows = queries.read(self.archive, hall.id, "moves", first, last)
        told = [
            {
                "key": row["date"],
                **{column.name: row.get(column.name) or "" for column in _DECISIONS},
                "time": f"{hall.calendar.local(row['at']):%H:%M}",
            }
            for row in rows
        ]
        return Table("decisions", first, last, "day", _DECISIONS, told)


def _meet(tickets: queries.Rows, appointments: queries.Rows) -> None:
    """An appointment whose ticket is there counts where that does; the ticket is of whom the appointment is."""
    by_id = {ticket["id"]: ticket for ticket in tickets}
    for one in appointments:
        ticket = by_id.get(one["ticket"])
        if ticket is not None:
            one |= {name: ticket[name] for name in _HERE}
            ticket["person"] = one["person"]


def _check_period(first: date, last: date) -> None:
    if not 0 <= (last - first).days < LONGEST_DAYS:
        raise BadPeriod(days=LONGEST_DAYS)


def _week(row: Mapping[str, Any]) -> str:
    year, week, _ = date.fromisoformat(row["date"]).isocalendar()
    return f"{year}-W{week:02}"


_KEYS: Final[dict[str, Callable[[Mapping[str, Any]], str]]] = {
    "all": lambda _: "all",
    "day": lambda row: str(row["date"]),
    "week": _week,
    "month": lambda row: str(row["date"])[:7],
    "hour": lambda row: f"{row['hour']:02}",
    "line": lambda row: row["line"] or "",
    "window": lambda row: row["window"] or "",
    "lane": lambda row: row["lane"] or "",
    "group": lambda row: row["group"] or "",
    "kind": lambda row: row["kind"] or "",
    "community": lambda row: row["community"] or "",
}
#: what only somebody who is here has
_HERE: Final = ("window", "lane", "group")
#: by these a row may count under several keys, each of a list
_LISTS: Final = {"service": ("services",), "item": ("items", "item")}


def _keys(row: Mapping[str, Any], by: str) -> Iterable[str]:
    """A visit for several services counts under each of them, a case for several items too."""
    if by in _HERE and by not in row:
        return ()
    if by not in _LISTS:
        return (_KEYS[by](row),)
    return next(str(row[name]).split(",") for name in _LISTS[by] if name in row)


def _made(report: Report, facts: Facts, first: date, last: date, by: str, targets: Targets) -> Table:
    parts: dict[str, dict[str, list[Mapping[str, Any]]]] = {}
    for table in report.tables:
        for row in facts[table]:
            for key in _keys(row, by):
                parts.setdefault(key, {name: [] for name in report.tables})[table].append(row)
    if by == "all" and not parts:
        parts["all"] = {name: [] for name in report.tables}
    rows = [{"key": key, **report.make(part, targets), "hidden": False} for key, part in sorted(parts.items())]
    if by == "group" or (report.always_hidden and by != "all"):
        _hide(report, rows)
    return Table(report.name, first, last, by, report.columns, rows)


def _hide(report: Report, rows: list[dict[str, Any]]) -> None:
    """Leave small counts out; of a single one, the next smallest too, or the total would tell it."""
    small = [row for row in rows if 0 < row[report.counted] < FEWEST]
    if len(small) == 1:
        others = [row for row in rows if row[report.counted] >= FEWEST]
        small += sorted(others, key=lambda row: int(row[report.counted]))[:1]
    for row in small:
        row.update(dict.fromkeys(column.name for column in report.columns), hidden=True)
