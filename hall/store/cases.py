"""Cases and visits as stored: reading them. Only scripts write them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from hall.domain.case_errors import UnknownCase, UnknownVisit
from hall.store.keys import Keys
from hall.store.store import Store

Image = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CaseStore:
    store: Store

    def get(self, hall_id: str, case_id: str) -> Image:
        """Raises `UnknownCase`."""
        found = self.many(hall_id, "case", [case_id])
        if not found:
            raise UnknownCase()
        return found[0]

    def visit(self, hall_id: str, visit_id: str) -> Image:
        """Raises `UnknownVisit`."""
        found = self.many(hall_id, "visit", [visit_id])
        if not found:
            raise UnknownVisit()
        return found[0]

    def many(self, hall_id: str, what: str, ids: Iterable[str]) -> list[Image]:
        """Images of a `case` or `visit` by id; those that are gone are left out."""
        keys = [Keys(hall_id).of(what, one) for one in ids]
        texts = cast(list[str | None], self.store.reads.mget(keys)) if keys else []
        return [json.loads(text) for text in texts if text]

    def open(self, hall_id: str) -> list[Image]:
        """Every open case, the one that is due first at the top."""
        return self._range(hall_id, "case", "cases_open", "-inf", "+inf")

    def opened(self, hall_id: str, start: int, end: int) -> list[Image]:
        """Every case opened in [start, end) that is still kept."""
        return self._range(hall_id, "case", "cases", start, f"({end}")

    def of_person(self, hall_id: str, person_id: str) -> list[Image]:
        ids = sorted(cast(set[str], self.store.reads.smembers(Keys(hall_id).of("cases_of", person_id))))
        return self.many(hall_id, "case", ids)

    def holder(self, hall_id: str, ticket_id: str) -> str | None:
        """The person whose identity card took a ticket, if it is known who that is."""
        keys = Keys(hall_id)
        card = cast(str | None, self.store.reads.hget(keys.of("private", ticket_id), "person"))
        found = cast(set[str], self.store.reads.smembers(keys.of("found", card))) if card else set()
        return min(found, default=None)

    def visits(self, hall_id: str, start: int, end: int, officer: str | None = None) -> list[Image]:
        """Visits that begin in [start, end), of one officer or of all."""
        return self._range(hall_id, "visit", "officer_visits" if officer else "visits", start, f"({end}", officer)

    def story(self, hall_id: str, case_id: str) -> list[Image]:
        """What happened to a case, in order."""
        rows = cast(list[str], self.store.reads.lrange(Keys(hall_id).of("case_story", case_id), 0, -1))
        return [json.loads(row) for row in rows]

    def texts(self, hall_id: str, case_id: str) -> dict[str, str]:
        """<place in the story>/<name> → ciphertext."""
        return cast(dict[str, str], self.store.reads.hgetall(Keys(hall_id).of("case_texts", case_id)))

    def absences(self, hall_id: str) -> dict[str, Image]:
        return self._hash(hall_id, "absences")

    def conflicts(self, hall_id: str) -> dict[str, Image]:
        """Refused actions of doorsteps that nobody has settled."""
        return self._hash(hall_id, "conflicts")

    def next_of(self, hall_id: str, device: str) -> int:
        """The sequence that a device's next action has."""
        return int(cast(str | None, self.store.reads.hget(Keys(hall_id).of("doorstep", device), "next")) or 1)

    def _hash(self, hall_id: str, name: str) -> dict[str, Image]:
        rows = cast(dict[str, str], self.store.reads.hgetall(Keys(hall_id).of(name)))
        return {key: json.loads(text) for key, text in sorted(rows.items())}

    def _range(self, hall_id: str, what: str, index: str, start: Any, end: Any, *parts: str | None) -> list[Image]:
        key = Keys(hall_id).of(index, *(part for part in parts if part))
        ids = cast(Any, self.store.reads.zrange(key, start, end, byscore=True))
        return self.many(hall_id, what, ids)
