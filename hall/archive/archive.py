"""The journals in one database: raw entries, the rows of facts made of them, and how far both go."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, create_engine, delete, event, func, insert, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import IntegrityError

from hall.archive import chain, schema
from hall.archive.tables import FACTS, checkpoints, cursors, entries
from hall.domain.events import Entry, id_order
from hall.domain.facts import VERSION, project
from hall.domain.known import Fact, Known

START = "0-0"
#: entries projected in one go
BATCH = 2000


class CursorMoved(RuntimeError):
    """Another archiver was faster; nothing was written."""


class Archive:
    """`url` is an SQLAlchemy database URL; `key` makes the chain of the audit. Only its writer needs the key.

    `migrate`: bring the schema up to date first, for whoever starts an installation. Everybody else only looks at it:
    a command of newer code must not change the schema under processes of older code. Raises `OtherSchema`."""

    def __init__(self, url: str, key: bytes = b"", *, migrate: bool = False) -> None:
        self.engine: Engine = engine_of(url)
        try:
            (schema.migrate if migrate else schema.check)(self.engine)
        except BaseException:
            self.engine.dispose()
            raise
        self._key = key
        self._known: dict[str, tuple[str, Known]] = {}

    def close(self) -> None:
        self.engine.dispose()

    def cursor(self, hall_id: str) -> str:
        """The last entry that is in the archive."""
        with self.engine.connect() as sql:
            return _cursor(sql, hall_id) or START

    def append(self, hall_id: str, after: str, rows: Sequence[tuple[str, str]]) -> None:
        """Write entries [(id, JSON)] that follow `after`, their facts, and the cursor, or nothing. Raises
        `CursorMoved`."""
        if not rows:
            return
        known = self._take(hall_id, after)
        facts = _Facts(hall_id)
        for entry_id, body in rows:
            facts.follow(known, Entry.parse(entry_id, json.loads(body)))
        with self.engine.begin() as sql:
            if _cursor(sql, hall_id) is None:
                self._first(sql, hall_id)
            last = rows[-1][0]
            here = (cursors.c.hall == hall_id) & (cursors.c.last == after) & (cursors.c.projected == after)
            if sql.execute(update(cursors).where(here).values(last=last, projected=last)).rowcount != 1:
                raise CursorMoved(hall_id)
            sql.execute(insert(entries), self._chained(sql, hall_id, after, rows))
            facts.write(sql)
        self._known[hall_id] = (last, known)

    def _take(self, hall_id: str, after: str) -> Known:
        """What the projector knows at the cursor. It is handed out once: a write that fails must not leave it ahead."""
        at, known = self._known.pop(hall_id, ("", Known()))
        return known if at == after else self.known(hall_id, after)

    def _chained(self, sql: Connection, hall_id: str, after: str, rows: Sequence[tuple[str, str]]) -> list[Any]:
        mac = "" if after == START else sql.execute(select(entries.c.mac).where(_is(entries, hall_id, after))).scalar()
        made = []
        for entry_id, body in rows:
            mac = chain.link(self._key, hall_id, mac or "", entry_id, body)
            made.append({**_id(hall_id, entry_id), "body": body, "mac": mac})
        return made

    @staticmethod
    def _first(sql: Connection, hall_id: str) -> None:
        try:
            sql.execute(insert(cursors).values(hall=hall_id, last=START, projected=START, facts=VERSION))
        except IntegrityError:
            raise CursorMoved(hall_id) from None

    # Reading ---------------------------------------------------------------------------------

    def halls(self) -> list[str]:
        with self.engine.connect() as sql:
            return list(sql.execute(select(cursors.c.hall).order_by(cursors.c.hall)).scalars())

    def count(self, hall_id: str) -> int:
        with self.engine.connect() as sql:
            return int(sql.execute(select(func.count()).where(entries.c.hall == hall_id)).scalar_one())

    def read(self, hall_id: str, limit: int = 1000, after: str = START) -> list[tuple[str, str]]:
        """Entries of a hall that follow `after`, [(id, JSON)]."""
        query = select(entries).where(entries.c.hall == hall_id, _later(entries, after))
        with self.engine.connect() as sql:
            rows = sql.execute(query.order_by(entries.c.ms, entries.c.seq).limit(limit))
            return [(f"{row.ms}-{row.seq}", row.body) for row in rows]

    def backwards(self, hall_id: str, start: int, end: int, before: str | None) -> Iterator[tuple[str, str]]:
        """Entries [(id, JSON)] written in [start, end) (ms UTC), newest first; those before `before` only."""
        ms, seq = id_order(before) if before else (end, 0)
        while True:
            here = tuple_(entries.c.ms, entries.c.seq) < tuple_(ms, seq)
            query = select(entries).where(entries.c.hall == hall_id, entries.c.ms >= start, entries.c.ms < end, here)
            with self.engine.connect() as sql:
                rows = sql.execute(query.order_by(entries.c.ms.desc(), entries.c.seq.desc()).limit(500)).all()
            if not rows:
                return
            yield from ((f"{row.ms}-{row.seq}", row.body) for row in rows)
            ms, seq = rows[-1].ms, rows[-1].seq

    def walk(self, hall_id: str, after: str = START) -> Iterator[Entry]:
        """All entries of a hall that follow `after`."""
        while rows := self.read(hall_id, BATCH, after):
            for entry_id, body in rows:
                yield Entry.parse(entry_id, json.loads(body))
            after = rows[-1][0]

    def checkpoint(self, hall_id: str, until: str) -> tuple[str, Known]:
        """The latest checkpoint not after an entry."""
        at = id_order(until)
        query = select(checkpoints).where(
            checkpoints.c.hall == hall_id, tuple_(checkpoints.c.ms, checkpoints.c.seq) <= tuple_(*at)
        )
        with self.engine.connect() as sql:
            row = sql.execute(query.order_by(checkpoints.c.ms.desc(), checkpoints.c.seq.desc()).limit(1)).one_or_none()
        if row is None:
            return START, Known()
        return f"{row.ms}-{row.seq}", Known.from_data(json.loads(row.state))

    def known(self, hall_id: str, until: str) -> Known:
        """What the projector knows at an entry, from the checkpoint before it."""
        at, known = self.checkpoint(hall_id, until)
        for entry in self.walk(hall_id, at):
            if id_order(entry.id) > id_order(until):
                break
            project(known, entry)
        return known

    # Projecting anew -------------------------------------------------------------------------

    def catch_up(self, hall_id: str) -> int:
        """Chain and project entries that were copied by a version that did neither, or projected other facts than this
        one does. Returns how many."""
        self._forget_older(hall_id)
        count = 0
        while rows := self._unprojected(hall_id):
            after, batch = rows
            known, facts = self.known(hall_id, after), _Facts(hall_id)
            for entry_id, body in batch:
                facts.follow(known, Entry.parse(entry_id, json.loads(body)))
            with self.engine.begin() as sql:
                here = (cursors.c.hall == hall_id) & (cursors.c.projected == after)
                if sql.execute(update(cursors).where(here).values(projected=batch[-1][0])).rowcount != 1:
                    raise CursorMoved(hall_id)
                for row in self._chained(sql, hall_id, after, batch):
                    here = _is(entries, hall_id, f"{row['ms']}-{row['seq']}") & entries.c.mac.is_(None)
                    sql.execute(update(entries).where(here).values(mac=row["mac"]))
                facts.write(sql)
            count += len(batch)
        return count

    def _forget_older(self, hall_id: str) -> None:
        """What an older version made of the entries is made anew, each row in the place of the old one."""
        older = (cursors.c.hall == hall_id) & (cursors.c.facts < VERSION)
        with self.engine.begin() as sql:
            if sql.execute(update(cursors).where(older).values(projected=START, facts=VERSION)).rowcount:
                sql.execute(delete(checkpoints).where(checkpoints.c.hall == hall_id))
                self._known.pop(hall_id, None)

    def _unprojected(self, hall_id: str) -> tuple[str, list[tuple[str, str]]] | None:
        with self.engine.connect() as sql:
            projected = sql.execute(select(cursors.c.projected).where(cursors.c.hall == hall_id)).scalar_one_or_none()
        if projected is None:
            return None
        rows = self.read(hall_id, BATCH, projected)
        return (projected, rows) if rows else None

    def project_again(self, hall_id: str) -> int:
        """Make all facts of a hall anew from its entries. Returns how many entries were read."""
        self._known.pop(hall_id, None)
        with self.engine.begin() as sql:
            for table in (*FACTS.values(), checkpoints):
                sql.execute(delete(table).where(table.c.hall == hall_id))
            sql.execute(update(cursors).where(cursors.c.hall == hall_id).values(projected=START, facts=VERSION))
        return self.catch_up(hall_id)


class _Facts:
    """The facts of one batch: of several rows with one name the last counts."""

    def __init__(self, hall_id: str) -> None:
        self._hall_id = hall_id
        self._rows: dict[str, dict[str, dict[str, Any]]] = {}
        self._checkpoint: tuple[str, str] | None = None

    def follow(self, known: Known, entry: Entry) -> None:
        for fact in project(known, entry):
            self._rows.setdefault(fact.table, {})[fact.key] = _whole(self._hall_id, fact)
        if entry.kind == "day_closed":
            self._checkpoint = (entry.id, json.dumps(known.as_data(), ensure_ascii=False))

    def write(self, sql: Connection) -> None:
        for name, rows in self._rows.items():
            _put(sql, name, list(rows.values()))
        if self._checkpoint is not None:
            at, state = self._checkpoint
            sql.execute(delete(checkpoints).where(_is(checkpoints, self._hall_id, at)))
            sql.execute(insert(checkpoints), [{**_id(self._hall_id, at), "state": state}])


def _whole(hall_id: str, fact: Fact) -> dict[str, Any]:
    return {"hall": hall_id, **fact.row}


def _put(sql: Connection, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, or replace those that are there."""
    table = FACTS[name]
    make = postgresql.insert if sql.dialect.name == "postgresql" else sqlite.insert
    statement = make(table)
    new = {column.name: statement.excluded[column.name] for column in table.columns if not column.primary_key}
    sql.execute(statement.on_conflict_do_update(index_elements=["hall", "id"], set_=new), list(rows))


def _cursor(sql: Connection, hall_id: str) -> str | None:
    return sql.execute(select(cursors.c.last).where(cursors.c.hall == hall_id)).scalar_one_or_none()


def _id(hall_id: str, entry_id: str) -> dict[str, Any]:
    ms, seq = id_order(entry_id)
    return {"hall": hall_id, "ms": ms, "seq": seq}


def _is(table: Any, hall_id: str, entry_id: str) -> ColumnElement[bool]:
    ms, seq = id_order(entry_id)
    found: ColumnElement[bool] = (table.c.hall == hall_id) & (table.c.ms == ms) & (table.c.seq == seq)
    return found


def _later(table: Any, entry_id: str) -> ColumnElement[bool]:
    return tuple_(table.c.ms, table.c.seq) > tuple_(*id_order(entry_id))


def driver(url: str) -> str:
    """A plain PostgreSQL address means the driver that comes with us."""
    parsed = make_url(url)
    if parsed.drivername in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    return url


def engine_of(url: str) -> Engine:
    engine = create_engine(driver(url), pool_pre_ping=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_options)
    return engine


def _sqlite_options(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]  # the driver's own object
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.close()
