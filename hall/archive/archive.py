"""Raw journal entries and how far each hall's journal is copied, in one database."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import (
    BigInteger,
    Column,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError

START = "0-0"
_metadata = MetaData()
_id = String(40)

#: one row an entry; `ms` and `seq` are the halves of its id, so that rows sort as the journal does
entries = Table(
    "entries",
    _metadata,
    Column("hall", String(64), primary_key=True),
    Column("ms", BigInteger, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
)
cursors = Table("cursors", _metadata, Column("hall", String(64), primary_key=True), Column("last", _id, nullable=False))


class CursorMoved(RuntimeError):
    """Another archiver was faster; nothing was written."""


class Archive:
    """`url` is an SQLAlchemy database URL."""

    def __init__(self, url: str) -> None:
        self._engine: Engine = create_engine(url, pool_pre_ping=True)
        if self._engine.dialect.name == "sqlite":
            event.listen(self._engine, "connect", _sqlite_options)
        _metadata.create_all(self._engine)

    def close(self) -> None:
        self._engine.dispose()

    def cursor(self, hall_id: str) -> str:
        """The last entry that is in the archive."""
        with self._engine.begin() as sql:
            return _cursor(sql, hall_id) or START

    def append(self, hall_id: str, after: str, rows: Sequence[tuple[str, str]]) -> None:
        """Write entries [(id, JSON)] that follow `after`, and the cursor, or nothing. Raises `CursorMoved`."""
        if not rows:
            return
        with self._engine.begin() as sql:
            if _cursor(sql, hall_id) is None:
                self._first(sql, hall_id)
            here = (cursors.c.hall == hall_id) & (cursors.c.last == after)
            if sql.execute(update(cursors).where(here).values(last=rows[-1][0])).rowcount != 1:
                raise CursorMoved(hall_id)
            sql.execute(insert(entries), [_row(hall_id, entry_id, body) for entry_id, body in rows])

    @staticmethod
    def _first(sql: Connection, hall_id: str) -> None:
        try:
            sql.execute(insert(cursors).values(hall=hall_id, last=START))
        except IntegrityError:
            raise CursorMoved(hall_id) from None

    def count(self, hall_id: str) -> int:
        with self._engine.begin() as sql:
            return int(sql.execute(select(func.count()).where(entries.c.hall == hall_id)).scalar_one())

    def read(self, hall_id: str, limit: int = 1000) -> list[tuple[str, str]]:
        """The first entries of a hall, [(id, JSON)]."""
        query = select(entries).where(entries.c.hall == hall_id).order_by(entries.c.ms, entries.c.seq).limit(limit)
        with self._engine.begin() as sql:
            return [(f"{row.ms}-{row.seq}", row.body) for row in sql.execute(query)]


def _cursor(sql: Connection, hall_id: str) -> str | None:
    return sql.execute(select(cursors.c.last).where(cursors.c.hall == hall_id)).scalar_one_or_none()


def _row(hall_id: str, entry_id: str, body: str) -> dict[str, object]:
    ms, _, seq = entry_id.partition("-")
    return {"hall": hall_id, "ms": int(ms), "seq": int(seq), "body": body}


def _sqlite_options(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]  # the driver's own object
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()
