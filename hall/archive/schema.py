"""The archive's schema, brought up to date by whoever starts an installation, one process at a time."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Final

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection, Engine

from hall.domain.errors import HallError

#: every version there was, the oldest first: what `migrations` goes through
VERSIONS: Final = ("0001", "0002", "0003")
NEWEST: Final = VERSIONS[-1]
#: any number; whoever migrates holds it
_LOCK: Final = 743_602


def _steps() -> ModuleType:
    """Alembic is loaded by who changes an archive: every process opens one, and hardly any changes it."""
    from hall.archive import steps

    return steps


def version(sql: Connection) -> str | None:
    """None for an archive that was never migrated."""
    if not inspect(sql).has_table("alembic_version"):
        return None
    return sql.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


class OtherSchema(HallError):
    """The archive's schema is not this code's. Facts: `has`, `needs`, and what to `do`."""

    code = "ARCHIVE_SCHEMA"


def check(engine: Engine) -> None:
    """Raises `OtherSchema`."""
    with engine.connect() as sql:
        here = version(sql)
    if here != NEWEST:
        raise _other(here)


def _other(here: str | None) -> OtherSchema:
    do = "python -m hall migrate" if _knows(here) else "restart with the newer code that made it"
    return OtherSchema(has=here or "none", needs=NEWEST, do=do)


def _knows(version: str | None) -> bool:
    return version is None or version in VERSIONS


def migrate(engine: Engine, to: str = NEWEST) -> None:
    """Run the migrations that are missing. Processes that do so at once wait for one another. Raises `OtherSchema` when
    the archive is of newer code."""
    with engine.connect() as sql:
        here = version(sql)
    if here == NEWEST:
        return
    if not _knows(here):
        raise _other(here)
    with _locked(engine), engine.begin() as sql:
        _steps().forward(sql, to)


class UnknownVersion(ValueError):
    """There is no such version of the schema."""


def migrate_to(engine: Engine, to: str) -> None:
    """Go to a version, forward or back: back takes away what the version did not have. Raises `UnknownVersion`."""
    if to not in VERSIONS:
        raise UnknownVersion(f"there is no version {to}; {VERSIONS[0]} is the oldest there is, {NEWEST} the newest")
    with _locked(engine), engine.begin() as sql:
        here = version(sql)
        if not _knows(here):
            raise UnknownVersion(f"the archive is of version {here}, which newer code made")
        back = here is not None and VERSIONS.index(to) < VERSIONS.index(here)
        (_steps().back if back else _steps().forward)(sql, to)


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
