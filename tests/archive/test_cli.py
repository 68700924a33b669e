"""replay, audit and simulate from the command line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from hall.__main__ import cli
from hall.archive import audit, schema
from hall.archive.archive import Archive
from hall.bootstrap import Sanban
from hall.domain.callers import Caller
from hall.store.keys import Keys
from tests.archive.tools import fill, journal, serve
from tests.driver import KEY, live_hall
from workers.archiver import Archiver


@pytest.fixture
def hall(sanban: Sanban, archive: Archive, archive_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Five numbers, two of them served, archived; two more that are not."""
    monkeypatch.setenv("SANBAN_REDIS_URL", str(sanban.settings.redis_url))
    monkeypatch.setenv("SANBAN_DATA_DIR", str(sanban.settings.data_dir))
    monkeypatch.setenv("SANBAN_SECRET_KEY", KEY.decode())
    monkeypatch.setenv("SANBAN_ARCHIVE_URL", archive_url)
    sanban.halls.save(live_hall("here"), Caller(by="setup"))
    fill(sanban, "here", 5)
    for _ in range(2):
        serve(sanban, "here")
    Archiver(sanban, archive).copy("here")
    fill(sanban, "here", 2)
    return "here"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


def test_replay_says_same_or_what_differs(sanban: Sanban, hall: str) -> None:
    same = run("replay")
    assert (same.exit_code, same.output) == (0, "same\n")
    sanban.store.moves.srem(Keys(hall).of("open"), "0000000003")
    other = run("replay", "--hall", hall)
    assert other.exit_code == 1
    assert "ticket 0000000003: only in the journal" in other.output


def test_replay_shows_the_hall_at_a_moment(sanban: Sanban, hall: str) -> None:
    shown = run("replay", "--until", "2099-01-01T00:00")
    assert shown.exit_code == 0
    assert "line a: 5 waiting: A003 A004 A005 A006 A007" in shown.output
    assert "window w1: open" in shown.output
    before = run("replay", "--until", "2020-01-01T00:00")
    assert "waiting" not in before.output


def test_audit_verify_finds_a_changed_entry(sanban: Sanban, archive: Archive, hall: str) -> None:
    audit.export(sanban.settings.data_dir / "audit", hall, audit.head(archive, hall))
    whole = run("audit", "verify")
    assert whole.exit_code == 0
    assert f"{archive.count(hall)} entries, whole, 1 exported heads" in whole.output
    entry = journal(sanban, hall)[3][0]
    with archive.engine.begin() as sql:
        where = {"ms": int(entry.split("-")[0]), "seq": int(entry.split("-")[1])}
        sql.execute(text("UPDATE entries SET body = body || ' ' WHERE ms = :ms AND seq = :seq"), where)
    broken = run("audit", "verify", "--hall", hall)
    assert broken.exit_code == 1
    assert f"BROKEN at entry {entry}" in broken.output


@pytest.mark.parametrize("engine", ["--fast", "--live"])
def test_simulate_prints_the_waits_before_and_after(sanban: Sanban, hall: str, tmp_path: Path, engine: str) -> None:
    today = sanban.halls.get(hall).calendar.date_of(sanban.store.clock())
    plan = tmp_path / "plan.toml"
    plan.write_text('[[windows]]\nid = "w2"\nopen = ["00:00-24:00"]\n', "utf-8")
    shown = run("simulate", "--day", today.isoformat(), "--plan", str(plan), engine)
    assert shown.exit_code == 0, shown.output
    names = [line.split()[0] for line in shown.output.splitlines()[2:5]]
    assert names == ["recorded", "played", "plan"]
    assert "3 were never called that day and are left out." in shown.output


def test_what_cannot_be_simulated_is_one_clear_line(sanban: Sanban, hall: str, tmp_path: Path) -> None:
    nothing = run("simulate", "--day", date(2020, 1, 1).isoformat())
    assert (nothing.exit_code, nothing.output) == (1, "sanban: nobody was called in here on 2020-01-01\n")
    today = sanban.halls.get(hall).calendar.date_of(sanban.store.clock()).isoformat()
    plan = tmp_path / "plan.toml"
    for written, told in (("[[windows", "Expected"), ('[[windows]]\nid = "w9"\nopen = []', "the hall has no w9")):
        plan.write_text(written, "utf-8")
        shown = run("simulate", "--day", today, "--plan", str(plan))
        assert shown.exit_code == 1
        assert told in shown.output
        assert shown.output.count("\n") == 1


def test_staffing_prints_a_plan_by_half_hour(sanban: Sanban, hall: str) -> None:
    today = sanban.halls.get(hall).calendar.date_of(sanban.store.clock()).isoformat()
    shown = run("staffing", "--day", today, "--days", "3")
    assert shown.exit_code == 0, shown.output
    rows = [line for line in shown.stdout.splitlines() if line[:1].isdigit() and line[2] == ":"]
    assert len(rows) == 48  # the hall is always open
    assert "window hours a day; all targets met" in shown.stdout


def test_what_cannot_be_searched_is_one_clear_line(hall: str) -> None:
    assert "give either --date or --weekday" in run("staffing").output
    few = run("staffing", "--weekday", "mon")
    assert (few.exit_code, few.output) == (1, "sanban: only 0 such days are recorded; a forecast needs 3\n")
    nothing = run("staffing", "--day", "2020-01-01")
    assert (nothing.exit_code, nothing.output) == (1, "sanban: nobody was called in here on 2020-01-01\n")


def test_commands_about_an_older_archive_say_what_to_do_and_leave_it(archive: Archive, hall: str) -> None:
    schema.migrate_to(archive.engine, "0002")
    for command in (("replay",), ("audit", "verify"), ("archive", "project"), ("simulate", "--day", "2026-11-24")):
        told = run(*command)
        assert told.exit_code == 1
        assert "archive schema: has 0002" in told.output
        assert "do python -m hall migrate" in told.output
    assert run("migrate", "--show").output.startswith("archive: 0002;")


def test_facts_are_made_anew_on_request(archive: Archive, hall: str) -> None:
    assert run("archive", "project").output == f"{archive.count(hall)} entries projected.\n"
