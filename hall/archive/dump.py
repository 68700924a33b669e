"""The archive's rows as lines of JSON, whatever database they are in, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from sqlalchemy import MetaData, func, insert, select
from sqlalchemy.engine import Connection, Engine

from hall.archive import schema

_BATCH = 2000
#: Alembic's own: the first line says the version
_VERSIONS = "alembic_version"


class ArchiveNotEmpty(RuntimeError):
    """There are entries where a backup was to be put."""


def lines(engine: Engine) -> Iterator[bytes]:
    """Everything as of one moment, while others write: {"schema"}, then {"t": table, "r": row} a line."""
    with engine.connect() as sql:
        _one_moment(sql)
        yield _line({"schema": schema.version(sql)})
        for table in _tables(sql).sorted_tables:
            result = sql.execution_options(yield_per=_BATCH).execute(select(table))
            for row in result.mappings():
                yield _line({"t": table.name, "r": dict(row)})


def _one_moment(sql: Connection) -> None:
    if sql.dialect.name == "sqlite":
        sql.exec_driver_sql("BEGIN")  # its driver begins only before a write
    else:
        sql.execution_options(isolation_level="REPEATABLE READ")


def _line(what: dict[str, Any]) -> bytes:
    return json.dumps(what, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _tables(sql: Connection) -> MetaData:
    """As they are in the database: a dump may be older than the code."""
    found = MetaData()
    found.reflect(sql)
    if _VERSIONS in found.tables:
        found.remove(found.tables[_VERSIONS])
    return found


def fill(engine: Engine, dumped: Iterable[bytes]) -> int:
    """Make an empty database what was dumped, then bring its schema up to date. Returns how many rows. Raises
    `ArchiveNotEmpty`."""
    rows = iter(dumped)
    if was := json.loads(next(rows))["schema"]:  # none when no archiver had been there yet
        schema.migrate(engine, to=was)
    count = 0
    with engine.begin() as sql:
        tables = _tables(sql).tables
        for table in tables.values():
            if sql.execute(select(func.count()).select_from(table)).scalar_one():
                raise ArchiveNotEmpty()
        for name, group in groupby(map(json.loads, rows), itemgetter("t")):
            while batch := [row["r"] for row in islice(group, _BATCH)]:
                sql.execute(insert(tables[name]), batch)
                count += len(batch)
    schema.migrate(engine)
    return count
