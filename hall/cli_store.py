"""Commands about the embedded store's own file."""

from __future__ import annotations

from collections.abc import Callable

import click

from hall.bootstrap import Sanban
from hall.settings import Settings, SettingsError
from hall.store import aof
from hall.store.embedded import EmbeddedServer, StoreBusy

Open = Callable[[], Sanban]
OneHall = Callable[[Sanban, str | None], str]


def register(cli: click.Group, _sanban: Open, _one_hall: OneHall) -> None:
    """Add the commands."""

    @cli.command("mend-store")
    def mend_store() -> None:
        """Cut a damaged file of the store where the damage begins, Sanban stopped; the whole file is kept beside it."""
        try:
            here = Settings.load()
            server = EmbeddedServer(here.data_dir / "store")
            with server.alone():
                damage = aof.find(server.directory)
                copy = aof.cut(damage) if damage else None
        except SettingsError as error:
            raise click.ClickException(str(error)) from error
        except StoreBusy as error:
            raise click.ClickException(f"{error}: stop it first") from error
        if damage is None:
            click.echo("The store's file is whole.")
            return
        click.echo(f"{damage.behind} bytes from byte {damage.at} on are cut off; the whole file is {copy}.")
        click.echo("Start Sanban, then: python -m hall doctor says who is touched.")
