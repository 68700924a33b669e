"""Questions of planning, from the store to a job. Whoever is not heard of any more is taken to be gone, and the
question goes to the next one: it gives the same answer."""

from __future__ import annotations

import structlog
from rq import Queue

from hall.bootstrap import Sanban
from workers import queues

#: an answer that was not heard of for so long (ms) is begun anew
SILENT_MS = 30_000
#: this often in all
TURNS = 3
#: seconds that one may take
_TAKES = 1800
_log = structlog.get_logger()


class PlanReader:
    def __init__(self, sanban: Sanban, jobs: Queue) -> None:
        self._planning = sanban.store.planning
        self._clock = sanban.store.clock
        self._jobs = jobs

    def turn(self, hall_id: str) -> None:
        """Enqueue the hall's question, if there is one."""
        asked = self._planning.asked(hall_id)
        if asked is None:
            return
        turn = asked.turn
        if asked.beat is not None and self._clock() - asked.beat > SILENT_MS:
            _log.warning("planning interrupted", hall=hall_id, turn=turn)
            if turn >= TURNS:
                self._planning.end(hall_id, asked, {"code": "PLANNING_BROKEN"})
                return
            if not self._planning.again(hall_id, asked.id, turn):
                return
            turn += 1
        queues.put(self._jobs, "plan", f"{hall_id}-plan-{asked.id}-{turn}", hall_id, asked.id, turn, seconds=_TAKES)
