"""Every figure of every report, counted again from the raw entries of a generated quarter, and of a year."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bench.reports import fill, reports_of
from bench.year import FIRST, Year, hall
from hall.archive.archive import Archive
from hall.domain.report_list import REPORTS
from hall.services.reports import BadGrouping, BadPeriod, Reports, Table, UnknownReport
from hall.services.sheets import as_csv, harmless
from tests.archive.lively import LivelyYear
from tests.archive.raw import Json, Raw, recomputed, rows
from tests.archive.tools import facts

LAST = FIRST + timedelta(days=399)
DAYS, VISITORS = 60, 60


Tables = dict[str, list[tuple[Json, list[str], Json]]]


def read(archive: Archive) -> Raw:
    raw, last = Raw(), "0-0"
    while entries := archive.read("year", 10_000, last):
        for _, body in entries:
            raw.read(json.loads(body))
        last = entries[-1][0]
    return raw


@pytest.fixture(scope="module")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> tuple[Reports, Raw, Tables]:
    # two windows, so that people wait
    year = LivelyYear(seed=7, visitors=VISITORS, hall=replace(hall(), windows=hall().windows[5:]))
    archive = Archive(f"sqlite:///{tmp_path_factory.mktemp('quarter') / 'archive.sqlite'}", b"key", migrate=True)
    fill(archive, year, DAYS)
    raw = read(archive)
    return reports_of(archive, year), raw, rows(raw)


@pytest.fixture
def reports(quarter: tuple[Reports, Raw, Tables]) -> Reports:
    return quarter[0]


@pytest.fixture
def raw(quarter: tuple[Reports, Raw, Tables]) -> Raw:
    return quarter[1]


@pytest.fixture
def tables(quarter: tuple[Reports, Raw, Tables]) -> Tables:
    return quarter[2]


def ask(reports: Reports, name: str, by: str = "all") -> dict[str, Json]:
    return {row["key"]: row for row in reports.table("year", name, FIRST, LAST, by).rows}


def one(reports: Reports, name: str) -> Json:
    (row,) = ask(reports, name).values()
    return row


#: how exactly a figure is told
EXACT = {"count": 0, "minutes": 0.0051, "days": 0.0051, "share": 0.000051, "number": 0.0051}


def check(reports: Reports, raw: Raw, tables: Tables, name: str, by: str) -> None:
    """A whole report: every row and every column against the second count."""
    report, expected = REPORTS[name], recomputed(raw, tables, name, by)
    found = ask(reports, name, by)
    assert set(found) == set(expected)
    for key, row in expected.items():
        assert set(row) == {column.name for column in report.columns}
        for column in report.columns:
            told, counted = found[key][column.name], row[column.name]
            right = told == counted if counted is None else told == pytest.approx(counted, abs=EXACT[column.unit])
            assert right, (name, by, key, column.name, told, counted)


EVERY = [(name, by) for name, report in REPORTS.items() for by in report.by]


@pytest.mark.parametrize(("name", "by"), EVERY)
def test_every_figure_of_every_report_is_what_a_second_count_of_the_raw_entries_says(
    reports: Reports, raw: Raw, tables: Tables, name: str, by: str
) -> None:
    check(reports, raw, tables, name, by)


def test_every_figure_is_one_that_could_be_wrong(raw: Raw, tables: Tables) -> None:
    """Nothing is held against a column of noughts; but for the promise, which reads nought."""
    for name, report in REPORTS.items():
        (row,) = recomputed(raw, tables, name, "all").values()
        empty = {column.name for column in report.columns if not row[column.name]}
        assert empty == ({"violated"} if name == "promise" else set()), name


@pytest.mark.long
def test_every_figure_of_a_worked_year(tmp_path: Path) -> None:
    """250 days of 225 visitors."""
    check_year(f"sqlite:///{tmp_path / 'archive.sqlite'}", LivelyYear(seed=11, people=4000), 250)


def check_year(archive_url: str, year: Year, days: int) -> None:
    """Every figure of every report, and the month report, of a year in a new archive."""
    archive = Archive(archive_url, b"key", migrate=True)
    fill(archive, year, days)
    raw = read(archive)
    assert len(raw.tickets) == days * year.visitors
    whole, tables = reports_of(archive, year), rows(raw)
    for name, by in EVERY:
        check(whole, raw, tables, name, by)
    for table in whole.month("year", FIRST, LAST):
        assert table == whole.table("year", table.name, FIRST, LAST, table.by)
    archive.close()


# What is left out, and what is refused -------------------------------------------------------


def test_of_fewer_than_five_people_nothing_is_told(reports: Reports) -> None:
    day = FIRST
    whole = reports.table("year", "waiting", day, day, "group").rows
    assert any(row["hidden"] for row in whole)
    for row in whole:
        figures = [value for name, value in row.items() if name not in ("key", "hidden")]
        assert row["hidden"] == all(value is None for value in figures)
        assert row["hidden"] or row["numbers"] >= 5


def test_a_single_small_count_cannot_be_found_by_taking_the_others_from_the_total(reports: Reports) -> None:
    for n in range(DAYS):
        rows = reports.table("year", "waiting", FIRST + timedelta(days=n), FIRST + timedelta(days=n), "group").rows
        assert sum(row["hidden"] for row in rows) != 1


def test_a_test_hall_is_in_no_report(tmp_path: Path) -> None:
    year = Year(seed=1, visitors=20)
    archive = Archive(f"sqlite:///{tmp_path / 'a.sqlite'}", b"key", migrate=True)
    (day,) = year.days(1)
    bodies = [
        (entry, json.dumps(body | ({"test": True} if body["kind"] == "configured" else {}))) for entry, body in day
    ]
    archive.append("year", "0-0", bodies)
    assert len(facts(archive, "year")["tickets"]) == 20
    assert one(reports_of(archive, year), "waiting")["numbers"] == 0


def test_what_cannot_be_asked_says_so(reports: Reports) -> None:
    with pytest.raises(UnknownReport):
        reports.table("year", "clerks", FIRST, LAST)
    with pytest.raises(BadPeriod):
        reports.table("year", "waiting", LAST, FIRST)
    with pytest.raises(BadPeriod):
        reports.table("year", "waiting", FIRST, FIRST + timedelta(days=400))
    with pytest.raises(BadGrouping):
        reports.table("year", "waiting", FIRST, LAST, "clerk")
    with pytest.raises(BadGrouping):
        reports.table("year", "no-shows", FIRST, LAST, "lane")


def test_a_day_without_anybody_is_a_row_of_nothing(reports: Reports) -> None:
    sunday = date(2025, 1, 5)
    for name in REPORTS:
        (row,) = reports.table("year", name, sunday, sunday).rows
        assert not any(value for figure, value in row.items() if figure not in ("key",)), name


def test_the_month_report_says_what_each_report_says(reports: Reports) -> None:
    for table in reports.month("year", FIRST, LAST):
        assert table == reports.table("year", table.name, FIRST, LAST, table.by)


# Files ---------------------------------------------------------------------------------------


def test_a_cell_is_never_a_formula() -> None:
    for text in ("=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20x"):
        assert harmless(text) == f"'{text}"
    assert [harmless(value) for value in ("w1", -1, 2.5, None)] == ["w1", -1, 2.5, None]


def test_csv_says_what_the_report_says(reports: Reports) -> None:
    table: Table = reports.table("year", "waiting", FIRST, LAST, "line")
    head, *rows = csv.reader(io.StringIO(as_csv(table).decode("utf-8-sig")))
    assert head[:3] == ["line", "numbers", "called"]
    assert [row[0] for row in rows] == ["a", "b", "c"]
    assert [row[1] for row in rows] == [str(row["numbers"]) for row in table.rows]
