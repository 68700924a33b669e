"""Wrong passwords and sessions of staff."""

from __future__ import annotations

import json
import math
from typing import Any, NamedTuple, cast

from hall.domain.callers import Caller
from hall.store.keys import Keys
from hall.store.store import Store

#: KEYS[1] the count; ARGV free tries, longest wait in ms, ms after which it is forgotten. Counts a try *before* it is
#: made: many at once are many. Answers 0, or how many ms too early it is.
_TRY = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local early = tonumber(redis.call('HGET', KEYS[1], 'until') or 0) - now
if early > 0 then return early end
local count = redis.call('HINCRBY', KEYS[1], 'count', 1)
local over = count - tonumber(ARGV[1])
if over >= 0 then
  local wait = math.min(tonumber(ARGV[2]), 8000 * 2 ^ math.min(over, 30))
  redis.call('HSET', KEYS[1], 'until', string.format('%.0f', now + wait))
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 0
"""


class Tries(NamedTuple):
    """So many are free, then eight seconds, and each wait is twice the last. Forgotten much later than the longest
    wait: or waiting for that would give the free ones again, and more of them than going on."""

    free: int
    longest_seconds: int
    forgotten_seconds: int = 24 * 3600


class DoorStore:
    def __init__(self, store: Store) -> None:
        self._store = store

    def try_one(self, hall_id: str, who: str, tries: Tries) -> int:
        """0: it may be tried, and counts as wrong until it is forgotten; else the seconds to wait."""
        run = self._store.moves.register_script(_TRY)
        key = Keys(hall_id).of("wrong", who)
        args = [tries.free, tries.longest_seconds * 1000, tries.forgotten_seconds * 1000]
        return math.ceil(cast(int, run(keys=[key], args=args)) / 1000)

    def forget_tries(self, hall_id: str, who: str) -> None:
        self._store.moves.delete(Keys(hall_id).of("wrong", who))

    def put_session(self, hall_id: str, session: str, record: dict[str, Any], seconds: int) -> None:
        self._store.moves.set(Keys(hall_id).of("session", session), json.dumps(record), ex=seconds)

    def session(self, hall_id: str, session: str) -> dict[str, Any] | None:
        text = cast(str | None, self._store.reads.get(Keys(hall_id).of("session", session)))
        return json.loads(text) if text else None

    def keep_session(self, hall_id: str, session: str, seconds: int) -> None:
        self._store.moves.expire(Keys(hall_id).of("session", session), seconds)

    def end_session(self, hall_id: str, staff_id: str, session: str) -> None:
        """The journal says so in the same step: every process's memory and sockets are told."""
        args = {"what": "sessions", "id": staff_id, "session": session, "did": "signed_out"}
        self._store.run(hall_id, "set_access", Caller(by=f"staff:{staff_id}"), args)

    def tell(self, hall_id: str, kind: str, by: str, **facts: str | None) -> None:
        """Write into the journal what happened at the door: `signed_in`, `sign_in_failed`, `link_made`."""
        told = {name: one for name, one in facts.items() if one}
        self._store.run(hall_id, "door_told", Caller(by=by), {"kind": kind, "facts": told})
