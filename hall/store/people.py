"""Encrypted records of people: reading and finding them. Only scripts write them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
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

    def no_shows(self, hall_id: str, person_id: str) -> list[int]:
        """Slots (ms UTC) that a person was booked for and missed."""
        rows = cast(Any, self.store.reads.zrange(Keys(hall_id).of("no_shows", person_id), 0, -1, withscores=True))
        return [int(at) for _, at in rows]

    def open_tickets(self, hall_id: str, card: str) -> list[dict[str, Any]]:
        """Images of the open tickets that an identity number (keyed hash) took."""
        keys = Keys(hall_id)
        ids = sorted(cast(dict[str, str], self.store.reads.hgetall(keys.of("person", card))).values())
        texts = cast(list[str | None], self.store.reads.mget([keys.of("ticket", one) for one in ids])) if ids else []
        return [json.loads(text) for text in texts if text]

    def same(self, hall_id: str) -> dict[str, str]:
        """Person id → the record of the same person that was there first, by an officer's decision."""
        return cast(dict[str, str], self.store.reads.hgetall(Keys(hall_id).of("same")))

    def keep(self, hall_id: str, caller: Caller, record: dict[str, Any], asked: object) -> str:
        """Write a record. Returns the person's id: another one when that person was made meanwhile."""
        return str(self.store.run(hall_id, "keep_person", caller, {"record": record}, asked=asked)["person"])

    def erase(self, hall_id: str, caller: Caller, person_id: str, why: str) -> None:
        """Destroy a record and its key, on the embedded server's disk too. Raises `UnknownPerson`."""
        self.store.run(hall_id, "erase_person", caller, {"person": person_id, "why": why})
        self.store.forget_deleted()

    def erase_unneeded(self, hall_id: str, caller: Caller, person_id: str, before: int) -> bool:
        """Destroy a record that nobody needed since `before` (ms UTC). False: it is needed. `Store.forget_deleted` is
        the caller's, once for all. Raises `UnknownPerson`."""
        args = {"person": person_id, "why": "retention", "before": before}
        return not self.store.run(hall_id, "erase_person", caller, args)["kept"]

    def shown(self, hall_id: str, caller: Caller, person_id: str, how: str) -> None:
        """Say in the journal that somebody looked. Raises `UnknownPerson`."""
        self.store.run(hall_id, "person_shown", caller, {"person": person_id, "how": how})

    def everybody(self, hall_id: str, page: int) -> Iterator[list[str]]:
        """The ids of all records, so many at once, some perhaps twice; those written meanwhile perhaps not."""
        start = Keys(hall_id).of("record", "")
        ids = (cast(str, key).removeprefix(start) for key in self.store.reads.scan_iter(f"{start}*", count=1000))
        while some := list(islice(ids, page)):
            yield some

    def adopt(self, hall_id: str, ids: Iterable[str], now: int) -> None:
        """Records of a version that did not note when they were needed count as needed now."""
        scores = dict.fromkeys(ids, now)
        if scores:
            self.store.moves.zadd(Keys(hall_id).of("people"), scores, nx=True)

    def unneeded(self, hall_id: str, before: int) -> list[str]:
        """Whose record nobody needed since `before` (ms UTC)."""
        key = Keys(hall_id).of("people")
        return cast(list[str], self.store.reads.zrange(key, cast(Any, "-inf"), cast(Any, f"({before}"), byscore=True))

    def rewrap(self, hall_id: str, caller: Caller, generation: int, records: list[dict[str, str]]) -> int:
        """Write keys [{id, old, new}] that were wrapped anew. Returns how many."""
        args = {"generation": generation, "records": records}
        return int(self.store.run(hall_id, "rewrap", caller, args)["changed"])
