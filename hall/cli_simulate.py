"""Commands that play days: simulate, staffing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

import click

from hall.archive.archive import Archive
from hall.bootstrap import Sanban
from hall.domain.errors import UnknownLine, UnknownWindow
from hall.simulator.day import table
from hall.simulator.live import live
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
