"""Reading the journal."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from typing import Any, cast

from redis import Redis, RedisCluster

from hall.domain.events import Entry, id_order
from hall.store.keys import Keys

START = "0-0"
#: from one look at a cluster's journals to the next: well below what a call may take to a display
_LOOK_SECONDS = 0.05
#: who reads on from a cursor of their own
_READERS = ("printing", "notices")


def _entry(row: tuple[str, dict[str, str]]) -> Entry:
    return Entry.parse(row[0], json.loads(row[1]["e"]))


class Journal:
    """The journals of all halls. Blocking reads stay below the client's socket time-out."""

    def __init__(self, client: Redis) -> None:
        self._client = client

    def after(self, hall_id: str, last_id: str, count: int = 1000) -> list[Entry]:
        """Entries after an id, oldest first, at most `count`."""
        rows = cast(Any, self._client.xrange(Keys(hall_id).of("journal"), f"({last_id}", "+", count=count))
        return [_entry(row) for row in rows]

    def entry(self, hall_id: str, entry_id: str) -> Entry | None:
        """One entry, None when it is not there (any more)."""
        rows = cast(Any, self._client.xrange(Keys(hall_id).of("journal"), entry_id, entry_id))
        return _entry(rows[0]) if rows else None

    def raw_after(self, hall_id: str, last_id: str, count: int = 1000) -> list[tuple[str, str]]:
        """The same as stored: [(id, JSON)]."""
        rows = cast(Any, self._client.xrange(Keys(hall_id).of("journal"), f"({last_id}", "+", count=count))
        return [(entry_id, fields["e"]) for entry_id, fields in rows]

    def raw_from(self, hall_id: str, first_id: str, count: int = 1000) -> list[tuple[str, str]]:
        """The same with the entry of the id itself, when it is there."""
        rows = cast(Any, self._client.xrange(Keys(hall_id).of("journal"), first_id, "+", count=count))
        return [(entry_id, fields["e"]) for entry_id, fields in rows]

    def tail(self, last_ids: Mapping[str, str], block_ms: int, count: int = 500) -> list[tuple[str, Entry]]:
        """(hall, entry) for everything after the given ids; waits up to `block_ms` for the first."""
        if isinstance(self._client, RedisCluster):
            return self._look(last_ids, block_ms, count)
        streams = {Keys(hall_id).of("journal"): last for hall_id, last in last_ids.items()}
        halls = {Keys(hall_id).of("journal"): hall_id for hall_id in last_ids}
        answer = cast(Any, self._client.xread(cast(Any, streams), count=count, block=block_ms)) or []
        pairs = answer.items() if isinstance(answer, dict) else answer
        return [(halls[stream], _entry(row)) for stream, rows in pairs for row in _flat(rows)]

    def _look(self, last_ids: Mapping[str, str], block_ms: int, count: int) -> list[tuple[str, Entry]]:
        """On a cluster no command waits for several halls: every shard is asked again and again."""
        deadline = time.monotonic() + block_ms / 1000
        while True:
            with self._client.pipeline(transaction=False) as pipe:
                for hall_id, last in last_ids.items():
                    pipe.xrange(Keys(hall_id).of("journal"), f"({last}", "+", count=count)
                rows = pipe.execute()
            found = [(hall_id, _entry(row)) for hall_id, one in zip(last_ids, rows, strict=True) for row in one]
            if found or time.monotonic() >= deadline:
                return found
            time.sleep(_LOOK_SECONDS)

    def bounds(self, hall_id: str) -> tuple[str, str]:
        """First and last id of a hall's journal; `START` twice when it is empty."""
        key = Keys(hall_id).of("journal")
        first = cast(Any, self._client.xrange(key, count=1))
        last = cast(Any, self._client.xrevrange(key, count=1))
        return (first[0][0], last[0][0]) if first else (START, START)

    def ends(self, hall_ids: Sequence[str]) -> dict[str, str]:
        """The last id of each journal, in one question; `START` when it is empty."""
        with self._client.pipeline(transaction=False) as pipe:
            for hall_id in hall_ids:
                pipe.xrevrange(Keys(hall_id).of("journal"), count=1)
            found = pipe.execute()
        return {hall_id: rows[0][0] if rows else START for hall_id, rows in zip(hall_ids, found, strict=True)}

    def archived(self, hall_id: str) -> str:
        """The last entry that the archive has, as the archiver told last."""
        return cast(str | None, self._client.get(Keys(hall_id).of("cursor", "archiver"))) or START

    def oldest_unarchived(self, hall_id: str) -> int | None:
        """When the oldest entry was written that the archive has not, ms UTC; None: it has all."""
        key = Keys(hall_id).of("journal")
        rows = cast(Any, self._client.xrange(key, f"({self.archived(hall_id)}", "+", count=1))
        return id_order(rows[0][0])[0] if rows else None

    def set_archived(self, hall_id: str, last_id: str) -> None:
        self._client.set(Keys(hall_id).of("cursor", "archiver"), last_id)

    def trim(self, hall_id: str, archived: str, older_than: int) -> int:
        """Drop entries before `older_than` (ms UTC), but none after `archived` nor any that the readers that
        keep a cursor have not read. The last archived one stays. Returns how many went."""
        keys = Keys(hall_id)
        cursors = cast(list[str | None], self._client.mget([keys.of("cursor", reader) for reader in _READERS]))
        first = min([archived, f"{max(0, older_than)}-0", *filter(None, cursors)], key=id_order)
        return int(cast(Any, self._client.xtrim(keys.of("journal"), minid=first, approximate=False)))


def _flat(rows: Any) -> list[tuple[str, dict[str, str]]]:
    """RESP3 nests the rows of one stream once more than RESP2."""
    return [pair for row in rows for pair in (row if isinstance(row[0], list | tuple) else [row])]
