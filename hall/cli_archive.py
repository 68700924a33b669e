"""Commands about the archive: replay, audit, and projecting it again."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime

import click

from hall.archive import audit
from hall.archive.archive import Archive
from hall.archive.chain import Broken, key_of
from hall.bootstrap import Sanban
from hall.domain.fold import Folded
from hall.services.replay import Replay

Open = Callable[[], Sanban]
OneHall = Callable[[Sanban, str | None], str]
_MOMENT = click.DateTime(["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"])


def register(cli: click.Group, sanban: Open, one_hall: OneHall) -> None:
    """Add the commands."""

    def archive_of(built: Sanban) -> Archive:
        return Archive(built.settings.archive, key_of(built.settings.secret_key))

    @cli.command()
    @click.option("--hall", "hall_id")
    @click.option("--until", type=_MOMENT, help="the hall's local time; left out: compare with the live hall")
    def replay(hall_id: str | None, until: datetime | None) -> None:
        """Rebuild a hall from its journal: as it was at a moment, or held against the live one."""
        built = sanban()
        chosen = one_hall(built, hall_id)
        replaying = Replay(built.store, archive_of(built))
        if until is not None:
            zone = built.halls.get(chosen).calendar.zone
            _show(replaying.until(chosen, until_ms=int(until.replace(tzinfo=zone).timestamp() * 1000) + 999))
            return
        differences = replaying.compare(chosen)
        click.echo("\n".join(differences) if differences else "same")
        sys.exit(1 if differences else 0)

    @cli.group()
    def archive() -> None:
        """The journal in SQL."""

    @archive.command()
    @click.option("--hall", "hall_id")
    def project(hall_id: str | None) -> None:
        """Make all facts of a hall anew from its archived entries; stop the archiver first."""
        built = sanban()
        click.echo(f"{archive_of(built).project_again(one_hall(built, hall_id))} entries projected.")

    @cli.group("audit")
    def audit_group() -> None:
        """The chain over the archived entries."""

    @audit_group.command()
    @click.option("--hall", "hall_id", help="all halls when left out")
    def verify(hall_id: str | None) -> None:
        """Walk the chain: whatever was changed, removed, moved or cut off shows."""
        built = sanban()
        kept = archive_of(built)
        key = key_of(built.settings.secret_key)
        broken = False
        for one in [hall_id] if hall_id else kept.halls():
            heads = audit.exported(built.settings.data_dir / "audit", one)
            found = audit.verify(kept, key, one, heads)
            if isinstance(found, Broken):
                broken = True
                click.echo(f"{one}: BROKEN at entry {found.entry}: {found.why}")
            else:
                click.echo(f"{one}: {found.entries} entries, whole, {len(heads)} exported heads; head {found.mac}")
        sys.exit(1 if broken else 0)


def _show(folded: Folded) -> None:
    """A hall as people would describe it."""
    click.echo(f"as of entry {folded.as_of}, description {folded.config}")
    for name, window in sorted(folded.windows.items()):
        ticket = folded.tickets.get(window.get("ticket", ""))
        click.echo(f"window {name}: {window['state']}{' with ' + ticket['number'] if ticket else ''}")
    for queue, count in sorted(folded.waiting().items()):
        waiting = [t for t in folded.tickets.values() if t["state"] == "waiting" and t["queue"] == queue]
        order = sorted(waiting, key=lambda t: (t["queue_time"], t["id"]))
        click.echo(f"line {queue}: {count} waiting: {' '.join(t['number'] for t in order)}")
