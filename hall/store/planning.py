"""What a manager asks of planning: one question a hall at a time, how far its answer is, and the last answers.

Only whoever holds a question's id and turn may say anything of it: a job that was thought dead, or whose question was
stopped, finds out at its next word.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any, Final, cast

from redis import Redis

from hall.domain.office_errors import PlanningBusy
from hall.store.keys import Keys

#: an untouched question is forgotten
LIFE_MS: Final = 3600 * 1000
ANSWER_MS: Final = 12 * 3600 * 1000

Json = dict[str, Any]

#: KEYS[1] planning; ARGV life, then names and values. 0: there is one already
_ASK = """
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV, 2))
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1
"""
#: ARGV id, turn, life, now, share
_BEAT = """
local at = redis.call('HMGET', KEYS[1], 'id', 'turn')
if at[1] ~= ARGV[1] or at[2] ~= ARGV[2] then return 0 end
redis.call('HSETNX', KEYS[1], 'begun', ARGV[4])
redis.call('HSET', KEYS[1], 'beat', ARGV[4], 'share', ARGV[5])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
"""
#: ARGV id, turn, the next turn
_AGAIN = """
local at = redis.call('HMGET', KEYS[1], 'id', 'turn')
if at[1] ~= ARGV[1] or at[2] ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], 'turn', ARGV[3])
redis.call('HDEL', KEYS[1], 'begun', 'beat', 'share')
return 1
"""
#: KEYS[1] planning, KEYS[2] planned; ARGV id, turn, life, answer
_END = """
local at = redis.call('HMGET', KEYS[1], 'id', 'turn')
if at[1] ~= ARGV[1] or at[2] ~= ARGV[2] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[2], ARGV[4], 'PX', ARGV[3])
return 1
"""
#: ARGV id
_STOP = """
if redis.call('HGET', KEYS[1], 'id') ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that is being answered. `turn` counts how often somebody began; `begun` and `beat` (ms UTC): when this
    turn began and was heard of last, None before; `share` of the work that is done, 0 to 1."""

    id: str
    turn: int
    kind: str
    question: Json
    asked: int
    begun: int | None = None
    beat: int | None = None
    share: float = 0.0


class Planning:
    def __init__(self, moves: Redis, reads: Redis) -> None:
        self._moves = moves
        self._reads = reads
        self._ask, self._beat, self._again, self._end, self._stop = (
            moves.register_script(text) for text in (_ASK, _BEAT, _AGAIN, _END, _STOP)
        )

    def ask(self, hall_id: str, kind: str, question: Json, now: int) -> str:
        """Ask; returns the question's id. Raises `PlanningBusy`."""
        name = secrets.token_hex(8)
        fields: dict[str, str | int] = {
            "id": name,
            "turn": 1,
            "kind": kind,
            "question": json.dumps(question),
            "asked": now,
        }
        flat = [part for pair in fields.items() for part in pair]
        if not self._ask(keys=[Keys(hall_id).of("planning")], args=[LIFE_MS, *flat]):
            raise PlanningBusy()
        return name

    def asked(self, hall_id: str) -> Asked | None:
        """The question that is being answered."""
        row = cast(dict[str, str], self._reads.hgetall(Keys(hall_id).of("planning")))
        if not row:
            return None
        begun, beat = (int(row[name]) if name in row else None for name in ("begun", "beat"))
        question, share = json.loads(row["question"]), float(row.get("share", 0))
        return Asked(row["id"], int(row["turn"]), row["kind"], question, int(row["asked"]), begun, beat, share)

    def beat(self, hall_id: str, name: str, turn: int, now: int, share: float) -> bool:
        """Say how far an answer is. False: nobody waits for it any more."""
        return bool(self._beat(keys=[Keys(hall_id).of("planning")], args=[name, turn, LIFE_MS, now, f"{share:.4f}"]))

    def again(self, hall_id: str, name: str, turn: int) -> bool:
        """Whoever answered is gone: somebody else may begin anew."""
        return bool(self._again(keys=[Keys(hall_id).of("planning")], args=[name, turn, turn + 1]))

    def end(self, hall_id: str, asked: Asked, answer: Json) -> bool:
        """Keep an answer; False: nobody waits for it any more."""
        keys = [Keys(hall_id).of("planning"), Keys(hall_id).of("planned", asked.kind)]
        text = json.dumps({"question": asked.question, **answer})
        return bool(self._end(keys=keys, args=[asked.id, asked.turn, ANSWER_MS, text]))

    def stop(self, hall_id: str, name: str) -> bool:
        """Forget a question; False: it is answered or forgotten already."""
        return bool(self._stop(keys=[Keys(hall_id).of("planning")], args=[name]))

    def answer(self, hall_id: str, kind: str) -> Json | None:
        """The last answer of a kind: `question`, and what `hall.simulator.planner` made of it."""
        text = cast(str | None, self._reads.get(Keys(hall_id).of("planned", kind)))
        return None if text is None else cast(Json, json.loads(text))
