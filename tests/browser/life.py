"""A believable morning: who waits, who is being served, who was set aside, who did not come."""

from __future__ import annotations

import time
from typing import Any

from hall.bootstrap import Sanban
from hall.domain.callers import Caller
from hall.services.calls import Finish
from hall.services.tickets import Booked, Wish

MINUTE = 60_000

#: minutes ago, service, claim
ARRIVALS: list[tuple[int, str, str | None]] = [
    (58, "social-card", None),
    (56, "senior-card", "special-care"),
    (55, "medical-record", None),
    (52, "unemployment", None),
    (50, "residence-permit", None),
    (49, "medical-claim", None),
    (46, "care-subsidy", None),
    (43, "social-card", None),
    (41, "pension-verify", None),
    (38, "relief", None),
    (36, "medical-record", None),
    (33, "senior-card", None),
    (31, "long-term-care", None),
    (27, "social-card", None),
    (24, "medical-claim", None),
    (22, "unemployment", None),
    (19, "residence-permit", None),
    (17, "medical-record", "veteran"),
    (16, "hospital-plan", None),
    (12, "social-card", None),
    (9, "pension-verify", None),
    (7, "senior-card", "disabled"),
    (6, "unemployment", None),
    (4, "medical-record", None),
    (2, "social-card", None),
]
CLERKS = ["wanghong", "liwei", "zhangmin", "chenjie", "liuyang"]


class Life:
    """Plays the morning on one hall with the hall's clock set to the past."""

    def __init__(self, services: Sanban, hall_id: str) -> None:
        self.services = services
        self.hall_id = hall_id
        self.start = time.time_ns() // 1_000_000

    def by(self, minutes_ago: float, who: str = "device:kiosk", clerk: str | None = None) -> Caller:
        return Caller(by=who, now=self.start - int(minutes_ago * MINUTE), clerk=clerk)

    def issue(self, minutes_ago: float, service: str, claim: str | None = None, **wish: Any) -> str:
        place = self.services.tickets.issue(
            self.by(minutes_ago), self.hall_id, Wish(services=(service,), claim=claim, **wish)
        )
        return str(place.ticket["number"])

    def book(self, minutes_ago: float, service: str, slot_minutes_ago: float) -> str:
        slot = self.start - int(slot_minutes_ago * MINUTE)
        return self.issue(minutes_ago, service, booked=Booked("b1", slot))

    def morning(self, first_free_window: int = 2) -> None:
        """Clerks at windows 2 to 6; window 7 stays closed, window 1 too."""
        calls, windows = self.services.calls, self.services.windows
        for minutes_ago, service, claim in ARRIVALS[:6]:
            self.issue(minutes_ago, service, claim)
        for n, clerk in enumerate(CLERKS):
            caller = self.by(48 - n / 10, f"staff:{clerk}", clerk)
            windows.open(caller, self.hall_id, f"w{n + first_free_window}")
            calls.call_next(caller, self.hall_id, f"w{n + first_free_window}")
        for minutes_ago, service, claim in ARRIVALS[6:]:
            self.issue(minutes_ago, service, claim)
        self._work(first_free_window)

    def _work(self, first: int) -> None:
        calls = self.services.calls

        def at(window: int, minutes_ago: float) -> tuple[Caller, str, str]:
            clerk = CLERKS[window]
            return self.by(minutes_ago, f"staff:{clerk}", clerk), self.hall_id, f"w{window + first}"

        calls.miss(*at(1, 1.95))
        calls.park(*at(3, 1.9))
        for window, minutes_ago in ((1, 1.8), (3, 1.7)):
            calls.call_next(*at(window, minutes_ago))
        for window, minutes_ago in ((0, 1.6), (2, 1.4), (4, 1.2)):
            calls.start(*at(window, minutes_ago + 0.05))
            calls.call_next(*at(window, minutes_ago), Finish("done"))
        for window, minutes_ago in ((1, 1.0), (0, 0.9), (3, 0.5)):
            calls.start(*at(window, minutes_ago))
        for window, minutes_ago in ((2, 0.25), (4, 0.15)):
            calls.recall(*at(window, minutes_ago))
        self.issue(0.1, "relief", "serious-illness")
