"""Commands that play days: simulate, staffing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path

import click

from hall.archive.archive import Archive
from hall.bootstrap import Sanban
from hall.domain.calendar import DAYS
from hall.domain.errors import UnknownLine, UnknownWindow
from hall.domain.halls import Hall
from hall.simulator import planner
from hall.simulator import staffing as windows
from hall.simulator.day import table
from hall.simulator.learned import TooLittleHistory
from hall.simulator.live import live
from hall.simulator.questions import Question
from hall.simulator.recorded import BadPlan, NothingRecorded, compare, recorded, with_plan

Open = Callable[[], Sanban]
OneHall = Callable[[Sanban, str | None], str]


def register(cli: click.Group, sanban: Open, one_hall: OneHall) -> None:
    """Add the commands."""

    @cli.command()
    @click.option("--hall", "hall_id")
    @click.option("--date", "--day", "day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="a recorded day")
    @click.option("--plan", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="other windows, TOML")
    @click.option("--live/--fast", "on_store", help="on the services and a real store, or on the order alone (default)")
    def simulate(hall_id: str | None, day: datetime, plan: Path | None, on_store: bool) -> None:
        """Play a recorded day again with other windows, and print the waits before and after."""
        built = sanban()
        hall = built.halls.get(one_hall(built, hall_id))
        archive = Archive(built.settings.archive)
        try:
            came = recorded(archive, hall, day.date())
            planned = with_plan(hall, day.date(), came.seats, plan.read_text("utf-8")) if plan else None
        except NothingRecorded:
            raise click.ClickException(f"nobody was called in {hall.id} on {day.date()}") from None
        except BadPlan as error:
            raise click.ClickException(f"{plan}: {error.facts['why']}") from None
        except (UnknownWindow, UnknownLine) as error:
            raise click.ClickException(f"{plan}: the hall has no {', '.join(map(str, error.facts.values()))}") from None
        finally:
            archive.close()
        found = compare(hall, came, planned, partial(live, hall) if on_store else None)
        click.echo(f"{day.date()}  {hall.id}  minutes")
        click.echo(table(found.rows))
        if found.left:
            click.echo(f"{found.left} were never called that day and are left out.")
        if found.not_called:
            click.echo(f"{found.not_called} had no window in the plan.")

    @cli.command()
    @click.option("--hall", "hall_id")
    @click.option("--date", "--day", "day", type=click.DateTime(["%Y-%m-%d"]), help="days like a recorded one")
    @click.option("--weekday", type=click.Choice(DAYS), help="a forecast of this weekday")
    @click.option("--days", type=click.IntRange(1, 5000), default=windows.DAYS, show_default=True)
    @click.option("--most", type=click.IntRange(1, 200), help="general windows at once (all that the hall has)")
    def staffing(hall_id: str | None, day: datetime | None, weekday: str | None, days: int, most: int | None) -> None:
        """Search how many windows each half hour needs, so that 90 % of ordinary visitors are called within 20 minutes
        and 90 % of green-channel visitors within 5."""
        if (day is None) == (weekday is None):
            raise click.UsageError("give either --date or --weekday")
        source = str(day.date()) if day else str(DAYS.index(weekday or ""))
        built = sanban()
        hall = built.halls.get(one_hall(built, hall_id))
        archive = Archive(built.settings.archive)
        today = hall.calendar.date_of(built.store.clock())
        try:
            found = _searched(archive, hall, source, today, days, most)
        except NothingRecorded:
            raise click.ClickException(f"nobody was called in {hall.id} on {day and day.date()}") from None
        except TooLittleHistory as error:
            told = f"only {error.facts['days']} such days are recorded; a forecast needs {error.facts['needed']}"
            raise click.ClickException(told) from None
        finally:
            archive.close()
        click.echo(windows.table(found))


def _searched(archive: Archive, hall: Hall, source: str, today: date, days: int, most: int | None) -> windows.Staffing:
    pattern, house, _ = planner.learned(archive, hall, source, today)
    asked = Question.of(hall, source, (), days)
    asked = replace(asked, most=most or asked.most)
    with click.progressbar(length=1000, label="searching", file=sys.stderr) as bar:
        found = planner.search(pattern, house, asked, lambda share: bar.update(int(share * 1000) - bar.pos)).find()
        bar.update(1000 - bar.pos)
    return found
