"""Encrypted records of people: reading and finding them. Only scripts write them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from hall.domain.callers import Caller
from hall.store.keys import Keys
from hall.store.store import Store

Record = dict[str, str]


@dataclass(frozen=True, slots=True)
class PeopleStore:
    store: Store

    def read(self, hall_id: str, ids: Iterable[str]) -> dict[str, Record]:
        """The records of people by id: blob, key, finds, card. Erased ones are left out."""
        wanted, keys = list(dict.fromkeys(ids)), Keys(hall_id)
        with self.store.reads.pipeline(transaction=False) as pipe:
            for person_id in wanted:
                pipe.hgetall(keys.of("record", person_id))
            rows = pipe.execute()
        return {person_id: row for person_id, row in zip(wanted, rows, strict=True) if row}

    def found(self, hall_id: str, keyed_hash: str) -> list[str]:
        """Ids of the people a keyed hash finds."""
        return sorted(cast(set[str], self.store.reads.smembers(Keys(hall_id).of("found", keyed_hash))))

    def keep(self, hall_id: str, caller: Caller, record: dict[str, Any], asked: object) -> str:
        """Write a record. Returns the person's id: another one when that person was made meanwhile."""
        return str(self.store.run(hall_id, "keep_person", caller, {"record": record}, asked=asked)["person"])

    def erase(self, hall_id: str, caller: Caller, person_id: str) -> None:
        """Destroy a record and its key, on the embedded server's disk too. Raises `UnknownPerson`."""
        self.store.run(hall_id, "erase_person", caller, {"person": person_id})
        self.store.forget_deleted()
