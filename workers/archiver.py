"""Copies the journals into the archive, the only writer there; seals each day; trims the store behind itself."""

from __future__ import annotations

import time
from pathlib import Path

import structlog

from hall.archive import audit
from hall.archive.archive import Archive, CursorMoved
from hall.bootstrap import Sanban
from hall.services.losses import Losses, is_behind
from hall.store.journal import START

_BLOCK_MS = 1000
_BATCH = 1000
_TRIM_SECONDS = 600.0
_DAY_MS = 24 * 3600 * 1000
_log = structlog.get_logger()


class Archiver:
    """`heads`: the directory of the audit's daily heads."""

    def __init__(self, sanban: Sanban, archive: Archive, heads: Path | None = None) -> None:
        self._sanban = sanban
        self._archive = archive
        self._heads = heads or sanban.settings.data_dir / "audit"
        self._last: dict[str, str] = {}
        self._trimmed: dict[str, float] = {}

    def turn(self) -> None:
        """Copy what is new in every hall, then wait for more."""
        halls = self._sanban.halls.ids()
        for hall_id, end in self._sanban.store.journal.ends(halls).items():
            if end != self._last.get(hall_id):
                while self.copy(hall_id):
                    continue
            if time.monotonic() >= self._trimmed.get(hall_id, 0.0):
                self._trimmed[hall_id] = time.monotonic() + _TRIM_SECONDS
                self.trim(hall_id)
        self._sanban.store.journal.tail(self._last or {"-": START}, _BLOCK_MS, count=1)

    def copy(self, hall_id: str) -> int:
        """Copy one batch. Returns how many entries."""
        try:
            after = self._last.get(hall_id) or self._begin(hall_id)
            rows = self._sanban.store.journal.raw_from(hall_id, after, _BATCH)
            if is_behind(after, rows):
                self.put_right(hall_id)
                rows = self._sanban.store.journal.raw_from(hall_id, after, _BATCH)
            rows = [row for row in rows if row[0] != after]
            self._last[hall_id] = after
            self._archive.append(hall_id, after, rows)
        except CursorMoved:
            _log.warning("another archiver is at work", hall=hall_id)
            self._last.pop(hall_id, None)
            return 0
        if rows:
            self._last[hall_id] = rows[-1][0]
            self._sanban.store.journal.set_archived(hall_id, rows[-1][0])
            if any('"day_closed"' in body for _, body in rows):
                self.export_head(hall_id)
        return len(rows)

    def _begin(self, hall_id: str) -> str:
        if caught_up := self._archive.catch_up(hall_id):
            _log.info("archive projected", hall=hall_id, entries=caught_up)
        if audit.head_missed(self._archive, hall_id, audit.exported(self._heads, hall_id)):
            self.export_head(hall_id)  # killed between the copy and the export
        return self._archive.cursor(hall_id)

    def put_right(self, hall_id: str) -> None:
        """The store has lost what the archive has: say so, and let nobody be given it again."""
        losses = Losses(self._sanban.store, self._archive)
        if lost := losses.of(hall_id):
            gone = losses.put_right(hall_id, lost)
            _log.error(
                "store has lost entries", hall=hall_id, entries=len(lost), tickets=gone, do="python -m hall doctor"
            )

    def export_head(self, hall_id: str) -> None:
        """Write down where the chain is, outside the database: what is cut off its end later shows against it."""
        head = audit.head(self._archive, hall_id)
        audit.export(self._heads, hall_id, head)
        _log.info("audit head", hall=hall_id, entry=head.entry, count=head.entries, mac=head.mac)

    def trim(self, hall_id: str) -> int:
        """Drop from the store what is archived and older than the hall keeps it. Returns how many entries."""
        days = self._sanban.halls.get(hall_id).retention.journal_days
        archived = self._archive.cursor(hall_id)
        oldest = self._sanban.store.clock() - days * _DAY_MS
        count = self._sanban.store.journal.trim(hall_id, archived, oldest)
        if count:
            _log.info("journal trimmed", hall=hall_id, entries=count)
        return count
