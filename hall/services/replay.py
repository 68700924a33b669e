"""A hall rebuilt from its archive and journal, at any moment, and held against the live one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from hall.archive.archive import Archive
from hall.domain.events import Entry, id_order
from hall.domain.fold import Folded, fold
from hall.domain.order import stands
from hall.domain.tickets import State
from hall.store.store import HallState, Store

#: of a window's image: what is worked out from the clock when it is read, and would differ for no reason
_CLOCKED: Final = frozenset({"undo", "passed"})


@dataclass(frozen=True, slots=True)
class Replay:
    store: Store
    archive: Archive

    def until(self, hall_id: str, until_id: str | None = None, until_ms: int | None = None) -> Folded:
        """The hall as of an entry, or as of a moment of the hall's clock; by default as of now."""
        # A checkpoint is made at the end of a day: one of before the moment is one of before the entry.
        limit = until_id or (f"{until_ms}-0" if until_ms is not None else "9" * 15 + "-0")
        _, known = self.archive.checkpoint(hall_id, limit)
        folded = known.folded
        for entry in self._entries(hall_id, folded.as_of):
            if until_id is not None and id_order(entry.id) > id_order(until_id):
                break
            if until_ms is not None and entry.at > until_ms:
                break
            fold(folded, entry)
            folded.calls.clear()
        return folded

    def _entries(self, hall_id: str, after: str) -> Iterator[Entry]:
        """The archive, and what the journal has beyond it."""
        last = after
        for entry in self.archive.walk(hall_id, after):
            last = entry.id
            yield entry
        while entries := self.store.journal.after(hall_id, last):
            yield from entries
            last = entries[-1].id

    def compare(self, hall_id: str, now: int | None = None) -> list[str]:
        """What differs between the live hall and the one rebuilt up to the same entry; empty: nothing."""
        state = self.store.snapshot(hall_id, now=now)
        folded = self.until(hall_id, until_id=state.as_of)
        return [*_tickets(state, folded), *_windows(state, folded), *_rest(state, folded)]


def _tickets(state: HallState, folded: Folded) -> Iterator[str]:
    live = {name: _read(ticket, state.now) for name, ticket in state.tickets.items()}
    rebuilt = {name: _read(ticket, state.now) for name, ticket in folded.tickets.items()}
    yield from _differences("ticket", live, rebuilt)


def _read(ticket: dict[str, Any], now: int) -> dict[str, Any]:
    """A booked one whose slot has come is read as re-keyed, whether its entry was written or not."""
    if ticket["state"] != State.WAITING:
        return ticket
    standing = stands(ticket, now)
    return {**ticket, "lane": str(standing.lane), "queue_time": standing.queue_time}


def _windows(state: HallState, folded: Folded) -> Iterator[str]:
    def told(windows: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        return {name: {k: v for k, v in image.items() if k not in _CLOCKED} for name, image in windows.items()}

    yield from _differences("window", told(state.windows), told(folded.windows))


def _rest(state: HallState, folded: Folded) -> Iterator[str]:
    if state.config != folded.config:
        yield f"description: live has version {state.config}, the journal {folded.config}"
    if (state.closed_day or None) != folded.closed_day:
        yield f"closed day: live {state.closed_day}, the journal {folded.closed_day}"
    if state.waiting() != folded.waiting():
        yield f"waiting: live {state.waiting()}, the journal {folded.waiting()}"


def _differences(what: str, live: dict[str, dict[str, Any]], rebuilt: dict[str, dict[str, Any]]) -> Iterator[str]:
    for name in sorted(live.keys() | rebuilt.keys()):
        one, other = live.get(name), rebuilt.get(name)
        if one is None or other is None:
            yield f"{what} {name}: only in the {'journal' if one is None else 'live hall'}"
            continue
        for field in sorted(one.keys() | other.keys()):
            if one.get(field) != other.get(field):
                yield f"{what} {name}, {field}: live {one.get(field)!r}, the journal {other.get(field)!r}"
