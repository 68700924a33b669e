"""Commands of booking: python -m hall import appointments …, python -m hall days …"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from hall.bootstrap import Sanban
from hall.domain.booking_errors import BadImport, YearUnknown
from hall.domain.callers import Caller
from hall.domain.halls import Hall
from hall.services.portal_import import RESULTS, Done, PortalImport

_CLI = Caller(by="cli")
#: facts that are moments, in milliseconds
_MOMENTS = frozenset({"slot", "until", "from_"})


def register(cli: click.Group, sanban: Callable[[], Sanban], one_hall: Callable[[Sanban, str | None], str]) -> None:
    """Add the commands to the command line; `sanban` and `one_hall` find the services and the hall."""

    @cli.group("import")
    def import_() -> None:
        """Bring data in from elsewhere."""

    @import_.command()
    @click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--hall", "hall_id")
    def appointments(path: Path, hall_id: str | None) -> None:
        """Import a portal's appointments (.json, else CSV); the same file again changes nothing. The exit status
        is 1 when a row was refused."""
        built = sanban()
        hall = built.halls.get(one_hall(built, hall_id))
        is_json = path.suffix.lower() == ".json"
        try:
            report = PortalImport(built.appointments).run(_CLI, hall.id, path.read_bytes(), is_json=is_json)
        except BadImport as error:
            raise click.ClickException(f"{path}: {error.facts['why']}") from error
        for done in report.refused:
            click.echo(f"row {done.row} {done.external_id or '(no id)'}: {_why(hall, done)}", err=True)
        click.echo(", ".join(f"{report.count(result)} {result}" for result in RESULTS))
        if report.refused:
            raise click.exceptions.Exit(1)

    @cli.group()
    def days() -> None:
        """Public holidays and make-up workdays."""

    @days.command()
    @click.argument("year", type=click.IntRange(2004, 2100))
    @click.option("--hall", "hall_id")
    def seed(year: int, hall_id: str | None) -> None:
        """Write a year's public holidays and make-up workdays into the hall's calendar; what a manager wrote
        stays."""
        built = sanban()
        try:
            seeded = built.days.seed(_CLI, one_hall(built, hall_id), year)
        except YearUnknown as error:
            raise click.ClickException(
                f"the public holidays of {year} are not announced yet, or this version does not know them: "
                "update chinesecalendar, or enter the days by hand"
            ) from error
        for day in seeded.written:
            click.echo(f"{day.date} {'closed' if day.like is None else f'works like {day.like}'}  {day.why}")
        click.echo(f"{len(seeded.written)} days written; {len(seeded.by_hand)} stay as a manager wrote them")

    @days.command()
    @click.option("--hall", "hall_id")
    def check(hall_id: str | None) -> None:
        """Say whether next year's special days are there; the exit status is 1 when they should be and are not."""
        built = sanban()
        missing = built.days.calendar_warning(one_hall(built, hall_id))
        if missing is not None:
            raise click.ClickException(f"the special days of {missing} are missing: python -m hall days seed {missing}")
        click.echo("The special days are there.")


def _why(hall: Hall, done: Done) -> str:
    facts = {
        name.rstrip("_"): f"{hall.calendar.local(value):%Y-%m-%d %H:%M}" if name in _MOMENTS else value
        for name, value in done.facts.items()
    }
    return " ".join([str(done.code), *(f"{name}={value}" for name, value in facts.items())])
