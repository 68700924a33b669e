"""How often a shown wait came true."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import fmean
from typing import Final

from hall.domain.events import Entry
from hall.domain.policy import MINUTE
from hall.domain.tickets import Claim, State

#: calls that followed the rule; a chosen or unparked ticket was called by somebody's decision
_BY_RULE: Final = ("next", "priority")


@dataclass(slots=True)
class Hits:
    """Of one day: `called` (low, high, true wait; minutes) by ticket, and tickets that were shown no range.

    The hit rate is the share of tickets called by the rule whose wait, from issue to first call, lay inside the range
    they were shown at issue. Left out, because somebody changed their place meanwhile: chosen and unparked tickets,
    those transferred to another line, those who asked for more time, missed a call or lost a claim.
    """

    called: dict[str, tuple[int, int, float]] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    _taken_back: set[str] = field(default_factory=set)

    def follow(self, entry: Entry) -> None:
        ticket = entry.ticket
        if ticket is None:
            return
        if entry.kind == "undone" and ticket["state"] == State.WAITING:
            self.called.pop(ticket["id"], None)
            self.unknown.discard(ticket["id"])
            self._taken_back.add(ticket["id"])
        first = ticket.get("calls") == 1 or ticket["id"] in self._taken_back
        if entry.kind != "called" or not first or ticket["rule"] not in _BY_RULE:
            return
        self._taken_back.discard(ticket["id"])
        moved = ticket["line"] != ticket["issued_line"] or ticket.get("more_times") or ticket.get("missed_at")
        if moved or ticket.get("claim") == Claim.REFUSED:
            return
        if ticket.get("wait_high") is None:
            self.unknown.add(ticket["id"])
        else:
            wait = (entry.at - ticket["issued_at"]) / MINUTE
            self.called[ticket["id"]] = (ticket["wait_low"], ticket["wait_high"], wait)

    @property
    def inside(self) -> int:
        return sum(low <= wait <= high for low, high, wait in self.called.values())

    @property
    def rate(self) -> float | None:
        """None when no range was shown."""
        return self.inside / len(self.called) if self.called else None

    @property
    def width(self) -> float:
        """Mean width of the ranges, minutes."""
        return fmean(high - low for low, high, _ in self.called.values())

    @property
    def error(self) -> float:
        """Mean distance of the true wait from the middle of its range, minutes."""
        return fmean(abs((low + high) / 2 - wait) for low, high, wait in self.called.values())
