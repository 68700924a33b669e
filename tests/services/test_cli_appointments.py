"""`python -m hall import appointments` and `python -m hall days`."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hall.__main__ import cli
from hall.domain.booking_errors import YearUnknown
from hall.services.days import public_days
from hall.services.moves import wall_clock
from tests.booking import LI, OFFER, BookableHall
from tests.driver import KEY

Run = Callable[..., Result]


@pytest.fixture
def hall(store_url: str) -> BookableHall:
    return BookableHall(store_url, offer=OFFER)


@pytest.fixture
def run(hall: BookableHall, store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("SANBAN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("SANBAN_REDIS_URL", store_url)
    monkeypatch.setenv("SANBAN_SECRET_KEY", KEY.decode())
    return lambda *words, **more: CliRunner().invoke(cli, [*words, "--hall", hall.id], **more)


def next_tuesday(hall: BookableHall) -> str:
    today = hall.hall.calendar.date_of(wall_clock())
    return (today + timedelta(days=7 - (today.weekday() - 1) % 7)).isoformat()


def test_a_file_is_imported_once_and_bad_rows_are_named(hall: BookableHall, run: Run, tmp_path: Path) -> None:
    day = next_tuesday(hall)
    path = tmp_path / "portal.csv"
    good, late = f"p1,a1,{day} 10:00,王某,13812345678", "p2,a1,2020-01-07 10:00,李某,13912345678"
    path.write_text(f"external_id,services,slot,name,phone\n{good}\n{late}\n", "utf-8")
    first = run("import", "appointments", str(path))
    assert first.exit_code == 1
    assert "1 accepted, 0 changed, 0 unchanged, 1 refused" in first.output
    assert "row 3 p2: BOOKING_TOO_LATE until=2020-01-07 10:00" in first.output
    assert "李某" not in first.output
    path = path.rename(path.with_suffix(".json"))
    row = {"external_id": "p1", "services": "a1", "slot": f"{day} 10:00", "name": "王某", "phone": "13812345678"}
    path.write_text(json.dumps([row]), "utf-8")
    again = run("import", "appointments", str(path))
    assert (again.exit_code, again.output) == (0, "0 accepted, 0 changed, 1 unchanged, 0 refused\n")


def test_a_file_that_cannot_be_read_is_one_clear_line(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "portal.json"
    path.write_text("{}", "utf-8")
    answer = run("import", "appointments", str(path))
    assert answer.exit_code == 1
    assert answer.output == f"sanban: {path}: not a list of appointments\n"


def test_a_year_is_seeded_and_an_unknown_one_is_said_so(hall: BookableHall, run: Run) -> None:
    seeded = run("days", "seed", "2026")
    assert seeded.exit_code == 0
    assert "2026-02-14 works like fri  春节调休" in seeded.output
    assert "2026-02-17 closed  春节" in seeded.output
    hall.halls.forget(hall.id)
    assert hall.halls.get(hall.id).days == tuple(public_days(2026))
    unknown = run("days", "seed", "2099")
    assert unknown.exit_code == 1
    assert "not announced yet" in unknown.output


def test_a_person_is_erased_by_number_after_a_look_at_the_mask(hall: BookableHall, run: Run) -> None:
    hall.book("10:00", person=LI)
    for wrong, said in [("13900001111", "nothing is kept"), ("123", "bad phone")]:
        answer = run("person", "erase", input=f"{wrong}\n")
        assert (answer.exit_code, said in answer.output) == (1, True), answer.output
    kept = run("person", "erase", input=f"{LI.phone}\nn\n")
    assert "Erase 李** 138****5678 310***********" in kept.output
    assert hall.people.find(hall.id, id_number=LI.id_number)
    erased = run("person", "erase", input=f"{LI.id_number}\ny\n")
    assert erased.exit_code == 0
    assert LI.id_number not in erased.output
    assert hall.people.find(hall.id, id_number=LI.id_number) == {}


def test_the_check_follows_the_calendar_of_the_real_year(hall: BookableHall, run: Run) -> None:
    today = hall.hall.calendar.date_of(wall_clock())
    missing = today.month >= 11
    answer = run("days", "check")
    assert answer.exit_code == int(missing)
    assert (f"days seed {today.year + 1}" in answer.output) == missing


def test_a_known_year_can_be_asked_for_without_a_hall() -> None:
    assert len(public_days(2026)) > 30
    with pytest.raises(YearUnknown):
        public_days(2099)
