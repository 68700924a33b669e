"""Entries that the archive has and the store has not: its disk forgot what it had said was written, or somebody put an
older file back. What can be put right is put right, and who was touched is named."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from hall.archive.archive import Archive
from hall.domain.callers import Caller
from hall.domain.events import Entry
from hall.domain.tickets import OPEN
from hall.store.journal import START
from hall.store.store import Store

_BATCH = 1000
#: numbers and ids that are passed over: what the archive had not yet copied may be in people's hands, too
_SKIP = 20


@dataclass(frozen=True, slots=True)
class Losses:
    store: Store
    archive: Archive

    def of(self, hall_id: str) -> list[Entry]:
        """Lost entries, oldest first. What the journal was trimmed of is not lost."""
        first, _ = self.store.journal.bounds(hall_id)
        if first == START:
            return []
        known, last = {first}, first
        while rows := self.store.journal.raw_after(hall_id, last, _BATCH):
            known.update(entry_id for entry_id, _ in rows)
            last = rows[-1][0]
        return [entry for entry in self.archive.walk(hall_id, first) if entry.id not in known]

    def put_right(self, hall_id: str, lost: list[Entry]) -> int:
        """Tell the journal what is there after a loss, in a new epoch, so that every page starts afresh; pass over
        numbers and ids that were given out. Returns how many tickets the store knows no more."""
        images = {entry.ticket["id"]: entry.ticket for entry in lost if entry.ticket}
        args = {
            "tickets": [json.dumps(image, ensure_ascii=False) for image in images.values()],
            "windows": sorted({entry.window["id"] for entry in lost if entry.window}),
            "epoch": os.urandom(8).hex(),
            "sequence": max((int(ticket_id) for ticket_id in images), default=0),
            "numbers": _last_numbers(images.values()),
            "skip": _SKIP,
        }
        return int(self.store.run(hall_id, "put_right", Caller(by="archiver"), args)["gone"])


def _last_numbers(images: Iterable[dict[str, Any]]) -> list[list[Any]]:
    last: dict[tuple[str, str], int] = {}
    for image in images:
        name = (image["date"], image["issued_line"])
        last[name] = max(last.get(name, 0), int(image["number"][1:]))
    return [[date, line, number] for (date, line), number in sorted(last.items())]


def told(lost: list[Entry]) -> str:
    """Whom a loss touches, in a sentence: no more than their numbers and windows."""
    issued = [entry.ticket["number"] for entry in lost if entry.kind == "issued" and entry.ticket]
    calls = [
        f"{entry.ticket['number']} to window {entry.window['id']}"
        for entry in lost
        if entry.kind == "called" and entry.ticket and entry.window
    ]
    open_ = {entry.ticket["number"]: entry.ticket["state"] for entry in lost if entry.ticket}
    left = [number for number in issued if open_[number] in OPEN]
    parts = [f"{len(lost)} entries from {lost[0].id} to {lost[-1].id}"]
    parts += [f"numbers given out: {', '.join(left)}"] if left else []
    parts += [f"calls: {', '.join(calls)}"] if calls else []
    return "; ".join(parts)


def is_behind(entry_id: str, rows: list[tuple[str, str]]) -> bool:
    """Whether a journal read from an entry on (the entry itself included) lacks it: it has lost its end."""
    return entry_id != START and (not rows or rows[0][0] != entry_id)
