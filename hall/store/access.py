"""Records of staff, devices, tokens and one-time codes."""

from __future__ import annotations

import json
from typing import Any, cast

from hall.domain.callers import Caller
from hall.store.keys import Keys
from hall.store.store import Store

Record = dict[str, Any]


class AccessStore:
    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self, hall_id: str, what: str) -> dict[str, Record]:
        """Every record of a kind (`staff`, `devices`, `tokens`) by id."""
        rows = cast(dict[str, str], self._store.reads.hgetall(Keys(hall_id).of(what)))
        return {name: json.loads(text) for name, text in rows.items()}

    def write(
        self, hall_id: str, what: str, record_id: str, record: Record | None, by: str, said: dict[str, str | None]
    ) -> None:
        """Write a record, or remove it with None; the journal says so in the same step, with what is `said` of it
        (did, role, was, reason)."""
        text = None if record is None else json.dumps(record, ensure_ascii=False)
        args = {"what": what, "id": record_id, "record": text, **{name: one or None for name, one in said.items()}}
        self._store.run(hall_id, "set_access", Caller(by=by), args)

    def put_code(self, hall_id: str, code_hash: str, facts: Record, seconds: int) -> None:
        self._store.moves.set(Keys(hall_id).of("code", code_hash), json.dumps(facts), ex=seconds)

    def look_at_code(self, hall_id: str, code_hash: str) -> Record | None:
        text = cast(str | None, self._store.reads.get(Keys(hall_id).of("code", code_hash)))
        return json.loads(text) if text else None

    def take_code(self, hall_id: str, code_hash: str) -> Record | None:
        """Use a code up: of two at once, one gets it."""
        text = cast(str | None, self._store.moves.getdel(Keys(hall_id).of("code", code_hash)))
        return json.loads(text) if text else None

    def spend(self, hall_id: str, code_hash: str, seconds: int) -> bool:
        """Whether a code is spent now, and was not within `seconds` before."""
        key = Keys(hall_id).of("code", code_hash)
        return bool(self._store.moves.set(key, json.dumps({"purpose": "spent"}), nx=True, ex=seconds))

    def count_try(self, hall_id: str, who: str, seconds: int) -> int:
        """Count a failed try; the count is forgotten `seconds` after the last one."""
        key = Keys(hall_id).of("tries", who)
        with self._store.moves.pipeline(transaction=True) as pipe:
            pipe.incr(key)
            pipe.expire(key, seconds)
            return int(pipe.execute()[0])

    def tries(self, hall_id: str, who: str) -> int:
        return int(cast(str | None, self._store.reads.get(Keys(hall_id).of("tries", who))) or 0)

    def forget_tries(self, hall_id: str, who: str) -> None:
        self._store.moves.delete(Keys(hall_id).of("tries", who))
