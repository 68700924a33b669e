"""Every figure of every report, recomputed from the raw entries of a generated quarter in plain Python."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest

from bench.reports import fill, reports_of
from bench.year import FIRST, Year
from hall.archive.archive import Archive
from hall.domain.report_list import BY, REPORTS
from hall.services.reports import BadGrouping, BadPeriod, Reports, Table, UnknownReport
from hall.services.sheets import as_csv, harmless
from tests.archive.raw import Json, Raw, group_of, mean, nearest
from tests.archive.tools import facts

LAST = FIRST + timedelta(days=200)
DAYS, VISITORS = 60, 60


@pytest.fixture(scope="module")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> tuple[Reports, Raw, Archive]:
    year = Year(seed=7, visitors=VISITORS)
    archive = Archive(f"sqlite:///{tmp_path_factory.mktemp('quarter') / 'archive.sqlite'}", b"key")
    fill(archive, year, DAYS)
    raw = Raw()
    for _, body in archive.read("year", 1_000_000):
        raw.read(json.loads(body))
    return reports_of(archive, year), raw, archive


@pytest.fixture
def reports(quarter: tuple[Reports, Raw, Archive]) -> Reports:
    return quarter[0]


@pytest.fixture
def raw(quarter: tuple[Reports, Raw, Archive]) -> Raw:
    return quarter[1]


def ask(reports: Reports, name: str, by: str = "all") -> dict[str, Json]:
    return {row["key"]: row for row in reports.table("year", name, FIRST, LAST, by).rows}


def one(reports: Reports, name: str) -> Json:
    (row,) = ask(reports, name).values()
    return row


def check_times(row: Json, values: list[float], *percents: int) -> None:
    assert row["mean"] == pytest.approx(mean(values), abs=0.006)
    for percent in percents:
        assert row[f"p{percent}"] == pytest.approx(nearest(values, percent), abs=0.006)


@pytest.mark.parametrize("by", BY)
def test_waiting_is_what_passed_from_number_to_call(reports: Reports, raw: Raw, by: str) -> None:
    groups: dict[str, list[Json]] = defaultdict(list)
    for ticket in raw.tickets.values():
        groups[group_of(raw, ticket, by)].append(ticket)
    found = ask(reports, "waiting", by)
    assert set(found) == set(groups)
    targets = {"ordinary": 20, "green": 5, "appointment": 10}
    for name, tickets in groups.items():
        waits = [raw.wait(ticket) for ticket in tickets]
        in_time = sum(w <= targets[raw.lane(t)] for w, t in zip(waits, tickets, strict=True))
        assert found[name]["called"] == found[name]["numbers"] == len(tickets)
        check_times(found[name], waits, 50, 90, 95)
        assert found[name]["in_time"] == in_time
        assert found[name]["share_in_time"] == pytest.approx(in_time / len(tickets), abs=1e-4)


def test_walking_is_what_passed_from_call_to_start(reports: Reports, raw: Raw) -> None:
    walks = [(t["started_at"] - t["called_at"]) / 60_000 for t in raw.tickets.values() if "started_at" in t]
    row = one(reports, "walking")
    assert row["visits"] == len(walks)
    check_times(row, walks, 50, 90, 95)


def test_service_time_is_what_passed_from_start_to_finish(reports: Reports, raw: Raw) -> None:
    for line, row in ask(reports, "service", "line").items():
        here = [t for t in raw.tickets.values() if t["line"] == line]
        times = [(t["ended_at"] - t["started_at"]) / 60_000 for t in here if t["state"] == "done"]
        assert (row["stays"], row["timed"]) == (len(here), len(times))
        check_times(row, times, 50, 90, 95)


def test_overtaking_counts_later_arrivals_called_before_an_ordinary_visitor(reports: Reports, raw: Raw) -> None:
    suffered = [raw.overtaken[t["id"]] for t in raw.tickets.values() if raw.lane(t) == "ordinary"]
    row = one(reports, "overtaking")
    assert row["ordinary"] == len(suffered)
    assert row["overtaken"] == sum(count > 0 for count in suffered) > 0
    assert row["max"] == max(suffered)
    assert row["mean"] == pytest.approx(mean([float(count) for count in suffered]), abs=0.006)
    assert row["share_overtaken"] == pytest.approx(row["overtaken"] / row["ordinary"], abs=1e-4)


def test_the_promise_is_kept_and_counted_by_rule(reports: Reports, raw: Raw) -> None:
    row = one(reports, "promise")
    assert row["calls"] == len(raw.calls)
    for rule in ("next", "priority", "chosen", "unparked"):
        assert row[rule] == sum(call["rule"] == rule for call in raw.calls)
    assert row["violated"] == raw.violated == 0


def test_ranges_that_came_true_are_a_share_of_those_shown(reports: Reports, raw: Raw) -> None:
    shown = [t for t in raw.tickets.values() if "wait_high" in t and raw.first[t["id"]]["rule"] in ("next", "priority")]
    waits = [(raw.first[t["id"]]["at"] - t["issued_at"]) / 60_000 for t in shown]
    inside = sum(t["wait_low"] <= wait <= t["wait_high"] for t, wait in zip(shown, waits, strict=True))
    row = one(reports, "hits")
    assert (row["shown"], row["inside"]) == (len(shown), inside)
    assert row["unknown"] == len(raw.tickets) - len(shown)
    assert row["hit_rate"] == pytest.approx(inside / len(shown), abs=1e-4)


def test_lateness_counts_from_the_slot(reports: Reports, raw: Raw) -> None:
    late = [(t["arrived"] - t["slot"]) / 60_000 for t in raw.tickets.values() if "slot" in t]
    row = one(reports, "lateness")
    assert row["arrived"] == len(late)
    check_times(row, late, 50, 90)
    assert row["late"] == sum(value > 0 for value in late)


def test_no_shows_are_a_share_of_those_who_were_expected(reports: Reports, raw: Raw) -> None:
    arrived = sum("slot" in t for t in raw.tickets.values())
    row = one(reports, "no-shows")
    assert (row["arrived"], row["no_show"], row["cancelled"]) == (arrived, len(raw.no_shows), 0)
    assert row["booked"] == arrived + len(raw.no_shows)
    assert row["share_no_show"] == pytest.approx(len(raw.no_shows) / row["booked"], abs=1e-4)


def test_outcomes_add_up(reports: Reports, raw: Raw) -> None:
    for line, row in ask(reports, "outcomes", "line").items():
        here = [t for t in raw.tickets.values() if t["line"] == line]
        done = [t for t in here if t["state"] == "done"]
        assert (row["numbers"], row["finished"]) == (len(here), len(done))
        for name in ("done", "papers_missing", "not_possible", "unclosed"):
            assert row[f"outcome_{name}"] == sum(t["outcome"] == name for t in done)
        assert row["outcome_other"] == row["cancelled"] == row["expired"] == 0
        assert row["share_finished"] == pytest.approx(len(done) / len(here), abs=1e-4)


def test_trips_are_finished_numbers_over_matters(reports: Reports, raw: Raw) -> None:
    done = [t for t in raw.tickets.values() if t["state"] == "done"]
    closed = [t for t in done if t["outcome"] != "papers_missing"]
    row = one(reports, "trips")
    assert (row["trips"], row["matters"], row["closed"], row["once"]) == (
        len(done),
        len(done),
        len(closed),
        len(closed),
    )
    assert (row["trips_per_matter"], row["share_once"], row["share_known"]) == (1.0, 1.0, 0.0)


def test_ratings_are_shown_with_what_they_are_a_share_of(reports: Reports, raw: Raw) -> None:
    done = sum(t["state"] == "done" for t in raw.tickets.values())
    row = one(reports, "ratings")
    levels = [rating["level"] for rating in raw.ratings]
    assert (row["finished"], row["rated"]) == (done, len(levels))
    assert row["share_rated"] == pytest.approx(len(levels) / done, abs=1e-4)
    for level in range(1, 6):
        assert row[f"level_{level}"] == levels.count(level)
    assert row["mean"] == pytest.approx(mean([float(level) for level in levels]), abs=0.006)
    assert row["bad"] == sum(level <= 2 for level in levels)
    assert row["share_satisfied"] == pytest.approx(sum(level > 2 for level in levels) / len(levels), abs=1e-4)
    assert row["by_staff"] == sum(rating["source"] == "staff" for rating in raw.ratings)
    assert (row["answered"], row["answered_in_time"]) == (0, 0)


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
    archive = Archive(f"sqlite:///{tmp_path / 'a.sqlite'}", b"key")
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
        reports.table("year", "lateness", FIRST, LAST, "lane")


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
