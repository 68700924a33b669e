"""Copies the journals into the archive, the only writer there."""

from __future__ import annotations

import structlog

from hall.archive.archive import Archive, CursorMoved
from hall.bootstrap import Sanban
from hall.store.journal import START

_BLOCK_MS = 1000
_BATCH = 1000
_log = structlog.get_logger()


class Archiver:
    def __init__(self, sanban: Sanban, archive: Archive) -> None:
        self._sanban = sanban
        self._archive = archive
        self._last: dict[str, str] = {}

    def turn(self) -> None:
        """Copy what is new in every hall, then wait for more."""
        for hall_id in self._sanban.halls.ids():
            while self.copy(hall_id):
                continue
        self._sanban.store.journal.tail(self._last or {"-": START}, _BLOCK_MS, count=1)

    def copy(self, hall_id: str) -> int:
        """Copy one batch. Returns how many entries."""
        after = self._last.get(hall_id) or self._archive.cursor(hall_id)
        rows = self._sanban.store.journal.raw_after(hall_id, after, _BATCH)
        self._last[hall_id] = after
        try:
            self._archive.append(hall_id, after, rows)
        except CursorMoved:
            _log.warning("another archiver is at work", hall=hall_id)
            self._last.pop(hall_id)
            return 0
        if rows:
            self._last[hall_id] = rows[-1][0]
        return len(rows)
