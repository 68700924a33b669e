"""Keeps each hall's forecast fresh, under the follower's lease. What it has learned is rebuilt from the journal."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from time import monotonic

import structlog

from hall.bootstrap import Sanban
from hall.domain.history import History

#: seconds from one forecast to the next; sooner when much has happened meanwhile, later when nothing has: ranges are
#: told in steps of minutes, and a forecast is the dearest thing that a hall in which nothing happens costs
EVERY, SOONER, LATER, MUCH = 15.0, 4.0, 45.0, 8
#: what is older teaches nothing
_REACH_MS = 30 * 24 * 3600 * 1000
#: entries read in one go, and goes a turn: timers must not wait while a long journal is read
_BATCH, _GOES = 1000, 5
_log = structlog.get_logger()


@dataclass(slots=True)
class _Learned:
    history: History
    last: str
    version: int
    #: entries since the last forecast
    news: int = 0
    at: float = float("-inf")


class Forecaster:
    def __init__(self, sanban: Sanban) -> None:
        self._sanban = sanban
        self._halls: dict[str, _Learned] = {}

    def turn(self, hall_id: str) -> bool:
        """Learn what the journal tells, and forecast when it is time. Returns whether it did."""
        learned = self._learned(hall_id)
        if not self._follow(hall_id, learned):
            return False
        pause = SOONER if learned.news >= MUCH else EVERY if learned.news else LATER
        if monotonic() - learned.at < pause:
            return False
        # The same dice every time: ranges move because the hall does.
        found = self._sanban.waits.refresh(hall_id, learned.history, Random(hall_id).random)  # noqa: S311
        learned.at, learned.news = monotonic(), 0
        _log.debug("forecast", hall=hall_id, tickets=len(found.tickets))
        return True

    def _learned(self, hall_id: str) -> _Learned:
        version, hall = self._sanban.halls.current(hall_id)
        learned = self._halls.get(hall_id)
        if learned is None:
            reach = self._sanban.store.clock() - _REACH_MS
            learned = self._halls[hall_id] = _Learned(History(hall), f"{max(0, reach)}-0", version)
        elif learned.version != version:
            learned.history.describe(hall)
            learned.version, learned.at = version, float("-inf")
        return learned

    def _follow(self, hall_id: str, learned: _Learned) -> bool:
        """Read on in the journal; False while there is more."""
        for _ in range(_GOES):
            entries = self._sanban.store.journal.after(hall_id, learned.last, _BATCH)
            for entry in entries:
                learned.history.follow(entry)
            # A window that comes or goes changes everybody's wait.
            learned.news += sum(MUCH if entry.kind.startswith("window_") else 1 for entry in entries)
            if entries:
                learned.last = entries[-1].id
            if len(entries) < _BATCH:
                return True
        return False
