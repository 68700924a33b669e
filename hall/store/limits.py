"""Limits that count for the whole installation: one number each, changed in one atomic step."""

from __future__ import annotations

from typing import cast

from redis import Redis

from hall.domain.limits import Limit
from hall.store.keys import LIMIT

#: KEYS[1] the bucket; ARGV ms a request, ms of a full bucket. Answers 0, or how many ms too early it is.
_TAKE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now) + tonumber(ARGV[1])
local early = full - now - tonumber(ARGV[2])
if early > 0 then return math.ceil(early) end
redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.ceil(full - now))
return 0
"""


class SharedLimits:
    def __init__(self, client: Redis) -> None:
        self._take = client.register_script(_TAKE)

    def take(self, name: str, who: str, limit: Limit) -> float:
        """Take one; 0 if there was one, else how many seconds until there is."""
        each = 1000 / limit.rate
        early = cast(int, self._take(keys=[LIMIT % (name, who)], args=[each, each * limit.burst]))
        return early / 1000
