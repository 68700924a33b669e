"""One leader a hall: watches its timers and enqueues a job for each that has come. What a crash
interrupts is still in the store, so the next leader does it; a job that comes twice does nothing twice."""

from __future__ import annotations

from math import inf
from time import monotonic

import structlog
from rq import Queue

from hall.bootstrap import Sanban
from hall.domain.errors import HallError
from hall.store.journal import START
from hall.store.lease import Lease
from workers import queues
from workers.forecaster import Forecaster
from workers.notices import NoticeReader
from workers.planning import PlanReader
from workers.printing import PrintReader
from workers.voice import VoiceReader

#: new halls are looked for so often at least
_TURN_MS = 1000
#: a hall is looked at so often at least, well within its lease; an entry of its journal brings a look at once, because
#: it may bring a nearer timer
_LOOK_MS = 2000
_SHORTEST_MS = 20
#: a turn forecasts no longer than that: with hundreds of halls timers would wait for all of them
_FORECAST_SECONDS = 0.3
#: from one look for alarms, and for a day that is over, to the next
_WATCH_SECONDS = 10.0
#: from one look whether a backup is due to the next; how long one may take
_BACKUP_SECONDS = 30.0
_BACKUP_TAKES = 3600
_log = structlog.get_logger()


class Follower:
    def __init__(
        self,
        sanban: Sanban,
        jobs: Queue,
        paper: Queue | None = None,
        notices: Queue | None = None,
        planning: Queue | None = None,
    ) -> None:
        self._sanban = sanban
        self._jobs = jobs
        self._printing = PrintReader(sanban, paper) if paper else None
        self._notices = NoticeReader(sanban, notices) if notices else None
        self._planning = PlanReader(sanban, planning) if planning else None
        self._forecaster = Forecaster(sanban)
        self._voice = VoiceReader(sanban, jobs)
        self._leases: dict[str, Lease] = {}
        self._watched: dict[str, float] = {}
        #: by hall: when it is looked at again, though nothing happens there (monotonic)
        self._due: dict[str, float] = {}
        #: halls that were served and may want a forecast, the oldest first
        self._unforecast: dict[str, None] = {}
        self._last: dict[str, str] = {}
        self._backups_at = 0.0

    def turn(self) -> None:
        """Enqueue what has come in the halls whose time it is, forecast, then wait for the next timer or entry."""
        began = monotonic()
        for hall_id in self._sanban.halls.ids():
            self._follow(hall_id)
            if self._due[hall_id] <= began:
                self._due[hall_id] = monotonic() + self._look(hall_id) / 1000
        if self._printing:
            self._printing.watch()
        self.back_up()
        self._forecast()
        wait = 0 if self._unforecast else round((min(self._due.values(), default=inf) - monotonic()) * 1000)
        self._await(min(max(wait, _SHORTEST_MS), _TURN_MS))

    def _look(self, hall_id: str) -> int:
        """Serve a hall, if no other process leads it. Returns how long (ms) it needs no other look."""
        try:
            if not self._leases[hall_id].hold():
                return _LOOK_MS
            wait = self.serve(hall_id)
        except (HallError, ValueError):
            # A description that cannot be read stops this hall's timers, not the other halls'.
            _log.error("hall not served", hall=hall_id, exc_info=True)
            return _LOOK_MS
        self._unforecast[hall_id] = None
        return wait

    def _forecast(self) -> None:
        end = monotonic() + _FORECAST_SECONDS
        while self._unforecast:
            hall_id = next(iter(self._unforecast))
            del self._unforecast[hall_id]
            try:
                self._forecaster.turn(hall_id)
            except (HallError, ValueError):
                _log.error("hall not forecast", hall=hall_id, exc_info=True)
            if monotonic() >= end:
                return

    def back_up(self) -> None:
        """Enqueue a backup when one is due; of several followers' jobs with one name one is done."""
        if monotonic() >= self._backups_at:
            self._backups_at = monotonic() + _BACKUP_SECONDS
            if self._sanban.backups.due():
                queues.put(self._jobs, "back_up", "back_up", seconds=_BACKUP_TAKES)

    def _follow(self, hall_id: str) -> None:
        """Before the timers are read: an entry that comes meanwhile must end the wait."""
        if hall_id not in self._last:
            self._leases[hall_id] = Lease(self._sanban.store, hall_id, "follower")
            self._last[hall_id] = self._sanban.store.journal.bounds(hall_id)[1]
            self._due[hall_id] = 0.0

    def serve(self, hall_id: str) -> int:
        """Enqueue a hall's due jobs. Returns how long (ms) nothing else will come."""
        timers, time = self._sanban.timers, self._sanban.store.hall_now(hall_id)  # what timers are written in
        coming = timers.next_due(hall_id)
        if coming is not None and coming <= time:
            for timer, _at in timers.due(hall_id, time):
                queues.put(self._jobs, "fire", f"{hall_id}-{timer}", hall_id, timer)
            coming = timers.next_due(hall_id, time)
        self._voice.turn(hall_id)
        if self._printing:
            self._printing.turn(hall_id)
        if self._planning:
            self._planning.turn(hall_id)
        next_try = self._notices.turn(hall_id) if self._notices else None
        if monotonic() >= self._watched.get(hall_id, 0.0):
            self._watched[hall_id] = monotonic() + _WATCH_SECONDS
            self._watch(hall_id)
        waits = [_LOOK_MS, next_try, None if coming is None else coming - time]
        return max(0, min(wait for wait in waits if wait is not None))

    def _watch(self, hall_id: str) -> None:
        """What need not come to the second: the end of a day, the night's sweep, alarms."""
        sanban, now = self._sanban, self._sanban.store.clock()
        date = sanban.timers.day_to_close(hall_id, now)
        if date is not None:
            queues.put(self._jobs, "close_day", f"{hall_id}-close-{date}", hall_id, date)
        night = sanban.privacy.due(hall_id, now)
        if night is not None:
            queues.put(self._jobs, "sweep_people", f"{hall_id}-sweep-{night}", hall_id)
        sanban.alarms.watch(hall_id)

    def _await(self, milliseconds: int) -> None:
        for hall_id, entry in self._sanban.store.journal.tail(self._last or {"-": START}, milliseconds):
            if entry.kind == "configured":
                self._sanban.halls.forget(hall_id)
            self._last[hall_id] = entry.id
            self._due[hall_id] = 0.0

    def give_back(self) -> None:
        """Let another follower lead at once."""
        for lease in self._leases.values():
            lease.give_back()
