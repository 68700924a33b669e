"""Commands of notices: python -m hall notices …"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import click

from hall.bootstrap import Sanban
from hall.domain.notices import NoticeState, What


def register(cli: click.Group, sanban: Callable[[], Sanban], one_hall: Callable[[Sanban, str | None], str]) -> None:
    """Add the commands to the command line; `sanban` and `one_hall` find the services and the hall."""

    @cli.command()
    @click.option("--hall", "hall_id")
    @click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="the hall's today when left out")
    def notices(hall_id: str | None, day: datetime | None) -> None:
        """Print what became of a day's notices, and why some were not sent. The exit status is 1 when one failed."""
        built = sanban()
        hall = built.halls.get(one_hall(built, hall_id))
        date = day.date() if day else hall.calendar.date_of(built.store.clock())
        start, end = hall.calendar.ms(date, 0), hall.calendar.ms(date + timedelta(days=1), 0)
        found = built.notices.kept.between(hall.id, start, end)
        states = Counter((notice["what"], notice["state"]) for notice in found)
        click.echo(f"{date}  {hall.id}  channels: {', '.join(hall.notices.channels) or 'none'}")
        for what in What:
            counts = [f"{states[what, state]} {state}" for state in NoticeState if states[what, state]]
            if counts:
                click.echo(f"{what:10} {', '.join(counts)}")
        whys = Counter(
            (notice["state"], notice.get("channel") or "-", notice["why"]) for notice in found if notice.get("why")
        )
        for (state, channel, why), count in sorted(whys.items()):
            click.echo(f"{count} {state}: {channel} {why}")
        if any(notice["state"] == NoticeState.FAILED for notice in found):
            raise click.exceptions.Exit(1)
