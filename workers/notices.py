"""The leader's part in notices: reads the journal for what people are to be told, looks whose call is near, and
enqueues a job for each try that has come."""

from __future__ import annotations

import time

from rq import Queue

from hall.bootstrap import Sanban
from workers import queues

#: waits change without an entry, by the forecast; with many entries a look a second is enough
LOOK_SECONDS, SOONER = 5.0, 1.0
#: jobs a turn, so that a gateway that is away for long holds up no timer
_A_TURN = 50
#: longer than any channel's time-outs, shorter than a try
_JOB_SECONDS = 40


class NoticeReader:
    """What a crash interrupts is read again by the next leader: a notice is wanted once, a try is made once."""

    def __init__(self, sanban: Sanban, jobs: Queue) -> None:
        self._sanban = sanban
        self._jobs = jobs
        self._looked: dict[str, float] = {}
        self._news: set[str] = set()

    def turn(self, hall_id: str) -> int | None:
        """Want and enqueue what is new. Returns how long (ms) until there is more to do; None: nothing is known. Call
        it only while leading the hall."""
        notices = self._sanban.notices
        if self._read(hall_id):
            self._news.add(hall_id)
        age = time.monotonic() - self._looked.get(hall_id, float("-inf"))
        if age >= (SOONER if hall_id in self._news else LOOK_SECONDS):
            self._looked[hall_id] = time.monotonic()
            self._news.discard(hall_id)
            notices.look_around(hall_id)
        soon = [round(SOONER * 1000)] if hall_id in self._news else []
        coming = notices.kept.next_due(hall_id)
        clock = notices.moves.clock() if coming is not None else 0
        if coming is not None and coming > clock:
            soon.append(coming - clock)
        elif coming is not None:
            due = notices.kept.due(hall_id, clock, _A_TURN)
            for notice in due:
                name, tries = notice["id"], notice["tries"]
                job_id = f"{hall_id}-notice-{name}-{tries}"
                queues.put(self._jobs, "send_notice", job_id, hall_id, name, tries, seconds=_JOB_SECONDS)
            soon += [round(SOONER * 1000)] if len(due) == _A_TURN else []
        return min(soon, default=None)

    def _read(self, hall_id: str) -> bool:
        """Read on in the journal. Returns whether anybody's place may have changed."""
        notices, news = self._sanban.notices, False
        cursor = notices.kept.cursor(hall_id)
        while entries := self._sanban.store.journal.after(hall_id, cursor):
            for entry in entries:
                notices.follow(hall_id, entry)
                news = news or entry.ticket is not None or entry.window is not None
            cursor = entries[-1].id
            notices.kept.set_cursor(hall_id, cursor)
        return news
