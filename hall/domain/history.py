"""What past days teach about days to come: how long things take, who comes with priority, when windows are away.

Follows the journal entry by entry; images are complete, so it needs nothing else.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple

from hall.domain.durations import Durations
from hall.domain.events import Entry
from hall.domain.halls import Hall
from hall.domain.policy import MINUTE
from hall.domain.tickets import State

#: days to draw from
DAYS: Final = 20
#: a longer time between two calls was no gap between two visitors
LONGEST_GAP: Final = 10 * MINUTE
#: how early (ms before the slot) people come, until it is known
EARLINESS: Final = [minutes * MINUTE for minutes in (20, 15, 10, 8, 5, 3, 0, -4)]


class Came(NamedTuple):
    """A visitor with priority: `after` ms since midnight; `early` ms before the slot, for an appointment."""

    after: int
    line: str
    services: str
    green: int | None
    early: int | None


class Change(NamedTuple):
    """A window that came or left, `after` ms since midnight. `idle`: nobody waited whom it could serve."""

    after: int
    window: str
    there: bool
    idle: bool


@dataclass(slots=True)
class Day:
    """What a day shows that may happen on another day."""

    came: list[Came] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    calls: int = 0

    def absences(self) -> list[Change]:
        """The changes but for the last leave of a window that had nobody left to serve: on a busier day its clerk
        would have stayed."""
        last = {change.window: change for change in self.changes}
        return [change for change in self.changes if change.there or not change.idle or last[change.window] != change]


class History:
    """Durations and days of one hall."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.durations = Durations(hall)
        self.days: dict[date, Day] = {}
        self.early: deque[int] = deque(EARLINESS, maxlen=200)
        self._waiting: dict[str, int] = {}
        self._free: dict[str, int] = {}
        self._done: dict[str, dict[str, Any]] = {}
        self._paused: dict[str, int] = {}
        self._follow: dict[str, Callable[[Entry, dict[str, Any]], None]] = {
            "issued": self._came,
            "called": self._called,
            "started": self._started,
            "missed": self._missed,
            "finished": self._finished,
            "undone": self._undone,
        }

    def describe(self, hall: Hall) -> None:
        """The hall's description changed."""
        self.hall = hall
        self.durations.describe(hall)

    def follow(self, entry: Entry) -> None:
        self._waiting.update(entry.waiting)
        if entry.kind.startswith("window_"):
            self._window(entry)
        elif entry.ticket is not None and entry.kind in self._follow:
            self._follow[entry.kind](entry, entry.ticket)

    def past_days(self, today: date) -> list[Day]:
        """Days that may stand for this one."""
        return [day for when, day in self.days.items() if when != today and day.calls]

    def _day(self, at: int) -> tuple[Day, int]:
        """The day of a moment, and ms since its midnight."""
        local = self.hall.calendar.local(at)
        if local.date() not in self.days:
            self.days[local.date()] = Day()
            for old in sorted(self.days)[:-DAYS]:
                del self.days[old]
        return self.days[local.date()], at - self.hall.calendar.ms(local.date(), 0)

    def _came(self, entry: Entry, ticket: dict[str, Any]) -> None:
        green, slot = ticket.get("green"), ticket.get("slot")
        if slot is not None:
            self.early.append(slot - ticket["arrived"])
        if green is not None or slot is not None:
            day, after = self._day(entry.at)
            early = None if slot is None else slot - ticket["arrived"]
            day.came.append(Came(after, ticket["line"], ticket["services"], green, early))

    def _called(self, entry: Entry, ticket: dict[str, Any]) -> None:
        window = entry.window["id"] if entry.window else ""
        self._day(entry.at)[0].calls += 1
        self._settle(window)
        free = self._free.pop(window, None)
        # Only a gap with somebody waiting all through it was a gap.
        if free is not None and ticket["arrived"] <= free and entry.at - free <= LONGEST_GAP:
            self.durations.gap.add(max(1, entry.at - free))

    def _started(self, entry: Entry, ticket: dict[str, Any]) -> None:
        self.durations.came(entry.at - ticket["called_at"])

    def _missed(self, entry: Entry, ticket: dict[str, Any]) -> None:
        self.durations.did_not_come(entry.at - ticket["called_at"])
        self._is_free(entry)

    def _finished(self, entry: Entry, ticket: dict[str, Any]) -> None:
        if entry.window is None:  # left over at the day's close
            return
        self._is_free(entry)
        if ticket["state"] == State.DONE and ticket.get("started_at"):
            self._done[entry.window["id"]] = ticket

    def _undone(self, entry: Entry, _: dict[str, Any]) -> None:
        if entry.window is not None:
            self._done.pop(entry.window["id"], None)
            self._free.pop(entry.window["id"], None)

    def _is_free(self, entry: Entry) -> None:
        if entry.window is not None:
            self._free[entry.window["id"]] = entry.at

    def _settle(self, window: str) -> None:
        """The last service of a window counts once nobody can take its end back."""
        ticket = self._done.pop(window, None)
        if ticket is not None:
            self.durations.served(ticket["services"], ticket["ended_at"] - ticket["started_at"])

    def _window(self, entry: Entry) -> None:
        if entry.window is None:
            return
        window, there = entry.window["id"], entry.window["state"] == "open"
        self._settle(window)
        self._free.pop(window, None)
        if entry.kind == "window_paused":
            self._paused[window] = entry.at
        elif entry.kind == "window_resumed" and window in self._paused:
            self.durations.pause.add(max(1, entry.at - self._paused.pop(window)))
        day, after = self._day(entry.at)
        served = {queue for place in self.hall.windows if place.id == window for queue in place.lines}
        day.changes.append(Change(after, window, there, not any(self._waiting.get(queue) for queue in served)))
