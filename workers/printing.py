"""The leader's part in printing: reads the journal for numbers that kiosks took and for reprints, and enqueues a
job each; has the printers asked how they are."""

from __future__ import annotations

import time

from rq import Queue

from hall.bootstrap import Sanban
from hall.domain.events import Entry
from hall.store.paper import PaperStore
from workers import queues

WATCH_SECONDS = 5.0
#: a cursor that another process left, or a failover brought back, holds up trimming no longer than that
_FORGET_SECONDS = 60.0
#: halls whose printers one job asks, all at once: one that does not answer takes the time of a job
_TOGETHER = 32


class PrintReader:
    """What a crash interrupts is read again by the next leader: a job that comes twice prints once."""

    def __init__(self, sanban: Sanban, jobs: Queue) -> None:
        self._sanban = sanban
        self._jobs = jobs
        self._store = PaperStore(sanban.store)
        self._watched: dict[str, float] = {}
        #: by hall without printers: when its cursor is forgotten again
        self._without: dict[str, float] = {}
        self._to_watch: dict[str, None] = {}

    def turn(self, hall_id: str) -> None:
        """Enqueue what is new. Call it only while leading the hall; then `watch`."""
        if not self._sanban.halls.get(hall_id).printers:
            if time.monotonic() >= self._without.get(hall_id, 0.0):
                self._store.forget_cursor(hall_id)
                self._without[hall_id] = time.monotonic() + _FORGET_SECONDS
            return
        cursor = self._store.cursor(hall_id)
        while entries := self._sanban.store.journal.after(hall_id, cursor):
            for entry in entries:
                self._read(hall_id, entry)
            cursor = entries[-1].id
            self._store.set_cursor(hall_id, cursor)
        now = time.monotonic()
        if now >= self._watched.get(hall_id, 0.0):
            self._watched[hall_id] = now + WATCH_SECONDS
            self._to_watch[hall_id] = None

    def watch(self) -> None:
        """Have the printers of all halls asked whose turn it was. While such a job waits, its halls are not asked for
        again."""
        every = list(self._to_watch)
        for begin in range(0, len(every), _TOGETHER):
            halls = every[begin : begin + _TOGETHER]
            queues.put(self._jobs, "watch_printers", f"watch-printers-{halls[0]}", *halls)
        self._to_watch.clear()

    def _read(self, hall_id: str, entry: Entry) -> None:
        papers = self._sanban.papers
        if entry.kind == "access_changed":
            self._sanban.access.forget(hall_id)
        paper, copy, printer = entry.ticket["id"] if entry.ticket else entry.id, 0, entry.facts.get("printer")
        # Who checks in with an open ticket has its paper already, unless staff took that number.
        if entry.kind in ("issued", "checked_in"):
            printer = papers.issued(hall_id, paper, entry.by)
        elif entry.kind == "reprint_wanted":
            copy = entry.facts["copy"]
        elif entry.kind == "slip_wanted":
            paper = entry.id
        else:
            return
        if printer is not None:
            papers.keep(hall_id, paper, copy, printer, entry.at)
            queues.put(self._jobs, "print_paper", f"{hall_id}-print-{paper}-{copy}", hall_id, paper, copy, printer)
