"""The audit: heads of the chain, exported once a day, and the walk that verifies it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from hall.archive import chain
from hall.archive.archive import BATCH, START, Archive
from hall.archive.chain import Broken, Head
from hall.archive.tables import entries
from hall.domain.events import id_order


def head(archive: Archive, hall_id: str) -> Head:
    """Where the chain is now."""
    last = archive.cursor(hall_id)
    ms, seq = id_order(last)
    with archive.engine.connect() as sql:
        here = (entries.c.hall == hall_id) & (entries.c.ms == ms) & (entries.c.seq == seq)
        mac = sql.execute(select(entries.c.mac).where(here)).scalar_one_or_none()
    return Head(last, archive.count(hall_id), mac or "")


def export(directory: Path, hall_id: str, at: Head) -> None:
    """Append a head to the hall's file."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (directory / f"{hall_id}.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(at._asdict()) + "\n")


def exported(directory: Path, hall_id: str) -> list[Head]:
    file = directory / f"{hall_id}.jsonl"
    if not file.exists():
        return []
    return [Head(**json.loads(line)) for line in file.read_text("utf-8").splitlines() if line]


def head_missed(archive: Archive, hall_id: str, heads: list[Head]) -> bool:
    """Whether a day was closed after the last head that was exported."""
    ms, seq = id_order(heads[-1].entry if heads else START)
    later = (entries.c.ms > ms) | ((entries.c.ms == ms) & (entries.c.seq > seq))
    closed = entries.c.body.contains('"day_closed"')
    with archive.engine.connect() as sql:
        query = select(entries.c.ms).where(entries.c.hall == hall_id, later, closed).limit(1)
        return sql.execute(query).first() is not None


def verify(archive: Archive, key: bytes, hall_id: str, heads: list[Head]) -> Head | Broken:
    """Walk a hall's whole chain. `key`: `chain.key_of(…)`."""
    return chain.verify(key, hall_id, _rows(archive, hall_id), heads, archive.cursor(hall_id))


def _rows(archive: Archive, hall_id: str) -> Iterator[tuple[str, str, str | None]]:
    after = START
    columns = select(entries.c.ms, entries.c.seq, entries.c.body, entries.c.mac).where(entries.c.hall == hall_id)
    while True:
        ms, seq = id_order(after)
        later = (entries.c.ms > ms) | ((entries.c.ms == ms) & (entries.c.seq > seq))
        with archive.engine.connect() as sql:
            rows = sql.execute(columns.where(later).order_by(entries.c.ms, entries.c.seq).limit(BATCH)).all()
        if not rows:
            return
        for row in rows:
            yield f"{row.ms}-{row.seq}", row.body, row.mac
        after = f"{rows[-1].ms}-{rows[-1].seq}"
