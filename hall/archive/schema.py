"""The archive's schema, brought up to date by whoever starts an installation, one process at a time."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import text
from sqlalchemy.engine import Connection, Engine

from hall.domain.errors import HallError

_MIGRATIONS = Path(__file__).parent / "migrations"
#: any number; whoever migrates holds it
_LOCK = 743_602


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config


def newest() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def version(sql: Connection) -> str | None:
    """None for an archive that was never migrated."""
    return MigrationContext.configure(sql).get_current_revision()


class OtherSchema(HallError):
    """The archive's schema is not this code's. Facts: `has`, `needs`, and what to `do`."""

    code = "ARCHIVE_SCHEMA"


def check(engine: Engine) -> None:
    """Raises `OtherSchema`."""
    with engine.connect() as sql:
        here = version(sql)
    if here != newest():
        raise _other(here)


def _other(here: str | None) -> OtherSchema:
    do = "python -m hall migrate" if _knows(here) else "restart with the newer code that made it"
    return OtherSchema(has=here or "none", needs=newest() or "none", do=do)


def _knows(version: str | None) -> bool:
    steps = ScriptDirectory.from_config(_config()).walk_revisions()
    return version is None or version in {step.revision for step in steps}


def migrate(engine: Engine, to: str = "head") -> None:
    """Run the migrations that are missing. Processes that do so at once wait for one another. Raises `OtherSchema` when
    the archive is of newer code."""
    with engine.connect() as sql:
        here = version(sql)
    if here == newest():
        return
    if not _knows(here):
        raise _other(here)
    with _locked(engine), engine.begin() as sql:
        config = _config()
        config.attributes["connection"] = sql
        command.upgrade(config, to)


class UnknownVersion(ValueError):
    """There is no such version of the schema."""


def migrate_to(engine: Engine, to: str) -> None:
    """Go to a version, forward or back: back takes away what the version did not have. Raises `UnknownVersion`."""
    steps = ScriptDirectory.from_config(_config())
    try:
        target = steps.get_revision(to)
    except CommandError as error:
        raise UnknownVersion(f"there is no version {to}") from error
    if target is None:
        raise UnknownVersion("the first version is the oldest there is")
    with _locked(engine), engine.begin() as sql:
        here, config = version(sql), _config()
        config.attributes["connection"] = sql
        newer = [step.revision for step in steps.iterate_revisions(here, "base")] if here else []
        back = target.revision in newer
        (command.downgrade if back else command.upgrade)(config, to)


@contextmanager
def _locked(engine: Engine) -> Iterator[None]:
    if engine.dialect.name != "sqlite":
        with engine.connect() as sql:
            # Its own session: it ends with the connection, whatever happens to the migration.
            sql.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
            try:
                yield
            finally:
                sql.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
        return
    if engine.url.database in (None, "", ":memory:"):
        yield
        return
    with Path(f"{engine.url.database}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
