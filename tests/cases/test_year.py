"""The example hall's case desk lives through some weeks; what the report says adds up with the journal."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from bench.desk_year import DAYS, FIRST, DeskYear, example, told
from hall.archive.archive import Archive
from hall.domain.cases import ENDED
from hall.services.reports import Reports
from tests.cases.test_laws import assert_disjoint

WEEKS = 42


@pytest.fixture(scope="module", params=[WEEKS, pytest.param(DAYS, marks=pytest.mark.long)])
def year(request: pytest.FixtureRequest, store_url: str) -> DeskYear:
    played = DeskYear(store_url, example(f"y{uuid.uuid4().hex[:12]}"))
    played.play(request.param)
    return played


def test_the_example_hall_has_its_officers(year: DeskYear) -> None:
    kinds = [one.of for one in year.hall.officers]
    assert (kinds.count("centre"), kinds.count("community")) == (8, 35)
    assert year.done["visits"] > 40
    assert year.done["assisted"] >= 2


def test_the_report_adds_up_with_the_journal(year: DeskYear) -> None:
    counted = told(year.moves.store.journal.after(year.hall.id, "0-0", 1_000_000))
    calendar = year.hall.calendar
    report = year.lists.results(year.hall.id, calendar.ms(FIRST, 0), year.now + 1, "group")
    assert report.keys() == counted.keys()
    for name, row in report.items():
        says: dict[str, int] = {
            "people": row.people,
            "cases": row.cases,
            **{state: getattr(row, state) for state in ENDED},
        }
        assert says == {key: counted[name][key] for key in says}, name
    assert counted[""]["delivered"] > 50
    assert counted[""]["cases"] == year.done["assisted"] + year.done["home_visit"]


def test_the_archive_says_what_the_desk_says(year: DeskYear, tmp_path: Path) -> None:
    """And says it still when the desk has forgotten."""
    archive = Archive(f"sqlite:///{tmp_path / 'archive.sqlite'}", b"key", migrate=True)
    archive.append(year.hall.id, "0-0", year.moves.store.journal.raw_after(year.hall.id, "0-0", 1_000_000))
    reports, today = Reports(year.moves.halls, "", [archive]), year.hall.calendar.date_of(year.now)
    desk = year.lists.results(year.hall.id, year.hall.calendar.ms(FIRST, 0), year.now + 1, "group")
    (whole,) = reports.table(year.hall.id, "cases", FIRST, today).rows
    groups = {row["key"]: row for row in reports.table(year.hall.id, "cases", FIRST, today, "group").rows}
    assert {"", *groups} == set(desk)
    told = {name: row for name, row in {**groups, "": whole}.items() if not row["hidden"]}
    assert len(told) > 2
    for name, row in told.items():
        assert {state: row[state] for state in ("cases", *ENDED)} == {
            s: getattr(desk[name], s) for s in ("cases", *ENDED)
        }
        assert row["helped"] == desk[name].people
        assert row["mean"] == pytest.approx(desk[name].days, abs=0.06)
    ended = [one["state"] for one in year.cases.kept.visits(year.hall.id, 0, year.now + 10**10)]
    assert (whole["home_visits"], whole["not_met"]) == (ended.count("done"), ended.count("not_met"))
    archive.close()


def test_nobody_was_in_two_visits_and_every_visit_had_one_of_each_kind(year: DeskYear) -> None:
    kinds = {one.id: one.of for one in year.hall.officers}
    visits = year.cases.kept.visits(year.hall.id, 0, year.now + 10**10)
    assert {(kinds[one["centre"]], kinds[one["near"]]) for one in visits} == {("centre", "community")}
    assert_disjoint([one for one in visits if one["state"] != "cancelled"])
    assert year.done["substitutes"] + year.done["cancelled"] > 0
    assert year.cases.kept.conflicts(year.hall.id) == {}, "the network mixed and repeated, and nothing was refused"
