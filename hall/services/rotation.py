"""Rotation of the wrapping key: a new one wraps every person's key anew, while everything runs. What interrupts it is
made up for by the next run; until then both are there, and everything can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from hall.domain.callers import Caller
from hall.domain.policy import DAY
from hall.services.key_ring import KeyRing
from hall.services.sealing import generation_of
from hall.services.secrets import Secrets
from hall.store.people import PeopleStore
from hall.store.store import Store

_BATCH: Final = 100


class Progress(NamedTuple):
    hall: str
    #: records of the hall that have the new key now, and how many were looked at
    done: int
    seen: int


@dataclass(frozen=True, slots=True)
class Rotation:
    store: Store
    secrets: Secrets

    @property
    def _ring(self) -> KeyRing:
        return self.secrets.ring

    def rotate(self, caller: Caller, now: int, told: Callable[[Progress], None] = lambda _: None) -> int:
        """Begin a new generation, or go on with the one that was begun, and wrap everything with it. Returns it.
        Raises `RotationBusy`, `BadKeyRing`, and `CannotOpen` for a record that is damaged."""
        with self._ring.changing():
            generation = self._ring.begin(now)
            for hall_id in self.store.hall_ids():
                self._hall(caller, hall_id, generation, told)
            self._ring.finish(now)
        return generation

    def left(self, hall_id: str) -> int:
        """How many records of a hall an older key wraps."""
        return sum(len(self._old(hall_id, ids, self._ring.newest)) for ids in self._pages(hall_id))

    def destroy_retired(self, now: int, days: int) -> list[int]:
        """Destroy keys that were retired so many days ago. Returns their generations."""
        if not self._ring.all():
            return []
        with self._ring.changing():
            return self._ring.destroy(now - days * DAY)

    def _hall(self, caller: Caller, hall_id: str, generation: int, told: Callable[[Progress], None]) -> None:
        people, done, seen = PeopleStore(self.store), 0, 0
        # From here on no script takes a record that an older key wraps, so that one walk finds them all.
        people.rewrap(hall_id, caller, generation, [])
        for ids in self._pages(hall_id):
            old = self._old(hall_id, ids, generation)
            records = [
                {"id": one, "old": key, "new": self.secrets.sealer.rewrapped(f"{hall_id}/{one}", key)}
                for one, key in old.items()
            ]
            if records:
                done += people.rewrap(hall_id, caller, generation, records)
            seen += len(ids)
            told(Progress(hall_id, done, seen))

    def _pages(self, hall_id: str) -> Iterator[list[str]]:
        return PeopleStore(self.store).everybody(hall_id, _BATCH)

    def _old(self, hall_id: str, ids: list[str], generation: int) -> dict[str, str]:
        records = PeopleStore(self.store).read(hall_id, ids)
        return {one: record["key"] for one, record in records.items() if generation_of(record["key"]) < generation}
