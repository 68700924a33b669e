"""What was printed, what waits for a printer, and what printers said last."""

from __future__ import annotations

import json
from typing import Any, NamedTuple, cast

from redis.lock import Lock

from hall.domain.callers import Caller
from hall.store.journal import START
from hall.store.keys import Keys
from hall.store.store import Store

_TWO_DAYS = 2 * 24 * 3600
#: longer than the slowest print
_LOCK_SECONDS = 90


class Unprinted(NamedTuple):
    """A ticket (its id) or slip (its entry's) that waits for its printer since `at` (ms UTC)."""

    paper: str
    copy: int
    at: int


class PaperStore:
    def __init__(self, store: Store) -> None:
        self._store = store

    def printers(self, hall_id: str) -> dict[str, dict[str, Any]]:
        """Printer id → {state, since}, for those that were asked."""
        rows = cast(dict[str, str], self._store.reads.hgetall(Keys(hall_id).of("printers")))
        return {name: json.loads(text) for name, text in rows.items()}

    def set_printer(self, hall_id: str, printer: str, state: str) -> str | None:
        """Note a printer's state; the journal says so when it is news. Returns what it was."""
        answer = self._store.run(hall_id, "set_printer", Caller(by="printing"), {"printer": printer, "state": state})
        return answer.get("was")

    def printed(self, hall_id: str, paper: str, copy: int) -> dict[str, Any] | None:
        """What a printed copy said that changes with time (`ahead`, `wait`), None when it was not printed."""
        text = cast(str | None, self._store.reads.hget(Keys(hall_id).of("paper", paper), f"printed/{copy}"))
        return json.loads(text) if text else None

    def latest(self, hall_id: str, ticket: str) -> int | None:
        """The newest copy that was printed."""
        names = cast(list[str], self._store.reads.hkeys(Keys(hall_id).of("paper", ticket)))
        return max((int(name[8:]) for name in names if name.startswith("printed/")), default=None)

    def set_printed(self, hall_id: str, paper: str, copy: int, facts: dict[str, Any]) -> None:
        key = Keys(hall_id).of("paper", paper)
        with self._store.moves.pipeline(transaction=True) as pipe:
            pipe.hset(key, f"printed/{copy}", json.dumps(facts))
            pipe.expire(key, _TWO_DAYS)
            pipe.execute()

    def issuer(self, hall_id: str, ticket: str) -> str | None:
        """Which kiosk took a number."""
        return cast(str | None, self._store.reads.hget(Keys(hall_id).of("paper", ticket), "by"))

    def set_issuer(self, hall_id: str, ticket: str, by: str) -> None:
        key = Keys(hall_id).of("paper", ticket)
        with self._store.moves.pipeline(transaction=True) as pipe:
            pipe.hset(key, "by", by)
            pipe.expire(key, _TWO_DAYS)
            pipe.execute()

    def keep(self, hall_id: str, printer: str, paper: str, copy: int, at: int) -> None:
        """A copy waits for its printer. One that waits already keeps its time."""
        self._store.moves.zadd(Keys(hall_id).of("unprinted", printer), {f"{paper}/{copy}": at}, nx=True)

    def forget(self, hall_id: str, printer: str, paper: str, copy: int) -> None:
        self._store.moves.zrem(Keys(hall_id).of("unprinted", printer), f"{paper}/{copy}")

    def is_kept(self, hall_id: str, printer: str, paper: str, copy: int) -> bool:
        key = Keys(hall_id).of("unprinted", printer)
        return self._store.reads.zscore(key, f"{paper}/{copy}") is not None

    def unprinted(self, hall_id: str, printer: str) -> list[Unprinted]:
        """What waits for a printer, oldest first."""
        rows = cast(Any, self._store.reads.zrange(Keys(hall_id).of("unprinted", printer), 0, -1, withscores=True))
        return [Unprinted(*_split(name), int(at)) for name, at in rows]

    def drop(self, hall_id: str, printer: str, papers: list[str], day: int) -> None:
        """The journal tells what was dropped; the office, how much of it since `day` began (ms UTC)."""
        args = {"printer": printer, "papers": papers, "day": day}
        self._store.run(hall_id, "drop_paper", Caller(by="printing"), args)

    def dropped(self, hall_id: str, since: int) -> dict[str, dict[str, Any]]:
        """Printer id → {at, count, papers (the newest)} of those that dropped something since (ms UTC)."""
        rows = cast(dict[str, str], self._store.reads.hgetall(Keys(hall_id).of("dropped")))
        known = {name: json.loads(text) for name, text in rows.items()}
        return {name: row for name, row in known.items() if row["at"] >= since}

    def lock(self, hall_id: str, printer: str) -> Lock:
        """One job a printer at a time."""
        key = Keys(hall_id).of("lease", f"printer/{printer}")
        return Lock(
            self._store.moves, key, timeout=_LOCK_SECONDS, blocking_timeout=_LOCK_SECONDS + 5, thread_local=False
        )

    def cursor(self, hall_id: str) -> str:
        """Up to where the journal was read for printing; from now on when it never was."""
        key = Keys(hall_id).of("cursor", "printing")
        known = cast(str | None, self._store.reads.get(key))
        if known is None:
            known = self._store.journal.bounds(hall_id)[1]
            self.set_cursor(hall_id, known)
        return known or START

    def forget_cursor(self, hall_id: str) -> None:
        """Nothing is printed any more: what was not read holds up no trimming, and is not printed later."""
        self._store.moves.delete(Keys(hall_id).of("cursor", "printing"))

    def set_cursor(self, hall_id: str, entry_id: str) -> None:
        self._store.moves.set(Keys(hall_id).of("cursor", "printing"), entry_id)


def _split(name: str) -> tuple[str, int]:
    paper, _, copy = name.rpartition("/")
    return paper, int(copy)
