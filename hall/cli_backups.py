"""Commands about backups, about the archive's schema and the layout of the store's keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import click
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError

from hall.archive import schema
from hall.archive.archive import driver
from hall.archive.dump import ArchiveNotEmpty
from hall.bootstrap import Sanban
from hall.services import backups
from hall.services.backup_file import BadBackup
from hall.settings import Settings, SettingsError
from hall.store import layout
from hall.store.connect import connect
from hall.store.embedded import EmbeddedServer, StoreBusy, StoreMissing
from hall.store.keys import HALLS
from hall.store.snapshots import NotEmpty, SnapshotRefused

Open = Callable[[], Sanban]
OneHall = Callable[[Sanban, str | None], str]
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


def register(cli: click.Group, sanban: Open, _one_hall: OneHall) -> None:
    """Add the commands."""

    @cli.command()
    @click.option("--to", "directory", type=click.Path(path_type=Path, file_okay=False))
    def backup(directory: Path | None) -> None:
        """Write an encrypted backup of everything while Sanban runs; the key is not in it."""
        built = sanban()
        target = directory or built.settings.backup_dir or built.settings.data_dir / "backups"
        try:
            made = built.backups.make(target)
        except SnapshotRefused as error:
            raise click.ClickException(f"the store gives no image of itself: {error}") from error
        except (OSError, SQLAlchemyError, BadBackup) as error:
            raise click.ClickException(f"no backup was made: {error}") from error
        if target == built.settings.backup_dir:
            built.backups.note(made)
        click.echo(f"{made.path}  {made.size / 1e6:.1f} MB, whole. The key is not in it: keep secret_key elsewhere.")

    @cli.command("check-backup")
    @click.argument("path", type=_FILE)
    def check_backup(path: Path) -> None:
        """Read a backup to its end, as a restore would."""
        try:
            click.echo(f"{path} is whole; made {backups.check(path, _settings().secret_key)}.")
        except BadBackup as error:
            raise click.ClickException(f"{path}: {error}") from error

    @cli.command()
    @click.option("--skip", default=50, help="numbers of today that are passed over in every line")
    @click.argument("path", type=_FILE)
    def restore(path: Path, skip: int) -> None:
        """Put a backup into an empty installation, Sanban stopped. Needs the key of the time it was made."""
        here = _settings()
        embedded = None
        try:
            embedded = EmbeddedServer(here.data_dir / "store").start() if here.redis_url is None else None
            done = backups.restore(path, here, embedded.url if embedded else str(here.redis_url), skip)
        except BadBackup as error:
            raise click.ClickException(f"{path}: {error}") from error
        except (NotEmpty, ArchiveNotEmpty) as error:
            what = "store" if isinstance(error, NotEmpty) else "archive"
            raise click.ClickException(f"the {what} is not empty: restore into a new SANBAN_DATA_DIR") from error
        except layout.UnknownLayout as error:
            raise click.ClickException(f"store and archive were left empty: {error}; use the newer code") from error
        except StoreBusy as error:
            raise click.ClickException(f"{error}: stop it first") from error
        except StoreMissing as error:
            raise click.ClickException(str(error)) from error
        finally:
            if embedded is not None:
                embedded.stop()
        click.echo(f"Restored what was backed up {done.made}: {done.keys} keys, {done.rows} rows, {done.files} files.")

    @cli.command()
    @click.option("--to", help="a version, such as 0001; left out: the newest. Older ones take tables away")
    @click.option("--store-to", type=click.IntRange(min=1), help="a layout of the store's keys; left out: the newest")
    @click.option("--show", is_flag=True, help="only say which they are")
    def migrate(to: str | None, store_to: int | None, show: bool) -> None:
        """Bring the archive's schema and the store's keys to the newest version, as serve does at a start; with a
        version, the one of them to that."""
        here, both = _settings(), to is None and store_to is None
        if both or to is not None or show:
            _schema(here, None if show else to or schema.NEWEST)
        if both or store_to is not None or show:
            with _store(here) as url:
                _layouts(connect(url, retries=False), None if show else store_to or layout.NEWEST)


def _schema(here: Settings, to: str | None) -> None:
    engine = create_engine(driver(here.archive))
    try:
        if to is not None:
            schema.migrate_to(engine, to)
        with engine.connect() as sql:
            click.echo(f"archive: {schema.version(sql)}; this Sanban's newest: {schema.NEWEST}")
    except (SQLAlchemyError, schema.UnknownVersion) as error:
        raise click.ClickException(f"the archive was not changed: {error}") from error
    finally:
        engine.dispose()


@contextmanager
def _store(here: Settings) -> Iterator[str]:
    """The store's address while it runs: the installation's own is started when nobody has it running."""
    if here.redis_url is not None:
        yield here.redis_url
        return
    embedded = EmbeddedServer(here.data_dir / "store")
    try:
        embedded.start()
    except StoreBusy:
        yield embedded.url
        return
    except StoreMissing as error:
        raise click.ClickException(str(error)) from error
    try:
        yield embedded.url
    finally:
        embedded.stop()


def _layouts(store: Redis, to: int | None) -> None:
    try:
        halls = sorted(cast(set[str], store.smembers(HALLS)))
        for hall_id in halls if to is not None else ():
            layout.check(store, hall_id, to or layout.NEWEST)
        for hall_id in halls:
            if to is not None:
                layout.move(store, hall_id, to)
            click.echo(f"{hall_id}: {layout.of(store, hall_id)}; this Sanban's newest: {layout.NEWEST}")
    except layout.UnknownLayout as error:
        raise click.ClickException(f"the store was not changed: {error}") from error
    except layout.InUse as error:
        raise click.ClickException(f"{error}; then do it again") from error
    except RedisError as error:
        raise click.ClickException(f"the store does not answer ({type(error).__name__}); do it again") from error


def _settings() -> Settings:
    try:
        return Settings.load()
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
