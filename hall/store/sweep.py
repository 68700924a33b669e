"""What may be over: appointments, notices, cases and visits by age, for the nightly sweep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from hall.domain.callers import Caller
from hall.store.keys import Keys
from hall.store.store import Store

#: what is swept → the sorted set that has it by time
INDEX: Final = {"appointments": "agenda", "notices": "notices", "cases": "cases", "visits": "visits"}
_PAGE = 500


@dataclass(frozen=True, slots=True)
class SweepStore:
    store: Store

    def sweep(self, hall_id: str, caller: Caller, before: Mapping[str, int]) -> dict[str, int]:
        """Drop what was over before these times (ms UTC, by kind). Returns how many of each kind went."""
        gone = dict.fromkeys(INDEX, 0)
        for kind in INDEX:
            for ids in self._pages(hall_id, kind, before[kind]):
                args: dict[str, Any] = {name: [] for name in INDEX}
                answer = self.store.run(hall_id, "sweep", caller, {**args, kind: ids, "before": dict(before)})
                gone = {name: count + int(answer[name]) for name, count in gone.items()}
        return gone

    def _pages(self, hall_id: str, kind: str, before: int) -> Iterator[list[str]]:
        """Everything that began before, read first: what is dropped must not move what comes after."""
        key = Keys(hall_id).of(INDEX[kind])
        ids = cast(list[str], self.store.reads.zrange(key, cast(Any, "-inf"), cast(Any, f"({before}"), byscore=True))
        yield from (ids[start : start + _PAGE] for start in range(0, len(ids), _PAGE))

    def swept(self, hall_id: str, caller: Caller, counts: Mapping[str, int]) -> None:
        """A night's sweep is done."""
        self.store.run(hall_id, "swept", caller, {"counts": dict(counts)})
