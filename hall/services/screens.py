"""What the office does to hall screens from afar, and what they tell it of themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hall.domain.callers import Caller
from hall.domain.policy import DAY
from hall.services.access import Access
from hall.services.moves import Moves
from hall.store.office import OfficeStore

#: every display of the hall
ALL = "*"


@dataclass(frozen=True, slots=True)
class Screens:
    moves: Moves
    access: Access

    def reload(self, caller: Caller, hall_id: str, display: str | None = None) -> None:
        """Let a display or a kiosk, or all displays, load its page again; a kiosk does when nobody stands there."""
        facts = {"display": display or ALL}
        self.moves.run(hall_id, "announce", caller, lambda _: {"kind": "reload_wanted", "facts": facts}, facts)

    def was_stale(self, caller: Caller, hall_id: str, display: str, since: int, till: int) -> bool:
        """A display is back that showed an old state between two moments (ms UTC). What its clock says of more than a
        day ago, or of what is to come, is cut off. False: nothing is left."""
        now = self.moves.now(caller)
        since, till = max(since, now - DAY), min(till, now)
        if since >= till:
            return False
        record = self.access.devices(hall_id).get(display)
        named = {"id": display, "name": str(record["name"]) if record else display}
        day = self.moves.halls.get(hall_id).calendar.day_began(now)
        OfficeStore(self.moves.store).add_stale(hall_id, caller, named, (since, till), day)
        return True

    def stale(self, hall_id: str) -> dict[str, dict[str, Any]]:
        """By display that showed an old state today: from, till (of the last time), times."""
        day = self.moves.halls.get(hall_id).calendar.day_began(self.moves.clock())
        rows = OfficeStore(self.moves.store).stale(hall_id)
        return {display: row for display, row in rows.items() if row["till"] >= day}
