"""The command line: python -m hall …"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import click
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from hall import (
    cli_access,
    cli_appointments,
    cli_archive,
    cli_backups,
    cli_notices,
    cli_paper,
    cli_people,
    cli_processes,
    cli_simulate,
    cli_store,
    cli_voice,
    cli_webhooks,
    logs,
    processes,
)
from hall.archive.archive import Archive
from hall.archive.schema import OtherSchema
from hall.bootstrap import Sanban, build
from hall.domain.errors import BadHallFile, HallError
from hall.settings import Settings, SettingsError
from hall.store import layout
from hall.store.connect import BadStoreURL
from hall.store.embedded import EmbeddedServer, StoreBusy, StoreMissing


def fail(text: object) -> NoReturn:
    """One clear line, and a status that is not 0."""
    click.echo(f"sanban: {text}", err=True)
    sys.exit(1)


def sanban() -> Sanban:
    """The services, for commands beside a running installation."""
    try:
        here = Settings.load()
        if here.redis_url is None:
            here = replace(here, redis_url=EmbeddedServer(here.data_dir / "store").url)
        built = build(here)
        built.store.clock()
    except SettingsError as error:
        fail(error)
    except BadStoreURL as error:
        fail(f"SANBAN_REDIS_URL: {error}")
    except RedisError as error:
        fail(_away(error))
    return built


def one_hall(built: Sanban, hall_id: str | None) -> str:
    known = built.halls.ids()
    if hall_id is None and len(known) == 1:
        return known[0]
    if hall_id not in known:
        fail(f"choose a hall with --hall: {', '.join(known) or 'none is loaded yet'}")
    return hall_id


class Commands(click.Group):
    """A refusal or an outage is one clear line, never a trace."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except click.UsageError:
            raise
        except click.ClickException as error:
            fail(error.format_message())
        except HallError as error:
            facts = ", ".join(f"{name} {value}" for name, value in error.facts.items())
            fail(f"{error.code.replace('_', ' ').lower()}{': ' + facts if facts else ''}")
        except RedisError as error:
            fail(_away(error))


def _away(error: RedisError) -> str:
    return f"the store does not answer ({type(error).__name__}): start Sanban first, or check SANBAN_REDIS_URL"


@click.group(cls=Commands)
def cli() -> None:
    """Sanban, the queue of a service hall."""


@cli.command()
@click.option("--first-hall", type=click.Path(path_type=Path), help="loaded when there is no hall yet")
def serve(first_hall: Path | None) -> None:
    """Run everything on this machine until Ctrl-C."""
    try:
        here = Settings.load()
        logs.configure("serve", logs.open_file(here.data_dir / "logs", "serve"))
        processes.check_port(here)
        processes.allow_many_files()
        check_jobs(here)
        store = EmbeddedServer(here.data_dir / "store").start() if here.redis_url is None else None
    except (SettingsError, processes.PortInUse, StoreBusy, StoreMissing) as error:
        fail(error)
    try:
        check_archive(here)
        built = sanban()
        check_layouts(built)
        if first_hall is not None and not built.halls.ids():
            load_file(built, first_hall)
        env = processes.child_environment(here, os.environ, store.url if store else None)
        processes.Supervisor(here, store, env).run(lambda: opened(built))
    finally:
        if store is not None:
            store.stop()


def check_jobs(here: Settings) -> None:
    """RQ takes no other kinds of URL, and would only complain in its log."""
    if here.jobs_url is None:
        if (here.redis_url or "").startswith("redis+"):
            fail("SANBAN_JOBS_URL: jobs need a server of their own beside a cluster or Sentinel")
        return
    try:
        Redis.from_url(here.jobs_url, socket_connect_timeout=5).ping()
    except (ValueError, RedisError) as error:
        fail(f"SANBAN_JOBS_URL: the server for jobs does not answer ({type(error).__name__})")


