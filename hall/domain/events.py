"""Journal entries: what happened, once, in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

#: Fields of an entry that are not facts of its kind.
_FRAME: Final = frozenset({"kind", "at", "by", "ticket", "window", "appointment", "case", "visit", "waiting"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One journal entry. `at` is the hall's clock in ms UTC; images show the state after it."""

    id: str
    kind: str
    at: int
    by: str
    ticket: dict[str, Any] | None = None
    window: dict[str, Any] | None = None
    appointment: dict[str, Any] | None = None
    case: dict[str, Any] | None = None
    visit: dict[str, Any] | None = None
    waiting: dict[str, int] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def parse(cls, entry_id: str, body: Mapping[str, Any]) -> Entry:
        """Read the JSON body of a stream entry."""
        return cls(
            id=entry_id,
            kind=body["kind"],
            at=body["at"],
            by=body["by"],
            ticket=body.get("ticket"),
            window=body.get("window"),
            # Lua leaves false where an issue has none
            appointment=body.get("appointment") or None,
            case=body.get("case"),
            visit=body.get("visit"),
            # Lua writes an empty table as {} whatever it was meant to be.
            waiting=dict(body.get("waiting") or {}),
            facts={name: value for name, value in body.items() if name not in _FRAME},
        )


def id_order(entry_id: str) -> tuple[int, int]:
    """Sort key of a stream id "ms-seq": as text "9-10" would come before "9-9"."""
    ms, _, seq = entry_id.partition("-")
    return int(ms), int(seq or 0)
