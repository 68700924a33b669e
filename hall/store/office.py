"""What the office keeps in the store: notes, ratings that wait for an answer, when devices were heard of."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, cast

from hall.domain.callers import Caller
from hall.store.keys import Keys
from hall.store.store import Store

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class OfficeStore:
    store: Store

    def note(self, hall_id: str, caller: Caller, kind: str, name: str, note: Json, *, again: bool = False) -> bool:
        """Put a note up. False: it is there already; `again` puts it up anew."""
        args = {"kind": kind, "name": name, "note": note, "again": again}
        return bool(self.store.run(hall_id, "note", caller, args)["changed"])

    def end_note(
        self, hall_id: str, caller: Caller, kind: str, name: str, *, since: int | None = None, told: Json | None = None
    ) -> bool:
        """Take a note down. False: it is not there, or a newer one took its place. `since`: when the one meant was
        put up, ms UTC; `told` {name, note}: what is put up in its place, in one step."""
        args = {"kind": kind, "name": name, "since": since, "told": told}
        return bool(self.store.run(hall_id, "note", caller, args)["changed"])

    def notes(self, hall_id: str) -> dict[str, Json]:
        return self._hash(hall_id, "notes")

    def follow_ups(self, hall_id: str) -> dict[str, Json]:
        """Bad ratings that wait for an answer, by id."""
        return self._hash(hall_id, "follow_ups")

    def _hash(self, hall_id: str, name: str) -> dict[str, Json]:
        rows = cast(dict[str, str], self.store.reads.hgetall(Keys(hall_id).of(name)))
        return {key: json.loads(text) for key, text in rows.items()}

    def hear(self, hall_id: str, device: str, now: int) -> None:
        """A device is there."""
        self.store.moves.hset(Keys(hall_id).of("seen"), device, str(now))

    def heard(self, hall_id: str) -> dict[str, int]:
        """When each device was heard of last, ms UTC."""
        rows = cast(dict[str, str], self.store.reads.hgetall(Keys(hall_id).of("seen")))
        return {name: int(at) for name, at in rows.items()}

    def add_stale(self, hall_id: str, caller: Caller, display: dict[str, str], span: tuple[int, int], day: int) -> None:
        """A display (id, name) showed an old state from … till (ms UTC); `day`: when the hall's day began."""
        since, till = span
        args = {"display": display["id"], "name": display["name"], "from": since, "till": till, "day": day}
        self.store.run(hall_id, "display_stale", caller, args)

    def stale(self, hall_id: str) -> dict[str, Json]:
        """Device → {from, till, times}: when it showed an old state last, and how often on that day."""
        return self._hash(hall_id, "stale")

    def swept(self, hall_id: str) -> int | None:
        """When people's data were last swept, ms UTC; None: never yet."""
        at = cast(str | None, self.store.reads.get(Keys(hall_id).of("cursor", "privacy")))
        return int(at) if at else None

    def sweep_due_since(self, hall_id: str, now: int) -> int:
        """Since when (ms UTC) a sweep that never was is missed: since somebody looked first."""
        key = Keys(hall_id).of("cursor", "privacy_since")
        self.store.moves.set(key, str(now), nx=True)
        return int(cast(str, self.store.reads.get(key)))