def check_archive(here: Settings) -> None:
    try:
        Archive(here.archive, migrate=True).close()
    except OtherSchema as error:
        fail(
            f"the archive has schema {error.facts['has']}, this code needs {error.facts['needs']}: {error.facts['do']}"
        )
    except (SQLAlchemyError, ImportError) as error:
        fail(f"SANBAN_ARCHIVE_URL: the archive cannot be opened ({type(error).__name__})")


def check_layouts(built: Sanban) -> None:
    try:
        for hall_id in built.store.hall_ids():
            layout.move(built.store.moves, hall_id, layout.NEWEST)
    except layout.UnknownLayout as error:
        fail(f"{error}: check out the newer code again, or restore a backup from before it")
    except layout.InUse as error:
        fail(error)


def opened(built: Sanban) -> None:
    print_links(built)
    click.echo("\nCtrl-C stops everything.")


def print_links(built: Sanban) -> None:
    """Links that can be clicked at once; those with a code work once."""
    url = built.settings.url
    for hall_id in built.halls.ids():
        rows = [(kind, f"{url}/pair/{built.access.pairing_code(hall_id, kind)}") for kind in ("kiosk", "display")]
        rows += [("console", console_link(built, hall_id, url)), ("API", f"{url}/api/docs/swagger")]
        click.echo(f"\n{built.halls.get(hall_id).name.zh} ({hall_id}) is open.\n")
        for name, link in rows:
            click.echo(f"  {name:8} {link}")


def console_link(built: Sanban, hall_id: str, url: str) -> str:
    """The first administrator is made by link; later, one signs in by link."""
    admins = sorted(name for name, record in built.access.staff(hall_id).items() if record["role"] == "admin")
    if not admins:
        return f"{url}/set-up/{built.access.set_up_code(hall_id)}"
    return f"{url}/link/{built.access.sign_in_code(hall_id, admins[0])}"


def load_file(built: Sanban, path: Path) -> None:
    try:
        loaded = built.halls.load(path)
    except OSError as error:
        fail(f"{path}: {error.strerror}")
    except UnicodeDecodeError:
        fail(f"{path}: not a text file in UTF-8")
    except BadHallFile as error:
        fail(f"{path}, line {error.facts['line']}, {error.facts['key'] or 'file'}: {error.facts['why']}")
    click.echo(f"Hall {loaded.id} loaded from {path}.")


@cli.command()
@click.argument("path", type=click.Path(path_type=Path))
def load(path: Path) -> None:
    """Load a hall's file; a running hall follows it from the next call on."""
    load_file(sanban(), path)


@cli.command()
@click.option("--hall", "hall_id")
def export(hall_id: str | None) -> None:
    """Print a hall's description in the file's format."""
    built = sanban()
    click.echo(built.halls.toml(one_hall(built, hall_id)))


@cli.command()
@click.option("--hall", "hall_id")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="the hall's today when left out")
def waits(hall_id: str | None, day: datetime | None) -> None:
    """Print how often the waits that were shown came true on a day."""
    built = sanban()
    chosen = one_hall(built, hall_id)
    date = day.date() if day else built.halls.get(chosen).calendar.date_of(built.store.clock())
    hits = built.waits.hits(chosen, date)
    click.echo(f"{date}  {chosen}")
    if hits.rate is None:
        click.echo(f"Nobody was shown a range and called; {len(hits.unknown)} were called without one.")
        return
    click.echo(f"{hits.inside} of {len(hits.called)} waits were inside the range shown ({hits.rate:.0%}).")
    click.echo(f"Mean width {hits.width:.1f} min, mean distance from the middle {hits.error:.1f} min.")
    click.echo(f"{len(hits.unknown)} were called without a range.")


for commands in (
    cli_access,
    cli_appointments,
    cli_archive,
    cli_simulate,
    cli_paper,
    cli_notices,
    cli_people,
    cli_voice,
    cli_backups,
    cli_store,
    cli_webhooks,
):
    commands.register(cli, sanban, one_hall)
cli_processes.register(cli, lambda: print_links(sanban()))

if __name__ == "__main__":
    cli(prog_name="python -m hall")
