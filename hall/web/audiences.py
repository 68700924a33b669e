"""Who watches what: an audience sees of each journal entry what its view makes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import structlog
from redis.exceptions import RedisError

from hall.domain.events import Entry
from hall.domain.halls import Hall
from hall.store.store import HallState

Row = dict[str, Any]
Json = dict[str, Any]
_log = structlog.get_logger()


@dataclass(slots=True)
class Message:
    """What an audience sees of one entry: rows to put, rows to remove, counts of waiting tickets by
    line; `again`: too much changed, ask for a snapshot."""

    put: list[tuple[str, str, Row]] = field(default_factory=list)
    remove: list[tuple[str, str]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    again: bool = False
    #: the display or kiosk that shall load itself again, `*`: all displays
    reload: str = ""

    def as_json(self, entry_id: str) -> Json:
        # Not `asdict`: it copies every row, which took most of the pump's time.
        fields = {name: getattr(self, name) for name in self.__slots__}
        return {"id": entry_id, **{name: value for name, value in fields.items() if value}}


@dataclass(frozen=True, slots=True)
class Audience:
    """Who watches what. A view sees one entry; a snapshot is where it starts. `keep` names the tables
    that hold only their newest rows, and how many."""

    name: str
    permission: str
    view: Callable[[Entry, Hall], Message | None]
    snapshot: Callable[[Hall, HallState], dict[str, dict[str, Row]]]
    keep: dict[str, int] = field(default_factory=dict)

    def seen(self, entry: Entry, hall: Hall) -> Json | None:
        """What the audience sees of an entry; a view that fails asks for a snapshot."""
        try:
            message = self.view(entry, hall)
        except RedisError:
            raise
        except Exception:  # noqa: BLE001 - one page's mistake about one entry must not silence every screen
            _log.error("view failed", audience=self.name, kind=entry.kind, id=entry.id, exc_info=True)
            message = Message(again=True)
        return None if message is None else message.as_json(entry.id)


def counts_of(entry: Entry, hall: Hall) -> dict[str, int]:
    """Waiting tickets of the lines an entry touched."""
    lines = {line.id for line in hall.lines}
    return {queue: count for queue, count in entry.waiting.items() if queue in lines}


def line_counts(hall: Hall, state: HallState) -> dict[str, int]:
    waiting = state.waiting()
    return {line.id: waiting.get(line.id, 0) for line in hall.lines}
