"""The one door to Lua: loads the moves, runs them, turns refusals into `HallError`s."""

from __future__ import annotations

import hashlib
import json
import re
import time
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from redis import Redis
from redis.commands.core import Script
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError

from hall.domain import tickets
from hall.domain.appointments import APPOINTMENT_MOVES
from hall.domain.callers import Caller
from hall.domain.cases import ENDED, ITEM_MOVES
from hall.domain.errors import HallError, StoreAway
from hall.domain.visits import VISIT_MOVES
from hall.metrics import MOVES, REFUSED
from hall.store.copies import Copies
from hall.store.keys import Keys, lua_functions
from hall.store.layout import NEWEST

_LUA = Path(__file__).parent / "lua"


def _lua(value: object) -> str:
    """A Python value as a Lua literal."""
    match value:
        case None:
            return "nil"
        case str():
            return f"'{value}'"
        case dict():
            return "{" + ", ".join(f"['{name}'] = {_lua(item)}" for name, item in value.items()) + "}"
        case set() | frozenset():
            return "{" + ", ".join(f"['{item}'] = true" for item in sorted(value)) + "}"
        case _ if isinstance(value, list | tuple):
            return "{" + ", ".join(map(_lua, value)) + "}"
    raise TypeError(type(value))


def _moves() -> str:
    # Lists as one text a move: nested tables would be built anew at every call.
    moves = {name: f" {' '.join(start)} " for name, (start, _) in tickets.MOVES.items()}
    undo_fields = {name: " ".join(fields) for name, fields in tickets.UNDO_FIELDS.items()}
    tables = {
        "LAYOUT": str(NEWEST),
        "MOVES": moves,
        "OPEN": set(tickets.OPEN),
        "UNDO": tickets.UNDO,
        "UNDO_FIELDS": undo_fields,
        "APPOINTMENT_MOVES": {name: start for name, (start, _) in APPOINTMENT_MOVES.items()},
        "ITEM_MOVES": {
            name: {"from": f" {' '.join(start)} ", "to": str(end)} for name, (start, end) in ITEM_MOVES.items()
        },
        "ITEMS_ENDED": set(ENDED),
        "VISIT_MOVES": {name: f" {' '.join(start)} " for name, start in VISIT_MOVES.items()},
    }
    return "\n".join(f"local {name} = {_lua(table)}" for name, table in tables.items())


#: What a server answers that is there but cannot write now.
_OUTAGES = frozenset(
    {"READONLY", "OOM", "MISCONF", "NOREPLICAS", "LOADING", "BUSY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN"}
)

_CHUNK = re.compile(r"^local (?:function )?(\w+)(?:, (\w+))*", re.MULTILINE)
_WORD = re.compile(r"\w+")


@cache
def _chunks() -> list[tuple[frozenset[str], str]]:
    """The prelude cut at its top-level definitions: (names defined, text), in order."""
    parts = [path.read_text("utf-8") for path in sorted((_LUA / "prelude").glob("*.lua"))]
    text = "\n".join(parts).replace("--@keys", lua_functions()).replace("--@moves", _moves())
    code = _code(text)
    starts = [match.start() for match in _CHUNK.finditer(code)] + [len(code)]
    chunks = [code[start:end] for start, end in pairwise(starts)]
    return [(_defined(chunk), chunk) for chunk in chunks]


def _code(text: str) -> str:
    """Without blank lines and comments."""
    return "".join(f"{line}\n" for line in text.splitlines() if line and not line.lstrip().startswith("--"))


def _defined(chunk: str) -> frozenset[str]:
    first = chunk.split("\n", 1)[0].removeprefix("local ").removeprefix("function ")
    return frozenset(_WORD.findall(first.partition("=")[0].partition("(")[0]))


def _needed(body: str) -> str:
    """The part of the prelude that a body uses. Making every function and table at each call would
    cost as much as the move itself."""
    wanted, kept = set(_WORD.findall(body)), []
    for names, chunk in reversed(_chunks()):
        if names & wanted:
            wanted.update(_WORD.findall(chunk))
            kept.append(chunk)
    return "".join(reversed(kept))


@cache
def source(move: str) -> str:
    """The whole text of a move as the server runs it."""
    body = (_LUA / f"{move}.lua").read_text("utf-8")
    wrapped = f"return conclude(function()\n{_code(body)}end)\n"
    return _needed(wrapped) + wrapped


def move_names() -> list[str]:
    return sorted(path.stem for path in _LUA.glob("*.lua"))


def fingerprint(move: str, asked: object) -> str:
    """What a request asked for, so that its key cannot be used for another one."""
    text = json.dumps([move, asked], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


class Scripts:
    """Runs moves on one server. The client must not retry by itself: a call must not happen twice."""

    def __init__(self, client: Redis, copies: int = 0) -> None:
        self._client = client
        self._copies = Copies(client, copies) if copies else None
        self._scripts: dict[str, Script] = {}

    def run(
        self,
        hall_id: str,
        move: str,
        caller: Caller,
        args: dict[str, Any],
        *,
        config: int = 0,
        asked: object = None,
        script: str | None = None,
    ) -> dict[str, Any]:
        """Run one move. `asked` is the request as the caller made it, for the request key; `script` runs
        in the move's place.

        Raises the refusal's `HallError`, or `StoreAway` when no answer came: the move may or may
        not have happened, and asking again with the same key is safe.
        """
        request = {
            "move": move,
            "by": caller.by,
            "key": caller.key or "",
            "print": fingerprint(move, asked if asked is not None else args) if caller.key else "",
            "config": config,
            "now": caller.now or 0,
            "args": {name: value for name, value in args.items() if value is not None},
        }
        began = time.perf_counter()
        try:
            reply = self._ask(self._script(script or move), Keys(hall_id).hall, json.dumps(request, ensure_ascii=False))
        except ResponseError as error:
            refusal = _refusal(error)
            REFUSED.labels(move, refusal.code if isinstance(refusal, HallError) else "BUG").inc()
            raise refusal from error
        except (RedisConnectionError, RedisTimeoutError) as error:
            REFUSED.labels(move, StoreAway.code).inc()
            raise StoreAway() from error
        MOVES.labels(move).observe(time.perf_counter() - began)
        answer: dict[str, Any] = json.loads(reply)
        return answer

    def _ask(self, script: Script, hall: str, request: str) -> Any:
        if self._copies is not None:
            return self._copies.run(script, hall, request)
        return script(keys=[hall], args=[request])

    def _script(self, move: str) -> Script:
        script = self._scripts.get(move)
        if script is None:
            script = self._scripts[move] = self._client.register_script(source(move))
        return script


def _refusal(error: ResponseError) -> Exception:
    code, _, facts = str(error).partition(" ")
    kind = HallError.by_code.get(code)
    if code in _OUTAGES:
        return StoreAway()
    if kind is None:
        return error  # a bug, not a refusal: let it be loud
    return kind(**(json.loads(facts) or {}))
