"""Notices as stored: which are wanted, which are due, what became of them. Only scripts write them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from hall.domain.callers import Caller
from hall.store.journal import START
from hall.store.keys import Keys
from hall.store.store import Store

#: id, what, about, state, tries, wanted, until, at; slot or calls, channel, why
Notice = dict[str, Any]
_CALLER = Caller(by="notices")


@dataclass(frozen=True, slots=True)
class NoticeStore:
    store: Store

    def want(self, hall_id: str, notice: Notice) -> bool:
        """Note that somebody is to be told; False when it was noted before."""
        return bool(self.store.run(hall_id, "want_notice", _CALLER, notice)["wanted"])

    def claim(self, hall_id: str, notice_id: str, tries: int, again: int) -> Notice | None:
        """Begin a try; None when another job has, or had, it."""
        args = {"notice": notice_id, "tries": tries, "again": again}
        return cast(Notice | None, self.store.run(hall_id, "claim_notice", _CALLER, args).get("notice"))

    def settle(self, hall_id: str, notice_id: str, state: str, at: int, **facts: str | int | None) -> None:
        """Say what became of a try: `channel`, `why`, `again` (ms) while it waits."""
        self.store.run(hall_id, "settle_notice", _CALLER, {"notice": notice_id, "state": state, "at": at, **facts})

    def due(self, hall_id: str, now: int, count: int) -> list[Notice]:
        """Notices whose next try has come, earliest first."""
        key = Keys(hall_id).of("outbox")
        ids = cast(Any, self.store.reads.zrange(key, cast(Any, "-inf"), now, byscore=True, offset=0, num=count))
        # One that ran out of time in the store is settled by the job that finds nothing.
        return [self._many(hall_id, [one])[0] or {"id": one, "tries": 0} for one in ids]

    def next_due(self, hall_id: str) -> int | None:
        """When the next try comes, ms UTC."""
        rows = cast(Any, self.store.reads.zrange(Keys(hall_id).of("outbox"), 0, 0, withscores=True))
        return int(rows[0][1]) if rows else None

    def newest(self, hall_id: str, about: Iterable[str]) -> dict[str, Notice]:
        """The newest notice about each of appointment/<id> or ticket/<id> that had one."""
        subjects, keys = list(about), Keys(hall_id)
        ids = self._texts([keys.of("noticed", subject) for subject in subjects])
        notices = self._many(hall_id, [one or "-" for one in ids])
        return {subject: notice for subject, notice in zip(subjects, notices, strict=True) if notice}

    def between(self, hall_id: str, start: int, end: int) -> list[Notice]:
        """Every notice that was wanted in [start, end)."""
        key = Keys(hall_id).of("notices")
        ids = cast(Any, self.store.reads.zrange(key, start, cast(Any, f"({end}"), byscore=True))
        return [notice for notice in self._many(hall_id, ids) if notice]

    def known(self, hall_id: str, ids: Iterable[str]) -> set[str]:
        """Which of some notices were wanted before."""
        wanted = list(ids)
        return {one for one, notice in zip(wanted, self._many(hall_id, wanted), strict=True) if notice}

    def record_of(self, hall_id: str, ticket_id: str) -> str | None:
        """Id of the person's record that a ticket carries."""
        return cast(str | None, self.store.reads.hget(Keys(hall_id).of("private", ticket_id), "record"))

    def cursor(self, hall_id: str) -> str:
        """Up to where the journal was read for notices; from now on when it never was."""
        key = Keys(hall_id).of("cursor", "notices")
        known = cast(str | None, self.store.reads.get(key))
        if known is None:
            known = self.store.journal.bounds(hall_id)[1]
            self.set_cursor(hall_id, known)
        return known or START

    def set_cursor(self, hall_id: str, entry_id: str) -> None:
        self.store.moves.set(Keys(hall_id).of("cursor", "notices"), entry_id)

    def _many(self, hall_id: str, ids: Iterable[str]) -> list[Notice | None]:
        keys = Keys(hall_id)
        return [json.loads(text) if text else None for text in self._texts([keys.of("notice", one) for one in ids])]

    def _texts(self, keys: list[str]) -> list[str | None]:
        return cast(list[str | None], self.store.reads.mget(keys)) if keys else []
